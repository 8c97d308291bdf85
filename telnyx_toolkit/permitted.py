"""When a phone may ring: the brief's days and hours within the law's, wherever it may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from telnyx_toolkit.legal_hours import LEGAL_FROM, LEGAL_UNTIL, Hours, Law, law_of
from telnyx_toolkit.model import Target
from telnyx_toolkit.places import regions_of, zones_of
from telnyx_toolkit.public_holidays import holiday_in

if TYPE_CHECKING:
    from telnyx_toolkit.brief_parts import Calling

#: A call never begins so close to the end of the permitted hours.
CLOSING_MARGIN = timedelta(minutes=15)
#: How far ahead is looked, from the first instant that the brief allows.
HORIZON_DAYS = 60

Span = tuple[datetime, datetime]
Names = tuple[str, ...]
_Edge = TypeVar("_Edge", datetime, time)

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_DAY, _TICK = timedelta(days=1), timedelta(microseconds=1)
#: The days of a brief are of this century.
_BEGINNING, _END = date(2000, 1, 1), date(2100, 1, 1)
#: No place is further ahead of UTC, nor as far behind it.
_FURTHEST = timedelta(hours=14)


def next_permitted(calling: Calling, target: Target, earliest: datetime) -> datetime | None:
    """The first instant from `earliest` on at which the call may ring, or None.

    It is permitted in every zone and by the law of every region that the number may be in: inside
    the brief's days and hours, inside the legal hours, on no public holiday, and not within the
    closing margin.
    """
    zones, regions = zones_of(target.phone, target.timezone), regions_of(target.phone)
    if not zones:
        return None
    for day in _days(calling, earliest):
        for opens, last in _spans(calling, zones, regions, day):
            if earliest <= last:
                return max(opens, earliest)
    return None


def windows(calling: Calling, target: Target, since: datetime, until: datetime) -> list[Span]:
    """Each time between two instants (UTC) at which the call may ring: its first and last instant.

    In order, and by the same rules as `next_permitted`; none where nobody knows what time it is
    there. No further than `HORIZON_DAYS` ahead of `since` is looked.
    """
    zones, regions = zones_of(target.phone, target.timezone), regions_of(target.phone)
    found: list[Span] = []
    for day in _days(calling, since) if zones else ():
        if _EPOCH + day * _DAY > until:
            break
        for opens, last in _spans(calling, zones, regions, day):
            span = (max(opens, since), min(last, until))
            if span[0] > span[1]:
                continue
            if found and span[0] - found[-1][1] <= _TICK:  # midnight of UTC parts nothing
                span = (found.pop()[0], span[1])
            found.append(span)
    return found


def why_not(calling: Calling, target: Target, instant: datetime) -> str:
    """Why a call may not ring at an instant, such as `Thanksgiving Day in US-IL`; "" if it may."""
    zones, regions = zones_of(target.phone, target.timezone), regions_of(target.phone)
    if not zones:
        return "nobody knows what time it is there"
    for zone in zones:
        if reason := _why_not_in(calling, zone, regions, instant):
            return f"{reason} ({zone})" if len(zones) > 1 else reason
    return ""


def notes(calling: Calling, target: Target) -> list[str]:
    """What a person should know of where a target may be, and of the law there."""
    zones, regions = zones_of(target.phone, target.timezone), regions_of(target.phone)
    laws = {law.region: law for law in map(law_of, regions) if _narrows(calling, law)}
    told = [f"law in {region}: {law.told()}" for region, law in laws.items()]
    if len(zones) > 1:
        who = "both" if len(zones) == 2 else "each"  # noqa: PLR2004
        told.insert(0, f"may be in {' or '.join(zones)}: {who} must allow it")
    if calling.on_holidays and any(law.holidays_barred for law in laws.values()):
        told.append("no call on public holidays there, whatever the brief says")
    return told


def _narrows(calling: Calling, law: Law) -> bool:
    """Whether a law takes any time from the brief's own days and hours."""
    if calling.on_holidays and law.holidays_barred:
        return True
    days = calling.weekdays
    return any(_hours(calling, (law.region,), day) != _hours(calling, (), day) for day in days)


@lru_cache(maxsize=16_384)
def _spans(calling: Calling, zones: Names, regions: Names, day: int) -> tuple[Span, ...]:
    """The first and last instant of each time in a day of UTC at which every zone allows a call."""
    begins = _EPOCH + day * _DAY
    spans = [(begins, begins + _DAY - _TICK)]
    for zone in zones:
        days = (begins - _DAY, begins, begins + _DAY)
        there = [span for day in days for span in _on(calling, zone, regions, day.date())]
        spans = _common(spans, there)
    return tuple(spans)


