"""What a round of a mission costs that has called 1,200 people, against one that called nobody."""

import json
import resource
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.model import Event
from telnyx_toolkit.present import present
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.simulator import Sandbox
from telnyx_toolkit.telnyx import straight_to
from telnyx_toolkit.toolkit import Toolkit
from tests.bench.figures import Figure
from tests.bench.sweep import sweep_of

#: At night, so that a round looks at everything and calls nobody.
NIGHT = datetime.fromisoformat("2026-11-24T08:00:00+00:00")
_OVER, _LEFT = 1_200, 10
_ROUNDS = 15


def figures() -> Iterator[Figure]:
    """CPU time of `advance` by a toolkit made anew each time, when it is night for everybody."""
    few, behind = round_ms(3), round_ms(_LEFT, over=_OVER)
    yield Figure(
        f"advance: {_OVER} calls behind it against none",
        behind / few,
        "x",
        note=f"CPU; {few:.1f} and {behind:.0f} ms; brief, plan and each attempt are read",
    )


def round_ms(targets: int, *, over: int = 0) -> float:
    """CPU time of one round of a mission in a toolkit of its own, as a new process has it.

    Args:
        targets: How many are still to be called.
        over: How many were called already.
    """
    with tempfile.TemporaryDirectory() as folder:
        stage = _Stage(Path(folder))
        mission = stage.mission(targets + over)
        with closing(stage.toolkit()) as toolkit:
            _call(toolkit.ledger, mission, over)
            toolkit.ledger.note_mirrored(mission, toolkit.ledger.last_seq(mission))
        stage.advance(mission)  # leaves a copy, where it pays
        return 1_000 * median(stage.advance(mission) for _ in range(_ROUNDS))


class _Stage:
    """A ledger in a folder, and a sandbox at night."""

    def __init__(self, home: Path) -> None:
        self._home, self._clock = home, ManualClock(NIGHT)
        files = shipped("fixtures", "callees"), shipped("fixtures", "accounts", "default.yaml")
        self._sandbox = Sandbox(self._clock, callees=Path(files[0]), account=Path(files[1]))
        self._ids = Random(0)

    def toolkit(self) -> Toolkit:
        """A toolkit as another process has it."""
        return Toolkit(
            Settings("http://127.0.0.1/v2", self._home, ApiKey("example")),
            clock=self._clock,
            transport=straight_to(self._sandbox),
            new_id=lambda: str(UUID(int=self._ids.getrandbits(128), version=4)),
        )

    def mission(self, targets: int) -> str:
        """A mission that was approved, and waits for the morning."""
        with closing(self.toolkit()) as toolkit:
            engine = toolkit.engine
            mission = engine.create_mission(parse_brief(sweep_of(targets))).mission_id
            state, _ = engine.plan_steps(mission)
            engine.approve_plan(mission, state.plan.plan_hash if state.plan else "", "Dana", "Yes.")
            engine.advance(mission)
            return mission

    def advance(self, mission: str) -> float:
        """User CPU time of one round, in seconds."""
        with closing(self.toolkit()) as toolkit:
            engine = toolkit.engine
            before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
            engine.advance(mission)
            return resource.getrusage(resource.RUSAGE_SELF).ru_utime - before


class _Pen:
    """Writes facts into a mission."""

    def __init__(self, ledger: Ledger, mission: str) -> None:
        self._ledger, self._mission = ledger, mission
        self._seqs = count(ledger.last_seq(mission) + 1)
        self.at = NIGHT

    def write(self, kind: str, **data: Any) -> None:
        """One fact."""
        self._ledger.append(Event(self._mission, next(self._seqs), kind, self.at, data))


def _call(ledger: Ledger, mission: str, many: int) -> None:
    """Facts of calls that everybody answered, the day before."""
    state, pen = present(ledger, mission), _Pen(ledger, mission)
    rang = NIGHT - timedelta(hours=14)
    for n, target in enumerate(state.targets[:many]):
        attempt = str(UUID(int=n, version=4))
        words = "We are open until six on Saturday."
        turns = [
            {"role": role, "text": text, "at": rang.isoformat()}
            for role, text in (
                ("assistant", "Hello, I am an AI assistant, calling on behalf of Dana Reyes."),
                ("user", "Hello. What can I do for you?"),
                ("assistant", "When are you open on Saturday?"),
                ("user", words),
                ("assistant", "Thank you for your time. Goodbye."),
                ("user", "You are welcome. Goodbye."),
            )
        ]
        answers = {"open_until": {"value": "six", "words": words}}
        insight = {"answered_by": "person", "answers": answers, "opening": {}, "notes": ""}
        pen.write(
            "attempt.requested",
            attempt_id=attempt,
            phone=target.phone,
            step_id=target.step_id,
            why="",
            body=json.dumps({"telnyx_end_user_target": target.phone, "variables": "x" * 600}),
            server="http://127.0.0.1/v2",
            scheduled_at=rang.isoformat(),
            busy_until=rang.isoformat(),
            leverage=None,
            reserved_usd="1.00",
            channel="call",
        )
        pen.write("step.started", step_id=target.step_id)
        pen.write("attempt.sent", attempt_id=attempt)
        pen.write("attempt.scheduled", attempt_id=attempt, scheduled_event_id=f"event-{n}", how="")
        pen.write(
            "attempt.ended",
            attempt_id=attempt,
            call_status="completed",
            conversation_id=f"conversation-{n}",
            duration_s=40,
            dispatched_at=rang.isoformat(),
            raw={},
            limited=False,
        )
        pen.write(
            "attempt.collected",
            attempt_id=attempt,
            conversation_id=f"conversation-{n}",
            session_id=f"session-{n}",
            transcript=turns,
            insight=insight,
            insight_problem="",
            notes="They are open until six.",
        )
        pen.write("step.completed", step_id=target.step_id, summary="answered")
