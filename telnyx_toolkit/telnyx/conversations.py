"""What was said on the phone, and what the insights made of it."""

from collections.abc import Mapping

from telnyx_toolkit.telnyx.family import Family, in_time
from telnyx_toolkit.telnyx.schemas import Conversation, InsightRun, Message

MESSAGES_A_PAGE = 100
CONVERSATIONS_AT_ONCE = 100


class Conversations(Family):
    """Everything under `/ai/conversations`, but the insights' definitions."""

    def get(self, conversation_id: str) -> Conversation:
        """One conversation. Source: `GET /ai/conversations/{conversation_id}`."""
        return self._one(Conversation, "GET", "ai", "conversations", conversation_id)

    def find(self, metadata: Mapping[str, str]) -> list[Conversation]:
        """The newest 100 conversations that carry all of this metadata.

        Source: `GET /ai/conversations`, whose filters are PostgREST's and which has no pages.
        """
        params: dict[str, str | int] = {f"metadata->{k}": f"eq.{v}" for k, v in metadata.items()}
        params |= {"order": "created_at.desc", "limit": CONVERSATIONS_AT_ONCE}
        return self._many(Conversation, "ai", "conversations", params=params)

    def messages(self, conversation_id: str) -> list[Message]:
        """The whole transcript in the order it was spoken.

        Source: `GET …/{conversation_id}/messages`, at most 100 a page, in no promised order.
        """
        place = ("ai", "conversations", conversation_id, "messages")
        spoken = self._many(Message, *place, size=MESSAGES_A_PAGE)
        return sorted(spoken, key=lambda message: in_time(message.at))

    def insights(self, conversation_id: str) -> list[InsightRun]:
        """The scorings so far; none right after the call, for seconds to minutes.

        Source: `GET …/{conversation_id}/conversations-insights`.
        """
        place = ("ai", "conversations", conversation_id, "conversations-insights")
        return self._many(InsightRun, *place)

    def rename(self, conversation: Conversation, name: str) -> Conversation:
        """Give a conversation a name, if Telnyx takes one: `name` is undocumented here.

        Its metadata goes along as it was read, in case leaving it out would clear it.
        Source: `PUT /ai/conversations/{conversation_id}`.
        """
        body = {"name": name, "metadata": {k: str(v) for k, v in conversation.metadata.items()}}
        return self._one(Conversation, "PUT", "ai", "conversations", conversation.id, body=body)

    def update_metadata(self, conversation_id: str, metadata: Mapping[str, str]) -> Conversation:
        """Add or change metadata, keeping the rest (two requests).

        Whether Telnyx merges or replaces is undocumented, so all of it is sent.
        Source: `GET` and `PUT /ai/conversations/{conversation_id}`.
        """
        present = self.get(conversation_id).metadata
        body = {"metadata": {**present, **metadata}}
        return self._one(Conversation, "PUT", "ai", "conversations", conversation_id, body=body)
