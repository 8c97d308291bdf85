"""Limits over all missions: how many calls at once, within an hour, within a day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.pace import (
    DAY,
    HOUR,
    Dial,
    Pace,
    Traffic,
    first_over,
    fits,
    free_line,
    next_slot,
    rested_until,
    tells_of_limit,
)
from telnyx_toolkit.settings import Settings

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def dial(minutes: float, *, limited: bool = False, over: bool = True, void: bool = False) -> Dial:
    at = NOON + minutes * MINUTE
    until = at + 10 * MINUTE
    limited_at = at if limited else None
    return Dial(f"a{minutes}", "+1", "call", "", at, at, until, over, void or limited, limited_at)


paces = st.builds(
    Pace, at_once=st.just(2), an_hour=st.integers(1, 4), a_day=st.none() | st.integers(3, 9)
)
minutes = st.lists(st.integers(-1_500, 1_500), max_size=25)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(pace=paces, asked=minutes, begin=st.integers(-200, 200))
def test_no_hour_and_no_day_ever_has_too_many(pace: Pace, asked: list[int], begin: int):
    rings: list[datetime] = []
    for one in [*asked, begin]:
        rings = sorted([*rings, next_slot(pace, rings, NOON + one * MINUTE)])

    for most, span in ((pace.an_hour, HOUR), (pace.a_day, DAY)):
        for first in rings if most is not None else ():
            within = [ring for ring in rings if first <= ring < first + span]
            assert len(within) <= (most or 0)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(pace=paces, asked=minutes, begin=st.integers(-200, 200))
def test_the_slot_is_the_first_that_fits(pace: Pace, asked: list[int], begin: int):
    rings = sorted(NOON + one * MINUTE for one in asked)
    earliest = NOON + begin * MINUTE

    slot = next_slot(pace, rings, earliest)

    assert slot >= earliest
    assert fits(pace, rings, slot)
    sooner = (earliest + n * MINUTE for n in range(int((slot - earliest) / MINUTE)))
    assert not any(fits(pace, rings, at) for at in sooner)


def test_without_limits_everybody_rings_at_once():
    rings = [NOON] * 50

    assert next_slot(Pace(an_hour=None, a_day=None), rings, NOON) == NOON


def test_a_line_is_free_again_when_its_call_is_over_or_must_be():
    pace = Pace(at_once=1)

    assert not free_line(pace, Traffic((dial(0, over=False),)), NOON + 9 * MINUTE)
    assert free_line(pace, Traffic((dial(0, over=False),)), NOON + 10 * MINUTE)
    assert free_line(pace, Traffic((dial(0),)), NOON + MINUTE)
    assert free_line(pace, Traffic((dial(0, over=False, void=True),)), NOON + MINUTE)


@pytest.mark.parametrize(("refusals", "rest"), [(0, None), (1, 1), (2, 2), (3, 4), (9, 32)])
def test_each_refusal_for_the_rate_doubles_the_rest(refusals: int, rest: int | None):
    traffic = Traffic(tuple(dial(n, limited=True) for n in range(refusals)))
    now = NOON + refusals * MINUTE

    until = rested_until(traffic, now)

    assert (until > NOON) == (rest is not None)
    if rest is not None:
        assert until == NOON + (refusals - 1 + rest) * MINUTE


def test_an_hour_after_a_refusal_it_is_forgotten():
    traffic = Traffic((dial(0, limited=True), dial(1, over=False)))

    assert not free_line(Pace(), traffic, NOON + 2 * MINUTE)
    assert free_line(Pace(), traffic, NOON + 61 * MINUTE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Forbidden: user channel limit exceeded D1", True),
        ("SIP 403 (90042)", True),
        ("Too many requests (10011)", True),
        ("D13: destination not whitelisted", False),
        ("D17", False),
        ("", False),
    ],
)
def test_telnyx_tells_of_a_limit_by_code(text: str, told: bool):
    assert tells_of_limit(text) is told


def test_the_level_sets_the_pace():
    assert Settings.from_environment({}).pace == Pace(2, 10, 100)
    told = Settings.from_environment({"TELNYX_TOOLKIT_LEVEL": "level-2"})
    assert told.pace == Pace(10, None, None)


def test_a_level_that_does_not_exist_is_an_error():
    with pytest.raises(ConfigError, match="did you mean 'verified'"):
        Settings.from_environment({"TELNYX_TOOLKIT_LEVEL": "verifed"})


def test_a_line_is_free_no_sooner_than_the_first_call_rings():
    waiting = Traffic((dial(5, over=False), dial(3, over=False), dial(1)))

    assert first_over(waiting, NOON) == NOON + 3 * MINUTE
    assert first_over(waiting, NOON + 4 * MINUTE) == NOON + 4 * MINUTE
    assert first_over(Traffic(), NOON) == NOON
