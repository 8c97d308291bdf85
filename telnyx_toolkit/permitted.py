"""When a phone may ring: the brief's days and hours within the legal ones, where it rings."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from telnyx_toolkit.brief_parts import Calling
from telnyx_toolkit.model import Target
from telnyx_toolkit.places import zones_of

#: A call never begins so close to the end of the permitted hours.
CLOSING_MARGIN = timedelta(minutes=15)
#: 47 CFR 64.1200(c)(1): not before 8 am or after 9 pm at the called party's location.
LEGAL_FROM, LEGAL_UNTIL = time(8), time(21)
HORIZON_DAYS = 60

Span = tuple[datetime, datetime]


def next_permitted(calling: Calling, target: Target, earliest: datetime) -> datetime | None:
    """The first instant from `earliest` on at which the call may ring, or None.

    It is permitted in every zone the number may be in: inside the brief's days and hours, inside
    the legal hours, and not within the closing margin.
    """
    zones = [ZoneInfo(name) for name in zones_of(target.phone, target.timezone)]
    spans = _spans(calling, zones[0], earliest)
    for zone in zones[1:]:
        spans = _overlaps(spans, _spans(calling, zone, earliest))
    for opens, closes in spans:
        if (instant := max(opens, earliest)) <= closes - CLOSING_MARGIN:
            return instant
    return None


def _spans(calling: Calling, zone: ZoneInfo, earliest: datetime) -> list[Span]:
    """Permitted spans in one zone, in UTC, from the day of `earliest` on."""
    first = earliest.astimezone(zone).date()
    opens, closes = max(calling.opens, LEGAL_FROM), min(calling.closes, LEGAL_UNTIL)
    until = _deadline(calling.finish_by, zone)
    days = (first + timedelta(days=n) for n in range(HORIZON_DAYS))
    spans = [
        (_utc(day, opens, zone), min(_utc(day, closes, zone), until))
        for day in days
        if day.weekday() in calling.weekdays
    ]
    return [span for span in spans if span[0] < span[1]]


def _deadline(finish_by: date | datetime | None, zone: ZoneInfo) -> datetime:
    match finish_by:
        case None:
            return datetime.max.replace(tzinfo=UTC)
        case datetime():
            return finish_by.astimezone(UTC)
        case date():
            return _utc(finish_by, time.max, zone)


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _overlaps(some: list[Span], others: list[Span]) -> list[Span]:
    both = [
        (max(a[0], b[0]), min(a[1], b[1]))
        for a in some
        for b in others
        if a[0] < b[1] and b[0] < a[1]
    ]
    return sorted(both)
