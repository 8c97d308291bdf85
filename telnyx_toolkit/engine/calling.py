"""Placing a call exactly once, and following it to its end."""

from datetime import datetime, timedelta

from telnyx_toolkit.engine.borrowing import keep
from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.names import ASSISTANT, NUMBER
from telnyx_toolkit.errors import ErrorResponse, PolicyDenied, TelnyxError, ToolkitBug
from telnyx_toolkit.model import Attempt, Listing, Target
from telnyx_toolkit.negotiation import Offer, leverage
from telnyx_toolkit.pace import Traffic, tells_of_limit
from telnyx_toolkit.policy import CAP_SPAN, LEAD, Allow, Defer, Deny, check, is_within
from telnyx_toolkit.protocol import (
    Adopt,
    Ask,
    Count,
    Drop,
    Follow,
    Look,
    Mark,
    Prune,
    Send,
    Unresolve,
    Wait,
    after_conversations,
    after_list,
    before_dial,
    ending,
    has_moved_back,
    is_withdrawn,
    judge,
    may_delete,
    next_move,
)
from telnyx_toolkit.script import call_body
from telnyx_toolkit.spending import card_of, reserve, text_for
from telnyx_toolkit.telnyx import ScheduledEvent
from telnyx_toolkit.wording import label, money

_GONE, _TOO_MANY = 404, 429
#: Telnyx lets a phone ring for half a minute, and shows the end of a call some moments later.
_RINGING = timedelta(minutes=1)


def schedule_call(desk: Desk, step_id: str, *, again: bool = True) -> Attempt | Defer:
    """Ask Telnyx for the next call, or text, to a target, if policy allows it now.

    The intent is in the ledger before the request, and the attempt's id goes with it as key and
    as metadata: a lost answer is found again by looking, never by asking twice. If this machine
    stood still on the way, nothing left, and policy is asked `again`: once, then it is deferred.

    Raises:
        PolicyDenied: a rule forbids it; nothing was sent.
        TelnyxError: Telnyx refused, or was not reached; no call will ring.
    """
    if under_way := [a for a in desk.state.open_attempts if a.step_id == step_id]:
        return under_way[0]
    target = desk.state.target(step_id)
    now = desk.kit.clock.now()
    listed, pace = _listed(desk, target), desk.kit.pace
    match check(desk.brief, desk.state, target, now, _traffic(desk), pace, listed):
        case Deny() as denied:
            raise PolicyDenied(denied.reason, code=denied.code, fix=denied.fix)
        case Defer() as later:
            return later
        case Allow(ring_at):
            keep(desk)
            attempt_id = desk.kit.new_id()
            _request(desk, attempt_id, step_id, ring_at)
            sent = _send(desk, attempt_id)
            if isinstance(sent, Defer) and again:
                return schedule_call(desk, step_id, again=False)
            return sent


def seek(desk: Desk, attempt: Attempt) -> None:
    """Find out what became of a request whose answer nobody heard; it is never sent again."""
    match next_move(attempt, desk.kit.clock.now()):
        case Drop(reason):
            _abandon(desk, attempt.attempt_id, reason)
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
        _abandon(desk, attempt.attempt_id, "withdrawn in time")


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


def _traffic(desk: Desk) -> Traffic:
    """Every call that rang within the last day, or was decided on; some rang after that."""
    return desk.kit.ledger.traffic(desk.kit.clock.now() - CAP_SPAN - 2 * LEAD)


def _still_fits(desk: Desk, target: Target, ring_at: datetime) -> bool:
    """Whether the call is within all limits over missions, by what others decided meanwhile."""
    now, server = desk.kit.clock.now(), desk.kit.base_url
    return is_within(target, server, ring_at, _traffic(desk), desk.kit.pace, now)


