"""The list of missions as a page shows it: what waits for a person first. Pure."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from telnyx_toolkit.clock_words import their_clock
from telnyx_toolkit.dashboard.shelf import Known, Unreadable
from telnyx_toolkit.ledger import SOON
from telnyx_toolkit.loopback import is_loopback
from telnyx_toolkit.model import Target
from telnyx_toolkit.spending import spent
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.untrusted import masked, one_line
from telnyx_toolkit.wording import money

Doc = dict[str, Any]
_OVER = {"completed", "skipped", "failed"}
_THEIRS, _UTC = "%a %d %b %H:%M %Z", "%a %d %b %H:%M UTC"


def groups(
    missions: Sequence[Known | Unreadable], facts: Callable[[MissionState], Doc] | None = None
) -> list[Doc]:
    """Those that wait for a person, those under way, and those that are over; newest first.

    Args:
        missions: Oldest first.
        facts: Takes the place of `facts_of`, to keep what it gives.
    """
    rows = [row_of(mission, facts or facts_of) for mission in reversed(missions)]
    titles = (("needs", "Waiting for you"), ("open", "Under way"), ("over", "Over"))
    return [
        {"id": key, "title": title, "rows": found}
        for key, title in titles
        if (found := [row for row in rows if row["group"] == key])
    ]


def row_of(mission: Known | Unreadable, facts: Callable[[MissionState], Doc]) -> Doc:
    """One mission in the list."""
    if isinstance(mission, Unreadable):
        problem = mission.problem
        return {
            "group": "needs",
            "mission_id": one_line(mission.mission_id),
            "problem": one_line(f"{problem.message} {problem.fix}", 600),
        }
    return {
        **facts(mission.state),
        "state": phase_of(mission),
        "due": due_of(mission),
        "is_due": mission.progress.next_wake_at == SOON and not mission.state.is_finished,
    }


def facts_of(state: MissionState) -> Doc:
    """What a row says that only a new fact changes."""
    needs = needs_of(state)
    return {
        "group": "needs" if needs else "over" if state.is_finished else "open",
        "mission_id": state.mission_id,
        "problem": "",
        "name": safe_line(state.name),
        "needs": needs,
        "done": done_words(state),
        "spent": spent_words(state),
        "is_sandbox": is_loopback(state.base_url),
    }


def needs_of(state: MissionState) -> str:
    """What a person is waited for, or ""."""
    if state.phase == "planned":
        return "Your yes or no to the plan"
    if state.is_finished:
        return ""
    unclear = sum(attempt.phase == "unresolved" for attempt in state.attempts)
    return f"Find out whether {unclear} call(s) took place" if unclear else ""


def phase_of(mission: Known) -> str:
    """The state's name, as `mission-status` has it."""
    state = mission.state
    if state.cancel_reason is not None and not state.is_finished:
        return "being cancelled"
    return "waiting" if state.phase == "running" and _later(mission) else state.phase


def done_words(state: MissionState) -> str:
    """`2 of 3`: the targets that nobody will reach out to again."""
    steps = {step.step_id: step.status for step in state.steps}
    done = sum(steps.get(target.step_id) in _OVER for target in state.targets)
    return f"{done} of {len(state.targets)}"


def due_of(mission: Known) -> Doc | None:
    """When there is something to do again, by the called people's clock and in UTC."""
    at = _later(mission)
    target = _next_target(mission.state)
    return instant(at, target) if at and target else None


def instant(at: datetime, target: Target) -> Doc:
    """An instant by the target's clock and in UTC; `utc` is "" where it says the same."""
    theirs, utc = their_clock(at, target, _THEIRS), at.astimezone(UTC).strftime(_UTC)
    return {"theirs": theirs, "utc": "" if theirs == utc else utc, "iso": at.isoformat()}


def spent_words(state: MissionState) -> str:
    """`$0.60 of $5`: estimated, settled or set aside."""
    cap = Decimal(str(state.brief["limits"]["spend_usd"]))
    return f"{money(spent(state), 'USD')} of {money(cap, 'USD')}"


def safe_line(text: str, limit: int = 200) -> str:
    """A text on one line, cleaned, with each telephone number masked."""
    return masked(one_line(text, limit))


def _later(mission: Known) -> datetime | None:
    due = mission.progress.next_wake_at
    return None if due == SOON or mission.state.is_finished else due


def _next_target(state: MissionState) -> Target | None:
    """Whose clock tells when it goes on: who is reached next, else anybody."""
    waiting = sorted(state.open_attempts, key=lambda attempt: attempt.scheduled_at)
    if waiting:
        return state.target(waiting[0].step_id)
    steps = {step.step_id: step.status for step in state.steps}
    left = [target for target in state.targets if steps.get(target.step_id) not in _OVER]
    return next(iter(left or state.targets), None)
