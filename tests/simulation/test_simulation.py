"""Whatever goes wrong, the rules hold: every seed is one history, the same each time."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest

from telnyx_toolkit.database_url import DatabaseUrl
from tests.simulation.history import History
from tests.simulation.rules import may_ring
from tests.simulation.seeds import history_of, run, shortest
from tests.simulation.world import WAYS, World, a_world

EVERY_TIME, SLOWLY, SHARE = range(24), range(24, 224), 4
TROUBLES = {
    "kill",
    "kill_before",
    "kill_after",
    "ahead",
    "back",
    "second",
    "cancel",
    "stop",
    "list",
}


def _shares(seeds: range) -> list[range]:
    return [seeds[n : n + SHARE] for n in range(0, len(seeds), SHARE)]


@pytest.mark.parametrize("seeds", _shares(EVERY_TIME), ids=str)
def test_no_history_breaks_a_rule(seeds: range) -> None:
    assert run(seeds).failures == {}


@pytest.mark.slow
@pytest.mark.parametrize("seeds", _shares(SLOWLY), ids=str)
def test_no_history_of_many_breaks_a_rule(seeds: range) -> None:
    assert run(seeds).failures == {}


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(0, 224, 4))
def test_no_history_breaks_a_rule_where_the_ledger_is_in_a_database(
    postgres: DatabaseUrl, seed: int
) -> None:
    history = history_of(a_world(seed), postgres)

    assert history.violations == []
    assert history.lines == history_of(a_world(seed)).lines


def test_a_seed_is_one_history() -> None:
    once, again = (history_of(a_world(7)) for _ in range(2))
    assert once.lines == again.lines


def test_everything_that_can_go_wrong_does_so_within_a_few_hundred_seeds() -> None:
    worlds = [a_world(seed) for seed in range(300)]
    faults = {fault["do"] for world in worlds for fault in world.faults}
    troubles = {trouble["do"] for world in worlds for trouble in world.troubles}
    assert faults == {*WAYS, "stale", "403"}
    assert troubles == {*TROUBLES, "stop_late"}


def _kinds(things: Iterable[dict[str, object]]) -> list[object]:
    return [thing["do"] for thing in things]


def test_a_failing_history_is_told_with_nothing_in_it_that_does_not_matter(tmp_path: Path) -> None:
    needed = {"kill_after", "slow"}
    lived: list[World] = []

    def live(world: World) -> History:
        lived.append(world)
        history = History(world, tmp_path / str(len(lived)), lambda _: None)
        if needed <= {*_kinds(world.troubles), *_kinds(world.faults)}:
            history.violate("made up", "slow, and then killed")
        return history

    crowded = (w for w in map(a_world, range(1_000)) if len(w.faults) > 2 and len(w.people) > 1)
    failing = (live(w) for w in crowded)
    history = next(h for h in failing if h.violations)

    least = shortest(history, live).world

    assert (_kinds(least.troubles), _kinds(least.faults)) == (["kill_after"], ["slow"])
    assert len(least.people) == 1


@pytest.mark.parametrize(
    ("phone", "zone", "at", "may"),
    [
        ("+13125550120", None, "2026-03-09T14:00:00+00:00", True),  # 09:00, the clocks went forward
        ("+13125550120", None, "2026-03-06T14:00:00+00:00", False),
        ("+13125550120", None, "2026-03-09T13:59:00+00:00", False),  # Illinois begins at 09:00
        ("+13125550120", None, "2026-02-12T18:00:00+00:00", False),  # Lincoln's Birthday there
        ("+12125550120", None, "2026-03-09T12:00:00+00:00", True),
        ("+16025550120", None, "2026-03-09T14:59:00+00:00", False),  # Phoenix has no summer time
        ("+14485550120", None, "2026-11-23T13:30:00+00:00", False),  # 08:30 in one half of it only
        ("+14485550120", "America/New_York", "2026-11-23T13:30:00+00:00", True),
        ("+13125550120", None, "2026-11-22T18:00:00+00:00", False),  # a Sunday
        ("+13125550120", None, "2026-11-25T18:00:00+00:00", False),  # after the last day
        ("+13125550120", None, "2026-11-24T02:59:00+00:00", True),
        ("+13125550120", None, "2026-11-24T03:01:00+00:00", False),
    ],
)
def test_the_rules_are_reckoned_apart_from_the_engine(
    phone: str, zone: str | None, at: str, may: bool
) -> None:
    calling = {"days": "mon-fri", "hours": "06:00-23:00", "finish_by": "2026-11-24"}
    target = {"phone": phone, "timezone": zone}
    assert may_ring({"calling": calling}, target, datetime.fromisoformat(at)) is may
