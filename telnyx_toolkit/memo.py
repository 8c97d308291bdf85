"""Remembers what a pure function said of things that never change, by which things they were."""

from collections.abc import Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar
from weakref import ref

_Given = ParamSpec("_Given")
_Said = TypeVar("_Said")
_MOST = 4_096


def remembered(function: Callable[_Given, _Said], most: int = _MOST) -> Callable[_Given, _Said]:
    """The function, asked once for the very same arguments.

    Frozen data with mappings in it cannot be hashed, and comparing it costs as much as asking
    again. Its identity is enough: a fact makes a new attempt and leaves the others as they are.
    What was given is known again by a weak reference where it can be: it is not kept alive, and its
    answer goes with it. What cannot be (a text, a tuple) is kept beside the answer, so that no
    identity is used twice.
    Arguments go by place, or all by the same names.

    Args:
        function: Pure.
        most: So many answers are kept: few where they are large, and asked for soon or never.
    """
    known: dict[tuple[int, ...], tuple[tuple[Callable[[], object], ...], _Said]] = {}

    @wraps(function)
    def asked(*given: _Given.args, **named: _Given.kwargs) -> _Said:
        all_given = (*given, *named.values())
        key = tuple(map(id, all_given))
        found = known.get(key)
        if found is not None and all(
            same() is one for same, one in zip(found[0], all_given, strict=True)
        ):
            return found[1]
        if len(known) >= most:
            known.clear()
        said = function(*given, **named)
        forget = partial(known.pop, key)  # what is gone is the default: it may be forgotten already
        known[key] = (tuple(_known_by(one, forget) for one in all_given), said)
        return said

    return asked


def _known_by(given: object, gone: Callable[..., object]) -> Callable[[], object]:
    """Tells what was given, or None once it is gone, of which `gone` is told at once."""
    try:
        return ref(given, gone)
    except TypeError:
        return lambda: given
