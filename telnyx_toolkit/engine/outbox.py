"""The outbox: tells Telnyx every fact in order, at least once, so that it shows exactly once."""

from itertools import islice

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.mirror import LogLine, RunMove, StepMove, Told, batch, mirror
from telnyx_toolkit.errors import ErrorResponse

#: So many facts go together at most: what is told of them stays small.
_AT_ONCE = 40
_TERMINAL = {"succeeded", "failed", "cancelled"}
_NOT_BEGUN, _BEGUN = "pending", "in_progress"
_ENDED_STEPS = {"completed", "failed", "skipped"}
#: Which of them Telnyx answers to a move it does not allow is not documented.
_REFUSED_MOVES = {400, 409, 422}


def flush(desk: Desk) -> None:
    """Tell Telnyx what it does not know yet; nothing is lost where it cannot be told now.

    What a step went through since it was told last goes in one line of the log and one change of
    status. Every request can be repeated: a status is set to what it is, a line carries an
    `idempotency_key`, and which facts go together is in the ledger before the first of them goes.

    Raises:
        TelnyxError: Telnyx could not be told; the next flush begins with the same facts.
    """
    if not desk.state.run_id:
        return
    ledger, mission_id = desk.kit.ledger, desk.mission_id
    while (done := ledger.progress(mission_id).mirrored_seq) < desk.state.seq:
        news = [*islice(ledger.walk(mission_id, done), _AT_ONCE)]
        upto = news[-1].seq
        if any(mirror(event, desk.state) for event in news):
            upto = ledger.note_telling(mission_id, done, upto)
            told = batch((event for event in news if event.seq <= upto), desk.state)
            for number, item in enumerate(told):
                _tell(desk, f"{mission_id}-{upto}-{number}", item)
        ledger.note_mirrored(mission_id, upto)


def _tell(desk: Desk, key: str, told: Told) -> None:
    missions, run = desk.client.missions, desk.run
    match told:
        case StepMove(step_id, status):
            _move_step(desk, step_id, status)
        case RunMove():
            _move_run(desk, told)
        case LogLine(kind, summary, step_id, payload):
            missions.log_event(
                *run,
                type=kind,
                summary=summary,
                step_id=step_id,
                payload=payload,
                idempotency_key=key,
            )


def _move_step(desk: Desk, step_id: str, status: str) -> None:
    """Set a step's status; one that Telnyx has there or further already is left alone.

    Whether a step may end that never began is not documented: if not, it begins first.
    """
    missions = desk.client.missions
    try:
        missions.update_step(*desk.run, step_id, status=status)
    except ErrorResponse as problem:
        if problem.status not in _REFUSED_MOVES:
            raise
        plan = missions.get_plan(*desk.run)
        present = next((step.status for step in plan if step.step_id == step_id), "")
        if present == _NOT_BEGUN and status in _ENDED_STEPS:
            missions.update_step(*desk.run, step_id, status=_BEGUN)
            missions.update_step(*desk.run, step_id, status=status)
        elif present != status and present not in _ENDED_STEPS:
            raise


def _move_run(desk: Desk, to: RunMove) -> None:
    """Set the run's result and status; a run that has its status already keeps it."""
    missions, run = desk.client.missions, desk.run
    present = missions.get_run(*run).status
    if to.result_payload is not None:
        status = to.status if present not in _TERMINAL and to.status != "cancelled" else None
        missions.store_result(
            *run, status=status, summary=to.result_summary or "", payload=to.result_payload
        )
        if to.status == "cancelled" and present not in _TERMINAL:
            _cancel_run(desk, present)
    else:
        _turn_run(desk, present, to.status)


def _turn_run(desk: Desk, present: str, status: str) -> None:
    """Start, pause or resume a run, each by its own endpoint; one that is there already is left."""
    missions, run = desk.client.missions, desk.run
    if present == "pending":
        missions.update_run(*run, status=status)
    elif (present, status) == ("running", "paused"):
        missions.pause_run(*run)
    elif (present, status) == ("paused", "running"):
        missions.resume_run(*run)


def _cancel_run(desk: Desk, present: str) -> None:
    """Telnyx documents cancelling for running and paused runs; a pending one is set directly."""
    missions, run = desk.client.missions, desk.run
    if present == "pending":
        missions.update_run(*run, status="cancelled")
    else:
        missions.cancel_run(*run)
