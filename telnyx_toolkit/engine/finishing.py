"""Finishing: steps closed, the result recorded, everything borrowed put back."""

from telnyx_toolkit.comparison import row_headline
from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.following import withdraw
from telnyx_toolkit.engine.outbox import flush
from telnyx_toolkit.engine.setting_up import put_back
from telnyx_toolkit.engine.telling import tell
from telnyx_toolkit.errors import PolicyDenied
from telnyx_toolkit.offers import final_offer
from telnyx_toolkit.standing import REACHED
from telnyx_toolkit.unresolved import unresolved
from telnyx_toolkit.untrusted import clean

_NARRATIVE_LIMIT = 8_000


def close_steps(desk: Desk) -> None:
    """Complete or fail the step of every target that nobody will call again."""
    for where in unresolved(desk.brief, desk.state).to_close():
        target = desk.state.target(where.step_id)
        offer = final_offer(desk.brief, desk.state, target.step_id)
        text = f"{target.name}: {row_headline(desk.brief, offer, where.outcome)}"
        if where.outcome in REACHED:
            desk.move_step(target.step_id, "completed", summary=text)
        elif where.outcome == "do_not_call":
            reason = f"{text}: {desk.state.barred[target.step_id]}"
            desk.move_step(target.step_id, "skipped", reason=reason)
        else:
            desk.move_step(target.step_id, "failed", reason=text)


def finish(desk: Desk, why: str = "") -> None:
    """Record the result: of what was found out, whether all went well or not.

    Args:
        desk: The mission.
        why: Why nobody else needs to be called; "" where nobody is left.
    """
    from telnyx_toolkit.summary import status_of  # noqa: PLC0415 - only an end needs it

    cancelled = desk.state.cancel_reason is not None
    skip_pending(desk, "the mission was cancelled" if cancelled else why or "not called")
    status = "cancelled" if cancelled else status_of(desk.brief, desk.state)
    payload, text = tell(desk, status, desk.kit.clock.now())
    if not cancelled:
        desk.move_step("compare", "completed", summary=payload["headline"])
    desk.record(
        "run.finished",
        status=status,
        result_summary=text,
        result_payload=payload,
    )


def conclude(desk: Desk) -> None:
    """After the result: tell Telnyx, then put back what was borrowed or made.

    Raises:
        TelnyxError: not all of it could be done; the next round goes on with the rest.
    """
    flush(desk)
    put_back(desk, keep=desk.brief.keep)
    flush(desk)


def narrate(desk: Desk, text: str) -> None:
    """Put the agent's own words beside the result, here and at Telnyx; figures stay as they are.

    Raises:
        PolicyDenied: there is no result yet.
    """
    if not desk.state.is_finished:
        raise PolicyDenied(
            f"The mission is {desk.state.phase}: there is no result that a narrative could stand"
            " beside.",
            code="not_finished",
            fix="Let it end first: telnyx-toolkit run-mission MISSION",
        )
    words = clean(text.strip(), _NARRATIVE_LIMIT)
    if words != desk.state.narrative:
        desk.record("result.narrated", text=words)
    flush(desk)


def withdraw_all(desk: Desk) -> None:
    """Delete every scheduled call that has not begun to ring."""
    for attempt in desk.state.open_attempts:
        if attempt.phase == "scheduled":
            withdraw(desk, attempt)


def skip_pending(desk: Desk, reason: str) -> None:
    """Skip every step that nothing was done about; the last one only of a cancelled mission."""
    for step in desk.state.steps:
        is_last = step.step_id == "compare" and desk.state.cancel_reason is None
        if step.status in {"pending", "in_progress"} and not is_last:
            desk.move_step(step.step_id, "skipped", reason=reason)