def _listed(desk: Desk, target: Target) -> Listing | None:
    return desk.kit.ledger.do_not_call.entry(target.phone)


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
        variables=desk.kit.prompts.variables(
            target.name, citing[1] if citing else None, target.keys
        ),
        text=(text := text_for(desk.state, target)),
    )
    told = None
    if citing:
        offer, words = citing
        told = {"text": words["text"], "amount": str(offer.amount), "target": offer.target_name}
    desk.record(
        "attempt.requested",
        only_if=lambda: _listed(desk, target) is None and _still_fits(desk, target, ring_at),
        attempt_id=attempt_id,
        phone=target.phone,
        step_id=step_id,
        body=body,
        server=desk.kit.base_url,
        scheduled_at=ring_at.isoformat(),
        busy_until=(ring_at + _longest(desk, target)).isoformat(),
        leverage=told,
        tzdata=desk.kit.tzdata,
        reserved_usd=str(reserve(desk.brief, card_of(desk.state), target, text)),
        channel=target.channel,
    )
    desk.move_step(step_id, "started")


def _longest(desk: Desk, target: Target) -> timedelta:
    """Until when a call holds its line at the latest, after it begins to ring."""
    if target.channel == "sms":
        return timedelta(0)
    return timedelta(minutes=desk.brief.limits.minutes_per_call) + _RINGING


def _send(desk: Desk, attempt_id: str) -> Attempt | Defer:
    """The one request. It is deferred if this machine stood still on the way to it."""
    wall = desk.kit.wall
    noted = wall.now()
    attempt = desk.state.attempt(attempt_id)
    while isinstance(step := before_dial(attempt, wall.now() - noted), Mark):
        desk.record("attempt.sent", attempt_id=attempt_id)
        attempt = desk.state.attempt(attempt_id)
    if isinstance(step, Drop):
        _abandon(desk, attempt_id, step.reason)
        return Defer(desk.kit.clock.now(), step.reason, "stood_still")
    _dial(desk, attempt_id, step)
    return desk.state.attempt(attempt_id)


def _dial(desk: Desk, attempt_id: str, send: Send) -> None:
    assistant_id = desk.state.result_of(ASSISTANT)["id"]
    event, problem = None, None
    try:
        event = desk.client.calls.schedule(assistant_id, send.content, idempotency_key=send.key)
    except TelnyxError as caught:
        problem = caught
    verdict = judge(problem)
    if event is not None:
        _scheduled(desk, attempt_id, event.scheduled_event_id, how="answered")
    elif problem is not None and verdict == "not_executed":
        _abandon(desk, attempt_id, problem.message, limited=_is_about_rate(problem))
        raise problem
    elif problem is not None:
        frozen = verdict == "key_misused"
        desk.record("attempt.unknown", attempt_id=attempt_id, reason=problem.message, frozen=frozen)
        if frozen:
            raise ToolkitBug(
                f"Telnyx has another request under the key of attempt {attempt_id}, so nobody"
                f" calls this target again: {problem.message}"
            ) from problem


def _is_about_rate(problem: TelnyxError) -> bool:
    refused = isinstance(problem, ErrorResponse) and problem.status == _TOO_MANY
    return refused or tells_of_limit(problem.message)


def _look(desk: Desk, attempt: Attempt) -> None:
    """List the events, delete what is there twice, and list them once more if so."""
    calls, now = desk.client.calls, desk.kit.clock.now()  # what is seen is no newer than this
    assistant_id = desk.state.result_of(ASSISTANT)["id"]
    seen = after_list(attempt, calls.list_all(assistant_id), now)
    if isinstance(seen, Prune):
        _prune(desk, attempt, seen.event_ids)
        seen = after_list(attempt, calls.list_all(assistant_id), now)
    if isinstance(seen, Adopt):
        _scheduled(desk, attempt.attempt_id, seen.event_id, how="found")
    elif isinstance(seen, Ask):
        _ask(desk, attempt, now)


def _ask(desk: Desk, attempt: Attempt, now: datetime) -> None:
    talked = bool(desk.client.conversations.find({"attempt_id": attempt.attempt_id}))
    match after_conversations(attempt, talked, now, strict=desk.brief.strict):
        case Count():
            desk.record("attempt.sought", attempt_id=attempt.attempt_id)
        case Drop(reason):
            _abandon(desk, attempt.attempt_id, reason)
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


def _abandon(desk: Desk, attempt_id: str, reason: str, *, limited: bool = False) -> None:
    desk.record("attempt.abandoned", attempt_id=attempt_id, reason=reason, limited=limited)


def _scheduled(desk: Desk, attempt_id: str, event_id: str, how: str) -> None:
    desk.record("attempt.scheduled", attempt_id=attempt_id, scheduled_event_id=event_id, how=how)


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
