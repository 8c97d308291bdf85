"""What a target of a sweep costs us, in CPU time and in memory, with few targets and with many."""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from telnyx_toolkit.area_codes import TABLE
from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.habits import habits_of
from telnyx_toolkit.mix import read_mix
from telnyx_toolkit.pace import Pace
from telnyx_toolkit.rehearsal import START
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.simulator import Callees
from telnyx_toolkit.simulator.strangers import cast_of
from telnyx_toolkit.toolkit import Toolkit
from tests.bench.figures import Figure
from tests.bench.sandbox_apart import sandbox_apart

FEW, MANY = 100, 10_000
_LINES = 50
_A_CODE = 100  # so many numbers of an area code belong to nobody
_BOOKKEEPING = Path("/proc/self/status")


def figures(many: int = MANY) -> Iterator[Figure]:
    """The cost per target of a large sweep against a small one, and the memory of the large."""
    few, lots = measured(FEW), measured(many)
    ratio = lots["ms_per_target"] / few["ms_per_target"]
    yield Figure(
        f"CPU per target: {many} against {FEW}",
        ratio,
        "x",
        1.2,
        "our side, user time, without the sandbox's",
    )
    yield Figure(
        f"CPU per target of {many}",
        lots["ms_per_target"],
        "ms",
        note=f"{lots['requests'] / many:.0f} requests and {lots['facts'] / many:.0f} facts each",
    )
    yield Figure(
        f"peak memory, {many} targets",
        lots["peak_mb"],
        "MB",
        200.0,
        f"{lots['bare_mb']:.0f} MB of it before the first target",
    )


def measured(many: int) -> dict[str, float]:
    """One sweep in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.sweep", str(many)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def sweep_of(many: int) -> dict[str, Any]:
    """A sweep of so many strangers, whose numbers belong to nobody."""
    rows = [row.split("|") for row in TABLE.split("\n") if row.startswith("US-")]
    codes = [code for _, zones, those in rows if "," not in zones for code in those.split()]
    people = [
        {"name": f"Shop {n}", "phone": f"+1{codes[n // _A_CODE]}55501{n % _A_CODE:02}"}
        for n in range(many)
    ]
    return {
        "name": "Opening hours",
        "goal": "When are they open on Saturday?",
        "on_behalf_of": "Dana Reyes",
        "strategy": "sweep",
        "targets": people,
        "collect": {"open_until": {"type": "string", "required": True}},
        "limits": {"spend_usd": "90000.00"},
    }


def brief_of(many: int) -> Brief:
    """The same, read."""
    return parse_brief(sweep_of(many))


def strangers(many: int) -> Callees:
    """Who answers there: drawn, and the same each time."""
    brief = brief_of(many)
    habits = habits_of(read_mix({}, {"open_until": "string"}), brief, START)
    people = {target.phone: target.name for target in brief.everybody}
    return cast_of(habits, people, "0:1", None)


def run(many: int) -> dict[str, Any]:
    """A sweep from the brief to the summary; the same people each time."""
    clock, ids = ManualClock(START), Random(0)
    cast = partial(strangers, many)
    with tempfile.TemporaryDirectory() as home, sandbox_apart(clock, cast, _LINES) as way:
        toolkit = Toolkit(
            Settings(
                "http://127.0.0.1/v2", Path(home), ApiKey("example"), Pace(_LINES, None, None)
            ),
            clock=clock,
            wall=ManualClock(START),
            transport=way,
            new_id=lambda: str(UUID(int=ids.getrandbits(128), version=4)),
            jitter=Random(0),
        )
        with closing(toolkit):
            bare, began = _peak_mb(), _cpu_s()
            facts = _play(toolkit, many)
            spent = _cpu_s() - began
        return {
            "ms_per_target": 1_000 * spent / many,
            "peak_mb": _peak_mb(),
            "bare_mb": bare,
            "requests": way.asked,
            "facts": facts,
        }


def _play(toolkit: Toolkit, many: int) -> int:
    """From the brief to the summary, as an agent asks for it: by the mission's id."""
    engine = toolkit.engine
    mission = engine.create_mission(brief_of(many)).mission_id
    plan = engine.plan_steps(mission)[0].plan
    engine.approve_plan(mission, plan.plan_hash if plan else "", "Dana", "Yes.")
    del plan
    engine.run(mission)
    phase, called = _result(toolkit, mission)
    if phase != "succeeded" or called != many:
        raise RuntimeError(f"The sweep ended as {phase}, {called} called")
    return toolkit.ledger.last_seq(mission)


def _result(toolkit: Toolkit, mission: str) -> tuple[str, int]:
    state, payload, _ = toolkit.engine.summarize(mission)
    return state.phase, payload["counts"]["called"]


def _cpu_s() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def _peak_mb() -> float:
    """The most memory that this process ever had; Linux alone tells it without its parent's."""
    if _BOOKKEEPING.exists():
        lines = _BOOKKEEPING.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    run(3)  # whatever is imported at first use is imported
    sys.stdout.write(json.dumps(run(int(sys.argv[1]))))
