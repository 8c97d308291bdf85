"""Scheduled events: calls and texts that Telnyx will place by itself."""

import re
from datetime import datetime, timedelta

from telnyx_toolkit.simulator.account import E164
from telnyx_toolkit.simulator.router import DELETE, GET, POST, Route
from telnyx_toolkit.simulator.scheduling import check_call, check_text
from telnyx_toolkit.simulator.shapes import (
    Shape,
    choice,
    either,
    flag,
    mapping,
    moment,
    number,
    text,
)
from telnyx_toolkit.simulator.wire import (
    Ask,
    Doc,
    Paging,
    Reply,
    bad_request,
    not_found,
    refusal,
)
from telnyx_toolkit.simulator.world import PHONE, SMS, Call, Scheduled, World, instant, stamp

TARGET = re.compile(rf"{E164}|sips?:\S+@\S+")
RETRYING = ("max_retries_client_errors", "retry_interval_secs")
EVENT = Shape(
    {
        "telnyx_conversation_channel": choice(PHONE, SMS),
        "telnyx_end_user_target": text(1),
        "telnyx_agent_target": text(1),
        "scheduled_at_fixed_datetime": moment,
        "text": text(1),
        "conversation_metadata": mapping(either(text(), flag, number(whole=True))),
        "dynamic_variables": mapping(text()),
        "max_retries_client_errors": number(0, 10, whole=True),
        "retry_interval_secs": number(60, 86400, whole=True),
        "call_settings": Shape(
            {"sip_region": choice("US", "Europe", "Canada", "Australia", "Middle East")}
        ),
    },
    (
        "telnyx_conversation_channel",
        "telnyx_end_user_target",
        "telnyx_agent_target",
        "scheduled_at_fixed_datetime",
    ),
)


def create(world: World, ask: Ask) -> Reply:
    """POST /ai/assistants/{id}/scheduled_events."""
    assistant, body = world.assistant(ask.params["assistant_id"]), ask.body
    due = _due(world, body["scheduled_at_fixed_datetime"])
    _check_body(body)
    if body["telnyx_conversation_channel"] == PHONE:
        check_call(world, assistant, body["telnyx_agent_target"], body["telnyx_end_user_target"])
    else:
        check_text(world, assistant, body["telnyx_agent_target"])
    event = Scheduled(world.uuid(), assistant.id, world.now(), due, body)
    world.events[event.id] = world.pending[event.id] = event
    return Reply(201, view(event, world.now()))


def show(world: World, ask: Ask) -> Reply:
    """GET /ai/assistants/{id}/scheduled_events/{event_id}."""
    return Reply(200, view(_event(world, ask), world.now()))


def listed(world: World, ask: Ask) -> Reply:
    """GET /ai/assistants/{id}/scheduled_events: newest first; there is no filter by status."""
    assistant = world.assistant(ask.params["assistant_id"])
    channel = ask.query.get("conversation_channel")
    first, last = _day(ask.query.get("from_date")), _day(ask.query.get("to_date"), ends=True)
    found = [
        shown
        for event in world.events.values()
        if event.assistant_id == assistant.id and not event.deleted
        if channel in {None, event.channel}
        for shown in [view(event, world.now())]
        if first is None or instant(shown["scheduled_at_fixed_datetime"]) >= first
        if last is None or instant(shown["scheduled_at_fixed_datetime"]) <= last
    ]
    return ask.paged(found[::-1])


def delete(world: World, ask: Ask) -> Reply:
    """DELETE: a pending event will not happen; a call in progress goes on without its record."""
    event = _event(world, ask)
    event.deleted, event.due = True, None
    return Reply(200)


def view(event: Scheduled, now: datetime) -> Doc:
    """An event as of `now`."""
    body = event.body
    common: Doc = {
        "scheduled_event_id": event.id,
        "assistant_id": event.assistant_id,
        "telnyx_conversation_channel": event.channel,
        "telnyx_end_user_target": event.to,
        "telnyx_agent_target": event.agent_number,
        "scheduled_at_fixed_datetime": stamp(_planned(event)),
        "created_at": stamp(event.created_at),
        "conversation_metadata": body.get("conversation_metadata") or {},
        "dynamic_variables": body.get("dynamic_variables") or {},
    }
    return common | (_text_part(event) if event.channel == SMS else _call_part(event, now))


def _planned(event: Scheduled) -> datetime:
    """The present attempt's time: a retry has a new one."""
    last = [call.dispatched_at for call in event.calls[-1:]]
    return event.due or next(iter(last), instant(event.body["scheduled_at_fixed_datetime"]))


