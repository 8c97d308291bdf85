"""One stage of a mission, as a report looks at it: the brief it had, whom it reached."""

from dataclasses import dataclass, replace

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.model import Attempt, Json
from telnyx_toolkit.stages import at_stage, stages_of
from telnyx_toolkit.state import MissionState


@dataclass(frozen=True)
class StageView:
    """A stage, with what is needed to read its calls.

    Attributes:
        number: From 1; a mission without stages is all of its first.
        name: "" where the mission has no stages.
        brief: What was asked in it.
        state: The mission, with the targets of this stage.
    """

    number: int
    name: str
    brief: Brief
    state: MissionState

    @property
    def attempts(self) -> list[Attempt]:
        """Its tries, oldest first."""
        steps = {target.step_id for target in self.state.targets}
        return [attempt for attempt in self.state.attempts if attempt.step_id in steps]


def stages(state: MissionState) -> list[StageView]:
    """Every stage that has begun, oldest first; the present one is the last."""
    names = [str(stage["name"]) for stage in stages_of(state.brief)] or [""]
    past = [_past(state, stage) for stage in state.past]
    if len(past) >= state.stage:
        return past
    brief = Brief.model_validate(state.current)
    return [*past, StageView(state.stage, names[state.stage - 1], brief, state)]


def _past(state: MissionState, stage: Json) -> StageView:
    rows: list[Json] = stage["result_payload"]["targets"]
    steps = [str(row["step_id"]) for row in rows]
    known = {target.step_id: target for target in (*state.former, *state.targets)}
    targets = tuple(known[step] for step in steps)
    document = at_stage(state.brief, int(stage["stage"]), [target.name for target in targets])
    brief = Brief.model_validate(document)
    there = replace(state, targets=targets)
    return StageView(int(stage["stage"]), str(stage["name"]), brief, there)
