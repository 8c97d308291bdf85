"""Every schedule with up to so many faults, tried; a bad one is shown and can be played again.

States that are equal are explored once: nothing is left out, because a state is everything.
"""

import sys
import time
from dataclasses import dataclass

from tests.protocol.runner import Runner, Way, judged
from tests.protocol.world import Rules, Setting, State

#: The faults of a schedule: at which step, and which. Everything else goes well.
Schedule = tuple[tuple[int, str], ...]
_DEPTH = 50_000
#: The process that begins; the first thing it writes is that it wants a call.
_BEGIN = State()


@dataclass(frozen=True)
class Found:
    """What came of trying every schedule.

    Attributes:
        schedules: How many there are, up to the first bad one.
        states: How many different states they go through.
        seconds: How long it took.
        problem: What went wrong, or "".
        schedule: A schedule on which it does.
    """

    schedules: int
    states: int
    seconds: float
    problem: str = ""
    schedule: Schedule = ()

    def __str__(self) -> str:
        told = "".join(f"\n  step {step:3}: {name}" for step, name in self.schedule)
        return f"{self.problem or 'no violation'}{told}"


class _Violation(Exception):
    """Something happened that never may."""


def explore(faults: int, rules: Rules | None = None, setting: Setting | None = None) -> Found:
    """Try every schedule with up to `faults` faults, or up to the first that goes wrong."""
    chosen = setting or Setting()
    search = _Search(Runner(rules or Rules(), chosen), chosen)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _DEPTH))
    began = time.perf_counter()
    problem, count = "", 0
    try:
        count = search.schedules_from(_BEGIN, faults)
    except _Violation as violation:
        problem = str(violation)
    seconds = time.perf_counter() - began
    return Found(count, len(search.known), seconds, problem, tuple(search.trail))


def smallest(faults: int, rules: Rules, setting: Setting | None = None) -> Found:
    """The first bad schedule with as few faults as possible."""
    for few in range(faults + 1):
        found = explore(few, rules, setting)
        if found.problem:
            return found
    return explore(faults, rules, setting)


def replay(schedule: Schedule, rules: Rules | None = None, setting: Setting | None = None) -> str:
    """Play one schedule; what goes wrong on it, or ""."""
    chosen = setting or Setting()
    runner, state, faults = Runner(rules or Rules(), chosen), _BEGIN, dict(schedule)
    seen: set[tuple[State, int]] = set()
    for step in range(_DEPTH):
        left = sum(at >= step for at in faults)
        if state.bad or state.at == ("done",):
            return state.bad or judged(state, chosen)
        if (state, left) in seen:
            return _CIRCLES
        seen.add((state, left))
        ways = list(runner.ways(state, _DEPTH))
        state = next(way for way in ways if way.name == faults.get(step, ways[0].name)).state
    raise AssertionError("it does not end")


_CIRCLES = "without a fault it goes in circles"


class _Search:
    def __init__(self, runner: Runner, setting: Setting) -> None:
        self._runner, self._setting = runner, setting
        self.known: dict[tuple[State, int], int] = {}
        self.trail: list[tuple[int, str]] = []
        self._depth = 0

    def schedules_from(self, state: State, faults: int) -> int:
        """How many schedules begin here, each tried to its end."""
        if state.bad:
            raise _Violation(state.bad)
        if state.at == ("done",):
            return self._end(state)
        place = (state, faults)
        known = self.known.get(place)
        if known is None:
            known = self.known[place] = self._try(state, faults, place)
        elif not known:
            raise _Violation(_CIRCLES)
        return known

    def _try(self, state: State, faults: int, place: tuple[State, int]) -> int:
        self.known[place], total = 0, 0  # 0: we are inside it
        for way in self._runner.ways(state, faults):
            self._enter(way)
            total += self.schedules_from(way.state, faults - way.cost)
            self._leave(way)
        return total

    def _end(self, state: State) -> int:
        if problem := judged(state, self._setting):
            raise _Violation(problem)
        return 1

    def _enter(self, way: Way) -> None:
        if way.cost:
            self.trail.append((self._depth, way.name))
        self._depth += 1

    def _leave(self, way: Way) -> None:
        self._depth -= 1
        if way.cost:
            self.trail.pop()


def main() -> None:
    """Explore with up to as many faults as the first argument says, and tell what came of it."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    for faults in range(most + 1):
        found = explore(faults)
        sys.stdout.write(
            f"{faults} faults: {found.schedules:,} schedules, {found.states:,} states,"
            f" {found.seconds:.1f} s: {found}\n"
        )
        sys.stdout.flush()
        if found.problem:
            sys.exit(1)


if __name__ == "__main__":
    main()
