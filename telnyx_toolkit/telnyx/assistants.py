"""The assistants who speak on the phone."""

from telnyx_toolkit.telnyx.family import Family, Json
from telnyx_toolkit.telnyx.schemas import Assistant


class Assistants(Family):
    """Everything under `/ai/assistants`, but the calls."""

    def create(self, body: Json, *, idempotency_key: str) -> Assistant:
        """Create an assistant; `name` and `instructions` are required in `body`.

        Telnyx drops unknown or misplaced fields without a word: compare what comes back.
        Source: `POST /ai/assistants`.
        """
        place = ("ai", "assistants")
        return self._one(Assistant, "POST", *place, body=body, idempotency_key=idempotency_key)

    def get(self, assistant_id: str) -> Assistant:
        """One assistant. Source: `GET /ai/assistants/{assistant_id}`."""
        return self._one(Assistant, "GET", "ai", "assistants", assistant_id)

    def list_all(self) -> list[Assistant]:
        """Every assistant. Source: `GET /ai/assistants`, which documents no paging."""
        return self._many(Assistant, "ai", "assistants")

    def update(self, assistant_id: str, body: Json) -> Assistant:
        """Change the fields in `body`; `tools` replaces all tools, events pending use the change.

        Source: `POST /ai/assistants/{assistant_id}` (not PATCH).
        """
        return self._one(Assistant, "POST", "ai", "assistants", assistant_id, body=body)

    def delete(self, assistant_id: str) -> None:
        """Delete an assistant; its TeXML application, insights and numbers stay as they are.

        Source: `/ai/assistants/{assistant_id}`, DELETE.
        """
        self._do("DELETE", "ai", "assistants", assistant_id)
