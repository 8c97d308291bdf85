"""Some of many cases by default, all of them in the slow suite."""

from collections.abc import Iterable
from typing import Any, cast

import pytest


def some(cases: Iterable[Any], every: int, first: int = 0) -> list[Any]:
    """The cases as parameters: one in so many runs by default, from `first` on."""
    parameters: list[Any] = []
    for n, case in enumerate(cases):
        values: tuple[Any, ...] = cast(
            "tuple[Any, ...]", case if isinstance(case, tuple) else (case,)
        )
        marks = () if n % every == first % every else pytest.mark.slow
        parameters.append(pytest.param(*values, marks=marks))
    return parameters
