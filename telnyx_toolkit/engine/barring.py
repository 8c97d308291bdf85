"""Whom never: calls to numbers on the do-not-call list are withdrawn, in every mission."""

from contextlib import suppress
from datetime import datetime

from telnyx_toolkit.barring import BARRED, announce, listed_targets
from telnyx_toolkit.engine.desk import Desk, Kit
from telnyx_toolkit.engine.finishing import close_steps
from telnyx_toolkit.engine.following import seek, withdraw
from telnyx_toolkit.engine.lease import working_on
from telnyx_toolkit.engine.outbox import flush
from telnyx_toolkit.errors import LeaseHeld, LeaseLost, PolicyDenied, TelnyxError
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.unresolved import unresolved
from telnyx_toolkit.untrusted import one_line


def bar(desk: Desk) -> None:
    """Bar every target of this mission that is on the list and was still to be reached.

    What has not rung is withdrawn; a call in progress is let finish. A target that is taken off
    the list later stays barred in this mission: a new one may call it.
    """
    for target, entry in listed_targets(desk.kit.ledger, desk.state):
        if target.step_id in unresolved(desk.brief, desk.state).left:
            desk.record(BARRED, step_id=target.step_id, reason=entry.why)
    for attempt in desk.state.open_attempts:
        if attempt.step_id in desk.state.barred:
            seek(desk, attempt)
            take_back(desk, attempt.attempt_id)


def take_back(desk: Desk, attempt_id: str) -> None:
    """Withdraw an attempt that Telnyx has and whose target is barred."""
    attempt = desk.state.attempt(attempt_id)
    if attempt.phase == "scheduled" and attempt.step_id in desk.state.barred:
        withdraw(desk, attempt)


def refuse_barred(desk: Desk, step_id: str) -> None:
    """Refuse to call a target that is barred.

    Raises:
        PolicyDenied: it is.
    """
    if step_id in desk.state.barred:
        name, why = desk.state.target(step_id).name, desk.state.barred[step_id]
        raise PolicyDenied(
            f"{name} must not be called or written to: {one_line(why)}.",
            code="do_not_call",
            fix="See the list: telnyx-toolkit do-not-call list. A target that was taken off it"
            " since is called by a new mission only.",
        )


def bar_others(kit: Kit, but: str = "") -> None:
    """Do the same in every other mission that has a try at a listed number under way.

    One that a process is at work on is told, and does so itself. It is done in every round of any
    mission, so that nothing is lost where a process ends between hearing and withdrawing.

    Raises:
        TelnyxError: it did not work for now; the next round tries again.
    """
    for state in announce(kit.ledger, kit.clock.now(), kit.observe, but):
        if state.base_url != kit.base_url or not _may_still_ring(state, kit.clock.now()):
            continue
        try:
            with suppress(LeaseHeld, LeaseLost), working_on(kit, state.mission_id) as desk:
                _withdraw(desk)
        except TelnyxError as problem:
            if problem.transient:
                raise


def _may_still_ring(state: MissionState, now: datetime) -> bool:
    tries = state.open_attempts
    return any(a.step_id in state.barred and a.scheduled_at > now for a in tries)


def _withdraw(desk: Desk) -> None:
    bar(desk)
    close_steps(desk)
    flush(desk)
