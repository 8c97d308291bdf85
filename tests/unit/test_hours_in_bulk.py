"""Many calls at random, each weighed against a second reckoning: `make check-hours` for more."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from telnyx_toolkit.brief_parts import Calling
from telnyx_toolkit.model import Target
from telnyx_toolkit.permitted import next_permitted, why_not
from tests.second_reckoning import Where, may_ring, places

CASES = int(os.environ.get("HOURS_CASES", "100000"))
SHARES = 4
PLACES = places()
STATED = (
    *("America/Chicago", "America/New_York", "America/Anchorage", "Asia/Kathmandu"),
    *("Australia/Lord_Howe", "America/St_Johns", "Pacific/Kiritimati", "Africa/Casablanca"),
)
DAYS = ("mon-fri", "mon-fri", "mon-sun", "sat,sun", "sun", "fri-mon", "tue,thu")
HOURS = ("09:00-17:00", "08:00-21:00", "00:00-24:00", "06:30-10:15", "12:45-14:05", "19:00-23:00")
#: Nights and days on which something is special: clocks, holidays, both together.
SPECIAL = (
    *("2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07", "2026-03-29", "2026-10-25"),
    *("2026-04-05", "2026-10-04", "2026-07-03", "2026-07-04", "2026-11-26", "2026-12-25"),
    *("2027-01-01", "2027-07-05", "2027-12-24", "2026-12-28", "2026-05-25", "2026-08-15"),
)
FIRST, SPAN_MINUTES = datetime(2026, 1, 1, tzinfo=UTC), 2 * 365 * 1_440
SECOND = timedelta(seconds=1)


def callings(chance: Random) -> list[Calling]:
    """Some briefs' wishes; few, as one mission has but one for all its targets."""
    return [
        Calling.model_validate(
            {
                "days": chance.choice(DAYS),
                "hours": chance.choice(HOURS),
                "on_holidays": chance.random() < 0.3,
                **bounds(chance),
            }
        )
        for _ in range(200)
    ]


def bounds(chance: Random) -> dict[str, str]:
    if chance.random() < 0.7:
        return {}
    first = an_instant(chance)
    last = first + timedelta(minutes=chance.randint(0, 200 * 1_440))
    written = [t.isoformat() if chance.random() < 0.5 else f"{t:%Y-%m-%d}" for t in (first, last)]
    named = {"not_before": written[0], "finish_by": written[1]}
    if chance.random() < 0.5:
        del named[chance.choice(("not_before", "finish_by"))]
    return named


def an_instant(chance: Random) -> datetime:
    if chance.random() < 0.5:
        day = datetime.fromisoformat(chance.choice(SPECIAL)).replace(tzinfo=UTC)
        return day + timedelta(seconds=chance.randint(-86_400, 2 * 86_400))
    minutes = chance.randrange(SPAN_MINUTES)
    return FIRST + timedelta(minutes=minutes, seconds=chance.choice((0, 0, 1, 59.5)))


def cases(chance: Random, many: int) -> Iterator[tuple[Calling, Target, Where, datetime]]:
    wishes, looks = callings(chance), tuple(PLACES)
    for _ in range(many):
        look = chance.choice(looks)
        zones, regions = PLACES[look]
        stated = chance.choice(STATED) if chance.random() < 0.15 else None
        where = ((stated,), regions) if stated else (zones, regions)
        target = Target("call-1", "A", a_number(chance, look), stated, "")
        yield chance.choice(wishes), target, where, an_instant(chance)


def a_number(chance: Random, look: str) -> str:
    return look.rstrip("x") + "".join(chance.choices("0123456789", k=look.count("x")))


def wrong(wish: dict[str, Any], where: Where, earliest: datetime, rings: datetime | None) -> bool:
    """Whether a call rings outside the permitted hours, or later than it might."""
    if rings is None:
        return any(
            may_ring(wish, where, earliest + timedelta(hours=hours)) for hours in (0, 5, 50, 100)
        )
    between = (earliest + (rings - earliest) * share for share in (0, 0.3, 0.6, 0.95))
    too_early = [at for at in (*between, rings - SECOND) if earliest <= at < rings]
    return (
        rings < earliest
        or not may_ring(wish, where, rings)
        or any(may_ring(wish, where, at) for at in too_early)
    )


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_no_call_of_many_rings_outside_the_permitted_hours_or_later_than_it_might(share: int):
    weigh(Random(share), CASES // SHARES)


def test_no_call_of_some_rings_outside_the_permitted_hours_or_later_than_it_might():
    weigh(Random(-1), 3_000)


def weigh(chance: Random, many: int) -> None:
    dumped, rang = dict[int, dict[str, Any]](), 0

    for calling, target, where, earliest in cases(chance, many):
        wish = dumped.setdefault(id(calling), calling.model_dump(mode="json"))
        rings = next_permitted(calling, target, earliest)
        rang += rings is not None
        told = (target.phone, target.timezone, calling, earliest, rings)
        assert not wrong(wish, where, earliest, rings), told
        assert (why_not(calling, target, earliest) == "") == (rings == earliest), told

    assert rang > many // 3
