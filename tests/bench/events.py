"""What a round costs on a mission with many facts, against one with few."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from telnyx_toolkit.model import Event
from telnyx_toolkit.telnyx import straight_to
from telnyx_toolkit.toolkit import Toolkit
from tests.bench.figures import Figure
from tests.bench.stage import Stage, catering, written

FEW, MANY, BUDGET = 10, 10_000, 1.5
_SAMPLES = 15


def figures(many: int = MANY) -> Iterator[Figure]:
    """CPU time of `advance` by a toolkit made anew each time, as in a process of its own."""
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as lots:
        short, long = _waiting(Path(few), FEW), _waiting(Path(lots), many)
        pairs = [(_round(*short), _round(*long)) for _ in range(_SAMPLES + 1)][1:]
    base, most = (median(side) for side in zip(*pairs, strict=True))
    note = f"CPU; {base * 1000:.1f} and {most * 1000:.1f} ms; reading the ledger and folding it"
    yield Figure(f"advance: {many} more facts against {FEW}", most / base, "x", BUDGET, note)


def _waiting(home: Path, more: int) -> tuple[Stage, str]:
    """A mission whose first call is yet to ring, with so many notes of an agent's on record."""
    stage = Stage(home)
    with closing(stage.toolkit) as toolkit:
        mission = stage.approved(catering())
        stage.until(mission, lambda: toolkit.state(mission).attempts)
        last = toolkit.ledger.events(mission)[-1]
        note: dict[str, Any] = {
            "type": "message",
            "summary": "Looked again.",
            "step_id": "",
            "payload": {},
        }
        rows = (
            Event(mission, last.seq + n, "agent.noted", stage.clock.now(), note)
            for n in range(1, more + 1)
        )
        written(home, rows)
        toolkit.ledger.note_mirrored(mission, last.seq + more)
        toolkit.engine.advance(mission)
    return stage, mission


def _round(stage: Stage, mission: str) -> float:
    settings = replace(stage.toolkit.settings)
    fresh = Toolkit(
        settings, clock=stage.clock, wall=stage.clock, transport=straight_to(stage.sandbox), ways=()
    )
    with closing(fresh):
        began = time.process_time()
        fresh.engine.advance(mission)
        return time.process_time() - began
