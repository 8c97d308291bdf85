"""Long JSON written piece by piece: what is written is never held twice."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from typing import Any, cast

#: A list of so many values is written as a whole.
_SHORT = 64
_sent = partial(json.dumps, allow_nan=False)
_kept = partial(json.dumps, separators=(",", ":"))


def written(value: Any) -> bytes:
    """The value as JSON to be sent.

    Raises:
        ValueError: there is a number in it that JSON cannot write.
    """
    held = BytesIO()
    for text in _texts(value, _sent, ", ", ": "):
        held.write(text.encode())
    return held.getvalue()


def pieces(value: Any) -> Iterator[bytes]:
    """The value as JSON to be kept, without a space."""
    return (text.encode() for text in _texts(value, _kept, ",", ":"))


def _texts(value: Any, dumps: Callable[[Any], str], comma: str, colon: str) -> Iterator[str]:
    if isinstance(value, dict) and any(map(_is_long, cast("dict[str, Any]", value).values())):
        before = "{"
        for name, one in cast("Mapping[str, Any]", value).items():
            yield f"{before}{dumps(str(name))}{colon}"
            yield from _texts(one, dumps, comma, colon)
            before = comma
        yield "}"
    elif _is_long(value):
        before = "["
        for one in cast("list[Any]", value):
            yield before + dumps(one)
            before = comma
        yield "]"
    else:
        yield dumps(value)


def _is_long(value: Any) -> bool:
    return isinstance(value, list) and len(cast("list[Any]", value)) > _SHORT
