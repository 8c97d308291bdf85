"""What each ledger event makes of a mission's state: a pure fold, and what it refuses."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from telnyx_toolkit.errors import IllegalTransition
from telnyx_toolkit.model import (
    FINISHED,
    Approval,
    Attempt,
    AttemptPhase,
    Code,
    Effect,
    Event,
    Plan,
    Step,
    StepStatus,
    Target,
    step_id_of,
)
from telnyx_toolkit.state import MissionState


def fold(events: Iterable[Event], start: MissionState | None = None) -> MissionState:
    """The state after `events`, beginning at `start` (or at nothing).

    Raises:
        IllegalTransition: an event that the state before it does not allow.
    """
    state = start
    for event in events:
        before = state or MissionState(event.mission_id)
        handler = _HANDLERS.get(event.kind)
        if handler is None:
            raise IllegalTransition(f"The ledger holds an unknown event: {event.kind!r}.")
        if event.seq != before.seq + 1:
            raise IllegalTransition(f"Event {event.seq} follows event {before.seq}.")
        state = replace(handler(before, event), seq=event.seq)
    if state is None:
        raise IllegalTransition("There are no events to fold.")
    return state


def _require(holds: bool, state: MissionState, event: Event) -> None:
    if not holds:
        raise IllegalTransition(
            f"{event.kind} cannot follow in mission {state.mission_id} ({state.phase}): "
            f"{ {k: v for k, v in event.data.items() if k.endswith('_id')} }"
        )


def _briefed(state: MissionState, event: Event) -> MissionState:
    _require(not state.is_finished and not state.attempts, state, event)
    brief = event.data["brief"]
    targets = tuple(
        Target(
            step_id=step_id_of(n),
            name=t["name"],
            phone=t["phone"],
            timezone=t["timezone"],
            source=t["source"],
            channel=t.get("channel", "call"),
            keys=t.get("keys") or "",
        )
        for n, t in enumerate(brief["targets"], 1)
    )
    return replace(
        state,
        name=brief["name"],
        brief=brief,
        brief_hash=event.data["brief_hash"],
        targets=targets,
        phase="draft",
        plan=None,
        approval=None,
        steps=(),
        barred={},
    )


def _drafted(state: MissionState, event: Event) -> MissionState:
    _require(state.seq == 0, state, event)
    drafted = _briefed(state, event)
    return replace(drafted, created_at=event.at, base_url=event.data["base_url"])


def _revised(state: MissionState, event: Event) -> MissionState:
    _require(state.phase in {"draft", "planned", "approved"}, state, event)
    return replace(_briefed(state, event), revision=state.revision + 1)


def _effect_requested(state: MissionState, event: Event) -> MissionState:
    name = event.data["effect"]
    _require(not state.did(name), state, event)
    effect = Effect(name, event.data["key"], event.data["body"])
    return replace(state, effects={**state.effects, name: effect})


def _effect_executed(state: MissionState, event: Event) -> MissionState:
    name = event.data["effect"]
    _require(name in state.effects and not state.did(name), state, event)
    done = replace(state.effects[name], result=event.data["result"])
    return replace(state, effects={**state.effects, name: done})


def _effect_undone(state: MissionState, event: Event) -> MissionState:
    """What was made is gone again; a later set-up may make a new one under the same name."""
    name = event.data["effect"]
    _require(name in state.effects, state, event)
    left = {n: e for n, e in state.effects.items() if n != name}
    return replace(state, effects=left)


def _planned(state: MissionState, event: Event) -> MissionState:
    _require(state.phase in {"draft", "planned", "approved"}, state, event)
    plan = Plan(event.data["plan_hash"], event.data["plan"], event.at)
    steps = tuple(Step(s["step_id"], s["description"]) for s in plan.document["steps"])
    return replace(state, phase="planned", plan=plan, steps=steps, approval=None)


def _approved(state: MissionState, event: Event) -> MissionState:
    approved = event.data["plan_hash"]
    holds = state.phase in {"planned", "approved"} and state.plan is not None
    _require(holds and state.plan is not None and state.plan.plan_hash == approved, state, event)
    approval = Approval(approved, event.data["approved_by"], event.data["words"], event.at)
    return replace(state, phase="approved", approval=approval)


def _code_sent(state: MissionState, event: Event) -> MissionState:
    data, plan = event.data, state.plan
    _require(plan is not None and plan.plan_hash == data["plan_hash"], state, event)
    return replace(state, code=Code(data["plan_hash"], data["salt"], data["digest"], event.at))


def _code_wrong(state: MissionState, event: Event) -> MissionState:
    _require(state.code is not None, state, event)
    assert state.code  # noqa: S101 - for the type checker; required above
    return replace(state, code=replace(state.code, failures=state.code.failures + 1))


def _started(state: MissionState, event: Event) -> MissionState:
    _require(state.phase == "approved", state, event)
    return replace(state, phase="running")


def _step_to(
    status: StepStatus, *before: StepStatus
) -> Callable[[MissionState, Event], MissionState]:
    def handler(state: MissionState, event: Event) -> MissionState:
        step = state.step(event.data["step_id"])
        _require(step is not None and step.status in before, state, event)
        steps = tuple(
            replace(s, status=status) if s.step_id == event.data["step_id"] else s
            for s in state.steps
        )
        return replace(state, steps=steps)

    return handler


def _requested(state: MissionState, event: Event) -> MissionState:
    data = event.data
    known = {t.step_id for t in state.targets}
    free = not any(a.bars_another and a.step_id == data["step_id"] for a in state.attempts)
    free = free and data["step_id"] not in state.barred
    _require(state.phase == "running" and data["step_id"] in known and free, state, event)
    attempt = Attempt(
        attempt_id=data["attempt_id"],
        step_id=data["step_id"],
        body=data["body"],
        scheduled_at=datetime.fromisoformat(data["scheduled_at"]),
        leverage=data["leverage"],
        reserved_usd=data["reserved_usd"],
        channel=data.get("channel", "call"),
        requested_at=event.at,
    )
    return replace(state, attempts=(*state.attempts, attempt))


def _attempt_to(
    phase: AttemptPhase, before: frozenset[AttemptPhase], *fields: str
) -> Callable[[MissionState, Event], MissionState]:
    def handler(state: MissionState, event: Event) -> MissionState:
        known = [a for a in state.attempts if a.attempt_id == event.data["attempt_id"]]
        _require(bool(known) and known[0].phase in before, state, event)
        told = {"session_id": "", "dispatched_at": "", "frozen": False, **event.data}
        news: dict[str, Any] = {name: told[name] for name in fields}
        if "transcript" in news:
            news["transcript"] = tuple(news["transcript"])
        if phase == "unknown":
            news["is_frozen"] = news.pop("frozen")
        if phase == "ended":
            news["ended_at"] = event.at
        changed = replace(known[0], phase=phase, **news)
        attempts = tuple(changed if a is known[0] else a for a in state.attempts)
        return replace(state, attempts=attempts)

    return handler


def _sought(state: MissionState, event: Event) -> MissionState:
    known = [a for a in state.attempts if a.attempt_id == event.data["attempt_id"]]
    _require(bool(known) and known[0].phase in {"sent", "unknown"}, state, event)
    looked = replace(known[0], looks=known[0].looks + 1, sought_at=event.at)
    return replace(state, attempts=tuple(looked if a is known[0] else a for a in state.attempts))


def _surplus(state: MissionState, event: Event) -> MissionState:
    known = [a for a in state.attempts if a.attempt_id == event.data["attempt_id"]]
    _require(bool(known) and known[0].phase in {"sent", "unknown"}, state, event)
    more = (*known[0].surplus, *event.data["scheduled_event_ids"])
    deleted = replace(known[0], surplus=tuple(dict.fromkeys(more)))
    return replace(state, attempts=tuple(deleted if a is known[0] else a for a in state.attempts))


def _barred(state: MissionState, event: Event) -> MissionState:
    """Whoever reads the do-not-call list may say so, at any time and more than once."""
    step_id = event.data["step_id"]
    _require(any(t.step_id == step_id for t in state.targets), state, event)
    return replace(state, barred={step_id: event.data["reason"], **state.barred})


def _noted(state: MissionState, event: Event) -> MissionState:
    return replace(state, notes=(*state.notes, event))


def _cancelling(state: MissionState, event: Event) -> MissionState:
    _require(not state.is_finished, state, event)
    return replace(state, cancel_reason=event.data["reason"])


def _costs(state: MissionState, event: Event) -> MissionState:
    _require(state.is_finished, state, event)
    return replace(
        state.with_costs(event.data["costs"]),
        result_summary=event.data["result_summary"],
        result_payload=event.data["result_payload"],
    )


def _paused(state: MissionState, event: Event) -> MissionState:
    _require(state.phase == "running", state, event)
    return replace(state, phase="paused", pause_reason=event.data["reason"])


def _resumed(state: MissionState, event: Event) -> MissionState:
    _require(state.phase == "paused", state, event)
    return replace(state, phase="running", pause_reason="")


def _finished(state: MissionState, event: Event) -> MissionState:
    _require(not state.is_finished and event.data["status"] in FINISHED, state, event)
    return replace(
        state,
        phase=event.data["status"],
        result_summary=event.data["result_summary"],
        result_payload=event.data["result_payload"],
        finished_at=event.at,
    )


_HANDLERS: Mapping[str, Callable[[MissionState, Event], MissionState]] = {
    "mission.drafted": _drafted,
    "brief.revised": _revised,
    "effect.requested": _effect_requested,
    "effect.executed": _effect_executed,
    "effect.undone": _effect_undone,
    "plan.made": _planned,
    "plan.approved": _approved,
    "approval.asked": _code_sent,
    "approval.failed": _code_wrong,
    "run.started": _started,
    "step.started": _step_to("in_progress", "pending"),
    "step.completed": _step_to("completed", "in_progress"),
    "step.failed": _step_to("failed", "pending", "in_progress"),
    "step.skipped": _step_to("skipped", "pending", "in_progress"),
    "attempt.requested": _requested,
    "attempt.sent": _attempt_to("sent", frozenset({"requested"})),
    "attempt.unknown": _attempt_to("unknown", frozenset({"sent"}), "reason", "frozen"),
    "attempt.sought": _sought,
    "attempt.surplus": _surplus,
    "attempt.unresolved": _attempt_to("unresolved", frozenset({"sent", "unknown"}), "reason"),
    "attempt.scheduled": _attempt_to(
        "scheduled", frozenset({"sent", "unknown"}), "scheduled_event_id"
    ),
    "attempt.abandoned": _attempt_to(
        "abandoned", frozenset({"requested", "sent", "unknown", "scheduled"}), "reason"
    ),
    "attempt.ended": _attempt_to(
        "ended",
        frozenset({"scheduled"}),
        "call_status",
        "conversation_id",
        "dispatched_at",
        "duration_s",
    ),
    "attempt.collected": _attempt_to(
        "collected",
        frozenset({"ended"}),
        "conversation_id",
        "session_id",
        "transcript",
        "insight",
        "insight_problem",
        "notes",
    ),
    "target.barred": _barred,
    "agent.noted": _noted,
    "cancel.requested": _cancelling,
    "mission.paused": _paused,
    "mission.resumed": _resumed,
    "run.finished": _finished,
    "costs.recorded": _costs,
}
