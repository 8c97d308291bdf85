"""Copies of what a mission's facts come to: a cache, of which any may be lost or ignored."""

from contextlib import suppress
from dataclasses import dataclass

from telnyx_toolkit.errors import ToolkitError
from telnyx_toolkit.ledger.database import Database, encodable
from telnyx_toolkit.ledger.schema import writing


@dataclass(frozen=True)
class Snapshot:
    """One copy.

    Attributes:
        seq: The last fact in it.
        stamp: What wrote it: another program cannot read it.
        content: The state, in the writer's form.
    """

    seq: int
    stamp: str
    content: bytes


class Snapshots:
    """The table of copies: the latest of each mission."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, mission_id: str) -> Snapshot | None:
        """The mission's copy, if there is one."""
        if not self._db.understands("SELECT state FROM snapshots LIMIT 0"):
            return None
        asked = "SELECT seq, stamp, state FROM snapshots WHERE mission_id = ?"
        rows = self._db.read(asked, (encodable(mission_id),))
        return Snapshot(rows[0][0], rows[0][1], bytes(rows[0][2])) if rows else None

    def put(self, mission_id: str, snapshot: Snapshot) -> None:
        """Keep it in place of the one before, if it can be written; nobody depends on it."""
        row = (mission_id, snapshot.seq, snapshot.stamp, snapshot.content)
        with suppress(ToolkitError), writing(self._db):
            self._db.execute(
                "INSERT INTO snapshots (mission_id, seq, stamp, state) VALUES (?1, ?2, ?3, ?4)"
                " ON CONFLICT (mission_id) DO UPDATE SET seq = ?2, stamp = ?3, state = ?4",
                row,
            )
