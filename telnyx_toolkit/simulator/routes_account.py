"""What an account has and has spent: balance, models, voices and detail records."""

from datetime import timedelta

from telnyx_toolkit.simulator.router import GET, Route
from telnyx_toolkit.simulator.shapes import Shape, choice, text
from telnyx_toolkit.simulator.wire import Ask, Doc, Paging, Reply
from telnyx_toolkit.simulator.world import Call, Scheduled, World, stamp

#: USD per started minute of an AI call, as Telnyx's price page had it in August 2026.
MINUTE_RATE = 0.05
MINUTE = 60
RECORD_DELAY = timedelta(seconds=60)
ASSISTANT_RECORD = "ai-voice-assistant"
OTHER_RECORDS = """
amd call-control conference conference-participant embedding fax inference inference-speech-to-text
media_storage media-streaming messaging noise-suppression recording sip-trunking siprec-client stt
tts verify webrtc wireless
"""


def balance(world: World, ask: Ask) -> Reply:  # noqa: ARG001  a route takes both
    """GET /balance: amounts are strings; calls do not change it, as the real one lags."""
    return Reply(200, {"data": world.account.balance})


def models(world: World, ask: Ask) -> Reply:  # noqa: ARG001  a route takes both
    """GET /ai/openai/models: not the list of models that assistants may use."""
    return Reply(200, {"object": "list", "data": list(world.account.models)})


def voices(world: World, ask: Ask) -> Reply:
    """GET /text-to-speech/voices: under `voices`, never paged."""
    found = [voice for voice in world.account.voices if ask.wants(voice, "provider")]
    return Reply(200, {"voices": found})


def records(world: World, ask: Ask) -> Reply:
    """GET /detail_records: one row for each answered AI call, a minute after its end."""
    if ask.query["filter[record_type]"] != ASSISTANT_RECORD:
        return ask.paged([])
    last = world.now() - RECORD_DELAY
    ended = [pair for pair in world.calls() if pair[1].answered_at and pair[1].ended_at <= last]
    rows = [_record(event, call) for event, call in ended[::-1]]
    return ask.paged([row for row in rows if _wanted(row, ask)])


def _record(event: Scheduled, call: Call) -> Doc:
    minutes = -(-call.seconds() // MINUTE)
    return {
        "record_type": ASSISTANT_RECORD,
        "id": call.session_id,
        "assistant_id": event.assistant_id,
        "call_session_id": call.session_id,
        "telnyx_session_id": call.session_id,
        "call_control_id": call.control_id,
        "conversation_id": call.conversation_id,
        "cli": event.agent_number,
        "cld": event.to,
        "direction": "outbound",
        "started_at": stamp(call.answered_at or call.dispatched_at),
        "finished_at": stamp(call.ended_at),
        "call_sec": call.seconds(),
        "billed_sec": minutes * MINUTE,
        "rate": f"{MINUTE_RATE:.4f}",
        "rate_measured_in": "minutes",
        "cost": f"{minutes * MINUTE_RATE:.4f}",
        "currency": "USD",
    }


def _wanted(row: Doc, ask: Ask) -> bool:
    filters = {name[7:-1]: value for name, value in ask.query.items() if name in ATTRIBUTES}
    return all(row[name] == value for name, value in filters.items())


ATTRIBUTES = [
    f"filter[{name}]"
    for name in (
        *("assistant_id", "call_session_id", "telnyx_session_id", "call_control_id"),
        *("conversation_id", "cli", "cld", "direction"),
    )
]
RECORD_QUERY = Shape(
    {
        **dict.fromkeys(ATTRIBUTES, text(1)),
        "filter[record_type]": choice(ASSISTANT_RECORD, *OTHER_RECORDS.split()),
        "filter[date_range]": text(
            pattern=r"today|yesterday|tomorrow|last_\d+_days|(this|last)_\w+"
        ),
        "sort": text(1),
    },
    ("filter[record_type]",),
)
PROVIDERS = choice(
    *("aws", "telnyx", "azure", "elevenlabs", "minimax", "resemble", "xai", "humain")
)
ROUTES = (
    Route(GET, "/balance", balance),
    Route(GET, "/ai/openai/models", models),
    Route(
        GET,
        "/text-to-speech/voices",
        voices,
        query=Shape({"provider": PROVIDERS, "api_key": text()}),
    ),
    Route(GET, "/detail_records", records, query=RECORD_QUERY, paging=Paging(20, 50, silent=True)),
)
