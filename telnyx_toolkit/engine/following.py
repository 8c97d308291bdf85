"""Following a call to its end: looking for what got lost, watching, withdrawing."""

from datetime import datetime, timedelta

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.names import ASSISTANT
from telnyx_toolkit.errors import ErrorResponse
from telnyx_toolkit.model import Attempt
from telnyx_toolkit.pace import tells_of_limit
from telnyx_toolkit.protocol import (
    Adopt,
    Ask,
    Count,
    Drop,
    Follow,
    Look,
    Prune,
    Unresolve,
    Wait,
    after_conversations,
    after_list,
    ending,
    has_moved_back,
    is_withdrawn,
    may_delete,
    next_move,
)
from telnyx_toolkit.telnyx import ScheduledEvent

_GONE = 404


def seek(desk: Desk, attempt: Attempt) -> None:
    """Find out what became of a request whose answer nobody heard; it is never sent again."""
    match next_move(attempt, desk.kit.clock.now()):
        case Drop(reason):
            abandon(desk, attempt.attempt_id, reason)
        case Look():
            _look(desk, attempt)
        case _:
            pass


def follow(desk: Desk, attempt: Attempt) -> None:
    """Look once at a scheduled call, and record its end."""
    now = desk.kit.clock.now()
    if not isinstance(next_move(attempt, now), Follow):
        return
    event = _get(desk, attempt)
    longest = timedelta(minutes=desk.brief.limits.minutes_per_call)
    if status := ending(attempt, event, now, longest):
        _ended(desk, attempt, status, event)


def withdraw(desk: Desk, attempt: Attempt) -> None:
    """Delete a scheduled call that has not begun; one that has is let finish.

    One that is gone before its time is one that we deleted, and nobody heard the answer.
    """
    if has_moved_back(attempt, desk.kit.clock.now()):
        return
    event = _get(desk, attempt)
    if event is not None:
        if not may_delete(event):
            return
        _delete(desk, attempt.scheduled_event_id)
    if is_withdrawn(attempt, desk.kit.clock.now()):
        abandon(desk, attempt.attempt_id, "withdrawn in time")


def abandon(desk: Desk, attempt_id: str, reason: str, *, limited: bool = False) -> None:
    """Record that an attempt provably never became a call; `limited` by Telnyx's own caps."""
    desk.record("attempt.abandoned", attempt_id=attempt_id, reason=reason, limited=limited)


def note_scheduled(desk: Desk, attempt_id: str, event_id: str, how: str) -> None:
    """Record that Telnyx has it; `how` we know."""
    desk.record("attempt.scheduled", attempt_id=attempt_id, scheduled_event_id=event_id, how=how)


def _look(desk: Desk, attempt: Attempt) -> None:
    """List the events, delete what is there twice, and list them once more if so."""
    calls, now = desk.client.calls, desk.kit.clock.now()  # what is seen is no newer than this
    assistant_id = desk.state.result_of(ASSISTANT)["id"]
    seen = after_list(attempt, calls.list_all(assistant_id), now)
    if isinstance(seen, Prune):
        _prune(desk, attempt, seen.event_ids)
        seen = after_list(attempt, calls.list_all(assistant_id), now)
    if isinstance(seen, Adopt):
        note_scheduled(desk, attempt.attempt_id, seen.event_id, how="found")
    elif isinstance(seen, Ask):
        _ask(desk, attempt, now)


def _ask(desk: Desk, attempt: Attempt, now: datetime) -> None:
    talked = bool(desk.client.conversations.find({"attempt_id": attempt.attempt_id}))
    match after_conversations(attempt, talked, now, strict=desk.brief.strict):
        case Count():
            desk.record("attempt.sought", attempt_id=attempt.attempt_id)
        case Drop(reason):
            abandon(desk, attempt.attempt_id, reason)
        case Unresolve(reason):
            desk.record("attempt.unresolved", attempt_id=attempt.attempt_id, reason=reason)
        case Wait():
            pass


def _prune(desk: Desk, attempt: Attempt, event_ids: tuple[str, ...]) -> None:
    """Delete surplus events; the incident is in the ledger first."""
    if not set(event_ids) <= set(attempt.surplus):
        desk.record(
            "attempt.surplus", attempt_id=attempt.attempt_id, scheduled_event_ids=list(event_ids)
        )
    for event_id in event_ids:
        _delete(desk, event_id)


def _get(desk: Desk, attempt: Attempt) -> ScheduledEvent | None:
    """The attempt's event; None if Telnyx no longer has it."""
    try:
        return desk.client.calls.get(
            desk.state.result_of(ASSISTANT)["id"], attempt.scheduled_event_id
        )
    except ErrorResponse as problem:
        if problem.status != _GONE:
            raise
        return None


def _delete(desk: Desk, event_id: str) -> None:
    """Delete an event; one that is gone already is as good."""
    try:
        desk.client.calls.delete(desk.state.result_of(ASSISTANT)["id"], event_id)
    except ErrorResponse as problem:
        if problem.status != _GONE:
            raise


def _ended(desk: Desk, attempt: Attempt, status: str, event: ScheduledEvent | None) -> None:
    desk.record(
        "attempt.ended",
        attempt_id=attempt.attempt_id,
        call_status=status,
        conversation_id=event.conversation_id if event else "",
        duration_s=int(event.call_duration or 0) if event else 0,
        dispatched_at=event.dispatched_at.isoformat() if event and event.dispatched_at else "",
        raw=event.raw if event else {},
        limited=event is not None and tells_of_limit(" ".join(event.errors)),
    )
