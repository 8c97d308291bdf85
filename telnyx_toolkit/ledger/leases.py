"""Who works on which mission, and until when nobody else should."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from telnyx_toolkit.ledger.database import Database
from telnyx_toolkit.ledger.schema import writing


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
    """The table of leases. Raises as `Ledger` does where the file does not take it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, mission_id: str) -> LeaseRow | None:
        """The lease of a mission, expired or not."""
        if not self._db.understands("SELECT token FROM leases LIMIT 0"):
            return None  # an older ledger that may only be read
        rows = self._db.read(
            "SELECT mission_id, holder, token, expires_at FROM leases WHERE mission_id = ?",
            (mission_id,),
        )
        if not rows:
            return None
        mission, holder, token, expires_at = rows[0]
        return LeaseRow(mission, holder, token, datetime.fromisoformat(expires_at))

    def take(
        self, wanted: LeaseRow, now: datetime, is_gone: Callable[[LeaseRow], bool]
    ) -> LeaseRow:
        """Take a lease that is free, expired, ours, or of a runner that is gone.

        Returns whose lease it is now: `wanted`, or somebody else's.
        """
        with writing(self._db):
            present = self.of(wanted.mission_id)
            free = present is None or present.token == wanted.token or present.expires_at <= now
            if present is not None and not free and not is_gone(present):
                return present
            self._db.execute(
                "INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?)",
                (wanted.mission_id, wanted.holder, wanted.token, wanted.expires_at.isoformat()),
            )
            return wanted

    def renew(self, held: LeaseRow) -> bool:
        """Prolong a lease until `held.expires_at`; False if it is somebody else's by now."""
        with writing(self._db):
            present = self.of(held.mission_id)
            if present is None or present.token != held.token:
                return False
            self._db.execute(
                "UPDATE leases SET expires_at = ? WHERE mission_id = ?",
                (held.expires_at.isoformat(), held.mission_id),
            )
            return True

    def release(self, held: LeaseRow) -> None:
        """Give a lease back, if it is still ours."""
        with writing(self._db):
            self._db.execute(
                "DELETE FROM leases WHERE mission_id = ? AND token = ?",
                (held.mission_id, held.token),
            )
