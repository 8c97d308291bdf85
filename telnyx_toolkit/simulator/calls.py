"""Dispatch and progress of scheduled events: what happens by itself as the clock moves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from telnyx_toolkit.simulator import scheduling
from telnyx_toolkit.simulator.callees import ANSWERED, Callee
from telnyx_toolkit.simulator.improvise import questions
from telnyx_toolkit.simulator.insights import schema_of, scored
from telnyx_toolkit.simulator.talk import Scene, Talk, converse, fill_in, voicemail
from telnyx_toolkit.simulator.wire import Doc, Refusal, inner, not_found
from telnyx_toolkit.simulator.world import (
    ROLES,
    SMS,
    Assistant,
    Call,
    Conversation,
    Message,
    Scheduled,
    World,
    stamp,
)

SCORING = timedelta(seconds=2)
TEXT_REPLY = timedelta(seconds=60)
GENERATED = "<assistant-speaks-first-with-model-generated-message>"
GENERATED_GREETING = "Hello, this is an AI assistant."


def settle(world: World) -> None:
    """Dispatch, in order of time, every event whose time has come."""
    now = world.now()
    while (event := _next_due(world, now)) is not None:
        if event.channel == SMS:
            _text(world, event)
        else:
            _dial(world, event)


def _next_due(world: World, now: datetime) -> Scheduled | None:
    due = [(event.due, event) for event in world.events.values() if event.due and event.due <= now]
    return min(due, key=lambda pair: pair[0])[1] if due else None


def _dial(world: World, event: Scheduled) -> None:
    at = _take_due(event)
    attempt = len(event.calls) + 1
    try:
        if event.assistant_id not in world.assistants:
            raise not_found("Assistant")
        assistant = world.assistants[event.assistant_id]
        scheduling.check_call(world, assistant, event.agent_number, event.to)
        scheduling.check_dial(world, at)
    except Refusal as refused:
        error = scheduling.reason(refused)
        call = Call(attempt, at, "failed", None, at, rang=False, error=error)
    else:
        call = _ring(world, event, assistant, at)
    event.calls.append(call)
    if call.answered_at is None and event.retries_left:
        event.due = call.ended_at + timedelta(seconds=event.body["retry_interval_secs"])


def _take_due(event: Scheduled) -> datetime:
    if event.due is None:
        raise AssertionError("only events that are due are dispatched")
    at, event.due = event.due, None
    return at


def _ring(world: World, event: Scheduled, assistant: Assistant, at: datetime) -> Call:
    callee = world.callees.at(event.to)
    manner = callee.attempt(world.dialled[event.to])
    world.dialled[event.to] += 1
    attempt = len(event.calls) + 1
    picked_up = at + timedelta(seconds=callee.rings_s)
    if manner not in ANSWERED:
        error = f"Call to {event.to} ended: {manner}"
        return _identified(world, event, Call(attempt, at, manner, None, picked_up, error=error))
    limit = assistant.settings["telephony_settings"]["time_limit_secs"]
    scene = _scene(world, event, assistant, at, max(1, limit // callee.seconds_per_line))
    talk = voicemail(callee, scene) if manner == "voicemail" else converse(callee, scene)
    length = min(max(1, len(talk.lines)) * callee.seconds_per_line, limit)
    call = Call(
        attempt,
        at,
        "completed",
        picked_up,
        picked_up + timedelta(seconds=length),
        conversation_id=world.derived(event.id, attempt, "conversation"),
        ended_by=callee.ends_by,
        agent_lines=tuple(line.text for line in talk.lines if line.speaker == "agent"),
        callee_lines=tuple(line.text for line in talk.lines if line.speaker == "callee"),
    )
    call = _identified(world, event, call)
    _write_down(world, event, assistant, callee, call, talk)
    return call


def _identified(world: World, event: Scheduled, call: Call) -> Call:
    return replace(
        call,
        control_id=f"v3:{world.derived(event.id, call.attempt, 'control')}",
        session_id=world.derived(event.id, call.attempt, "session"),
    )


def _scene(
    world: World, event: Scheduled, assistant: Assistant, at: datetime, most_lines: int
) -> Scene:
    greeting: str = assistant.settings.get("greeting", GENERATED)
    schemas = [schema for insight in _insights(world, assistant) if (schema := schema_of(insight))]
    return Scene(
        greeting=GENERATED_GREETING if greeting == GENERATED else greeting,
        variables=_variables(event, assistant, at),
        phone=event.to,
        questions=questions(schemas),
        most_lines=most_lines,
    )


def _variables(event: Scheduled, assistant: Assistant, at: datetime) -> dict[str, str]:
    """Telnyx's system variables and the assistant's defaults, overruled by the event's values."""
    defaults = assistant.settings["dynamic_variables"]
    return {
        "telnyx_current_time": stamp(at),
        "telnyx_current_date": at.date().isoformat(),
        "telnyx_conversation_channel": event.channel,
        "telnyx_agent_target": event.agent_number,
        "telnyx_end_user_target": event.to,
        **{name: plain(value) for name, value in defaults.items()},
        **inner(event.body, "dynamic_variables"),
    }


