"""Dispatch and progress of scheduled events: what happens by itself as the clock moves."""

from dataclasses import replace
from datetime import datetime, timedelta

from telnyx_toolkit.simulator import scheduling
from telnyx_toolkit.simulator.callees import ANSWERED, Callee
from telnyx_toolkit.simulator.keeping import asked_for, keep, metadata, variables
from telnyx_toolkit.simulator.talk import Scene, Talk, converse, voicemail
from telnyx_toolkit.simulator.texts import send
from telnyx_toolkit.simulator.wire import Doc, Refusal, not_found
from telnyx_toolkit.simulator.world import (
    ROLES,
    SMS,
    Assistant,
    Call,
    Conversation,
    Message,
    Scheduled,
    World,
)

SCORING = timedelta(seconds=2)
GENERATED = "<assistant-speaks-first-with-model-generated-message>"
GENERATED_GREETING = "Hello, this is an AI assistant."


def settle(world: World) -> None:
    """Dispatch, in order of time, every event whose time has come."""
    now = world.now()
    while (event := _next_due(world, now)) is not None:
        if event.channel == SMS:
            send(world, event, _take_due(event))
        else:
            _dial(world, event, _take_due(event))


def _next_due(world: World, now: datetime) -> Scheduled | None:
    for event in [event for event in world.pending.values() if event.due is None]:
        del world.pending[event.id]
    due = [(e.due, e) for e in world.pending.values() if e.due and e.due <= now]
    return min(due, key=lambda pair: pair[0])[1] if due else None


def _dial(world: World, event: Scheduled, at: datetime) -> None:
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
    world.made.append((event, call))
    if call.rang:
        world.lines.append(call)
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
        connection_id=assistant.app_id,
        recording=_recording(assistant),
    )
    call = _identified(world, event, call)
    scored = _write_down(world, event, assistant, callee, call, talk)
    return replace(call, insights=scored)


def _identified(world: World, event: Scheduled, call: Call) -> Call:
    return replace(
        call,
        control_id=f"v3:{world.derived(event.id, call.attempt, 'control')}",
        session_id=world.derived(event.id, call.attempt, "session"),
        leg_id=world.derived(event.id, call.attempt, "leg"),
    )


def _recording(assistant: Assistant) -> Doc | None:
    settings: Doc = assistant.settings["telephony_settings"]["recording_settings"]
    return settings if settings["enabled"] else None


def _scene(
    world: World, event: Scheduled, assistant: Assistant, at: datetime, most_lines: int
) -> Scene:
    greeting: str = assistant.settings.get("greeting", GENERATED)
    return Scene(
        greeting=GENERATED_GREETING if greeting == GENERATED else greeting,
        variables=variables(event, assistant, at),
        phone=event.to,
        questions=asked_for(world, assistant),
        most_lines=most_lines,
        call=world.dialled[event.to],
    )


def _write_down(
    world: World, event: Scheduled, assistant: Assistant, callee: Callee, call: Call, talk: Talk
) -> int:
    """Keep the conversation; the number of insights that are scored."""
    begun = call.answered_at or call.dispatched_at
    conversation = Conversation(
        call.conversation_id,
        begun,
        metadata(world, event, assistant)
        | {
            "call_control_id": call.control_id,
            "call_session_id": call.session_id,
            "call_leg_id": call.leg_id,
        },
    )
    conversation.messages = [
        Message(
            ROLES[line.speaker],
            line.text,
            begun + timedelta(seconds=position * callee.seconds_per_line),
        )
        for position, line in enumerate(talk.lines)
    ]
    keep(world, assistant, conversation, talk, call.ended_at + SCORING)
    return len(conversation.results)
