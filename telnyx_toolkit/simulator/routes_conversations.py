"""Conversations: bare when created, wrapped when read, messages in no promised order."""

from telnyx_toolkit.simulator import postgrest
from telnyx_toolkit.simulator.router import DELETE, GET, POST, PUT, Route
from telnyx_toolkit.simulator.shapes import (
    Shape,
    anything,
    choice,
    document,
    items,
    mapping,
    moment,
    nullable,
    text,
    unknown,
)
from telnyx_toolkit.simulator.wire import Ask, Doc, Paging, Reply, flawed
from telnyx_toolkit.simulator.world import Conversation, Message, World, instant, stamp

#: Telnyx states no default `limit`.
DEFAULT_LIMIT = 100


def create(world: World, ask: Ask) -> Reply:
    """POST /ai/conversations."""
    conversation = Conversation(
        world.uuid(), world.now(), ask.body.get("metadata", {}), ask.body.get("name")
    )
    world.conversations[conversation.id] = conversation
    return Reply(200, _view(world, conversation))


def listed(world: World, ask: Ask) -> Reply:
    """GET /ai/conversations with PostgREST filters, without `meta` and without pages."""
    begun = [one for one in world.conversations.values() if one.created_at <= world.now()]
    rows = [_view(world, one) for one in begun]
    return Reply(200, {"data": postgrest.select(rows, ask.query, DEFAULT_LIMIT)})


def show(world: World, ask: Ask) -> Reply:
    """GET /ai/conversations/{conversation_id}."""
    return Reply(200, {"data": _view(world, _conversation(world, ask))})


def update(world: World, ask: Ask) -> Reply:
    """PUT /ai/conversations/{conversation_id}: the sent metadata replaces all of it.

    Telnyx documents no `name` here, yet clients send one; the account's quirk says what it does.
    """
    conversation = _conversation(world, ask)
    names = world.account.quirks.conversation_names
    if "name" in ask.body and names == "refused":
        raise flawed(ask.path, [unknown(("body", "name"))])
    if "name" in ask.body and names == "taken":
        conversation.name = ask.body["name"]
    conversation.metadata = ask.body.get("metadata", conversation.metadata)
    return Reply(200, {"data": _view(world, conversation)})


def delete(world: World, ask: Ask) -> Reply:
    """`/ai/conversations/{conversation_id}`, DELETE."""
    del world.conversations[_conversation(world, ask).id]
    return Reply(200)


def add_message(world: World, ask: Ask) -> Reply:
    """POST /ai/conversations/{conversation_id}/message: an empty body comes back."""
    body = dict(ask.body)
    role, words = body.pop("role"), body.pop("content", None)
    sent_at = instant(body.pop("sent_at")) if "sent_at" in body else world.now()
    _conversation(world, ask).messages.append(Message(role, words, sent_at, body))
    return Reply(200)


def messages(world: World, ask: Ask) -> Reply:
    """GET /ai/conversations/{conversation_id}/messages: what was said so far, newest first."""
    rows: list[Doc] = [
        {
            "role": message.role,
            "text": message.text,
            "created_at": stamp(message.sent_at),
            "sent_at": stamp(message.sent_at),
            **message.extra,
        }
        for message in _conversation(world, ask).heard(world.now())
    ]
    return ask.paged(rows)


def insights(world: World, ask: Ask) -> Reply:
    """GET /ai/conversations/{conversation_id}/conversations-insights: empty until scored."""
    conversation = _conversation(world, ask)
    at = conversation.scored_at
    if at is None or at > world.now():
        return ask.paged([])
    run: Doc = {
        "id": world.derived(conversation.id, "insights"),
        "status": "completed",
        "created_at": stamp(at),
        "conversation_insights": conversation.results,
    }
    return ask.paged([run])


def _conversation(world: World, ask: Ask) -> Conversation:
    return world.conversation(ask.params["conversation_id"])


def _view(world: World, conversation: Conversation) -> Doc:
    heard = conversation.heard(world.now())
    last = heard[0].sent_at if heard else conversation.created_at
    return {
        "id": conversation.id,
        "name": conversation.name,
        "created_at": stamp(conversation.created_at),
        "last_message_at": stamp(last),
        "metadata": conversation.metadata,
    }


MANY = "/ai/conversations"
ONE = MANY + "/{conversation_id}"
METADATA = mapping(text())
MESSAGE = Shape(
    {
        "role": choice("user", "assistant", "tool"),
        "content": nullable(text()),
        "name": text(),
        "metadata": document,
        "sent_at": moment,
        "tool_calls": items(document),
        "tool_call_id": text(),
        "tool_choice": anything,
    },
    ("role",),
)
ROUTES = (
    Route(POST, MANY, create, body=Shape({"name": text(), "metadata": METADATA}), keyed=True),
    Route(GET, MANY, listed, query=postgrest.QUERY),
    Route(GET, ONE, show),
    Route(PUT, ONE, update, body=Shape({"metadata": METADATA, "name": text()})),
    Route(DELETE, ONE, delete),
    Route(POST, ONE + "/message", add_message, body=MESSAGE, keyed=True),
    Route(GET, ONE + "/messages", messages, paging=Paging(20, 100)),
    Route(GET, ONE + "/conversations-insights", insights),
)
