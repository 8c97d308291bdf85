"""Killed by SIGKILL at every named point, then run again: it ends as if nothing had happened."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.sampling import some

KILLED = -9
CATERERS = ["+13125550101", "+13125550102", "+13125550103"]
#: The points of a mission are dealt out to so many tests, so that all workers share in them.
SHARES = 24
IN_A_SAMPLE = 4
#: Where a database has the ledgers: to so many tests, each with one moment in so many.
FEWER, EACH_NTH = 4, 8
MISSIONS = {"catering": CATERERS, "cancellation": CATERERS[:1], "texts": ["+13125550120"]}


def _check(stage: Any, mission: str, point: str) -> None:
    plain, ending = stage.undisturbed(mission), stage.play(mission, point)

    assert ending.deaths == [KILLED]
    assert ending.problems == []
    assert ending.made == []
    assert ending.numbers == plain.numbers
    assert ending.run["status"] == plain.run["status"] == ending.result["result_payload"]["status"]
    assert ending.run["result_payload"] == ending.result["result_payload"]
    keys = [line["idempotency_key"] for line in ending.log]
    assert len(keys) == len(set(keys))
    told = [line["payload"]["seq"] for line in ending.log]
    assert told == sorted(told)
    assert ending.rang == sorted(set(ending.rang))
    if mission == "cancellation" and ending.placed < plain.placed:
        # Killed before a call was asked for, cancelled after: then it is never asked for.
        assert set(ending.rang) <= set(plain.rang)
        return
    assert ending.rang == plain.rang
    assert ending.placed == plain.placed
    assert ending.payload == plain.payload
    assert ending.steps == plain.steps
    assert ending.turns == plain.turns


def _failures(stage: Any, mission: str, points: Sequence[str]) -> Iterator[str]:
    """Every point at which it did not end well, and why."""
    for point in points:
        try:
            _check(stage, mission, point)
        except AssertionError as problem:
            yield f"{mission} {point!r}: {problem}"


def _moments(points: Sequence[str]) -> list[str]:
    """One point for each state that a death can leave behind.

    Nothing happens between the end of one step and the beginning of the next, and nothing changes
    by a look at Telnyx; so the point before each change, and the last of all, stand for the rest.
    """
    changes = [p for p in points if p.startswith("before ") and "request GET" not in p]
    return [*changes, points[-1]]


@pytest.mark.parametrize("mission", some(MISSIONS, 3, 1))
def test_undisturbed_a_mission_does_what_the_killed_ones_are_held_to(
    stage: Any, mission: str
) -> None:
    ending = stage.undisturbed(mission)

    assert ending.rang == MISSIONS[mission]
    assert ending.made == []
    status, step = {"cancellation": ("cancelled", "skipped")}.get(
        mission, ("succeeded", "completed")
    )
    assert ending.run["status"] == status
    assert set(ending.steps.values()) <= {"completed", step}


@pytest.mark.parametrize("mission", some(MISSIONS, 3, 1))
def test_a_mission_killed_at_some_points_ends_the_same(
    stage: Any, mission: str, record_property: Any
) -> None:
    moments = _moments(stage.undisturbed(mission).passed)
    sample = moments[len(moments) // 9 :: len(moments) // IN_A_SAMPLE]
    record_property("points tried", len(sample))

    assert list(_failures(stage, mission, sample)) == []


@pytest.mark.postgres
@pytest.mark.parametrize("share", range(FEWER))
@pytest.mark.parametrize("mission", MISSIONS)
def test_a_mission_killed_at_some_moments_ends_the_same_where_a_database_has_the_ledger(
    stage_on_postgres: Any, mission: str, share: int, record_property: Any
) -> None:
    mine = _moments(stage_on_postgres.undisturbed(mission).passed)[share :: FEWER * EACH_NTH]
    record_property("points tried", len(mine))

    assert list(_failures(stage_on_postgres, mission, mine)) == []


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("mission", MISSIONS)
def test_a_mission_killed_at_any_moment_ends_the_same(
    stage: Any, mission: str, share: int, record_property: Any, pytestconfig: pytest.Config
) -> None:
    points = stage.undisturbed(mission).passed
    every = pytestconfig.getoption("--every-point", default=False)
    mine = (points if every else _moments(points))[share::SHARES]
    record_property("points tried", len(mine))

    assert list(_failures(stage, mission, mine)) == []
