"""What a call and a text have in common: the variables, the insights, and what is kept of them."""

from collections.abc import Iterator
from datetime import datetime

from telnyx_toolkit.simulator.improvise import Question, questions
from telnyx_toolkit.simulator.insights import schema_of, scored
from telnyx_toolkit.simulator.talk import Talk
from telnyx_toolkit.simulator.wire import Doc, inner
from telnyx_toolkit.simulator.world import Assistant, Conversation, Scheduled, World, stamp


def variables(event: Scheduled, assistant: Assistant, at: datetime) -> dict[str, str]:
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


def metadata(world: World, event: Scheduled, assistant: Assistant) -> dict[str, str]:
    """What Telnyx writes on a conversation, and the event's own metadata, all as strings."""
    given = inner(event.body, "conversation_metadata")
    own = {key: plain(value) for key, value in given.items()}
    return own | unasked_metadata(world, event, assistant)


def unasked_metadata(world: World, event: Scheduled, assistant: Assistant) -> dict[str, str]:
    """What Telnyx writes on a conversation that no event began."""
    return {
        "assistant_id": assistant.id,
        "assistant_version_id": world.derived(assistant.id, "version", assistant.version),
        "telnyx_conversation_channel": event.channel,
        "telnyx_agent_target": event.agent_number,
        "telnyx_end_user_target": event.to,
    }


def asked_for(world: World, assistant: Assistant) -> list[Question]:
    """What the structured insights of the assistant's group want to have quoted."""
    schemas = [schema_of(insight) for insight in _insights(world, assistant)]
    return questions([schema for schema in schemas if schema])


def keep(
    world: World,
    assistant: Assistant,
    conversation: Conversation,
    talk: Talk,
    scored_at: datetime,
) -> None:
    """Keep the conversation, without its content where the assistant's privacy settings say so."""
    world.conversations[conversation.id] = conversation
    if not assistant.settings["privacy_settings"]["data_retention"]:
        conversation.messages = []
        return
    conversation.results = [
        {"insight_id": insight["id"], "result": scored(insight, talk.facts, talk.summary)}
        for insight in _insights(world, assistant)
    ]
    if conversation.results:
        conversation.scored_at = scored_at


def plain(value: str | int | bool) -> str:
    """A value as Telnyx turns it into text: true and false in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _insights(world: World, assistant: Assistant) -> Iterator[Doc]:
    group_id = inner(assistant.settings, "insight_settings").get("insight_group_id")
    group = world.groups.get(group_id or "", {"insights": []})
    yield from (world.insights[insight_id] for insight_id in group["insights"])
