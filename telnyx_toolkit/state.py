"""The state of a mission: everything that its ledger says about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from telnyx_toolkit.model import (
    FINISHED,
    Approval,
    Attempt,
    Code,
    Effect,
    Event,
    Json,
    MissionPhase,
    Plan,
    Step,
    Target,
)
from telnyx_toolkit.stages import at_stage


@dataclass(frozen=True)
class MissionState:
    """Everything the ledger says about one mission.

    Attributes:
        seq: Sequence number of the last event folded in.
        brief: The brief as JSON; `brief.Brief` reads it where its rules are needed.
        revision: Counts briefs; each has its own run at Telnyx.
        effects: What was asked of Telnyx, by name.
        attempts: Every try, oldest first.
        stage: Which stage it is in, from 1; a mission without stages stays in its first.
        past: The stages that have ended: `stage`, `name`, `shortlist` and the result of each.
        former: Targets of earlier stages, with the steps that they had.
        rates: The prices of every plan so far, by region.
        narrative: What the agent adds to the result in its own words; never over the figures.
        route: Where people are told of it, as the fields of `notices.Route`; empty where nowhere.
        barred: Steps whose target must not be called any more, and why.
    """

    mission_id: str
    seq: int = 0
    name: str = ""
    created_at: datetime | None = None
    base_url: str = ""
    brief: Json = field(default_factory=dict[str, Any])
    brief_hash: str = ""
    revision: int = 1
    phase: MissionPhase = "draft"
    targets: tuple[Target, ...] = ()
    plan: Plan | None = None
    approval: Approval | None = None
    code: Code | None = None
    steps: tuple[Step, ...] = ()
    effects: Mapping[str, Effect] = field(default_factory=dict[str, Effect])
    attempts: tuple[Attempt, ...] = ()
    barred: Mapping[str, str] = field(default_factory=dict[str, str])
    notes: tuple[Event, ...] = ()
    cancel_reason: str | None = None
    pause_reason: str = ""
    result_summary: str = ""
    result_payload: Json | None = None
    narrative: str = ""
    stage: int = 1
    past: tuple[Json, ...] = ()
    former: tuple[Target, ...] = ()
    rates: Json = field(default_factory=dict[str, Any])
    finished_at: datetime | None = None
    route: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def current(self) -> Json:
        """The brief as JSON, as it is for the present stage."""
        return at_stage(self.brief, self.stage, [target.name for target in self.targets])

    @property
    def is_between_stages(self) -> bool:
        """Whether a stage has ended, and nobody approved the next one yet, or began it."""
        return bool(self.past) and self.phase in {"shortlisted", "draft", "planned", "approved"}

    @property
    def is_finished(self) -> bool:
        """Whether the run has its result; putting things back may still be under way."""
        return self.phase in FINISHED

    @property
    def telnyx_mission_id(self) -> str:
        """Telnyx's id of the mission, or "" before it has one."""
        return str(self.result_of("mission").get("mission_id", ""))

    @property
    def run_id(self) -> str:
        """Telnyx's id of the present run, or "" before it has one."""
        return str(self.result_of(f"run-{self.revision}").get("run_id", ""))

    def result_of(self, effect: str) -> Json:
        """What Telnyx answered to an effect; empty while unknown."""
        known = self.effects.get(effect)
        return (known.result or {}) if known else {}

    def did(self, effect: str) -> bool:
        """Whether an effect is known to have happened."""
        return bool(self.effects.get(effect)) and self.effects[effect].result is not None

    def target(self, step_id: str) -> Target:
        """The target of a step."""
        return next(t for t in (*self.targets, *self.former) if t.step_id == step_id)

    def step(self, step_id: str) -> Step | None:
        """The step of that id, if the plan has one."""
        return next((s for s in self.steps if s.step_id == step_id), None)

    def attempts_at(self, step_id: str) -> tuple[Attempt, ...]:
        """Tries at one target that count: everything but the abandoned."""
        return tuple(a for a in self.attempts if a.step_id == step_id and a.may_have_rung)

    def attempt(self, attempt_id: str) -> Attempt:
        """The attempt of that id."""
        return next(a for a in self.attempts if a.attempt_id == attempt_id)

    def with_costs(self, costs: Mapping[str, str]) -> "MissionState":
        """The same with what these attempts cost, USD, by attempt id."""
        known = (replace(a, cost_usd=costs.get(a.attempt_id, a.cost_usd)) for a in self.attempts)
        return replace(self, attempts=tuple(known))

    @property
    def open_attempts(self) -> tuple[Attempt, ...]:
        """Tries of which something is still to happen or to be found out."""
        return tuple(a for a in self.attempts if a.is_open)
