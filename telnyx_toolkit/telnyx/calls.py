"""Calls to be placed: the scheduled events of an assistant."""

from datetime import datetime

from telnyx_toolkit.clock import aware
from telnyx_toolkit.telnyx.family import Family
from telnyx_toolkit.telnyx.http import Http, Once, path_of
from telnyx_toolkit.telnyx.replies import one
from telnyx_toolkit.telnyx.schemas import ScheduledEvent

EVENTS_A_PAGE = 100


class Calls(Family):
    """Everything under `/ai/assistants/{assistant_id}/scheduled_events`.

    Args:
        http: For everything but the dial; it may repeat.
        once: For the dial, and for taking it back, each sent exactly once, however it ends.
    """

    def __init__(self, http: Http, once: Once) -> None:
        super().__init__(http)
        self._once = once

    def schedule(
        self, assistant_id: str, content: bytes, *, idempotency_key: str
    ) -> ScheduledEvent:
        """Place a call, with one request; NoResponse means that the phone may ring.

        Args:
            assistant_id: Who calls.
            content: The JSON body, sent byte for byte: a repeat under the same key must be equal.
            idempotency_key: Successful answers are replayed under it for up to 24 hours.

        Source: `POST …/scheduled_events`.
        """
        path = path_of("ai", "assistants", assistant_id, "scheduled_events")
        answer = self._once.request("POST", path, content=content, idempotency_key=idempotency_key)
        return one(ScheduledEvent, answer, f"POST {path}")

    def get(self, assistant_id: str, event_id: str) -> ScheduledEvent:
        """How it stands with a call. Source: `GET …/scheduled_events/{event_id}`."""
        place = ("ai", "assistants", assistant_id, "scheduled_events", event_id)
        return self._one(ScheduledEvent, "GET", *place)

    def list_all(
        self, assistant_id: str, *, from_date: datetime | None = None
    ) -> list[ScheduledEvent]:
        """Every call of an assistant, each once.

        Args:
            assistant_id: Who calls.
            from_date: Only those scheduled at or after it.

        Source: `GET …/scheduled_events`, at most 100 a page.
        """
        place = ("ai", "assistants", assistant_id, "scheduled_events")
        params = {"from_date": _iso(from_date)} if from_date else None
        return self._many(ScheduledEvent, *place, size=EVENTS_A_PAGE, params=params)

    def delete(self, assistant_id: str, event_id: str) -> None:
        """Take back a pending call; one in progress goes on, and only its record is lost.

        One request: before another it must be seen again that the call is pending.

        Source: `DELETE …/scheduled_events/{event_id}`.
        """
        path = path_of("ai", "assistants", assistant_id, "scheduled_events", event_id)
        self._once.request("DELETE", path)


def _iso(instant: datetime) -> str:
    return aware(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")
