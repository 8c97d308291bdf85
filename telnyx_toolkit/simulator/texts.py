"""Text conversations: one message of ours, and what comes back in the minutes that follow."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from telnyx_toolkit.simulator import scheduling
from telnyx_toolkit.simulator.callees import Callee
from telnyx_toolkit.simulator.keeping import (
    asked_for,
    keep,
    metadata,
    unasked_metadata,
    variables,
)
from telnyx_toolkit.simulator.talk import Scene, Talk, fill_in, merged, text_back
from telnyx_toolkit.simulator.wire import Doc, Refusal, bad_request, not_found
from telnyx_toolkit.simulator.world import Assistant, Conversation, Message, Scheduled, World

#: `conversation_inactivity_minutes` of an assistant that does not set it; Telnyx states no default.
QUIET_MINUTES = 30


@dataclass(frozen=True)
class Row:
    """A message of the callee, and the facts that it states."""

    message: Message
    facts: Doc


def send(world: World, event: Scheduled, at: datetime) -> None:
    """Send an event's text, and lay out what will come back."""
    event.done_at = at
    callee = world.callees.at(event.to)
    try:
        assistant = _assistant(world, event)
        if callee.texts == "failed":
            raise bad_request(f"Text to {event.to} was not delivered: it takes no text messages")
    except Refusal as refused:
        event.error = scheduling.reason(refused)
        return
    known = variables(event, assistant, at)
    event.said = fill_in(event.body["text"], known)
    event.conversation_id = world.derived(event.id, "conversation")
    first = Message("assistant", event.said, at)
    rows = _rows(callee, Scene("", known, event.to, asked_for(world, assistant)), at)
    quiet = _quiet(assistant)
    if callee.reply_after_s > quiet.total_seconds():
        _keep(world, event, assistant, [first], [])
        for row in rows:
            _keep(world, event, assistant, [], [row])
    else:
        _keep(world, event, assistant, [first], rows)


def _assistant(world: World, event: Scheduled) -> Assistant:
    assistant = world.assistants.get(event.assistant_id)
    if assistant is None:
        raise not_found("Assistant")
    scheduling.check_text(world, assistant, event.agent_number)
    return assistant


def _rows(callee: Callee, scene: Scene, at: datetime) -> list[Row]:
    wait = timedelta(seconds=callee.reply_after_s)
    return [
        Row(Message("user", words, at + wait * number), facts)
        for number, (words, facts) in enumerate(text_back(callee, scene), start=1)
    ]


def _quiet(assistant: Assistant) -> timedelta:
    settings: Doc = assistant.settings["messaging_settings"]
    return timedelta(minutes=settings.get("conversation_inactivity_minutes", QUIET_MINUTES))


def _keep(
    world: World, event: Scheduled, assistant: Assistant, ours: list[Message], rows: list[Row]
) -> None:
    """Keep one conversation: the event's own, or one that a reply began after a long silence."""
    messages = [*ours, *(row.message for row in rows)]
    begun = messages[0].sent_at
    if ours:
        conversation_id, notes = event.conversation_id, metadata(world, event, assistant)
    else:
        conversation_id = world.derived(event.id, "conversation", begun)
        notes = unasked_metadata(world, event, assistant)
    conversation = Conversation(conversation_id, begun, notes, messages=messages)
    keep(
        world, assistant, conversation, _talk(event, rows), messages[-1].sent_at + _quiet(assistant)
    )


def _talk(event: Scheduled, rows: list[Row]) -> Talk:
    """What those who score it may know: the words of the callee, and whether there were any."""
    facts: Doc = {"answered_by": "person" if rows else "nobody"}
    for row in rows:
        facts = merged(facts, row.facts)
    said = f"{event.to} answered by text." if rows else f"Nobody answered the text to {event.to}."
    return Talk(facts=facts, summary=said)
