"""Placing a call exactly once, and following it to its end."""

from datetime import datetime, timedelta

from telnyx_toolkit.engine.borrowing import keep
from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.names import ASSISTANT, NUMBER
from telnyx_toolkit.errors import ErrorResponse, NoResponse, NotReached, PolicyDenied
from telnyx_toolkit.model import Attempt
from telnyx_toolkit.negotiation import Offer, leverage
from telnyx_toolkit.policy import Allow, Defer, Deny, card_of, check, reserve, text_for
from telnyx_toolkit.script import call_body
from telnyx_toolkit.telnyx import ScheduledEvent
from telnyx_toolkit.wording import label, money

#: Telnyx needs a moment until what it has accepted shows in its lists.
SETTLE = timedelta(seconds=20)
#: An event that shows no end this long after its call must be over is given up.
STUCK = timedelta(minutes=30)
_GONE = 404


def schedule_call(desk: Desk, step_id: str) -> Attempt | Defer:
    """Ask Telnyx for the next call, or text, to a target, if policy allows it now.

    The intent is in the ledger before the request, and the attempt's id goes with it as key and
    as metadata: a lost answer is found again by looking, never by asking twice.

    Raises:
        PolicyDenied: a rule forbids it; nothing was sent.
        TelnyxError: Telnyx refused, or was not reached; no call will ring.
    """
    if under_way := [a for a in desk.state.open_attempts if a.step_id == step_id]:
        return under_way[0]
    target = desk.state.target(step_id)
    match check(desk.brief, desk.state, target, desk.kit.clock.now()):
        case Deny() as denied:
            raise PolicyDenied(denied.reason, code=denied.code, fix=denied.fix)
        case Defer() as later:
            return later
        case Allow(ring_at):
            keep(desk)
            attempt_id = desk.kit.new_id()
            _request(desk, attempt_id, step_id, ring_at)
            return _send(desk, attempt_id)


def seek(desk: Desk, attempt: Attempt) -> None:
    """Find out what became of a request whose answer nobody heard.

    It is never sent again. Telnyx places no call for an instant that has passed, so once the
    instant and a settling time are over, and neither the assistant's events nor the account's
    conversations know the attempt, there is no call, and policy may decide anew.
    """
    if attempt.phase == "requested":
        desk.record("attempt.abandoned", attempt_id=attempt.attempt_id, reason="never sent")
        return
    if found := _find(desk, attempt.attempt_id):
        _scheduled(desk, attempt.attempt_id, found, how="found")
        return
    now = desk.kit.clock.now()
    if now < attempt.scheduled_at + SETTLE:
        return
    if desk.client.conversations.find({"attempt_id": attempt.attempt_id}):
        return  # it did ring: the event will show
    if attempt.looks == 0:
        desk.record("attempt.sought", attempt_id=attempt.attempt_id)
    elif attempt.sought_at and now >= attempt.sought_at + SETTLE:
        reason = "Telnyx has no such call: looked twice after its time"
        desk.record("attempt.abandoned", attempt_id=attempt.attempt_id, reason=reason)


def follow(desk: Desk, attempt: Attempt) -> None:
    """Look once at a scheduled call, and record its end."""
    assistant_id = desk.state.result_of(ASSISTANT)["id"]
    try:
        event = desk.client.calls.get(assistant_id, attempt.scheduled_event_id)
    except ErrorResponse as problem:
        if problem.status != _GONE:
            raise
        _ended(desk, attempt, "canceled", None)  # somebody deleted it at Telnyx
        return
    if event.status in {"completed", "failed"}:
        _ended(desk, attempt, _ending(attempt, event), event)
    elif desk.kit.clock.now() > _overdue(desk, attempt):
        _ended(desk, attempt, "unknown", event)


def withdraw(desk: Desk, attempt: Attempt) -> None:
    """Delete a scheduled call that has not begun; one that has is let finish.

    One that is gone before its time is one that we deleted, and nobody heard the answer.
    """
    assistant_id = desk.state.result_of(ASSISTANT)["id"]
    try:
        event = desk.client.calls.get(assistant_id, attempt.scheduled_event_id)
        if event.status != "pending":
            return
        desk.client.calls.delete(assistant_id, attempt.scheduled_event_id)
    except ErrorResponse as problem:
        if problem.status != _GONE:
            raise
        if desk.kit.clock.now() >= attempt.scheduled_at:
            return
    desk.record("attempt.abandoned", attempt_id=attempt.attempt_id, reason="cancelled in time")


