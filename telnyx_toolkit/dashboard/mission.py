"""One mission as its page shows it while it is under way. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from telnyx_toolkit.dashboard.rows import facts_of, instant, row_of, safe_line
from telnyx_toolkit.dashboard.shelf import Known
from telnyx_toolkit.ledger import SOON
from telnyx_toolkit.loopback import is_loopback
from telnyx_toolkit.model import Attempt, Event
from telnyx_toolkit.plan_words import plan_words
from telnyx_toolkit.progress_board import board
from telnyx_toolkit.progress_words import clock_text, line_of
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.transitions import fold
from telnyx_toolkit.untrusted import masked

Doc = dict[str, Any]
#: How many facts are told.
_STORY = 15
#: So long after something was due it is said that nobody does it.
_IDLE = timedelta(minutes=5)
_STILL = {"draft", "planned", "paused"}


def mission_page(
    mission: Known, targets: Sequence[Doc], story: Sequence[str], now: datetime
) -> Doc:
    """What the page says above and in its live part.

    Args:
        mission: As the ledger has it.
        targets: As `targets_of` gives them.
        story: Lines of what happened, newest first.
        now: UTC, by this machine's clock.
    """
    state = mission.state
    return {
        **row_of(mission, facts_of),
        "seq": state.seq,
        "has_attempts": bool(state.attempts),
        "goal": safe_line(str(state.brief["goal"]), 300),
        "on_behalf_of": safe_line(str(state.brief["on_behalf_of"])),
        "strategy": state.brief["strategy"],
        "steps": [
            {"description": safe_line(s.description), "status": s.status.replace("_", " ")}
            for s in state.steps
        ],
        "targets": targets,
        "approval": _approval(state),
        "runner": safe_line(mission.lease.holder) if mission.lease else "",
        "idle": _idle(mission, now),
        "paused_because": safe_line(state.pause_reason),
        "cancel_because": safe_line(state.cancel_reason or ""),
        "story": list(story),
        "actions": actions_of(state),
    }


def targets_of(state: MissionState) -> list[Doc]:
    """Every target: what is happening, what they said last, and each try."""
    rows = board(state, len(state.targets)).rows
    return [
        {
            **{
                key: masked(text) if isinstance(text, str) else text
                for key, text in vars(row).items()
            },
            "attempts": [_attempt(state, one) for one in state.attempts_at(target.step_id)],
        }
        for row, target in zip(rows, state.targets, strict=True)
    ]


def plan_page(state: MissionState, *, codes: bool) -> Doc:
    """The plan in its own lines, which are shown unchanged, and what a yes to it needs.

    Args:
        state: Whose plan.
        codes: Plans are sent to the person with a code.
    """
    plan = state.plan
    return {
        "lines": plan_words(state),
        "plan_hash": plan.plan_hash if plan else "",
        "is_approved": state.approval is not None,
        "wants_code": codes or bool(state.code and plan and state.code.plan_hash == plan.plan_hash),
    }


def actions_of(state: MissionState) -> list[str]:
    """What a person can do about a mission now."""
    if state.is_finished:
        return []
    allowed = {
        "approve": state.phase == "planned",
        "pause": state.phase == "running" and state.cancel_reason is None,
        "resume": state.phase == "paused",
        "cancel": state.cancel_reason is None,
    }
    return [name for name, is_allowed in allowed.items() if is_allowed]


def story_of(events: Sequence[Event]) -> list[str]:
    """What happened, a line each, newest first: the latest facts that are worth one."""
    lines: list[str] = []
    state: MissionState | None = None
    for event in events:
        state = fold([event], state)
        if line := line_of(event, state):
            lines.append(masked(f"{clock_text(event.at, state)}  {line}"))
    return lines[: -_STORY - 1 : -1]


def _attempt(state: MissionState, attempt: Attempt) -> Doc:
    return {
        "at": instant(attempt.scheduled_at, state.target(attempt.step_id)),
        "channel": "text" if attempt.channel == "sms" else "call",
        "phase": attempt.phase,
        "call_status": safe_line(attempt.call_status),
        "lasted": f"{attempt.duration_s} s" if attempt.duration_s else "",
        "told": safe_line(attempt.leverage["text"]) if attempt.leverage else "",
        "why": safe_line(attempt.reason or attempt.why),
    }


def _approval(state: MissionState) -> Doc | None:
    given = state.approval
    if given is None:
        return None
    return {
        "by": safe_line(given.approved_by),
        "words": safe_line(given.words, 300),
        "at": instant(given.at, state.targets[0])["utc"] or f"{given.at:%a %d %b %H:%M UTC}",
    }


def _idle(mission: Known, now: datetime) -> str:
    """Since when something is due that nobody does, or ""; a sandbox's clock tells nothing."""
    state, due = mission.state, mission.progress.next_wake_at
    if state.is_finished or state.phase in _STILL or due is None or is_loopback(state.base_url):
        return ""
    since = mission.last_at if due == SOON else max(due, mission.last_at)
    held = mission.lease and mission.lease.expires_at > now
    return "" if held or now < since + _IDLE else f"{since:%a %d %b %H:%M UTC}"
