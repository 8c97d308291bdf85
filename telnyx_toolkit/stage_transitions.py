"""What each ledger event about a stage makes of a mission's state."""

from dataclasses import replace
from typing import Any

from telnyx_toolkit.attempt_transitions import require
from telnyx_toolkit.model import Event, Target
from telnyx_toolkit.stages import stages_of, targets_at
from telnyx_toolkit.state import MissionState


def stage_finished(state: MissionState, event: Event) -> MissionState:
    """A stage has its result, and a shortlist of whom the next one could go on with."""
    has_next = state.stage < len(stages_of(state.brief))
    require(state.phase == "running" and has_next and not state.open_attempts, state, event)
    result = {**event.data, "run_id": state.run_id}
    return replace(state, phase="shortlisted", past=(*state.past, result))


def stage_opened(state: MissionState, event: Event) -> MissionState:
    """The next stage begins: it needs a plan and a person's yes of its own."""
    require(state.phase == "shortlisted", state, event)
    number = state.stage + 1
    return replace(
        state,
        phase="draft",
        stage=number,
        revision=state.revision + 1,
        former=(*state.former, *state.targets),
        barred={},
        **_without_plan(targets_at(state.brief, number, event.data["shortlist"])),
    ).with_steps(())


def shortlist_edited(state: MissionState, event: Event) -> MissionState:
    """A person wants others, or another order; plan and approval lapse."""
    open_phases = {"draft", "planned", "approved"}
    require(state.stage > 1 and state.phase in open_phases, state, event)
    targets = targets_at(state.brief, state.stage, event.data["shortlist"])
    return replace(
        state,
        phase="draft",
        former=(*state.former, *state.targets),
        revision=state.revision + 1,
        **_without_plan(targets),
    ).with_steps(())


def _without_plan(targets: tuple[Target, ...]) -> dict[str, Any]:
    return {"targets": targets, "plan": None, "approval": None, "code": None}
