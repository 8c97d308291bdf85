"""May a phone ring at an instant? Reckoned a second time from the rules, apart from the engine."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

Doc = Mapping[str, Any]
Where = tuple[tuple[str, ...], tuple[str, ...]]

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EAST, CENTRAL, MOUNTAIN = "America/New_York", "America/Chicago", "America/Denver"
PACIFIC, ARIZONA = "America/Los_Angeles", "America/Phoenix"
_ZONES = {"E": EAST, "C": CENTRAL, "M": MOUNTAIN, "P": PACIFIC, "A": ARIZONA}
#: Area codes by state, and the zones that a number of theirs may be in: from maps.
_AREAS = """
AL 205 C, AL 334 C, AL 938 C, AZ 602 A, AZ 928 AM, CA 415 P, CA 213 P, CO 303 M, CT 203 E, CT 959 E,
FL 305 E, FL 850 CE, FL 448 CE, GA 404 E, ID 208 MP, ID 986 MP, IL 312 C, IL 217 C, IN 317 E,
IN 812 CE, IN 930 CE, KS 785 CM, KY 502 E, KY 270 CE, KY 364 CE, LA 504 C, LA 985 C, MA 617 E,
MD 301 E, MI 313 E, MI 906 CE, MN 612 C, MS 601 C, ND 701 CM, NE 308 CM, NE 402 C, NE 531 C,
NM 505 M, NV 702 P, NV 775 MP, NY 212 E, OH 216 E, OK 405 C, OR 503 P, OR 541 MP, OR 458 MP,
PA 215 E, RI 401 E, SD 605 CM, TN 615 C, TN 423 CE, TN 729 CE, TX 214 C, TX 915 M, UT 801 M,
VA 703 E, WA 206 P, WI 414 C, WY 307 M
"""
#: Hours of the states that are stricter, and of countries: weekdays, Saturday, Sunday, holidays.
_LAWS = """
AL 8-20 8-20 no no; LA 8-20 8-20 no no; MS 8-20 8-20 no no; CT 9-20 9-20 9-20 yes;
FL 8-20 8-20 8-20 yes; OK 8-20 8-20 8-20 yes; WA 8-20 8-20 8-20 yes; MD 8-20 8-20 8-20 yes;
MA 8-20 8-20 8-20 yes; KY 10-21 10-21 10-21 yes; MI 9-21 9-21 9-21 yes; MN 9-21 9-21 9-21 yes;
NM 9-21 9-21 9-21 yes; IL 9-21 9-21 9-21 yes; NV 9-20 9-20 9-20 yes; RI 9-18 10-17 no no;
NE 8-21 8-21 13-21 no; PA 8-21 8-12 8-21 no; SD 9-21 no no yes; TX 9-21 9-21 12-21 yes;
UT 8-21 8-21 no no;
+AU 9-20 9-17 no no;
+IT 9-20 10-19 no no; +CA 9-21 10-18 10-18 yes; +FR 10-13,14-20 no no no; +IN 10-19 10-19 10-19 yes
"""
#: What most states keep although the nation does not.
_ALSO = {"AU": "2026-04-04 2026-04-05 2026-06-08 2026-10-05 2026-12-28"}
_HOUR = 3_600


@cache
def places() -> dict[str, Where]:
    """What numbers look like, `x` for any digit, with the zones and regions they may be in."""
    found: dict[str, Where] = {}
    for entry in _AREAS.replace("\n", " ").split(","):
        state, code, zones = entry.split()
        found[f"+1{code}xxxxxxx"] = tuple(_ZONES[z] for z in zones), (f"US-{state}",)
    return found | {
        "+1709xxxxxxx": (("America/St_Johns", "America/Halifax"), ("CA-NL",)),
        "+1416xxxxxxx": (("America/Toronto",), ("CA-ON",)),
        "+1250xxxxxxx": (("America/Vancouver", "America/Edmonton"), ("CA-BC",)),
        "+1902xxxxxxx": (("America/Halifax",), ("CA-NS", "CA-PE")),
        "+1808xxxxxxx": (("Pacific/Honolulu",), ("US-HI",)),
        "+44207946xxxx": (("Europe/London",), ("GB",)),
        "+3902xxxxxxxx": (("Europe/Rome",), ("IT",)),
        "+3314xxxxxxx": (("Europe/Paris",), ("FR",)),
        "+91222xxxxxxx": (("Asia/Calcutta",), ("IN",)),
    }


def may_ring(
    calling: Doc, where: Where, at: datetime, margin: timedelta = timedelta(minutes=15)
) -> bool:
    """Whether every clock and every law that the called person may have allows it.

    Args:
        calling: As in a brief, in words.
        where: Zones and regions.
        at: The instant, UTC.
        margin: How long before the hours end a call may begin at the latest.
    """
    zones, regions = where
    return _in_time(calling, at, margin) and all(
        _may_ring(calling, at.astimezone(_zone(name)), regions, margin.total_seconds())
        for name in zones
    )


def _may_ring(calling: Doc, local: datetime, regions: tuple[str, ...], margin: float) -> bool:
    today = local.date()
    if WEEK[local.weekday()] not in days_of(calling["days"]) or not _within(calling, today):
        return False
    clock = local.hour * _HOUR + local.minute * 60 + local.second + local.microsecond / 1e6
    spans = [hours_of(calling["hours"]), ((8 * _HOUR, 21 * _HOUR),)]
    for region in regions:
        days, sundays_and_so_on = law(region)
        if is_holiday(region, today) and not (calling.get("on_holidays") and sundays_and_so_on):
            return False
        spans.append(days[max(0, local.weekday() - 4)])
    return all(any(a <= clock <= b - margin for a, b in each) for each in spans)


def days_of(text: str) -> tuple[str, ...]:
    """The days of `mon-fri` or `sat,sun`; a week may go round."""
    first, _, last = text.partition("-")
    if not last:
        return tuple(text.split(","))
    a, b = WEEK.index(first), WEEK.index(last)
    return WEEK[a : b + 1] if a <= b else WEEK[a:] + WEEK[: b + 1]


@cache
def hours_of(text: str) -> tuple[tuple[float, float], ...]:
    """The seconds of `9-20` or `09:30-17:00`; of `no`, none."""
    if text == "no":
        return ()
    spans = [[_seconds(edge) for edge in span.split("-")] for span in text.split(",")]
    return tuple((a, b) for a, b in spans)


def _seconds(edge: str) -> float:
    hour, _, minute = edge.partition(":")
    return int(hour) * _HOUR + int(minute or 0) * 60


@cache
def law(region: str) -> tuple[tuple[tuple[tuple[float, float], ...], ...], bool]:
    """Hours from Friday to Sunday, which stand for all days, and whether holidays are allowed."""
    for entry in _LAWS.replace("\n", " ").split(";"):
        name, weekdays, saturday, sunday, on_holidays = entry.split()
        if name == region.removeprefix("US-") or name == f"+{region[:2]}":
            return tuple(hours_of(h) for h in (weekdays, saturday, sunday)), on_holidays == "yes"
    return (hours_of("8-21"),) * 3, True


def is_holiday(region: str, day: date) -> bool:
    """Whether the region keeps the day, or its country does."""
    return day in _holidays(region, day.year)


@cache
def _holidays(region: str, year: int) -> frozenset[date]:
    country, _, part = region.partition("-")
    usual = "ENG" if country == "GB" else None
    days = set(holidays.country_holidays(country, years=year))
    days.update(map(date.fromisoformat, _ALSO.get(country, "").split()))
    return frozenset(days | set(holidays.country_holidays(country, part or usual, years=year)))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _in_time(calling: Doc, at: datetime, margin: timedelta) -> bool:
    """Whether the brief's first and last instant allow it, where they are instants."""
    first, last = calling.get("not_before"), calling.get("finish_by")
    begun = not first or "T" not in first or at >= _instant(first)
    return begun and (not last or "T" not in last or at <= _instant(last) - margin)


def _within(calling: Doc, today: date) -> bool:
    """The same where they are days, on the called person's calendar."""
    first, last = calling.get("not_before"), calling.get("finish_by")
    begun = not first or "T" in first or today.isoformat() >= first
    return begun and (not last or "T" in last or today.isoformat() <= last)


@cache
def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
