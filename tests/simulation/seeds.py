"""Runs seeds, and makes the history of one that fails as short as it gets."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from telnyx_toolkit.database_url import DatabaseUrl
from tests.simulation.history import History
from tests.simulation.invariants import hold_always, hold_at_each_fact, hold_in_the_end
from tests.simulation.world import World, a_world

#: Ledgers are synced at every fact; where there is a disk in memory, they live there.
MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
#: A world is made smaller at most so often.
MOST_ROUNDS = 30


@dataclass
class Tally:
    """What many histories came to.

    Attributes:
        seeds: How many there were.
        counts: What happened in them, by name.
        endings: How many missions ended how.
        failures: The violations of each seed that had any.
    """

    seeds: int = 0
    counts: Counter[str] = field(default_factory=Counter[str])
    endings: Counter[str] = field(default_factory=Counter[str])
    failures: dict[int, list[str]] = field(default_factory=dict[int, list[str]])

    def add(self, other: "Tally") -> None:
        """Take in another."""
        self.seeds += other.seeds
        self.counts += other.counts
        self.endings += other.endings
        self.failures |= other.failures


def history_of(world: World, database: DatabaseUrl | None = None) -> History:
    """The whole history of a world, checked; its ledger is in a file, or in an empty database."""
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="simulation-", dir=where) as home:
        history = History(world, Path(home), hold_at_each_fact, database)
        history.live(hold_always)
        if not history.violations:
            hold_in_the_end(history)
        return history


def run(seeds: Iterable[int]) -> Tally:
    """The tally of these seeds."""
    tally = Tally()
    for seed in seeds:
        history = history_of(a_world(seed))
        tally.seeds += 1
        tally.counts += history.counts
        tally.endings[history.ending or "none"] += 1
        if history.violations:
            tally.failures[seed] = history.violations
    return tally


def shortest(history: History, live: Callable[[World], History] = history_of) -> History:
    """A history that breaks the same rule with as little as possible going wrong in it."""
    rule = _rule(history)
    for _ in range(MOST_ROUNDS):
        for world in history.world.smaller():
            other = live(world)
            if other.violations and _rule(other) == rule:
                history = other
                break
        else:
            return history
    return history


def _rule(history: History) -> str:
    return history.violations[0].partition(":")[0]
