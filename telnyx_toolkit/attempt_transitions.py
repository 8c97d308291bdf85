"""What each ledger event about an attempt makes of a mission's state."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from telnyx_toolkit.errors import IllegalTransition
from telnyx_toolkit.model import Attempt, AttemptPhase, Event
from telnyx_toolkit.state import MissionState


def require(holds: bool, state: MissionState, event: Event) -> None:
    """Refuse a fact that the state before it does not allow."""
    if not holds:
        raise IllegalTransition(
            f"{event.kind} cannot follow in mission {state.mission_id} ({state.phase}): "
            f"{ {k: v for k, v in event.data.items() if k.endswith('_id')} }"
        )


def requested(state: MissionState, event: Event) -> MissionState:
    """A call, or a text, was decided on."""
    data = event.data
    known = {t.step_id for t in state.targets}
    free = not any(a.bars_another and a.step_id == data["step_id"] for a in state.attempts)
    free = free and data["step_id"] not in state.barred
    require(state.phase == "running" and data["step_id"] in known and free, state, event)
    attempt = Attempt(
        attempt_id=data["attempt_id"],
        step_id=data["step_id"],
        body=data["body"],
        scheduled_at=datetime.fromisoformat(data["scheduled_at"]),
        leverage=data["leverage"],
        reserved_usd=data["reserved_usd"],
        channel=data.get("channel", "call"),
        why=data.get("why", ""),
        requested_at=event.at,
    )
    return replace(state, attempts=(*state.attempts, attempt))


def attempt_to(
    phase: AttemptPhase, before: frozenset[AttemptPhase], *fields: str
) -> Callable[[MissionState, Event], MissionState]:
    """What brings an attempt from one of the phases `before` to `phase`, with these fields."""

    def handler(state: MissionState, event: Event) -> MissionState:
        known = [a for a in state.attempts if a.attempt_id == event.data["attempt_id"]]
        require(bool(known) and known[0].phase in before, state, event)
        told = {"session_id": "", "dispatched_at": "", "frozen": False, **event.data}
        news: dict[str, Any] = {name: told[name] for name in fields}
        if "transcript" in news:
            news["transcript"] = tuple(news["transcript"])
        if phase == "unknown":
            news["is_frozen"] = news.pop("frozen")
        if phase == "ended":
            news["ended_at"] = event.at
        changed = replace(known[0], phase=phase, **news)
        attempts = tuple(changed if a is known[0] else a for a in state.attempts)
        return replace(state, attempts=attempts)

    return handler


def sought(state: MissionState, event: Event) -> MissionState:
    """It was looked for in vain."""
    known = [a for a in state.attempts if a.attempt_id == event.data["attempt_id"]]
    require(bool(known) and known[0].phase in {"sent", "unknown"}, state, event)
    looked = replace(known[0], looks=known[0].looks + 1, sought_at=event.at)
    return replace(state, attempts=tuple(looked if a is known[0] else a for a in state.attempts))


def surplus(state: MissionState, event: Event) -> MissionState:
    """Telnyx had it more than once."""
    known = [a for a in state.attempts if a.attempt_id == event.data["attempt_id"]]
    require(bool(known) and known[0].phase in {"sent", "unknown"}, state, event)
    more = (*known[0].surplus, *event.data["scheduled_event_ids"])
    deleted = replace(known[0], surplus=tuple(dict.fromkeys(more)))
    return replace(state, attempts=tuple(deleted if a is known[0] else a for a in state.attempts))
