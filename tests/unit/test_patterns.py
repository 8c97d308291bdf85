"""A pattern that is compiled late is the one that `re` would have made at once."""

import re
from typing import Any

import pytest

from telnyx_toolkit.patterns import Pattern

TEXT = "Call 312, or 773."
METHODS: dict[str, tuple[Any, ...]] = {
    "search": (TEXT,),
    "match": (TEXT,),
    "fullmatch": ("312",),
    "sub": ("#", TEXT),
    "split": (TEXT,),
    "findall": (TEXT,),
}


def _shown(found: Any) -> Any:
    return found.group() if isinstance(found, re.Match) else found  # pyright: ignore


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("flags", [0, re.IGNORECASE])
def test_it_finds_what_re_finds(method: str, flags: int) -> None:
    late, at_once = Pattern(r"\d+|c", flags), re.compile(r"\d+|c", flags)

    for _ in range(2):
        found = getattr(late, method)(*METHODS[method])
        assert _shown(found) == _shown(getattr(at_once, method)(*METHODS[method]))
    assert [m.span() for m in late.finditer(TEXT)] == [m.span() for m in at_once.finditer(TEXT)]


def test_it_is_compiled_when_it_is_first_used() -> None:
    broken = Pattern("(")

    with pytest.raises(re.error):
        broken.search(TEXT)
