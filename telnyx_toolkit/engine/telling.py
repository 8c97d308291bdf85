"""The result of a mission in data and in words, as of an instant."""

from datetime import datetime

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.model import Json
from telnyx_toolkit.state import MissionState


def tell(
    desk: Desk, status: str, now: datetime, state: MissionState | None = None
) -> tuple[Json, str]:
    """The `result_payload` and the `result_summary`.

    Args:
        desk: The mission.
        status: How it ends, or in what state it is.
        now: UTC; an offer that has run out by then is not recommended.
        state: Told of instead of the mission's present state.
    """
    from telnyx_toolkit.summary import build_summary  # noqa: PLC0415 - only an end needs it

    brief, prompts = desk.brief, desk.kit.prompts
    payload = build_summary(brief, state or desk.state, status, now)
    chosen = payload["recommendation"]
    if chosen and not chosen["past_walk_away"] and status != "cancelled":
        payload["confirmation"] = prompts.confirmation(brief, chosen)
    return payload, prompts.summary(payload)
