"""Missions on a sandbox in this process, in a ledger on disk that processes then look at."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import yaml

from telnyx_toolkit.announcing import announce
from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.clock import ManualClock, SystemClock
from telnyx_toolkit.ledger.ledger import as_text
from telnyx_toolkit.ledger.opening import path_in
from telnyx_toolkit.model import Event
from telnyx_toolkit.pace import Pace
from telnyx_toolkit.rehearsal import START
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.simulator import Sandbox
from telnyx_toolkit.telnyx import straight_to
from telnyx_toolkit.toolkit import Toolkit

URL = "http://127.0.0.1/v2"
#: No mission of a benchmark is due then.
FAR_AWAY = datetime(2999, 1, 1, tzinfo=UTC)
Doc = dict[str, Any]


class Stage:
    """A toolkit and the sandbox it lives on.

    Args:
        home: Where the ledger is.
        base_url: Where the missions live, as far as processes are concerned that go on with them.
        start: Where the clock begins.
        pace: Of the account.
    """

    def __init__(
        self,
        home: Path,
        base_url: str = URL,
        start: datetime = START,
        pace: Pace | None = None,
    ) -> None:
        self.clock, ids = ManualClock(start), Random(0)
        self.sandbox = Sandbox(
            self.clock,
            account=shipped("fixtures", "accounts", "default.yaml"),
            callees=shipped("fixtures", "callees"),
        )
        self.toolkit = Toolkit(
            Settings(base_url, home, ApiKey("example"), pace or Pace()),
            clock=self.clock,
            wall=ManualClock(start),
            transport=straight_to(self.sandbox),
            new_id=lambda: str(UUID(int=ids.getrandbits(128), version=4)),
            jitter=Random(0),
            ways=(),
        )

    def approved(self, brief: Doc) -> str:
        """A mission of this brief, with a person's yes to its plan."""
        engine = self.toolkit.engine
        mission = engine.create_mission(parse_brief(brief)).mission_id
        state, _ = engine.plan_steps(mission)
        assert state.plan
        engine.approve_plan(mission, state.plan.plan_hash, "Dana", "Yes, go ahead.")
        return mission

    def until(self, mission: str, holds: Callable[[], object]) -> None:
        """Let rounds pass, and the time between them, until something holds."""
        while not holds():
            wake = self.toolkit.ledger.progress(mission).next_wake_at
            if wake:
                self.clock.sleep_until(wake)
            self.toolkit.engine.advance(mission)


def written(home: Path, events: Iterable[Event]) -> None:
    """Facts put into a ledger all at once, as no program of ours would: it takes no time."""
    rows = (
        (event.mission_id, event.seq, event.kind, event.at.isoformat(), as_text(event.data))
        for event in events
    )
    with closing(sqlite3.connect(path_in(home))) as db, db:
        db.executemany(
            "INSERT INTO events (mission_id, seq, kind, at, data) VALUES (?, ?, ?, ?, ?)", rows
        )


def catering() -> Doc:
    """The brief that every example is about."""
    path = shipped("fixtures", "missions", "catering.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def ended(home: Path) -> str:
    """A ledger with a finished mission and one that waits for long; the first one's id."""
    stage = Stage(home)
    with closing(stage.toolkit):
        finished = stage.approved(catering())
        stage.toolkit.engine.run(finished)
        waiting = stage.approved({**catering(), "name": "Later"})
        for mission in (finished, waiting):
            stage.toolkit.ledger.note_wake(mission, FAR_AWAY)
        announce(stage.toolkit)
    return finished


def under_way(home: Path, base_url: str) -> str:
    """A ledger with a mission whose first call is due to be looked at: a round begins with that.

    Its days have passed by the machine's clock, which the round goes by.
    """
    weeks = (START - SystemClock().now()) // timedelta(weeks=1) + 3
    stage = Stage(home, base_url, START - max(weeks, 0) * timedelta(weeks=1))
    with closing(stage.toolkit) as toolkit:
        mission = stage.approved(catering())
        placed = lambda: any(a.scheduled_event_id for a in toolkit.state(mission).attempts)  # noqa: E731
        stage.until(mission, placed)
        announce(toolkit)
    return mission
