"""What a mission does not do in the state it is in, and what a person can do about it."""

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.errors import PolicyDenied
from telnyx_toolkit.standing import Standing


def paused(desk: Desk) -> PolicyDenied:
    """The refusal of a paused mission."""
    return PolicyDenied(
        f"The mission is paused: {desk.state.pause_reason}.",
        code="paused",
        fix=f"On the person's word: telnyx-toolkit resume-mission {desk.mission_id}",
    )


def refuse_paused(desk: Desk) -> None:
    """Refuse to run a paused mission in which nothing is under way, and that nobody stops."""
    asked_to_stop = desk.state.cancel_reason is not None
    if desk.state.phase == "paused" and not desk.state.open_attempts and not asked_to_stop:
        raise paused(desk)


def not_now(desk: Desk, where: Standing) -> PolicyDenied:
    """Why the strategy does not want a call to that target."""
    name, tries = desk.state.target(where.step_id).name, desk.state.attempts_at(where.step_id)
    if not where.is_resolved:
        return PolicyDenied(
            f"It is not {name}'s turn: another call must end first.",
            code="not_their_turn",
            fix="Poll the call under way to its end (poll-call), then schedule this one.",
        )
    if len(tries) >= desk.brief.limits.attempts_per_target:
        return PolicyDenied(
            f"{name} was tried {len(tries)} times already, as often as the brief allows.",
            code="attempts_used_up",
            fix="Leave them in peace; a person may ask them again in a mission of its own.",
        )
    return PolicyDenied(
        f"Nobody calls {name} again: the last try ended with {where.outcome}.",
        code="resolved",
        fix="See what was said: telnyx-toolkit get-transcript MISSION --target NAME",
    )


def require_started(desk: Desk) -> None:
    """Refuse what only a running or paused mission can do.

    Raises:
        PolicyDenied: it is neither.
    """
    if desk.state.phase not in {"running", "paused"}:
        raise PolicyDenied(
            f"The mission is {desk.state.phase}, so there is nothing to pause or resume.",
            code="not_running",
            fix="See where it stands: telnyx-toolkit mission-status MISSION",
        )


def require_live(desk: Desk) -> None:
    """Refuse calls of a mission that is over or paused.

    Raises:
        PolicyDenied: it is.
    """
    if desk.state.phase == "paused":
        raise paused(desk)
    if desk.state.is_finished:
        raise PolicyDenied(
            f"The mission is over ({desk.state.phase}).",
            code="mission_over",
            fix="Read its result (summarize), or run the brief again: create-mission --repeat 2",
        )
