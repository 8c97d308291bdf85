"""A call rings only while every clock and law it may ring by allows it; against brute force."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from telnyx_toolkit.brief_parts import Calling
from telnyx_toolkit.model import Target
from telnyx_toolkit.permitted import CLOSING_MARGIN, next_permitted, why_not, windows
from telnyx_toolkit.places import zones_of
from tests.second_reckoning import CENTRAL, EAST, MOUNTAIN, PACIFIC, Where, may_ring
from tests.unit.build import CHICAGO, START

REPEATABLY = settings(max_examples=100, deadline=None, derandomize=True)
MINUTE = timedelta(minutes=1)
AUSTRALIA = (
    *("Australia/Sydney", "Australia/Adelaide", "Australia/Brisbane", "Australia/Perth"),
    *("Australia/Eucla", "Australia/Lord_Howe", "Indian/Christmas", "Indian/Cocos"),
)
ALASKA = ("America/Anchorage", "America/Juneau", "America/Adak", "Pacific/Honolulu")
#: Numbers of one zone, of two and of eight, zones whose clocks change oddly or not at all, and
#: strict laws; each with where it may be.
PLACES: list[tuple[str, str | None, Where]] = [
    ("+13125550101", CHICAGO, ((CENTRAL,), ("US-IL",))),
    ("+19865550101", None, ((MOUNTAIN, PACIFIC), ("US-ID",))),
    ("+19075550101", None, (ALASKA, ("US-AK",))),
    ("+61412345678", None, (AUSTRALIA, ("AU",))),
    ("+12125550101", None, ((EAST,), ("US-NY",))),
    ("+442071838750", None, (("Europe/London",), ("GB",))),
    ("+12705550101", None, ((EAST, CENTRAL), ("US-KY",))),
    ("+12055550101", None, ((CENTRAL,), ("US-AL",))),
    ("+14015550101", None, ((EAST,), ("US-RI",))),
    ("+33142345678", None, (("Europe/Paris",), ("FR",))),
    *[
        ("+18005550101", zone, ((zone,), ("US",)))
        for zone in (
            *("Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu"),
            *("Pacific/Kiritimati", "Africa/Casablanca"),
        )
    ],
]
WHERE = {(phone, zone): where for phone, zone, where in PLACES}
#: Days around which clocks change (Chicago and New York, London, Sydney and Lord Howe), holidays,
#: and an ordinary day.
CHANGES = [
    *(date(2026, 3, 8), date(2026, 11, 1), date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5)),
    *(date(2026, 7, 3), date(2026, 11, 26), date(2026, 12, 25), START.date()),
]


def instant_near(day: date, minutes: int, seconds: float) -> datetime:
    near = timedelta(minutes=minutes - 1_440, seconds=seconds)
    return datetime.combine(day, time(), UTC) + near


targets = st.sampled_from(PLACES).map(lambda p: Target("call-1", "A", p[0], p[1], ""))
instants = st.builds(
    instant_near,
    st.sampled_from(CHANGES),
    st.integers(0, 3 * 1_440),
    st.sampled_from([0, 0, 1, 30.5]),
)
clock_times = st.integers(0, 24 * 12).map(lambda n: f"{n // 12:02}:{n % 12 * 5:02}")
hours = (
    st.tuples(clock_times, clock_times)
    .filter(lambda span: span[0] < span[1] and span[0] != "24:00")
    .map("-".join)
)
days = st.sampled_from(["mon-fri", "mon-sun", "sat,sun", "tue", "fri-mon"])


@st.composite
def callings(draw: st.DrawFn) -> Calling:
    edges = st.none() | st.dates(date(2026, 3, 5), date(2026, 12, 10)) | instants
    first: date | None = draw(st.none() | edges)
    last: date | None = draw(edges)
    if first and last and f"{first:%Y-%m-%d}" >= f"{last:%Y-%m-%d}":
        first = None
    return Calling(
        days=draw(days),
        hours=draw(hours),
        not_before=first,
        finish_by=last,
        on_holidays=draw(st.booleans()),
    )


def rule(calling: Calling, target: Target) -> Callable[[datetime], bool]:
    """The rule itself, to ask of one instant: on every clock and by every law, one by one."""
    where = WHERE[target.phone, target.timezone]
    return partial(may_ring, calling.model_dump(mode="json"), where)


@REPEATABLY
@given(calling=callings(), target=targets, earliest=instants)
@example(
    calling=Calling(hours="08:00-21:00"),
    target=Target("call-1", "A", "+13125550101", CHICAGO, ""),
    earliest=datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
)
def test_a_call_rings_at_the_first_permitted_minute(
    calling: Calling, target: Target, earliest: datetime
):
    rings, permitted = next_permitted(calling, target, earliest), rule(calling, target)

    if rings is None:
        weeks = (earliest + timedelta(minutes=20 * n) for n in range(9 * 72))
        assert not any(map(permitted, weeks))
        return
    assert rings >= earliest
    assert permitted(rings)
    coarse = range(0, int((rings - earliest) / MINUTE), 20)
    assert not any(permitted(earliest + n * MINUTE) for n in coarse)
    before = max(earliest, rings - timedelta(hours=26))
    fine = range(int((rings - before) / MINUTE))
    assert not any(permitted(before + n * MINUTE) for n in fine)


@REPEATABLY
@given(calling=callings(), target=targets, earliest=instants)
def test_nobody_is_called_at_an_indecent_hour_whatever_the_brief_says(
    calling: Calling, target: Target, earliest: datetime
):
    rings = next_permitted(calling, target, earliest)

    if rings is None:
        return
    for name in zones_of(target.phone, target.timezone):
        local = rings.astimezone(ZoneInfo(name))
        assert time(8) <= local.time() <= time(20, 45)
        assert max(calling.opens, time(8)) <= local.time()
        assert local.weekday() in calling.weekdays
        assert local.time() < calling.closes
    if isinstance(calling.finish_by, datetime):
        assert rings <= calling.finish_by - CLOSING_MARGIN


@REPEATABLY
@given(calling=callings(), target=targets, earliest=instants)
def test_there_is_a_reason_exactly_where_a_call_may_not_ring(
    calling: Calling, target: Target, earliest: datetime
):
    reason = why_not(calling, target, earliest)

    assert (reason == "") is rule(calling, target)(earliest)
    if rings := next_permitted(calling, target, earliest):
        assert why_not(calling, target, rings) == ""


@REPEATABLY
@given(calling=callings(), target=targets, earliest=instants)
def test_asking_again_at_the_answer_gives_the_answer(
    calling: Calling, target: Target, earliest: datetime
):
    rings = next_permitted(calling, target, earliest)

    if rings is not None:
        assert next_permitted(calling, target, rings) == rings


def chicago(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(CHICAGO)).astimezone(UTC)


@pytest.mark.parametrize(
    ("earliest", "rings"),
    [
        ("2026-12-01T08:59:59", "2026-12-01T09:00:00"),
        ("2026-12-01T09:00:00", "2026-12-01T09:00:00"),
        ("2026-12-01T12:34:56", "2026-12-01T12:34:56"),
        ("2026-12-01T16:45:00", "2026-12-01T16:45:00"),
        ("2026-12-01T16:45:01", "2026-12-02T09:00:00"),
        ("2026-12-04T17:00:00", "2026-12-07T09:00:00"),
        ("2026-12-05T12:00:00", "2026-12-07T09:00:00"),
    ],
)
def test_f30_calls_ring_within_hours_on_weekdays(earliest: str, rings: str):
    target = Target("call-1", "A", "+13125550101", CHICAGO, "")

    assert next_permitted(Calling(), target, chicago(earliest)) == chicago(rings)


@pytest.mark.parametrize(
    ("earliest", "rings"),
    [
        ("2026-03-08T00:30:00", "2026-03-08T08:00:00"),
        ("2026-03-08T03:00:00", "2026-03-08T08:00:00"),
        ("2026-03-07T20:46:00", "2026-03-08T08:00:00"),
        ("2026-11-01T01:30:00", "2026-11-01T08:00:00"),
        ("2026-10-31T20:46:00", "2026-11-01T08:00:00"),
    ],
)
def test_f24_the_days_on_which_clocks_change_begin_at_the_local_hour(earliest: str, rings: str):
    target = Target("call-1", "A", "+14145550101", CHICAGO, "")
    calling = Calling(days="mon-sun", hours="00:00-24:00")

    assert next_permitted(calling, target, chicago(earliest)) == chicago(rings)


def test_a_number_in_two_zones_is_called_when_both_are_open():
    target = Target("call-1", "A", "+19865550101", None, "")
    boise, pacific = ZoneInfo("America/Boise"), ZoneInfo("America/Los_Angeles")

    morning = next_permitted(Calling(), target, datetime(2026, 12, 1, tzinfo=boise))
    evening = datetime(2026, 12, 1, 16, 45, tzinfo=boise).astimezone(UTC)

    assert morning == datetime(2026, 12, 1, 9, tzinfo=pacific)
    assert next_permitted(Calling(), target, evening) == evening
    assert next_permitted(Calling(), target, evening + MINUTE) == datetime(
        2026, 12, 2, 9, tzinfo=pacific
    )


@pytest.mark.parametrize(
    ("calling", "earliest"),
    [
        (Calling(hours="21:00-23:00"), "2026-12-01T12:00:00"),
        (Calling(hours="06:00-08:00"), "2026-12-01T05:00:00"),
        (Calling(hours="09:00-09:10"), "2026-12-01T05:00:00"),
        (Calling(finish_by=date(2026, 11, 30)), "2026-12-01T09:00:00"),
        (Calling(days="sat,sun", finish_by=date(2026, 12, 4)), "2026-12-01T09:00:00"),
        (Calling(finish_by=datetime(2026, 12, 1, 15, 14, tzinfo=UTC)), "2026-12-01T08:00:00"),
    ],
)
def test_where_nothing_is_permitted_there_is_no_answer(calling: Calling, earliest: str):
    target = Target("call-1", "A", "+13125550101", CHICAGO, "")

    assert next_permitted(calling, target, chicago(earliest)) is None


@pytest.mark.parametrize(
    "finish_by", ["9999-12-31", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00"]
)
def test_a_deadline_of_another_age_is_refused(finish_by: str):
    with pytest.raises(ValueError, match="not of this century"):
        Calling.model_validate({"finish_by": finish_by})


def test_the_last_day_is_counted_by_the_called_persons_calendar():
    west = Target("call-1", "A", "+18005550101", "Pacific/Honolulu", "")
    calling = Calling(hours="08:00-21:00", finish_by=date(2026, 12, 1))
    late = datetime(2026, 12, 1, 20, tzinfo=ZoneInfo("Pacific/Honolulu")).astimezone(UTC)

    assert late.date() == date(2026, 12, 2)
    assert next_permitted(calling, west, late) == late
    assert next_permitted(calling, west, late + timedelta(hours=1)) is None


@REPEATABLY
@given(calling=callings(), target=targets, since=instants, hours=st.integers(0, 24 * 9))
def test_the_windows_between_two_instants_are_when_a_call_may_ring(
    calling: Calling, target: Target, since: datetime, hours: int
):
    until = since + timedelta(hours=hours)
    found = windows(calling, target, since, until)

    first = next_permitted(calling, target, since)
    assert [span[0] for span in found[:1]] == ([first] if first and first <= until else [])
    for opens, last in found:
        assert since <= opens <= last <= until
        assert why_not(calling, target, opens) == why_not(calling, target, last) == ""
        after = last + timedelta(microseconds=1)
        assert after > until or why_not(calling, target, after)
        following = next_permitted(calling, target, after) if after <= until else None
        later = [span[0] for span in found if span[0] > last]
        assert later[:1] == ([following] if following and following <= until else [])


def test_there_is_no_window_where_nobody_knows_what_time_it_is() -> None:
    nowhere = Target("call-1", "A", "+18005550101", None, "")

    assert windows(Calling(), nowhere, START, START + timedelta(days=5)) == []
