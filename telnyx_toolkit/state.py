"""The state of a mission: everything that its ledger says about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from telnyx_toolkit.model import (
    FINISHED,
    Approval,
    Attempt,
    Code,
    Effect,
    Json,
    MissionPhase,
    Plan,
    Step,
    Target,
)
from telnyx_toolkit.rows import Rows
from telnyx_toolkit.stages import at_stage

NO_STEPS: Rows[Step] = Rows(attrgetter("step_id"))
NO_ATTEMPTS: Rows[Attempt] = Rows(attrgetter("attempt_id"), kin=attrgetter("step_id"))

#: A list of so many objects is held as it is.
_SHORT = 64


def held(document: Json, *lists: str) -> Json:
    """A document as a state holds it: those of its lists of objects that are long are packed."""
    long = [name for name in lists if len(document.get(name, ())) > _SHORT]
    if not long:
        return document
    from telnyx_toolkit.packed import with_packed  # noqa: PLC0415 - most have none

    return with_packed(document, long)


@dataclass(frozen=True)
class MissionState:
    """Everything the ledger says about one mission.

    Attributes:
        seq: Sequence number of the last event folded in.
        last_at: When that was recorded, UTC.
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
        under_way: Attempts of which something is still to happen or to be found out, oldest first.
        notes: How many notes there are of the agent; they stay in the ledger.
        done: How many steps of targets were completed, or failed.
        reckoned: What was reckoned of earlier states of the mission, by whom: whoever reckons it
            anew begins there. It is no part of the state, and shared by all that follow.
    """

    mission_id: str
    seq: int = 0
    last_at: datetime | None = None
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
    steps: Rows[Step] = NO_STEPS
    effects: Mapping[str, Effect] = field(default_factory=dict[str, Effect])
    attempts: Rows[Attempt] = NO_ATTEMPTS
    under_way: tuple[str, ...] = ()
    done: int = 0
    barred: Mapping[str, str] = field(default_factory=dict[str, str])
    notes: int = 0
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
    reckoned: dict[str, Any] = field(default_factory=dict[str, Any], compare=False, repr=False)

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
        return self._people[0][step_id]

    def is_to_reach(self, step_id: str) -> bool:
        """Whether the step is one of a present target."""
        return step_id in self._people[1]

    @property
    def _people(self) -> tuple[Mapping[str, Target], Mapping[str, Target]]:
        """Everybody, and the present targets, by step: the same while nobody comes or goes."""
        known = self.reckoned.get("people")
        if known is None or known[0] is not self.targets or known[1] is not self.former:
            present = {target.step_id: target for target in self.targets}
            everybody = {**{target.step_id: target for target in self.former}, **present}
            known = (self.targets, self.former, (everybody, present))
            self.reckoned["people"] = known
        return known[2]

    def step(self, step_id: str) -> Step | None:
        """The step of that id, if the plan has one."""
        return self.steps.find(step_id)

    def attempts_at(self, step_id: str) -> tuple[Attempt, ...]:
        """Tries at one target that count: everything but the abandoned."""
        return tuple(a for a in self.attempts.kin_of(step_id) if a.may_have_rung)

    def attempt(self, attempt_id: str) -> Attempt:
        """The attempt of that id.

        Raises:
            KeyError: there is none.
        """
        if (found := self.attempts.find(attempt_id)) is None:
            raise KeyError(attempt_id)
        return found

    def with_steps(self, steps: Iterable[Step]) -> "MissionState":
        """The same with these steps, none of which was taken."""
        return replace(self, steps=NO_STEPS.of(steps), done=0)

    def with_attempt(self, attempt: Attempt) -> "MissionState":
        """The same with this attempt as it is now."""
        name, left = attempt.attempt_id, self.under_way
        if attempt.is_open and name not in left:
            left = (*left, name)
        elif not attempt.is_open:
            left = tuple(other for other in left if other != name)
        return replace(self, attempts=self.attempts.with_row(attempt), under_way=left)

    def with_costs(self, costs: Mapping[str, str]) -> "MissionState":
        """The same with what these attempts cost, USD, by attempt id."""
        attempts = self.attempts
        for attempt_id, cost in costs.items():
            if known := attempts.find(attempt_id):
                attempts = attempts.with_row(replace(known, cost_usd=cost))
        return replace(self, attempts=attempts)

    @property
    def open_attempts(self) -> tuple[Attempt, ...]:
        """Tries of which something is still to happen or to be found out."""
        return tuple(self.attempt(name) for name in self.under_way)
