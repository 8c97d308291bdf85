"""What a tick costs on a host with a thousand missions under way."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from telnyx_toolkit.ledger.opening import path_in
from telnyx_toolkit.model import Event
from telnyx_toolkit.telnyx import straight_to
from telnyx_toolkit.ticking import tick
from telnyx_toolkit.toolkit import Toolkit
from tests.bench.figures import Figure
from tests.bench.processes import beside_bare, command, cost, environment
from tests.bench.stage import FAR_AWAY, Stage, catering, written

MANY = 1_000
#: So many missions go on in one tick at most; the next tick takes the next ones.
A_TICK = 200


def figures(many: int = MANY) -> Iterator[Figure]:
    """CPU time of a tick by each due mission, and of an idle one in a process of its own."""
    with tempfile.TemporaryDirectory() as alone, tempfile.TemporaryDirectory() as crowd:
        one, lots = _of_each(Path(alone), 1), _of_each(Path(crowd), many)
        note = f"CPU, with the sandbox's answer; {one * 1000:.0f} ms where it is the only one"
        title = f"tick: each of {many} due missions"
        yield Figure(title, lots * 1000, "ms", None, note)
        home = Path(crowd)
        _put_off(home)
        ratio = beside_bare(partial(cost, command("tick"), environment(home)), environment(home), 7)
        told = f"CPU, {ratio.wall:.1f}x on the wall; the next instant is a column"
        yield Figure(f"tick: {many} missions, none due", ratio.cpu, "x bare Python", 7, told)


def _of_each(home: Path, many: int) -> float:
    """Seconds of a tick for each mission that has a call to look at."""
    stage = Stage(home)
    with closing(stage.toolkit) as toolkit:
        mission = stage.approved(catering())
        stage.until(mission, lambda: any(a.scheduled_event_id for a in _attempts(toolkit, mission)))
        events = toolkit.ledger.events(mission)
        at = _attempts(toolkit, mission)[-1].scheduled_at
    _copied(home, events, many - 1)
    stage.clock.sleep_until(at + timedelta(seconds=10))
    fresh = Toolkit(
        toolkit.settings,
        clock=stage.clock,
        wall=stage.clock,
        transport=straight_to(stage.sandbox),
        ways=(),
    )
    with closing(fresh):
        assert fresh.engine
        began = time.process_time()
        done = set(tick(fresh).missions)
        took = time.process_time() - began
    if len(done) != min(many, A_TICK):
        raise RuntimeError(f"{len(done)} of {many} missions went on.")
    return took / len(done)


def _attempts(toolkit: Toolkit, mission: str):
    return toolkit.state(mission).attempts


def _copied(home: Path, events: Sequence[Event], times: int) -> None:
    """Missions that differ from the first one in nothing but their ids."""
    names = [f"m_{n:012x}" for n in range(1, times + 1)]
    written(home, (replace(event, mission_id=name) for name in names for event in events))
    with closing(sqlite3.connect(path_in(home))) as db, db:
        first = "SELECT * FROM progress WHERE mission_id = ?"
        waits = db.execute(first, (events[0].mission_id,)).fetchone()
        marks = ", ".join("?" * len(waits))
        rows = [(name, *waits[1:]) for name in names]
        db.executemany(f"INSERT INTO progress VALUES ({marks})", rows)  # noqa: S608


def _put_off(home: Path) -> None:
    with closing(sqlite3.connect(path_in(home))) as db, db:
        db.execute("UPDATE progress SET next_wake_at = ?", (FAR_AWAY.isoformat(),))
        db.execute("DELETE FROM notices")
