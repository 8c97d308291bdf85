"""How fast the catering brief is rehearsed with people who are drawn."""

import tempfile
from collections.abc import Iterator
from os import cpu_count
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.processes import ROOT, command, cost, environment

RUNS, BUDGET_S = 200, 10.0
_BRIEF = ROOT / "fixtures" / "missions" / "catering.yaml"


def figures() -> Iterator[Figure]:
    """Seconds on the wall, as a person waits for them, from the command's start to its end."""
    argv = command("rehearse-mission", "--brief", str(_BRIEF), "--runs", str(RUNS), "--json")
    with tempfile.TemporaryDirectory() as home:
        took = cost(argv, environment(Path(home)))
    note = f"wall, {cpu_count()} cores, {took.cpu_s:.0f} s of CPU; reading what was said, templates"
    yield Figure(f"rehearsals: {RUNS} of the catering brief", took.wall_s, "s", BUDGET_S, note)
    each = "each in its own sandbox, ledger and clock"
    yield Figure("rehearsals a second", RUNS / took.wall_s, "1/s", None, each)