def plain(value: str | int | bool) -> str:
    """A value as Telnyx turns it into text: true and false in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _insights(world: World, assistant: Assistant) -> Iterator[Doc]:
    group_id = inner(assistant.settings, "insight_settings").get("insight_group_id")
    group = world.groups.get(group_id or "", {"insights": []})
    yield from (world.insights[insight_id] for insight_id in group["insights"])


def _write_down(
    world: World, event: Scheduled, assistant: Assistant, callee: Callee, call: Call, talk: Talk
) -> None:
    """Keep the conversation, unless the assistant's privacy settings forbid its content."""
    begun = call.answered_at or call.dispatched_at
    conversation = Conversation(
        call.conversation_id,
        begun,
        _metadata(world, event, assistant)
        | {
            "call_control_id": call.control_id,
            "call_session_id": call.session_id,
            "call_leg_id": world.derived(event.id, call.attempt, "leg"),
        },
    )
    world.conversations[conversation.id] = conversation
    if not assistant.settings["privacy_settings"]["data_retention"]:
        return
    conversation.messages = [
        Message(
            ROLES[line.speaker],
            line.text,
            begun + timedelta(seconds=position * callee.seconds_per_line),
        )
        for position, line in enumerate(talk.lines)
    ]
    conversation.results = [
        {"insight_id": insight["id"], "result": scored(insight, talk.facts, talk.summary)}
        for insight in _insights(world, assistant)
    ]
    if conversation.results:
        conversation.scored_at = call.ended_at + SCORING


def _metadata(world: World, event: Scheduled, assistant: Assistant) -> dict[str, str]:
    """What Telnyx writes on a conversation, and the event's own metadata, all as strings."""
    given = inner(event.body, "conversation_metadata")
    return {
        **{key: plain(value) for key, value in given.items()},
        "assistant_id": assistant.id,
        "assistant_version_id": world.derived(assistant.id, "version", assistant.version),
        "telnyx_conversation_channel": event.channel,
        "telnyx_agent_target": event.agent_number,
        "telnyx_end_user_target": event.to,
    }


def _text(world: World, event: Scheduled) -> None:
    at = _take_due(event)
    event.done_at = at
    assistant = world.assistants.get(event.assistant_id)
    try:
        if assistant is None:
            raise not_found("Assistant")
        scheduling.check_text(world, assistant, event.agent_number)
    except Refusal as refused:
        event.error = scheduling.reason(refused)
        return
    callee = world.callees.at(event.to)
    event.conversation_id = world.derived(event.id, "conversation")
    said = fill_in(event.body["text"], _variables(event, assistant, at))
    conversation = Conversation(event.conversation_id, at, _metadata(world, event, assistant))
    conversation.messages = [Message("assistant", said, at)] + [
        Message("user", reply, at + TEXT_REPLY * number)
        for number, reply in enumerate(callee.sms_replies, start=1)
    ]
    world.conversations[conversation.id] = conversation