@lru_cache(maxsize=16_384)
def _on(calling: Calling, zone: str, regions: Names, day: date) -> tuple[Span, ...]:
    """The same in one zone on a day of its own calendar."""
    if day.weekday() not in calling.weekdays or _holiday(calling, regions, day):
        return ()
    first, until = _bounds(calling, zone)
    spans: list[Span] = []
    for opens, closes in _hours(calling, regions, day.weekday()):
        span = (
            max(_utc(day, opens, zone), first),
            min(_utc(day, closes, zone), until) - CLOSING_MARGIN,
        )
        if span[0] <= span[1]:
            spans.append(span)
    return tuple(spans)


@lru_cache(maxsize=4_096)
def _hours(calling: Calling, regions: Names, weekday: int) -> tuple[Hours, ...]:
    """The local hours of a day of the week: the brief's and every law's, and no others."""
    spans = [(max(calling.opens, LEGAL_FROM), min(calling.closes, LEGAL_UNTIL))]
    for region in regions:
        spans = _common(spans, law_of(region).week[weekday])
    return tuple(spans)


def _holiday(calling: Calling, regions: Names, day: date) -> str:
    """The holiday that bars a day, such as `Christmas Day in US-IL`, or ""."""
    for region in regions:
        barred = not calling.on_holidays or law_of(region).holidays_barred
        if barred and (name := holiday_in(region, day)):
            return f"{name} in {region}"
    return ""


@lru_cache(maxsize=4_096)
def _bounds(calling: Calling, zone: str) -> Span:
    """The brief's first and last instant, in a zone."""
    first, last = calling.not_before, calling.finish_by
    begins = first if isinstance(first, datetime) else _utc(first or _BEGINNING, time.min, zone)
    ends = last if isinstance(last, datetime) else _utc(last or _END, time.max, zone)
    return begins.astimezone(UTC), ends.astimezone(UTC)


def _days(calling: Calling, earliest: datetime) -> range:
    """The days of UTC, counted from the epoch, in which the brief may allow a call anywhere."""
    begins, ends = _bounds(calling, "UTC")
    first = (max(earliest, begins - _FURTHEST) - _EPOCH) // _DAY
    last = (ends - _EPOCH) // _DAY + 1
    return range(first, min(first + HORIZON_DAYS, last + 1))


def _utc(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def _common(
    some: Sequence[tuple[_Edge, _Edge]], others: Sequence[tuple[_Edge, _Edge]]
) -> list[tuple[_Edge, _Edge]]:
    """What two lists of spans have in common, in order."""
    return sorted(
        (max(a[0], b[0]), min(a[1], b[1]))
        for a in some
        for b in others
        if a[0] <= b[1] and b[0] <= a[1]
    )


def _why_not_in(calling: Calling, zone: str, regions: Names, instant: datetime) -> str:
    local = instant.astimezone(ZoneInfo(zone))
    first, until = _bounds(calling, zone)
    if instant < first:
        return f"before {calling.not_before}"
    if instant > until - CLOSING_MARGIN:
        return f"too late to finish by {calling.finish_by}"
    if local.weekday() not in calling.weekdays:
        return f"{local:%A}"
    if reason := _holiday(calling, regions, local.date()):
        return reason
    return _why_not_at(calling, regions, local)


def _why_not_at(calling: Calling, regions: Names, local: datetime) -> str:
    """Which hours a local time is outside of: the brief's, else a law's."""
    today = local.weekday()
    rules: list[tuple[str, tuple[Hours, ...]]] = [
        ("", ((calling.opens, calling.closes),)),
        (" by law", ((LEGAL_FROM, LEGAL_UNTIL),)),
        *((f" in {region} by law", law_of(region).week[today]) for region in regions),
    ]
    for whose, hours in rules:
        if reason := _outside(hours, local):
            return reason + whose
    return ""


def _outside(hours: Sequence[Hours], local: datetime) -> str:
    """How a local time misses the hours of its day, such as `before 10:00`; "" if it does not."""
    if not hours:
        return f"{local:%A}"
    at, shut = local.time(), ""
    for opens, closes in hours:
        if at < opens:
            return f"between {shut} and {opens:%H:%M}" if shut else f"before {opens:%H:%M}"
        if at <= _last(closes):
            return ""
        shut = f"{closes:%H:%M}"
        if at < closes:
            return f"within {CLOSING_MARGIN // timedelta(minutes=1)} minutes of {shut}"
    return f"after {shut}"


def _last(closes: time) -> time:
    """When the closing margin begins; a day that closes sooner after midnight has no hours."""
    return (datetime.combine(_EPOCH, closes) - CLOSING_MARGIN).time()
