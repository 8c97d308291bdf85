"""Who works on which mission, and until when nobody else should."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from telnyx_toolkit.ledger.database import Database, Row
from telnyx_toolkit.ledger.schema import writing

_ALL = "SELECT mission_id, holder, token, expires_at FROM leases"
_LOOK = f"{_ALL} WHERE mission_id = ?"
_BEGIN = """INSERT INTO leases (holder, token, expires_at, mission_id) VALUES (?, ?, ?, ?)
ON CONFLICT (mission_id) DO NOTHING"""
_CHANGE = "UPDATE leases SET holder = ?, token = ?, expires_at = ? WHERE mission_id = ?"
_RENEW = "UPDATE leases SET expires_at = ? WHERE mission_id = ? AND token = ?"


@dataclass(frozen=True)
class LeaseRow:
    """One mission's lease.

    Attributes:
        holder: Who has it, for people: host and process.
        token: Whose it is, for programs.
        expires_at: When anybody may take it, UTC.
    """

    mission_id: str
    holder: str
    token: str
    expires_at: datetime


class Leases:
    """The table of leases. Raises as `Ledger` does where the file does not take it.

    Attributes:
        length: How long a lease lasts.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self.length = db.lease

    def of(self, mission_id: str) -> LeaseRow | None:
        """The lease of a mission, expired or not."""
        if not self._db.understands("SELECT token FROM leases LIMIT 0"):
            return None  # an older ledger that may only be read
        return self._found(mission_id)

    def all(self) -> list[LeaseRow]:
        """Every lease that there is, expired or not."""
        return [_lease(row) for row in self._db.read(f"{_ALL} ORDER BY mission_id")]

    def take(
        self, wanted: LeaseRow, now: datetime, is_gone: Callable[[LeaseRow], bool]
    ) -> LeaseRow:
        """Take a lease that is free, expired, ours, or of a runner that is gone.

        Returns whose lease it is now: `wanted`, or somebody else's.
        """
        row = (wanted.holder, wanted.token, wanted.expires_at.isoformat(), wanted.mission_id)
        with writing(self._db):
            while (present := self._found(wanted.mission_id, self._db.locking)) is None:
                if self._db.execute(_BEGIN, row):
                    return wanted  # else another host was faster, and its lease is there now
            free = present.token == wanted.token or present.expires_at <= now
            if not free and not is_gone(present):
                return present
            self._db.execute(_CHANGE, row)
            return wanted

    def renew(self, held: LeaseRow) -> bool:
        """Prolong a lease until `held.expires_at`; False if it is somebody else's by now."""
        with writing(self._db):
            row = (held.expires_at.isoformat(), held.mission_id, held.token)
            return self._db.execute(_RENEW, row) > 0

    def release(self, held: LeaseRow) -> None:
        """Give a lease back, if it is still ours."""
        with writing(self._db):
            self._db.execute(
                "DELETE FROM leases WHERE mission_id = ? AND token = ?",
                (held.mission_id, held.token),
            )

    def _found(self, mission_id: str, locking: str = "") -> LeaseRow | None:
        rows = self._db.read(f"{_LOOK}{locking}", (mission_id,))
        return _lease(rows[0]) if rows else None


def _lease(row: Row) -> LeaseRow:
    mission, holder, token, expires_at = row
    return LeaseRow(mission, holder, token, datetime.fromisoformat(expires_at))
