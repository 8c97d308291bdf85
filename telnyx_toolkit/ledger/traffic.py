"""Every call of the last day, of all missions: what limits over missions are reckoned from."""

from datetime import datetime

from telnyx_toolkit.ledger.database import Database
from telnyx_toolkit.ledger.picking import decided, ended
from telnyx_toolkit.pace import Dial, Traffic


def traffic_since(db: Database, since: datetime) -> Traffic:
    """What was decided on since then, and how it ended."""
    asked = (since.isoformat(),)
    ends = {
        attempt: (kind, at, limited)
        for attempt, kind, at, limited in db.read(ended(db.kind), asked)
    }
    return Traffic(tuple(_dial(row, ends.get(row[0])) for row in db.read(decided(db.kind), asked)))


def _dial(row: tuple[str, ...], end: tuple[str, str, object] | None) -> Dial:
    attempt_id, phone, channel, server, *instants = row
    decided_at, ring_at, busy_until = (datetime.fromisoformat(text) for text in instants)
    kind, ended_at, limited = end or ("", "", None)
    return Dial(
        attempt_id,
        phone,
        channel,
        server,
        decided_at,
        ring_at,
        busy_until,
        is_over=kind in {"attempt.ended", "attempt.unresolved"},
        is_void=kind == "attempt.abandoned",
        limited_at=datetime.fromisoformat(ended_at) if limited else None,
    )
