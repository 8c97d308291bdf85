"""Days, hours and zones as people write them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from telnyx_toolkit.patterns import Pattern

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_YEARS = range(2000, 2100)
_DAY = Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOURS = Pattern(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$")


def day_or_instant(value: object) -> date:
    """The day `2026-12-04`, or the instant of a date with a time.

    Raises:
        ValueError: it is neither; a bare number could mean anything.
    """
    if isinstance(value, str) and _DAY.match(value):
        value = (date if _DAY.fullmatch(value) else datetime).fromisoformat(value.upper())
    if not isinstance(value, date):
        raise ValueError("is neither a day such as 2026-12-04 nor an instant with its zone")
    if value.year not in _YEARS:
        raise ValueError("is not of this century")
    return value


def weekdays(text: str) -> frozenset[int]:
    """The days of `mon-fri` or `mon,wed,sat`, Monday = 0.

    Raises:
        ValueError: something in it is no day.
    """
    days: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
            raise ValueError("is not a list of days, such as mon-fri or mon,wed,sat")
        start = WEEKDAYS.index(first)
        span = (WEEKDAYS.index(last) - start) % 7 if last else 0
        days.update((start + step) % 7 for step in range(span + 1))
    return frozenset(days)


def span_of(text: str) -> tuple[time, time]:
    """Opening and closing time of `09:00-17:00`; 24:00 is the day's last microsecond.

    Raises:
        ValueError: it is no span of hours.
    """
    match = _HOURS.match(text.replace(" ", ""))
    if not match or match[3] + match[4] > "2400":
        raise ValueError("is not a span of hours, such as 09:00-17:00")
    closes = time.max if match[3] == "24" else time(int(match[3]), int(match[4]))
    return time(int(match[1]), int(match[2])), closes


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone, such as America/Chicago."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return "/" in name