def _text_part(event: Scheduled) -> Doc:
    done = "pending" if event.done_at is None else "failed" if event.error else "completed"
    return {
        "text": event.body["text"],
        "status": done,
        "conversation_id": event.conversation_id or None,
        "errors": [event.error] if event.error else [],
        "retry_count": 0,
    }


def _call_part(event: Scheduled, now: datetime) -> Doc:
    last = event.calls[-1] if event.calls else None
    status = _status(event, last, now)
    answered = last is not None and last.answered_at is not None and last.answered_at <= now
    ended = last is not None and last.ended_at <= now
    return {
        "status": status,
        "call_status": last.status(now) if last else None,
        "call_duration": last.seconds() if last and ended and answered else None,
        "conversation_id": last.conversation_id if last and answered else None,
        "dispatched_at": stamp(last.dispatched_at) if last else None,
        "call_attempts": [_attempt(call, now) for call in event.calls],
        "errors": [call.error for call in event.calls] if status == "failed" else [],
        "retry_count": max(0, len(event.calls) - 1),
        "retry_attempts": max(0, len(event.calls) - 1),
        "call_settings": event.body.get("call_settings") or {"sip_region": "US"},
        "max_retries_client_errors": event.body.get("max_retries_client_errors", 0),
        "retry_interval_secs": event.body.get("retry_interval_secs"),
    }


def _status(event: Scheduled, last: Call | None, now: datetime) -> str:
    if last is None:
        return "pending"
    if now < last.ended_at:
        return "in_progress"
    if last.answered_at is not None:
        return "completed"
    return "pending" if event.due else "failed"


def _attempt(call: Call, now: datetime) -> Doc:
    ended = call.ended_at <= now
    return {
        "attempt_number": call.attempt,
        "attempted_at": stamp(call.dispatched_at),
        "call_status": call.status(now),
        "call_duration": call.seconds() if ended else None,
        "telnyx_call_control_id": call.control_id or None,
    }


def _event(world: World, ask: Ask) -> Scheduled:
    event = world.events.get(ask.params["event_id"])
    if event is None or event.deleted or event.assistant_id != ask.params["assistant_id"]:
        raise not_found("Scheduled event")
    return event


def _due(world: World, given: str) -> datetime:
    due = datetime.fromisoformat(given)
    if due.tzinfo is None:
        raise bad_request("scheduled_at_fixed_datetime needs a time zone")
    if due <= world.now():
        raise bad_request("scheduled_at_fixed_datetime must be in the future")
    return instant(given)


def _check_body(body: Doc) -> None:
    """What the shape cannot say: fields that need or exclude each other.

    Raises:
        Refusal: 400, or 422 for a text message without text.
    """
    for side in ("telnyx_end_user_target", "telnyx_agent_target"):
        if not TARGET.fullmatch(body[side]):
            raise refusal(400, "10016", f"{side}: the phone number must be in E.164 format")
    retries, interval = (body.get(name) for name in RETRYING)
    if bool(retries) != (interval is not None):
        raise bad_request(f"{' and '.join(RETRYING)} must be sent together")
    reserved = [
        key
        for key in body.get("conversation_metadata", {})
        if key.startswith("telnyx_") or key == "assistant_id"
    ]
    if reserved:
        raise bad_request(f"conversation_metadata: {reserved[0]} is reserved")
    if body["telnyx_conversation_channel"] == SMS:
        _check_text_body(body)


def _check_text_body(body: Doc) -> None:
    if "text" not in body:
        raise refusal(422, "10004", "text is required for sms_chat")
    phone_only = [name for name in (*RETRYING, "call_settings") if name in body]
    if phone_only:
        raise bad_request(f"{phone_only[0]} is for phone calls only")


def _day(given: str | None, *, ends: bool = False) -> datetime | None:
    """The instant of a date filter; a plain last day includes all of itself."""
    if given is None:
        return None
    whole_day = ends and re.fullmatch(r"\d{4}-\d\d-\d\d", given)
    return instant(given) + (timedelta(days=1, milliseconds=-1) if whole_day else timedelta())


MANY = "/ai/assistants/{assistant_id}/scheduled_events"
LIST = Shape({"conversation_channel": choice(PHONE, SMS), "from_date": moment, "to_date": moment})
ROUTES = (
    Route(POST, MANY, create, body=EVENT, keyed=True),
    Route(GET, MANY, listed, query=LIST, paging=Paging(20, 100)),
    Route(GET, MANY + "/{event_id}", show),
    Route(DELETE, MANY + "/{event_id}", delete),
)
