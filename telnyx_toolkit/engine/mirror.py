"""What Telnyx is told of each fact: a pure table from ledger events to the run's log."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from telnyx_toolkit.model import Event, Json
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.untrusted import one_line


@dataclass(frozen=True)
class StepMove:
    """A step's new status."""

    step_id: str
    status: str


@dataclass(frozen=True)
class RunMove:
    """The run's new status, with its result once there is one."""

    status: str
    result_summary: str | None = None
    result_payload: Json | None = None


@dataclass(frozen=True)
class LogLine:
    """A line of the run's log. `type` is one of Telnyx's event types."""

    type: str
    summary: str
    step_id: str | None = None
    payload: Json = field(default_factory=dict[str, Any])


Told = StepMove | RunMove | LogLine


def mirror(event: Event, state: MissionState) -> tuple[Told, ...]:
    """What Telnyx is told of one fact, in order; nothing for most.

    Args:
        event: The fact.
        state: The mission as of now; names and ids are looked up in it.
    """
    teller = _TELLERS.get(event.kind)
    return teller(event.data, state) if teller else ()


def batch(events: Iterable[Event], state: MissionState) -> list[Told]:
    """What Telnyx is told of several facts at once: of each step one line, and where it is now.

    A line names the number and the time of the last fact in it, and is of its kind; one of several
    facts has each of them in `facts`. Lines are in the order of their last facts.

    Args:
        events: The facts, in order.
        state: The mission as of now.
    """
    told: list[_Placed] = []
    for event in events:
        for item in mirror(event, state):
            _place(told, event, item)
    return [one.told for one in sorted(told, key=lambda one: one.seq)]


@dataclass
class _Placed:
    """Something to tell: of a step all its lines, or its last move; and its last fact's number."""

    seq: int
    items: list[tuple[Event, Told]]

    @property
    def told(self) -> Told:
        event, last = self.items[-1]
        if not isinstance(last, LogLine):
            return last
        lines = [(fact, line) for fact, line in self.items if isinstance(line, LogLine)]
        payload = last.payload if len(lines) == 1 else {"facts": [_fact(*one) for one in lines]}
        summary = one_line("; ".join(line.summary for _, line in lines), 400)
        dated = {**payload, "seq": event.seq, "at": event.at.isoformat()}
        return LogLine(last.type, summary, last.step_id, dated)


def _place(told: list[_Placed], event: Event, item: Told) -> None:
    """Add it to what is told of the same step, or by itself."""
    for one in told:
        if _go_together(one.items[-1][1], item):
            one.seq = event.seq
            one.items.append((event, item))
            return
    told.append(_Placed(event.seq, [(event, item)]))


def _go_together(one: Told, other: Told) -> bool:
    match one, other:
        case StepMove(), StepMove():
            return one.step_id == other.step_id
        case LogLine(), LogLine():
            return one.step_id is not None and one.step_id == other.step_id
        case _:
            return False


def _fact(event: Event, line: LogLine) -> Json:
    said = {"type": line.type, "summary": line.summary, "payload": line.payload}
    return {"seq": event.seq, "at": event.at.isoformat(), **said}


def _run_started(_data: Json, state: MissionState) -> tuple[Told, ...]:
    approval = state.approval
    payload = {"plan_hash": approval.plan_hash} if approval else {}
    summary = f"Mission started: {len(state.targets)} to call"
    return RunMove("running"), LogLine("status_change", summary, payload=payload)


def _run_finished(data: Json, _state: MissionState) -> tuple[Told, ...]:
    headline = one_line(str(data["result_payload"]["headline"]), 400)
    return (
        LogLine("status_change", f"Mission {data['status']}: {headline}"),
        RunMove(data["status"], data["result_summary"], data["result_payload"]),
    )


def _paused(data: Json, _state: MissionState) -> tuple[Told, ...]:
    return RunMove("paused"), LogLine("status_change", one_line(f"Paused: {data['reason']}", 400))


def _resumed(_data: Json, _state: MissionState) -> tuple[Told, ...]:
    return RunMove("running"), LogLine("status_change", "Resumed")


def _costs(data: Json, state: MissionState) -> tuple[Told, ...]:
    cost = data["result_payload"]["cost"]
    return (
        LogLine("custom", f"Cost: {cost['text']}", payload=dict(cost)),
        RunMove(state.phase, data["result_summary"], data["result_payload"]),
    )


