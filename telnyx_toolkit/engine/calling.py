"""Placing a call exactly once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from telnyx_toolkit.effect_watch import effect
from telnyx_toolkit.engine.borrowing import keep
from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.following import abandon, note_scheduled
from telnyx_toolkit.engine.names import ASSISTANT, NUMBER
from telnyx_toolkit.errors import ErrorResponse, PolicyDenied, TelnyxError, ToolkitBug
from telnyx_toolkit.model import Attempt, Json, Listing, Target
from telnyx_toolkit.negotiation import cite, earlier, leverage
from telnyx_toolkit.offers import Offer
from telnyx_toolkit.pace import Traffic, tells_of_limit
from telnyx_toolkit.policy import CAP_SPAN, LEAD, Allow, Defer, Deny, check, is_within
from telnyx_toolkit.protocol import (
    Drop,
    Mark,
    Send,
    before_dial,
    judge,
)
from telnyx_toolkit.script import call_body, call_variables
from telnyx_toolkit.spending import card_of, reserve, text_for

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief

_TOO_MANY = 429
#: Telnyx lets a phone ring for half a minute, and shows the end of a call some moments later.
_RINGING = timedelta(minutes=1)


def schedule_call(
    desk: Desk, step_id: str, why: str = "", *, again: bool = True
) -> Attempt | Defer:
    """Ask Telnyx for the next call, or text, to a target, if policy allows it now.

    The intent is in the ledger before the request, and the attempt's id goes with it as key and
    as metadata: a lost answer is found again by looking, never by asking twice. If this machine
    stood still on the way, nothing left, and policy is asked `again`: once, then it is deferred.

    Args:
        desk: The mission.
        step_id: Who is reached.
        why: Why they, and why now; for the record.
        again: Whether policy may be asked once more.

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
            with effect("schedule_call", attempt=attempt_id):
                _request(desk, attempt_id, step_id, ring_at, why)
                sent = _send(desk, attempt_id)
            if isinstance(sent, Defer) and again:
                return schedule_call(desk, step_id, why, again=False)
            return sent


def cited(desk: Desk, step_id: str) -> Offer | None:
    """The offer to cite in the next call, as of now; None if there is none."""
    if not desk.brief.kind.carries_offers:
        return None
    return leverage(desk.brief, desk.state, step_id, desk.kit.clock.now())


def _told(brief: Brief, offer: Offer, language: str) -> Json:
    """What is kept of an offer that is cited: enough to prove later that it was the best."""
    return {
        **cite(brief, offer, language),
        "amount": str(offer.amount),
        "total": str(offer.total),
        "target": offer.target_name,
        "step_id": offer.step_id,
        "attempt_id": offer.attempt_id,
    }


def _traffic(desk: Desk) -> Traffic:
    """Every call that rang within the last day, or was decided on; some rang after that."""
    return desk.kit.ledger.traffic(desk.kit.clock.now() - CAP_SPAN - 2 * LEAD)


def _still_fits(desk: Desk, target: Target, ring_at: datetime) -> bool:
    """Whether the call is within all limits over missions, by what others decided meanwhile."""
    now, server = desk.kit.clock.now(), desk.kit.base_url
    return is_within(target, server, ring_at, _traffic(desk), desk.kit.pace, now)


def _listed(desk: Desk, target: Target) -> Listing | None:
    return desk.kit.ledger.do_not_call.entry(target.phone)


def _request(desk: Desk, attempt_id: str, step_id: str, ring_at: datetime, why: str) -> None:
    target = desk.state.target(step_id)
    citing = cited(desk, step_id)
    language = desk.brief.language_of(target.name)
    told = _told(desk.brief, citing, language) if citing else None
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
        variables=call_variables(
            desk.brief,
            desk.kit.prompts,
            target.name,
            told,
            earlier(desk.brief, desk.state, step_id, language),
            target.keys,
        ),
        text=(text := text_for(desk.state, target)),
    )
    desk.record(
        "attempt.requested",
        only_if=lambda: _listed(desk, target) is None and _still_fits(desk, target, ring_at),
        attempt_id=attempt_id,
        phone=target.phone,
        step_id=step_id,
        why=why,
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
        abandon(desk, attempt_id, step.reason)
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
        note_scheduled(desk, attempt_id, event.scheduled_event_id, how="answered")
    elif problem is not None and verdict == "not_executed":
        abandon(desk, attempt_id, problem.message, limited=_is_about_rate(problem))
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
