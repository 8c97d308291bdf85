"""What was said in a conversation, and what the insights made of it so far."""

from contextlib import suppress
from dataclasses import dataclass

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.errors import TelnyxError
from telnyx_toolkit.telnyx import InsightRun, Message

_NAME_LIMIT = 120


@dataclass(frozen=True)
class Heard:
    """The words of one attempt.

    Attributes:
        conversation_id: Telnyx's id of the (latest) conversation; "" where there was none.
        messages: What was said, oldest first.
        runs: The scorings, oldest first.
    """

    conversation_id: str = ""
    messages: tuple[Message, ...] = ()
    runs: tuple[InsightRun, ...] = ()


def scorings(desk: Desk, conversation_id: str) -> tuple[InsightRun, ...]:
    """The scorings of a conversation so far."""
    return tuple(desk.client.conversations.insights(conversation_id))


def are_final(runs: tuple[InsightRun, ...]) -> bool:
    """Whether there are scorings, and none of them is still being worked out."""
    return bool(runs) and all(run.status in {"completed", "failed"} for run in runs)


def name_conversation(desk: Desk, conversation_id: str, name: str) -> str:
    """Name a conversation, for people who look at it in the portal; return its call's session.

    Telnyx does not document that a conversation can be renamed, so nothing depends on it: a
    refusal or a fault is passed over. The session id is "" where it could not be read.
    """
    conversations = desk.client.conversations
    try:
        found = conversations.get(conversation_id)
    except TelnyxError:
        return ""
    with suppress(TelnyxError):
        conversations.rename(found, name[:_NAME_LIMIT])
    return str(found.metadata.get("call_session_id") or "")
