"""What a call and a text cost: the rows of GET /detail_records, one type at a time.

Telnyx's SDK declares the fields of `messaging` rows only. Those of the other types are the ones
that users of live accounts have written down, and they differ: the instants, the ids and the name
of the session are other ones in each type. Prices are those of Telnyx's pages in August 2026.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from telnyx_toolkit.simulator.scheduling import country
from telnyx_toolkit.simulator.wire import Doc
from telnyx_toolkit.simulator.world import Call, Scheduled, World, stamp

MINUTE = 60
PART = 160
#: USD per started minute of a call.
RATES: Mapping[str, Decimal] = {
    "ai-voice-assistant": Decimal("0.05"),
    "sip-trunking": Decimal("0.005"),
    "call-control": Decimal("0.002"),
    "recording": Decimal("0.002"),
    "inference": Decimal("0.004"),
}
INSIGHT_RATE = Decimal("0.0005")
PART_RATE = Decimal("0.004")
LEAST_PLAIN = Decimal("0.001")
UNITS = {"ai-voice-assistant": "ai_voice_assistant_minutes"}

PRICED = ("rate", "rate_measured_in", "cost", "currency")
PARTIES = ("cli", "cld", "direction")
#: The attributes of each type, `record_type` aside.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ai-voice-assistant": (
        *("id", "assistant_id", "conversation_id"),
        *("call_control_id", "telnyx_leg_id", "telnyx_session_id"),
        *("created_at", "completed_at", "duration_sec", "billed_sec"),
        *(*PARTIES, *PRICED),
    ),
    "inference": (
        *("id", "conversation_id", "call_session_id", "created_at"),
        *("usecase", "billable", "cost", "currency"),
    ),
    "sip-trunking": (
        *("id", "call_control_id", "telnyx_session_id", "connection_id"),
        *("started_at", "answered_at", "finished_at", "call_sec", "billed_sec"),
        *(*PARTIES, *PRICED),
    ),
    "call-control": (
        *("id", "telnyx_leg_id", "telnyx_session_id", "connection_id"),
        *("started_at", "finished_at", "call_sec", "billed_sec"),
        *(*PARTIES, *PRICED),
    ),
    "recording": (
        *("id", "telnyx_session_id", "connection_id"),
        *("started_at", "finished_at", "call_sec", "billed_sec"),
        *(*PARTIES, *PRICED),
    ),
    "messaging": (
        *("uuid", "cli", "cld", "direction", "message_type", "parts", "status", "errors"),
        *("created_at", "sent_at", "completed_at", "updated_at"),
        *("country_code", "source_country_code", "tags"),
        *("carrier_fee", "rate", "cost", "currency"),
    ),
    # No rows of these, yet they are asked for by session.
    **dict.fromkeys(
        ("amd", "conference", "conference-participant", "noise-suppression", "stt", "tts"),
        ("id", "call_leg_id", "call_session_id"),
    ),
}


def rows(world: World, kind: str, until: datetime) -> list[Doc]:
    """The rows of one type for what had ended by `until`, the latest first.

    Telnyx has no rows for calls that nobody answered; nor for texts that it could not send.
    """
    if kind == "messaging":
        return _texts(world, until)
    known = world.billed
    if known is None or known[:2] != (kind, until):
        known = world.billed = (kind, until, _of_calls(world, kind, until))
    return [*known[2]]


def _of_calls(world: World, kind: str, until: datetime) -> list[Doc]:
    return [
        {"record_type": kind} | {name: row[name] for name in COLUMNS[kind]}
        for event, call in world.answered(until)
        for row in _rows(world, kind, event, call)
    ]


def _rows(world: World, kind: str, event: Scheduled, call: Call) -> Iterator[Doc]:
    if kind == "inference":
        yield from _inference(world, event, call)
    elif kind in RATES and (kind != "recording" or call.recording):
        yield _by_the_minute(world, kind, event, call)


def _by_the_minute(world: World, kind: str, event: Scheduled, call: Call) -> Doc:
    minutes = -(-call.seconds() // MINUTE)
    answered, ended = stamp(call.answered_at or call.dispatched_at), stamp(call.ended_at)
    return {
        "id": world.derived(call.session_id, kind),
        "assistant_id": event.assistant_id,
        "conversation_id": call.conversation_id,
        "call_control_id": call.control_id,
        "call_session_id": call.session_id,
        "telnyx_session_id": call.session_id,
        "telnyx_leg_id": call.leg_id,
        "connection_id": call.connection_id,
        "cli": event.agent_number,
        "cld": event.to,
        "direction": "outbound",
        "created_at": answered,
        "started_at": stamp(call.dispatched_at) if kind == "sip-trunking" else answered,
        "answered_at": answered,
        "finished_at": ended,
        "completed_at": ended,
        "call_sec": call.seconds(),
        "duration_sec": call.seconds(),
        "billed_sec": minutes * MINUTE,
        "rate": _money(RATES[kind]),
        "rate_measured_in": UNITS.get(kind, "minutes"),
        "cost": _money(RATES[kind] * minutes),
        "currency": "USD",
    }


def _inference(world: World, event: Scheduled, call: Call) -> Iterator[Doc]:
    """What the model cost that spoke, and what scoring the insights did."""
    plain = _by_the_minute(world, "inference", event, call) | {
        "conversation_id": None,
        "usecase": "ai-assistant",
        "billable": True,
    }
    if not world.account.quirks.inference_records_joined:
        plain["call_session_id"] = None
    yield plain
    if call.insights:
        yield plain | {
            "id": world.derived(call.session_id, "inference", "insights"),
            "usecase": "insight-generation",
            "created_at": plain["finished_at"],
            "cost": _money(INSIGHT_RATE * call.insights),
        }


def _texts(world: World, until: datetime) -> list[Doc]:
    sent = [
        (event.done_at, event)
        for event in world.events.values()
        if event.done_at and event.done_at <= until and event.said
    ]
    ordered = sorted(sent, key=lambda pair: pair[0], reverse=True)
    return [_text(world, event, at) for at, event in ordered]


def _text(world: World, event: Scheduled, at: datetime) -> Doc:
    parts = -(-len(event.said) // PART)
    return {
        "record_type": "messaging",
        "uuid": world.derived(event.id, "message"),
        "cli": event.agent_number,
        "cld": event.to,
        "direction": "outbound",
        "message_type": "SMS",
        "parts": parts,
        "status": "delivered",
        "errors": [],
        **dict.fromkeys(("created_at", "sent_at", "completed_at", "updated_at"), stamp(at)),
        "country_code": country(event.to),
        "source_country_code": country(event.agent_number),
        "tags": "",
        "carrier_fee": "0.0",
        "rate": _money(PART_RATE),
        "cost": _money(PART_RATE * parts),
        "currency": "USD",
    }


def _money(amount: Decimal) -> str:
    """USD in a string; small amounts have an exponent, as live accounts have shown."""
    return f"{amount:f}" if amount >= LEAST_PLAIN else f"{amount.normalize():E}"
