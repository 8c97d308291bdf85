"""Some of many by default, all of them in the slow suite: of cases, and of whole tests."""

import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pytest

#: Of the tests in these folders, which run whole missions or whole processes, one in so many runs
#: by default. Those of a file named in `ALWAYS` all do: they are the main job.
SHARES = {
    "missions": 16,
    "command": 12,
    "client": 8,
    "dashboard": 8,
    "mcp": 4,
    "notify": 4,
    "report": 16,
    "sandbox": 4,
    "witness": 8,
}
ALWAYS = {"test_catering.py", "test_refusals.py"}


def leave_some_for_the_slow_suite(items: Iterable[pytest.Item], root: Path) -> None:
    """Mark as slow what the default suite leaves out; the choice is by name, so it stays."""
    for item in items:
        where = item.path.relative_to(root).parts
        share = SHARES.get(where[1], 1) if len(where) > 1 else 1
        is_left_out = zlib.crc32(item.nodeid.encode()) % share != 0
        if is_left_out and item.path.name not in ALWAYS:
            item.add_marker(pytest.mark.slow)


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