def _stage_finished(data: Json, _state: MissionState) -> tuple[Told, ...]:
    headline = one_line(str(data["result_payload"]["headline"]), 400)
    return (
        LogLine("status_change", f"Stage {data['stage']} done: {headline}"),
        RunMove("succeeded", data["result_summary"], data["result_payload"]),
    )


def _narrated(data: Json, state: MissionState) -> tuple[Told, ...]:
    payload = {**(state.result_payload or {}), "narrative": data["text"]}
    line = LogLine("message", one_line(f"The agent adds: {data['text']}", 400))
    return line, RunMove(state.phase, state.result_summary, payload)


def _step(status: str, kind: str) -> Callable[[Json, MissionState], tuple[Told, ...]]:
    def tell(data: Json, state: MissionState) -> tuple[Told, ...]:
        step = state.step(data["step_id"])
        said = data.get("summary") or data.get("reason") or (step.description if step else "")
        line = LogLine(kind, one_line(str(said), 400), data["step_id"])
        return StepMove(data["step_id"], status), line

    return tell


def _scheduled(data: Json, state: MissionState) -> tuple[Told, ...]:
    attempt = state.attempt(data["attempt_id"])
    target = state.target(attempt.step_id)
    cited = f", citing {attempt.leverage['text']}" if attempt.leverage else ""
    payload = {
        "attempt_id": attempt.attempt_id,
        "scheduled_event_id": data["scheduled_event_id"],
        "scheduled_at": attempt.scheduled_at.isoformat(),
        "cited": attempt.leverage["text"] if attempt.leverage else "",
    }
    summary = f"Call to {target.name} scheduled{cited}"
    return (LogLine("tool_call", one_line(summary, 400), attempt.step_id, payload),)


def _ended(data: Json, state: MissionState) -> tuple[Told, ...]:
    attempt = state.attempt(data["attempt_id"])
    target = state.target(attempt.step_id)
    payload = {
        "attempt_id": attempt.attempt_id,
        "call_status": data["call_status"],
        "conversation_id": data["conversation_id"],
        "duration_s": data["duration_s"],
    }
    summary = f"Call to {target.name} ended: {data['call_status']}"
    return (LogLine("tool_result", one_line(summary, 400), attempt.step_id, payload),)


def _abandoned(data: Json, state: MissionState) -> tuple[Told, ...]:
    attempt = state.attempt(data["attempt_id"])
    target = state.target(attempt.step_id)
    summary = f"No call to {target.name}: {data['reason']}"
    payload = {"attempt_id": attempt.attempt_id}
    return (LogLine("error", one_line(summary, 400), attempt.step_id, payload),)


def _unresolved(data: Json, state: MissionState) -> tuple[Told, ...]:
    attempt = state.attempt(data["attempt_id"])
    target = state.target(attempt.step_id)
    summary = f"A person must find out whether {target.name} was called: {data['reason']}"
    payload = {"attempt_id": attempt.attempt_id}
    return (LogLine("error", one_line(summary, 400), attempt.step_id, payload),)


def _surplus(data: Json, state: MissionState) -> tuple[Told, ...]:
    attempt = state.attempt(data["attempt_id"])
    target = state.target(attempt.step_id)
    summary = f"Telnyx had the call to {target.name} more than once: the surplus is deleted"
    payload = {key: data[key] for key in ("attempt_id", "scheduled_event_ids")}
    return (LogLine("error", one_line(summary, 400), attempt.step_id, payload),)


def _noted(data: Json, _state: MissionState) -> tuple[Told, ...]:
    step_id = data["step_id"] or None
    return (LogLine(data["type"], one_line(data["summary"], 400), step_id, data["payload"]),)


_TELLERS: Mapping[str, Callable[[Json, MissionState], tuple[Told, ...]]] = {
    "run.started": _run_started,
    "mission.paused": _paused,
    "mission.resumed": _resumed,
    "run.finished": _run_finished,
    "stage.finished": _stage_finished,
    "costs.recorded": _costs,
    "result.narrated": _narrated,
    "step.started": _step("in_progress", "step_started"),
    "step.completed": _step("completed", "step_completed"),
    "step.failed": _step("failed", "step_failed"),
    "step.skipped": _step("skipped", "custom"),
    "attempt.scheduled": _scheduled,
    "attempt.ended": _ended,
    "attempt.abandoned": _abandoned,
    "attempt.surplus": _surplus,
    "attempt.unresolved": _unresolved,
    "agent.noted": _noted,
}
