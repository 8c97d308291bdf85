"""What a target of a sweep costs us, in CPU time and in memory, with few targets and with many."""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from multiprocessing import get_context
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
from tests.bench.sandbox_apart import Apart, sandbox_apart

SIZES = (100, 1_000, 10_000)
_LINES = 50
_A_CODE = 100  # so many numbers of an area code belong to nobody
_BOOKKEEPING = Path("/proc/self/status")


def figures(sizes: Sequence[int] = SIZES) -> Iterator[Figure]:
    """What a target costs in sweeps of several sizes, and the most memory that a process needs."""
    few, *more = sizes
    small = measured(few)
    yield _per_target(few, small)
    for many in more:
        lots = measured(many)
        is_last = many == sizes[-1]
        yield _per_target(many, lots)
        if is_last:
            ratio = lots["ms_per_target"] / small["ms_per_target"]
            about = "our side, user time, without the sandbox's"
            yield Figure(f"CPU per target: {many} against {few}", ratio, "x", 1.2, about)
        yield Figure(
            f"peak memory, {many} targets",
            lots["peak_mb"],
            "MB",
            200.0 if is_last else None,
            f"{lots['largest']}, a process; {lots['bare_mb']:.0f} MB of it before it began",
        )


def _per_target(many: int, told: Mapping[str, Any]) -> Figure:
    each = f"{told['requests'] / many:.0f} requests and {told['facts'] / many:.0f} facts each"
    return Figure(f"CPU per target of {many}", told["ms_per_target"], "ms", note=each)


def measured(many: int) -> dict[str, Any]:
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


def run(many: int, *, here: bool = False) -> dict[str, Any]:
    """A sweep from the brief to the summary, a process for each verb as an agent's commands are.

    The same people each time. The memory told is that of the process that needed most.

    Args:
        many: Targets.
        here: All of it in this process.
    """
    clock, do = ManualClock(START), _measured if here else _in_a_process
    cast = partial(strangers, many)
    with tempfile.TemporaryDirectory() as home, sandbox_apart(clock, cast, _LINES) as way:
        most: dict[str, float] = {}
        bare, done, spent = _peak_mb(), "", 0.0
        for number, verb in enumerate(_VERBS):
            told = do(partial(_work, verb, done, many), Path(home), way, number)
            clock.sleep_until(datetime.fromisoformat(told["now"]))
            way.asked, done = told["asked"], told["done"]
            spent += told["cpu_s"]
            most[verb.__name__.strip("_")] = told["peak_mb"]
        largest = max(most, key=most.__getitem__)
        return {
            "ms_per_target": 1_000 * spent / many,
            "peak_mb": most[largest],
            "largest": largest,
            "bare_mb": bare,
            "requests": way.asked,
            "facts": int(done),
        }


def _in_a_process(
    work: Callable[[Toolkit], str], home: Path, way: Apart, number: int
) -> dict[str, Any]:
    """Do it in a copy of this process, which has imported everything and done nothing else."""
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def there() -> None:
        theirs.send(_measured(work, home, way, number))

    process = context.Process(target=there)
    process.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        raise RuntimeError("The sweep broke off: see above") from None
    finally:
        process.join()


def _measured(
    work: Callable[[Toolkit], str], home: Path, way: Apart, number: int
) -> dict[str, Any]:
    clock, ids = way.clock, Random(number)
    began = _cpu_s()
    toolkit = Toolkit(
        Settings("http://127.0.0.1/v2", home, ApiKey("example"), Pace(_LINES, None, None)),
        clock=clock,
        wall=ManualClock(clock.now()),
        transport=way,
        new_id=lambda: str(UUID(int=ids.getrandbits(128), version=4)),
        jitter=Random(0),
    )
    with closing(toolkit):
        done = work(toolkit)
    spent = _cpu_s() - began
    now = clock.now().isoformat()
    return {
        "done": done,
        "now": now,
        "asked": way.asked,
        "cpu_s": spent,
        "peak_mb": _peak_mb(),
    }


def _work(
    verb: Callable[[Toolkit, str, int], str], mission: str, many: int, toolkit: Toolkit
) -> str:
    return verb(toolkit, mission, many)


def _create(toolkit: Toolkit, _: str, many: int) -> str:
    return toolkit.engine.create_mission(brief_of(many)).mission_id


def _plan(toolkit: Toolkit, mission: str, _: int) -> str:
    toolkit.engine.plan_steps(mission)
    return mission


def _approve(toolkit: Toolkit, mission: str, _: int) -> str:
    plan = toolkit.state(mission).plan
    toolkit.engine.approve_plan(mission, plan.plan_hash if plan else "", "Dana", "Yes.")
    return mission


def _run(toolkit: Toolkit, mission: str, _: int) -> str:
    toolkit.engine.run(mission)
    return mission


def _summarize(toolkit: Toolkit, mission: str, many: int) -> str:
    """So many facts it came to."""
    state, payload, _ = toolkit.engine.summarize(mission)
    if state.phase != "succeeded" or payload["counts"]["called"] != many:
        raise RuntimeError(f"The sweep ended as {state.phase}: {payload['counts']['text']}")
    return str(toolkit.ledger.last_seq(mission))


_VERBS = (_create, _plan, _approve, _run, _summarize)


def _cpu_s() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def _peak_mb() -> float:
    """The most memory that this process ever had; Linux alone tells it without its parent's."""
    if _BOOKKEEPING.exists():
        lines = _BOOKKEEPING.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    run(3, here=True)  # whatever is imported at first use is imported
    sys.stdout.write(json.dumps(run(int(sys.argv[1]))))
