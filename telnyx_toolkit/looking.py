"""The tools that look at the ledger and at nothing else: asked often, so little is loaded."""

from collections.abc import Mapping

from telnyx_toolkit.mission_arguments import ListMissions, OfMission, OfTarget
from telnyx_toolkit.tool import Document, Effect, Tool
from telnyx_toolkit.toolkit import Toolkit, find_target
from telnyx_toolkit.transitions import fold
from telnyx_toolkit.views import mission_row, transcript_view


def mission_status(toolkit: Toolkit, args: OfMission) -> Document:
    """Say where a mission stands, from the ledger alone."""
    return toolkit.status(toolkit.state(args.mission_id))


def get_transcript(toolkit: Toolkit, args: OfTarget) -> Document:
    """Give the words of the latest answered call to a target, as quoted data."""
    state = toolkit.state(args.mission_id)
    return transcript_view(state, find_target(state, args.target))


def list_missions(toolkit: Toolkit, args: ListMissions) -> Document:
    """List every mission of this ledger, oldest first, and what it has left at Telnyx."""
    ledger = toolkit.ledger
    states = [(fold(ledger.events(m)), ledger.progress(m)) for m in ledger.mission_ids()]
    rows = [mission_row(state, progress) for state, progress in states]
    return {"missions": [row for row in rows if row["leftovers"] or not args.leftovers]}


#: Those tools, by name.
LOOKING: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(mission_status, OfMission, Effect.READS, local=True),
        Tool(get_transcript, OfTarget, Effect.READS, local=True),
        Tool(list_missions, ListMissions, Effect.READS, local=True),
    )
}