def cited(desk: Desk, step_id: str) -> tuple[Offer, dict[str, str]] | None:
    """The offer to cite in the next call, with the words for it; None if there is none."""
    brief = desk.brief
    if brief.strategy != "negotiate" or brief.objective is None:
        return None
    offer = leverage(brief, desk.state, step_id)
    if offer is None:
        return None
    scope = [label(name) for name, value in offer.scope.items() if value is True]
    scope += [f"{label(n)} {v}" for n, v in offer.scope.items() if not isinstance(v, bool)]
    words = {
        "text": money(offer.amount, offer.currency, brief.voice.language),
        "scope": f"({', '.join(scope)})" if scope else "",
        "source": offer.target_name if brief.leverage.name_competitors else "",
    }
    return offer, words


def _request(desk: Desk, attempt_id: str, step_id: str, ring_at: datetime) -> None:
    target = desk.state.target(step_id)
    citing = cited(desk, step_id)
    body = call_body(
        to_number=target.phone,
        from_number=desk.state.result_of(NUMBER)["phone_number"],
        ring_at=ring_at,
        metadata={
            "attempt_id": attempt_id,
            "toolkit_mission_id": desk.mission_id,
            "mission_id": desk.state.telnyx_mission_id,
            "mission_run_id": desk.state.run_id,
            "mission_step_id": step_id,
        },
        variables=desk.kit.prompts.variables(target.name, citing[1] if citing else None),
        text=(text := text_for(desk.state, target)),
    )
    told = None
    if citing:
        offer, words = citing
        told = {"text": words["text"], "amount": str(offer.amount), "target": offer.target_name}
    desk.record(
        "attempt.requested",
        attempt_id=attempt_id,
        step_id=step_id,
        body=body,
        scheduled_at=ring_at.isoformat(),
        leverage=told,
        reserved_usd=str(reserve(desk.brief, card_of(desk.state), target, text)),
        channel=target.channel,
    )
    desk.move_step(step_id, "started")


def _send(desk: Desk, attempt_id: str) -> Attempt:
    attempt = desk.state.attempt(attempt_id)
    desk.record("attempt.sent", attempt_id=attempt_id)
    try:
        event = desk.client.calls.schedule(
            desk.state.result_of(ASSISTANT)["id"],
            attempt.body.encode(),
            idempotency_key=attempt_id,
        )
    except NotReached as problem:
        desk.record("attempt.abandoned", attempt_id=attempt_id, reason=problem.message)
        raise
    except NoResponse as problem:
        desk.record("attempt.unknown", attempt_id=attempt_id, reason=problem.message)
    except ErrorResponse as problem:
        if problem.may_have_happened:
            desk.record("attempt.unknown", attempt_id=attempt_id, reason=problem.message)
        else:
            desk.record("attempt.abandoned", attempt_id=attempt_id, reason=problem.message)
            raise
    else:
        _scheduled(desk, attempt_id, event, how="answered")
    return desk.state.attempt(attempt_id)


def _find(desk: Desk, attempt_id: str) -> ScheduledEvent | None:
    events = desk.client.calls.list_all(desk.state.result_of(ASSISTANT)["id"])
    return next(
        (e for e in events if e.conversation_metadata.get("attempt_id") == attempt_id), None
    )


def _scheduled(desk: Desk, attempt_id: str, event: ScheduledEvent, how: str) -> None:
    desk.record(
        "attempt.scheduled",
        attempt_id=attempt_id,
        scheduled_event_id=event.scheduled_event_id,
        how=how,
    )


def _ending(attempt: Attempt, event: ScheduledEvent) -> str:
    """Telnyx's word for how it ended; of a text, `completed` means that it was delivered."""
    if attempt.channel == "sms":
        return "delivered" if event.status == "completed" else event.status
    return event.call_status or event.status


def _ended(desk: Desk, attempt: Attempt, status: str, event: ScheduledEvent | None) -> None:
    desk.record(
        "attempt.ended",
        attempt_id=attempt.attempt_id,
        call_status=status,
        conversation_id=event.conversation_id if event else "",
        duration_s=int(event.call_duration or 0) if event else 0,
        raw=event.raw if event else {},
    )


def _overdue(desk: Desk, attempt: Attempt):
    return attempt.scheduled_at + timedelta(minutes=desk.brief.limits.minutes_per_call) + STUCK
