"""Remembers what a pure function said of things that never change, by which things they were."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Said = TypeVar("_Said")
_MOST = 8_192


def remembered(function: Callable[_Given, _Said], most: int = _MOST) -> Callable[_Given, _Said]:
    """The function, asked once for the very same arguments.

    Frozen data with mappings in it cannot be hashed, and comparing it costs as much as asking
    again. Its identity is enough: a fact makes a new attempt and leaves the others as they are.
    What was given is kept beside the answer, so that no identity is used twice. Arguments go by
    place, or all by the same names.

    Args:
        function: Pure.
        most: So many answers are kept: few where they are large, and asked for soon or never.
    """
    known: dict[tuple[int, ...], tuple[tuple[object, ...], _Said]] = {}

    @wraps(function)
    def asked(*given: _Given.args, **named: _Given.kwargs) -> _Said:
        key = tuple(map(id, (*given, *named.values())))
        if (found := known.get(key)) is None:
            if len(known) >= most:
                known.clear()
            kept = (*given, *named.values())
            found = known[key] = (kept, function(*given, **named))
        return found[1]

    return asked
