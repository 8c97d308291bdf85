"""The ledger: every fact of every mission, appended once and never changed, in one SQLite file."""

import json
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from telnyx_toolkit.errors import ConfigError, LedgerConflict, UnknownMission
from telnyx_toolkit.model import Event
from telnyx_toolkit.nearest import did_you_mean

SCHEMA_VERSION = 1
_BUSY_TIMEOUT_S = 10.0

# `progress` is no fact: it says how far others have read the facts, and when to look again.
_SCHEMA = """
CREATE TABLE events (
    mission_id TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    at         TEXT NOT NULL,
    key        TEXT UNIQUE,
    data       TEXT NOT NULL,
    PRIMARY KEY (mission_id, seq)
) STRICT;
CREATE TABLE progress (
    mission_id   TEXT PRIMARY KEY,
    mirrored_seq INTEGER NOT NULL DEFAULT 0,
    next_wake_at TEXT
) STRICT;
"""


@dataclass(frozen=True)
class Progress:
    """How far a mission's facts have been told to Telnyx, and when it needs attention.

    Attributes:
        mirrored_seq: Last event that Telnyx knows of.
        next_wake_at: When `advance` has something to do, UTC; None while nothing waits.
    """

    mirrored_seq: int = 0
    next_wake_at: datetime | None = None


class Ledger:
    """Appends and reads facts.

    A rollback journal with `synchronous=FULL`: a committed fact survives a kill and a power cut,
    and there is no write-ahead log, which SQLite before 3.51.3 can corrupt with two writers.
    """

    def __init__(self, home: Path) -> None:
        """Open the ledger in `home`, making both if need be.

        Raises:
            ConfigError: the directory or the file cannot be used; says why.
        """
        self.path = home / "ledger.db"
        try:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(
                self.path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            self._db.execute("PRAGMA synchronous=FULL")
            self._migrate()
        except (OSError, sqlite3.Error) as problem:
            raise ConfigError(
                f"The ledger {str(self.path)!r} cannot be opened: {problem}.",
                fix="Make the directory writable, or point TELNYX_TOOLKIT_HOME at another one.",
            ) from problem

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def append(self, event: Event, key: str | None = None) -> None:
        """Add one fact.

        Args:
            event: The fact; its `seq` must be the next of its mission.
            key: Unique among all facts of this ledger, where a second one would be a mistake.

        Raises:
            LedgerConflict: that place, or that key, is taken: somebody else wrote first.
        """
        data = json.dumps(event.data, separators=(",", ":"))
        row = (event.mission_id, event.seq, event.kind, event.at.isoformat(), key, data)
        try:
            with self._transaction():
                self._db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError as problem:
            raise LedgerConflict(
                f"Somebody else wrote event {event.seq} of mission {event.mission_id} first."
            ) from problem

    def events(self, mission_id: str, after: int = 0) -> list[Event]:
        """The facts of one mission in order, beginning behind sequence number `after`.

        Raises:
            UnknownMission: there are none at all.
        """
        rows = self._db.execute(
            "SELECT mission_id, seq, kind, at, data FROM events"
            " WHERE mission_id = ? AND seq > ? ORDER BY seq",
            (mission_id, after),
        ).fetchall()
        if not rows and after == 0:
            near = did_you_mean(mission_id, self.mission_ids())
            raise UnknownMission(f"This ledger has no mission {mission_id!r}{near}.")
        return [Event(m, s, k, datetime.fromisoformat(a), json.loads(d)) for m, s, k, a, d in rows]

    def mission_ids(self) -> list[str]:
        """Every mission, oldest first."""
        rows = self._db.execute("SELECT mission_id FROM events WHERE seq = 1 ORDER BY rowid")
        return [mission_id for (mission_id,) in rows]

    def mission_with_key(self, key: str) -> str | None:
        """The mission whose event has that key."""
        row = self._db.execute("SELECT mission_id FROM events WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def progress(self, mission_id: str) -> Progress:
        """How far Telnyx has been told, and when to look again."""
        row = self._db.execute(
            "SELECT mirrored_seq, next_wake_at FROM progress WHERE mission_id = ?", (mission_id,)
        ).fetchone()
        if row is None:
            return Progress()
        return Progress(row[0], datetime.fromisoformat(row[1]) if row[1] else None)

    def note_mirrored(self, mission_id: str, seq: int) -> None:
        """Telnyx knows the facts up to `seq`."""
        with self._transaction():
            self._db.execute(
                "INSERT INTO progress (mission_id, mirrored_seq) VALUES (?1, ?2)"
                " ON CONFLICT (mission_id) DO UPDATE SET mirrored_seq = max(mirrored_seq, ?2)",
                (mission_id, seq),
            )

    def note_wake(self, mission_id: str, at: datetime | None) -> None:
        """The mission needs attention at `at`."""
        text = at.isoformat() if at else None
        with self._transaction():
            self._db.execute(
                "INSERT INTO progress (mission_id, next_wake_at) VALUES (?1, ?2)"
                " ON CONFLICT (mission_id) DO UPDATE SET next_wake_at = ?2",
                (mission_id, text),
            )

    @contextmanager
    def _transaction(self) -> Generator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as problem:
            raise LedgerConflict(f"The ledger cannot be written now: {problem}.") from problem
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _migrate(self) -> None:
        with self._transaction():
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in _SCHEMA.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        if version > SCHEMA_VERSION:
            raise ConfigError(
                f"The ledger {str(self.path)!r} was written by a newer telnyx-toolkit.",
                fix="Upgrade telnyx-toolkit; the ledger was not touched.",
            )
