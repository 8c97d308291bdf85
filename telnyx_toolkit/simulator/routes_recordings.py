"""Recordings: one for each answered call whose assistant recorded it; nothing tells which talk."""

from datetime import datetime, timedelta

from telnyx_toolkit.simulator.router import GET, Route
from telnyx_toolkit.simulator.shapes import Kind, Shape, moment, text
from telnyx_toolkit.simulator.wire import Ask, Doc, Paging, Reply, not_found
from telnyx_toolkit.simulator.world import Call, Scheduled, World, instant, stamp

PROCESSING = timedelta(seconds=5)
LINKS_LAST = timedelta(seconds=600)
#: The column of each filter of GET /recordings that is modelled.
EXACT = ("call_session_id", "call_control_id", "call_leg_id", "connection_id", "from", "to")
TIMES = {
    "created_at": "created_at",
    "start_time": "recording_started_at",
    "end_time": "recording_ended_at",
}
FILTERS: dict[str, Kind] = {
    **{f"filter[{name}]": text(1) for name in EXACT},
    **{f"filter[{name}][{side}]": moment for name in TIMES for side in ("gte", "lte")},
}


def listed(world: World, ask: Ask) -> Reply:
    """GET /recordings: the latest first, each with links that are good for ten minutes."""
    rows = [_view(world, event, call) for event, call in _made(world)]
    return ask.paged([_linked(world, row) for row in rows if _wanted(row, ask)])


def show(world: World, ask: Ask) -> Reply:
    """GET /recordings/{recording_id}."""
    for event, call in _made(world):
        row = _view(world, event, call)
        if row["id"] == ask.params["recording_id"]:
            return Reply(200, {"data": _linked(world, row)})
    raise not_found("Recording")


def _made(world: World) -> list[tuple[Scheduled, Call]]:
    return [pair for pair in world.answered(world.now() - PROCESSING) if pair[1].recording]


def _view(world: World, event: Scheduled, call: Call) -> Doc:
    made = stamp(call.ended_at + PROCESSING)
    return {
        "record_type": "recording",
        "id": world.derived(call.session_id, "recording"),
        "call_session_id": call.session_id,
        "call_control_id": call.control_id,
        "call_leg_id": call.leg_id,
        "conference_id": None,
        "connection_id": call.connection_id,
        "channels": (call.recording or {})["channels"],
        "download_urls": {(call.recording or {})["format"]: ""},
        "duration_millis": call.seconds() * 1000,
        "from": event.agent_number,
        "to": event.to,
        "initiated_by": "StartCallRecordingAPI",
        "recording_started_at": stamp(call.answered_at or call.dispatched_at),
        "recording_ended_at": stamp(call.ended_at),
        "source": "call",
        "status": "completed",
        "created_at": made,
        "updated_at": made,
    }


def _wanted(row: Doc, ask: Ask) -> bool:
    def given(name: str) -> datetime | None:
        return instant(ask.query[name]) if name in ask.query else None

    for name, column in TIMES.items():
        at, first, last = instant(row[column]), *map(given, _sides(name))
        if (first and at < first) or (last and at > last):
            return False
    return all(row[name] == ask.query.get(f"filter[{name}]", row[name]) for name in EXACT)


def _sides(name: str) -> tuple[str, str]:
    return f"filter[{name}][gte]", f"filter[{name}][lte]"


def _linked(world: World, row: Doc) -> Doc:
    """The recording with fresh links: they change with every read."""
    world.recordings_read[row["id"]] += 1
    signature = world.derived(row["id"], "read", world.recordings_read[row["id"]])
    expires = int((world.now() + LINKS_LAST).timestamp())
    query = f"expires={expires}&signature={signature}"
    links = {
        kind: f"https://recordings.example/{row['id']}.{kind}?{query}"
        for kind in row["download_urls"]
    }
    return row | {"download_urls": links}


MANY = "/recordings"
ROUTES = (
    Route(GET, MANY, listed, query=Shape(FILTERS), paging=Paging(20, 250)),
    Route(GET, MANY + "/{recording_id}", show),
)
