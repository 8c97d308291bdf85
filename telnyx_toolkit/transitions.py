"""What each ledger event makes of a mission's state: a pure fold, and what it refuses."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from telnyx_toolkit.attempt_transitions import (
    attempt_to,
    requested,
    require,
    sought,
    surplus,
)
from telnyx_toolkit.errors import IllegalTransition
from telnyx_toolkit.model import (
    CLOSED,
    FINISHED,
    Approval,
    Code,
    Effect,
    Event,
    Json,
    Plan,
    Step,
    StepStatus,
    targets_of,
)
from telnyx_toolkit.stage_transitions import shortlist_edited, stage_finished, stage_opened
from telnyx_toolkit.state import MissionState, held


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
        state = replace(handler(before, event), seq=event.seq, last_at=event.at)
    if state is None:
        raise IllegalTransition("There are no events to fold.")
    return state


def _briefed(state: MissionState, event: Event) -> MissionState:
    require(not state.is_finished and not state.attempts, state, event)
    brief = event.data["brief"]
    return replace(
        state,
        name=brief["name"],
        brief=held(brief, "targets"),
        brief_hash=event.data["brief_hash"],
        targets=targets_of(brief),
        phase="draft",
        plan=None,
        approval=None,
        barred={},
    ).with_steps(())


def _drafted(state: MissionState, event: Event) -> MissionState:
    require(state.seq == 0, state, event)
    drafted = _briefed(state, event)
    return replace(drafted, created_at=event.at, base_url=event.data["base_url"])


def _revised(state: MissionState, event: Event) -> MissionState:
    require(state.phase in {"draft", "planned", "approved"}, state, event)
    return replace(_briefed(state, event), revision=state.revision + 1)


def _effect_requested(state: MissionState, event: Event) -> MissionState:
    name = event.data["effect"]
    require(not state.did(name), state, event)
    effect = Effect(name, event.data["key"], event.data["body"])
    return replace(state, effects={**state.effects, name: effect})


def _effect_executed(state: MissionState, event: Event) -> MissionState:
    name = event.data["effect"]
    require(name in state.effects and not state.did(name), state, event)
    known = state.effects[name]
    done = replace(known, body=held(known.body, "steps"), result=event.data["result"])
    return replace(state, effects={**state.effects, name: done})


def _effect_undone(state: MissionState, event: Event) -> MissionState:
    """What was made is gone again; a later set-up may make a new one under the same name."""
    name = event.data["effect"]
    require(name in state.effects, state, event)
    left = {n: e for n, e in state.effects.items() if n != name}
    return replace(state, effects=left)


def _planned(state: MissionState, event: Event) -> MissionState:
    require(state.phase in {"draft", "planned", "approved"}, state, event)
    document: Json = event.data["plan"]
    plan = Plan(event.data["plan_hash"], held(document, "steps", "calls"), event.at)
    steps = (Step(s["step_id"], s["description"]) for s in document["steps"])
    rates = {**state.rates, **document.get("rates", {})}
    planned = replace(state, phase="planned", plan=plan, approval=None, rates=rates)
    return planned.with_steps(steps)


def _approved(state: MissionState, event: Event) -> MissionState:
    approved = event.data["plan_hash"]
    holds = state.phase in {"planned", "approved"} and state.plan is not None
    require(holds and state.plan is not None and state.plan.plan_hash == approved, state, event)
    approval = Approval(approved, event.data["approved_by"], event.data["words"], event.at)
    return replace(state, phase="approved", approval=approval)


def _code_sent(state: MissionState, event: Event) -> MissionState:
    data, plan = event.data, state.plan
    require(plan is not None and plan.plan_hash == data["plan_hash"], state, event)
    return replace(state, code=Code(data["plan_hash"], data["salt"], data["digest"], event.at))


def _code_wrong(state: MissionState, event: Event) -> MissionState:
    require(state.code is not None, state, event)
    assert state.code  # noqa: S101 - for the type checker; required above
    return replace(state, code=replace(state.code, failures=state.code.failures + 1))


def _started(state: MissionState, event: Event) -> MissionState:
    require(state.phase == "approved", state, event)
    return replace(state, phase="running")


def _step_to(
    status: StepStatus, *before: StepStatus
) -> Callable[[MissionState, Event], MissionState]:
    def handler(state: MissionState, event: Event) -> MissionState:
        step_id = event.data["step_id"]
        step = state.step(step_id)
        require(step is not None and step.status in before, state, event)
        assert step  # noqa: S101 - for the type checker; required above
        tries = len(state.attempts_at(step_id))
        moved = replace(step, status=status, reason=event.data.get("reason", ""), tries=tries)
        over = status in CLOSED and state.is_to_reach(step_id)
        return replace(state, steps=state.steps.with_row(moved), done=state.done + over)

    return handler


def _barred(state: MissionState, event: Event) -> MissionState:
    """Whoever reads the do-not-call list may say so, at any time and more than once."""
    step_id = event.data["step_id"]
    require(state.is_to_reach(step_id), state, event)
    return replace(state, barred={step_id: event.data["reason"], **state.barred})


def _noted(state: MissionState, _event: Event) -> MissionState:
    return replace(state, notes=state.notes + 1)


def _routed(state: MissionState, event: Event) -> MissionState:
    return replace(state, route=event.data["route"])


def _cancelling(state: MissionState, event: Event) -> MissionState:
    require(not state.is_finished, state, event)
    return replace(state, cancel_reason=event.data["reason"])


def _costs(state: MissionState, event: Event) -> MissionState:
    require(state.is_finished, state, event)
    return replace(
        state.with_costs(event.data["costs"]),
        result_summary=event.data["result_summary"],
        result_payload=_packed(event.data["result_payload"]),
    )


def _narrated(state: MissionState, event: Event) -> MissionState:
    """The agent's own words beside the result; the figures in it stay as they are."""
    require(state.is_finished and state.result_payload is not None, state, event)
    payload = {**(state.result_payload or {}), "narrative": event.data["text"]}
    return replace(state, narrative=event.data["text"], result_payload=_packed(payload))


