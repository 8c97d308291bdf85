"""A time to wait, as people write it."""

from datetime import timedelta

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.patterns import Pattern

_WAIT = Pattern(r"^(\d+)\s*(s|m|h|d)$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: str) -> timedelta | None:
    """`30s`, `10m`, `2h`, `1d` or `0` as a time; None of an empty text.

    Raises:
        InvalidInput: it is none of them.
    """
    if not text:
        return None
    if text.strip() == "0":
        return timedelta(0)
    if not (match := _WAIT.match(text.strip())):
        raise InvalidInput(f"{text!r} is not a time to wait.", fix="Write 30s, 10m, 2h or 1d.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
