"""Runs many seeds on two processes, or one seed with its whole story: `make simulate`."""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.seeds import Tally, history_of, run, shortest
from tests.simulation.world import WAYS, a_world

PROCESSES = 2
_A_SHARE = 25


def main() -> int:
    """The exit status: 1 if a rule was broken."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=300, help="How many.")
    parser.add_argument("--first", type=int, default=0, help="The first of them.")
    parser.add_argument("--seed", type=int, help="Only this one, told in full.")
    args = parser.parse_args()
    return tell(args.seed) if args.seed is not None else run_all(args.first, args.seeds)


def run_all(first: int, many: int) -> int:
    """Run seeds, and tell what happened in them."""
    began = time.monotonic()
    shares = [
        range(n, min(n + _A_SHARE, first + many)) for n in range(first, first + many, _A_SHARE)
    ]
    tally = Tally()
    with ProcessPoolExecutor(PROCESSES) as pool:
        for part in pool.map(run, shares):
            tally.add(part)
    faults = {way: tally.counts[way] for way in sorted({*WAYS, "stale", "403"})}
    say(f"seeds     {tally.seeds}, from {first}")
    say(f"missions  {_listed(tally.endings)}")
    say(f"faults    {sum(faults.values())}: {_listed(faults)}")
    say(f"crashes   {tally.counts['crashes']}, processes {tally.counts['lives']}")
    second, conflicts = tally.counts["second"], tally.counts["conflicts"]
    say(f"others    {second} at the same time, {conflicts} conflicts")
    say(f"seconds   {time.monotonic() - began:.0f}")
    for seed, violations in tally.failures.items():
        say(f"seed {seed}: {violations[0]}\n  make simulate SEED={seed}")
    return 1 if tally.failures else 0


def tell(seed: int) -> int:
    """Tell one seed's history; of one that breaks a rule, the shortest that does."""
    history = history_of(a_world(seed))
    if history.violations:
        history = shortest(history)
    say(history.world.told())
    say("\n".join(history.lines))
    say(f"ended: {history.ending or 'not at all'}")
    say("\n".join(history.violations) or "every rule was kept")
    return 1 if history.violations else 0


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


if __name__ == "__main__":
    sys.exit(main())