def _packed(payload: Json) -> Json:
    from telnyx_toolkit.packed import PackedMap  # noqa: PLC0415 - of a mission without a result

    return PackedMap.of(payload)


def _paused(state: MissionState, event: Event) -> MissionState:
    require(state.phase == "running", state, event)
    return replace(state, phase="paused", pause_reason=event.data["reason"])


def _resumed(state: MissionState, event: Event) -> MissionState:
    require(state.phase == "paused", state, event)
    return replace(state, phase="running", pause_reason="")


def _finished(state: MissionState, event: Event) -> MissionState:
    require(not state.is_finished and event.data["status"] in FINISHED, state, event)
    return replace(
        state,
        phase=event.data["status"],
        result_summary=event.data["result_summary"],
        result_payload=_packed(event.data["result_payload"]),
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
    "attempt.requested": requested,
    "attempt.sent": attempt_to("sent", frozenset({"requested"})),
    "attempt.unknown": attempt_to("unknown", frozenset({"sent"}), "reason", "frozen"),
    "attempt.sought": sought,
    "attempt.surplus": surplus,
    "attempt.unresolved": attempt_to("unresolved", frozenset({"sent", "unknown"}), "reason"),
    "attempt.scheduled": attempt_to(
        "scheduled", frozenset({"sent", "unknown"}), "scheduled_event_id"
    ),
    "attempt.abandoned": attempt_to(
        "abandoned", frozenset({"requested", "sent", "unknown", "scheduled"}), "reason"
    ),
    "attempt.ended": attempt_to(
        "ended",
        frozenset({"scheduled"}),
        "call_status",
        "conversation_id",
        "dispatched_at",
        "duration_s",
    ),
    "attempt.collected": attempt_to(
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
    "stage.finished": stage_finished,
    "stage.opened": stage_opened,
    "shortlist.edited": shortlist_edited,
    "agent.noted": _noted,
    "route.chosen": _routed,
    "cancel.requested": _cancelling,
    "mission.paused": _paused,
    "mission.resumed": _resumed,
    "run.finished": _finished,
    "costs.recorded": _costs,
    "result.narrated": _narrated,
}
