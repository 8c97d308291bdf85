"""Which facts a person is told of, and in what words: pure, from fact and state."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from telnyx_toolkit.errors import ToolkitError
from telnyx_toolkit.figures import usd
from telnyx_toolkit.model import Event
from telnyx_toolkit.notices import Notice, NoticeKind
from telnyx_toolkit.plan_words import first_call
from telnyx_toolkit.stages import stages_of
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.untrusted import masked, one_line

#: The longest text of a notice, in characters: one message of any channel.
LONGEST = 600
_MILESTONES = 10


def notices_of(event: Event, state: MissionState) -> tuple[Notice, ...]:
    """What a person is told of one fact; nothing for most.

    Args:
        event: The fact.
        state: The mission right after it.
    """
    teller = _TELLERS.get(event.kind)
    return teller(event, state) if teller else ()


def trouble(state: MissionState, problem: ToolkitError, at: datetime) -> Notice:
    """That a mission cannot go on, or not yet: no fact of its own, for nothing happened.

    The same trouble of a mission that has not moved since is the same notice.

    Args:
        state: The mission.
        problem: What keeps it.
        at: When, UTC.
    """
    text = f"{problem.message} {f'What to do: {problem.fix}' if problem.fix else ''}"
    told = _notice(state, at, "needs_input", text, code=problem.code)
    return replace(told, notice_id=f"{told.notice_id}-{problem.code}")


def is_moot(notice: Notice, state: MissionState) -> bool:
    """Whether the mission went on since, so that telling it now would only confuse."""
    match notice.kind:
        case "approval_needed":
            plan = state.plan.plan_hash if state.plan else ""
            return state.phase != "planned" or notice.data.get("plan_hash") != plan
        case "needs_input" | "milestone":
            return state.is_finished
        case _:
            return False


def _notice(state: MissionState, at: datetime, kind: NoticeKind, text: str, **data: str) -> Notice:
    line = masked(one_line(f"{state.name}: {text}", LONGEST))
    return Notice(f"{state.mission_id}-{state.seq}", state.mission_id, kind, at, line, data)


def _planned(event: Event, state: MissionState) -> tuple[Notice, ...]:
    stages = stages_of(state.brief)
    stage = f" to stage {state.stage} of {len(stages)}" if stages else ""
    text = (
        f"a plan waits for your yes{stage}: {len(state.targets)} to reach"
        f"{first_call(event.data['plan'])}, at most {usd(state.brief['limits']['spend_usd'])}."
        f" Plan {event.data['plan_hash']} of mission {state.mission_id}."
    )
    return (_notice(state, event.at, "approval_needed", text, plan_hash=event.data["plan_hash"]),)


def _started(event: Event, state: MissionState) -> tuple[Notice, ...]:
    first = first_call(state.plan.document) if state.plan else ""
    text = f"started, with {len(state.targets)} to reach{first}."
    return (_notice(state, event.at, "milestone", text),)


def _target_done(event: Event, state: MissionState) -> tuple[Notice, ...]:
    """Each target that is done with; of many, only every so manieth."""
    many, done = len(state.targets), state.done
    if not state.is_to_reach(event.data["step_id"]):
        return ()
    every = -(-many // _MILESTONES)
    if done % every:
        return ()
    said = event.data.get("summary") or event.data.get("reason") or ""
    return (_notice(state, event.at, "milestone", f"{said} ({done} of {many})."),)


def _skipped(event: Event, state: MissionState) -> tuple[Notice, ...]:
    if event.data.get("code") != "spend_cap":
        return ()
    cap = state.brief["limits"]["spend_usd"]
    text = (
        f"the cap of {usd(cap)} does not allow another call. {event.data['reason']} For more, raise"
        " limits.spend_usd in a brief of its own, plan it and approve it."
    )
    told = _notice(state, event.at, "budget_stop", text)
    return (replace(told, notice_id=f"{state.mission_id}-spend-cap-{state.revision}"),)


def _unresolved(event: Event, state: MissionState) -> tuple[Notice, ...]:
    target = state.target(state.attempt(event.data["attempt_id"]).step_id)
    text = (
        f"a person must find out whether {target.name} was called: {event.data['reason']}"
        " They are not called again meanwhile."
    )
    return (_notice(state, event.at, "needs_input", text),)


def _barred(event: Event, state: MissionState) -> tuple[Notice, ...]:
    name = state.target(event.data["step_id"]).name
    text = f"{name} is on the do-not-call list ({event.data['reason']}): no further call."
    return (_notice(state, event.at, "milestone", text),)


def _stage_done(event: Event, state: MissionState) -> tuple[Notice, ...]:
    headline = event.data["result_payload"]["headline"]
    text = f"stage {event.data['stage']} ({event.data['name']}) is done. {headline}"
    return (_notice(state, event.at, "milestone", text),)


def _finished(event: Event, state: MissionState) -> tuple[Notice, ...]:
    status, payload = event.data["status"], event.data["result_payload"]
    kind: NoticeKind = "failed" if status == "failed" else "completed"
    first = {"succeeded": "done. ", "failed": "ended without a result. "}.get(status, "")
    text = f"{first}{payload['headline']} All of it: telnyx-toolkit summarize {state.mission_id}"
    return (_notice(state, event.at, kind, text, status=status),)


_TELLERS: Mapping[str, Callable[[Event, MissionState], tuple[Notice, ...]]] = {
    "plan.made": _planned,
    "run.started": _started,
    "step.completed": _target_done,
    "step.failed": _target_done,
    "step.skipped": _skipped,
    "attempt.unresolved": _unresolved,
    "target.barred": _barred,
    "stage.finished": _stage_done,
    "run.finished": _finished,
}
