"""Each shipped mission, told by its ledger: what happens, in what order, to whom and why.

`WRITE_GOLDEN=1` writes the stories anew; read what changed before it is kept.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from telnyx_toolkit.cli.sandbox import START
from telnyx_toolkit.model import Event
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.transitions import fold
from tests.conftest import FIXTURES

Doc = dict[str, Any]
GOLDEN = Path(__file__).parents[1] / "golden"
MISSIONS = sorted((FIXTURES / "missions").glob("*.yaml"))
#: What is told of a fact besides its kind and whom it is about.
TOLD: Mapping[str, tuple[str, ...]] = {
    "plan.approved": ("words",),
    "effect.requested": ("effect",),
    "effect.executed": ("effect",),
    "effect.undone": ("effect",),
    "step.started": ("step_id",),
    "step.completed": ("step_id", "summary"),
    "step.failed": ("step_id", "reason"),
    "step.skipped": ("step_id", "reason"),
    "agent.noted": ("summary",),
    "attempt.requested": ("why",),
    "attempt.scheduled": ("how",),
    "attempt.abandoned": ("reason",),
    "attempt.ended": ("call_status", "duration_s"),
    "attempt.collected": ("insight_problem",),
    "stage.finished": ("name", "shortlist"),
    "stage.opened": ("shortlist",),
    "run.finished": ("status",),
}


def told_by_its_ledger(events: list[Event], summary: str) -> str:
    """The mission as a text that a person can read."""
    return "\n".join([*_lines(events), "", summary, ""])


def _lines(events: list[Event]) -> Iterator[str]:
    state: MissionState | None = None
    for event in events:
        state = fold([event], state)
        at = event.at.astimezone(ZoneInfo("America/Chicago"))
        yield " ".join(
            f"{at:%a %H:%M:%S}  {event.kind:<18} {_about(event, state)}".split(" ")
        ).rstrip()
        if event.kind == "attempt.collected":
            yield from _words(event)


def _about(event: Event, state: MissionState) -> str:
    data = event.data
    parts = [str(data[key]) for key in TOLD.get(event.kind, ()) if data.get(key)]
    if attempt_id := data.get("attempt_id"):
        attempt = state.attempt(attempt_id)
        parts.insert(0, state.target(attempt.step_id).name)
        if event.kind == "attempt.requested":
            rings = attempt.scheduled_at.astimezone(ZoneInfo("America/Chicago"))
            parts.append(f"rings {rings:%a %H:%M:%S}")
            parts.append(f"cites {attempt.leverage['text']}" if attempt.leverage else "")
    return "; ".join(part for part in parts if part)


def _words(event: Event) -> Iterator[str]:
    for turn in event.data["transcript"]:
        if turn["role"] == "user":
            yield f'                 "{turn["text"][:100]}"'


def _run(rig: Any, brief: Doc) -> Doc:
    mission: str = rig.approved(brief)
    while rig.call("run_mission", mission_id=mission)["state"] == "planned":
        plan_hash = rig.call("plan_steps", mission_id=mission)["plan_hash"]
        yes = {"plan_hash": plan_hash, "approved_by": "Dana", "words": "Yes, go on"}
        rig.call("approve_plan", mission_id=mission, **yes)
    return rig.call("summarize", mission_id=mission)


@pytest.mark.parametrize("path", MISSIONS, ids=lambda path: path.stem)
def test_the_ledger_of_a_shipped_mission_tells_the_same_story(rig: Any, path: Path) -> None:
    assert rig.clock.now() == START

    summary = _run(rig, yaml.safe_load(path.read_text(encoding="utf-8")))

    events = rig.toolkit.ledger.events(summary["mission_id"])
    story = told_by_its_ledger(events, summary["result_summary"])
    golden = GOLDEN / f"{path.stem}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_text(story, encoding="utf-8")
    assert story == golden.read_text(encoding="utf-8")


def test_every_story_is_of_a_shipped_mission() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {path.stem for path in MISSIONS}
