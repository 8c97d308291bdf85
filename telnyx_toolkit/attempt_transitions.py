"""What each ledger event about an attempt makes of a mission's state."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from telnyx_toolkit.errors import IllegalTransition
from telnyx_toolkit.model import Attempt, AttemptPhase, Event, Json
from telnyx_toolkit.state import MissionState

#: Of a request, whom it is about: these are looked at when all is over, too.
_WHOM = {"telnyx_agent_target", "telnyx_end_user_target", "telnyx_conversation_channel"}
_LOST: frozenset[AttemptPhase] = frozenset({"sent", "unknown"})


def require(holds: bool, state: MissionState, event: Event) -> None:
    """Refuse a fact that the state before it does not allow."""
    if not holds:
        raise _impossible(state, event)


def _impossible(state: MissionState, event: Event) -> IllegalTransition:
    return IllegalTransition(
        f"{event.kind} cannot follow in mission {state.mission_id} ({state.phase}): "
        f"{ {k: v for k, v in event.data.items() if k.endswith('_id')} }"
    )


def requested(state: MissionState, event: Event) -> MissionState:
    """A call, or a text, was decided on."""
    data = event.data
    step_id = data["step_id"]
    known = state.is_to_reach(step_id) and state.attempts.find(data["attempt_id"]) is None
    free = not any(a.bars_another for a in state.attempts.kin_of(step_id))
    free = free and step_id not in state.barred
    require(state.phase == "running" and known and free, state, event)
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
    return state.with_attempt(attempt)


def attempt_to(
    phase: AttemptPhase, before: frozenset[AttemptPhase], *fields: str
) -> Callable[[MissionState, Event], MissionState]:
    """What brings an attempt from one of the phases `before` to `phase`, with these fields."""

    def handler(state: MissionState, event: Event) -> MissionState:
        known = _known(state, event, before)
        told = {"session_id": "", "dispatched_at": "", "frozen": False, **event.data}
        news: dict[str, Any] = {name: told[name] for name in fields}
        if "transcript" in news:
            news |= _packed(news)
        if phase == "unknown":
            news["is_frozen"] = news.pop("frozen")
        if phase == "ended":
            news["ended_at"] = event.at
        if phase == "collected":
            news["body"] = _whom(known.body)
        return state.with_attempt(replace(known, phase=phase, **news))

    return handler


def _whom(body: str) -> str:
    """Of a request that is over and done: who was reached by which number."""
    sent: Json = json.loads(body)
    return json.dumps({name: value for name, value in sent.items() if name in _WHOM})


def _packed(news: Mapping[str, Any]) -> dict[str, Any]:
    """What was said and what was made of it, as it is held."""
    from telnyx_toolkit.packed import PackedMap, PackedRows  # noqa: PLC0415 - often nobody spoke

    said, insight = news["transcript"], news["insight"]
    return {
        "transcript": PackedRows.of(said) if said else (),
        "insight": None if insight is None else PackedMap.of(insight),
    }


def sought(state: MissionState, event: Event) -> MissionState:
    """It was looked for in vain."""
    known = _known(state, event, _LOST)
    return state.with_attempt(replace(known, looks=known.looks + 1, sought_at=event.at))


def surplus(state: MissionState, event: Event) -> MissionState:
    """Telnyx had it more than once."""
    known = _known(state, event, _LOST)
    more = (*known.surplus, *event.data["scheduled_event_ids"])
    return state.with_attempt(replace(known, surplus=tuple(dict.fromkeys(more))))


def _known(state: MissionState, event: Event, before: frozenset[AttemptPhase]) -> Attempt:
    """The attempt of an event, which must be in one of these phases."""
    known = state.attempts.find(event.data["attempt_id"])
    if known is None or known.phase not in before:
        raise _impossible(state, event)
    return known
