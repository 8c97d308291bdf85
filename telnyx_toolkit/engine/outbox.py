"""The outbox: tells Telnyx every fact in order, at least once, so that it shows exactly once."""

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.mirror import LogLine, RunMove, StepMove, Told, mirror
from telnyx_toolkit.errors import ErrorResponse
from telnyx_toolkit.model import Event

_TERMINAL = {"succeeded", "failed", "cancelled"}
_ENDED_STEPS = {"completed", "failed", "skipped"}
#: Which of them Telnyx answers to a move it does not allow is not documented.
_REFUSED_MOVES = {400, 409, 422}


def flush(desk: Desk) -> None:
    """Tell Telnyx what it does not know yet; nothing is lost where it cannot be told now.

    Every request can be repeated: a status is set to what it is, and a log line carries the
    fact's own `idempotency_key`.

    Raises:
        TelnyxError: Telnyx could not be told; the next flush begins at the same fact.
    """
    if not desk.state.run_id:
        return
    ledger, mission_id = desk.kit.ledger, desk.mission_id
    done = ledger.progress(mission_id).mirrored_seq
    if done >= desk.state.seq:
        return
    for event in ledger.events(mission_id, after=done):
        told = mirror(event, desk.state)
        for part, item in enumerate(told):
            _tell(desk, event, part, item)
        if told or event.seq == desk.state.seq:  # at once: a step cannot be told to go back
            ledger.note_mirrored(mission_id, event.seq)


def _tell(desk: Desk, event: Event, part: int, told: Told) -> None:
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
                payload={**payload, "seq": event.seq, "at": event.at.isoformat()},
                idempotency_key=f"{desk.mission_id}-{event.seq}-{part}",
            )


def _move_step(desk: Desk, step_id: str, status: str) -> None:
    """Set a step's status; one that Telnyx has there or further already is left alone."""
    try:
        desk.client.missions.update_step(*desk.run, step_id, status=status)
    except ErrorResponse as problem:
        if problem.status not in _REFUSED_MOVES:
            raise
        plan = desk.client.missions.get_plan(*desk.run)
        present = next((step.status for step in plan if step.step_id == step_id), "")
        if present != status and present not in _ENDED_STEPS:
            raise


def _move_run(desk: Desk, to: RunMove) -> None:
    """Set the run's result and status; a run that has its status already keeps it."""
    missions, run = desk.client.missions, desk.run
    present = missions.get_run(*run).status
    if to.result_payload is not None:
        status = to.status if present not in _TERMINAL and to.status != "cancelled" else None
        missions.update_run(
            *run,
            status=status,
            result_summary=to.result_summary,
            result_payload=to.result_payload,
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
