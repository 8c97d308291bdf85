"""Facts and progress of missions: appended, and read back."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from telnyx_toolkit.errors import LedgerDamaged, UnknownMission, WroteFirst
from telnyx_toolkit.ledger import do_not_call
from telnyx_toolkit.ledger.database import PATIENCE_S, Database, Place, Row, Taken, encodable
from telnyx_toolkit.ledger.do_not_call import DoNotCall
from telnyx_toolkit.ledger.leases import Leases
from telnyx_toolkit.ledger.notices import Notices, insert_notice
from telnyx_toolkit.ledger.opening import opened, opened_in_memory
from telnyx_toolkit.ledger.schema import writing
from telnyx_toolkit.ledger.snapshots import Snapshots
from telnyx_toolkit.ledger.traffic import TrafficLog
from telnyx_toolkit.model import Event, Listing
from telnyx_toolkit.nearest import did_you_mean
from telnyx_toolkit.pace import Traffic

if TYPE_CHECKING:
    from telnyx_toolkit.ledger.postgres import PostgresDatabase
    from telnyx_toolkit.notices import Notice

#: A mission that waits for this instant has something to do now, whatever the time is.
SOON = datetime.min.replace(tzinfo=UTC)
_AT_ONCE = 500


@dataclass(frozen=True)
class Progress:
    """How far a mission's facts have been told to Telnyx, and when it needs attention.

    Attributes:
        mirrored_seq: Last event that Telnyx knows of.
        telling_seq: Last event of those that it is being told of at once; behind `mirrored_seq`
            only while they are under way.
        next_wake_at: When `advance` has something to do, UTC; `SOON`, or None while nothing waits.
    """

    mirrored_seq: int = 0
    next_wake_at: datetime | None = None
    telling_seq: int = 0


class Ledger:
    """Appends and reads facts.

    Whatever is asked of it, a fault is one of these errors, and then nothing was written:
    `LedgerConflict`, somebody else is writing; `LedgerUnwritable`, the disk does not take it;
    `LedgerDamaged`, the file is broken.

    Attributes:
        name: What it is called in messages.
        leases: Who works on which mission.
        do_not_call: Whom no mission calls.
        notices: What is still to be told.
        snapshots: Copies of what a mission's facts come to, to begin with.
    """

    def __init__(
        self, place: Place, patience_s: float = PATIENCE_S, *, is_kept: bool = True
    ) -> None:
        """Open the ledger in a directory, or in a Postgres database, making it if need be.

        Args:
            place: The directory, which is made as well; or the address of the database.
            patience_s: How long another process's lock is waited for, in seconds.
            is_kept: False makes a new one in memory, which nothing outlives: for a rehearsal,
                of which nothing is to be kept, and for nothing else.

        Raises:
            ConfigError: the directory, the file or the database cannot be used; says why.
        """
        self._use(opened(place, patience_s) if is_kept else opened_in_memory(place))

    def _use(self, db: Database) -> None:
        self._db = db
        self.name = db.name
        self.leases = Leases(self._db)
        self.do_not_call = DoNotCall(self._db)
        self._traffic = TrafficLog(self._db)
        self.notices = Notices(self._db)
        self.snapshots = Snapshots(self._db)

    def close(self) -> None:
        """Release the file or the connection."""
        self._db.close()

    @property
    def path(self) -> Path:
        """The file; of a database on a server, nothing that there is."""
        return Path(self.name)

    @property
    def signs(self) -> "PostgresDatabase | None":
        """Where runners of missions show that they live; None where a machine's own files do."""
        return None if self._db.kind == "sqlite" else cast("PostgresDatabase", self._db)

    def identity(self) -> object:
        """What is equal as long as the same ledger is there."""
        return self._db.identity()

    def last_seq(self, mission_id: str) -> int:
        """The number of a mission's latest fact; 0 where there is none."""
        asked = "SELECT coalesce(max(seq), 0) FROM events WHERE mission_id = ?"
        return self._db.read(asked, (encodable(mission_id),))[0][0]

    def traffic(self, since: datetime) -> Traffic:
        """Every call and text that any mission decided on since then."""
        return self._traffic.since(since)

    def append(
        self,
        event: Event,
        key: str | None = None,
        only_if: Callable[[], bool] | None = None,
        listing: Listing | None = None,
        notices: "Iterable[Notice]" = (),
    ) -> None:
        """Add one fact.

        Args:
            event: The fact; its `seq` must be the next of its mission.
            key: Unique among all facts of this ledger, where a second one would be a mistake.
            only_if: Looked at once nobody else can write any more; if it does not hold, nothing
                is written.
            listing: An entry of the do-not-call list that is written along, or neither is.
            notices: What a person is to be told of it; written along as well.

        Raises:
            LedgerConflict: that place, or that key, is taken, or `only_if` does not hold (any
                more): somebody else wrote first.
            LedgerDamaged: facts that were there before are gone.
        """
        row = (event.mission_id, event.seq, event.kind, event.at.isoformat(), key)
        alone = only_if is not None or listing is not None
        try:
            with writing(self._db, alone=alone):
                self._require_next(event)
                if only_if and not only_if():
                    raise _taken(event)
                self._db.add_event((*row, as_text(event.data)), event.data)
                if listing:
                    do_not_call.append(self._db, listing)
                for notice in notices:
                    insert_notice(self._db, notice)
        except Taken as problem:
            raise _taken(event) from problem

    def events(self, mission_id: str, after: int = 0) -> list[Event]:
        """The facts of one mission in order, beginning behind sequence number `after`.

        Raises:
            UnknownMission: there are none at all.
            LedgerDamaged: one of them cannot be read, or is missing.
        """
        rows = self._db.read(
            "SELECT mission_id, seq, kind, at, data FROM events"
            " WHERE mission_id = ? AND seq > ? ORDER BY seq",
            (encodable(mission_id), after),
        )
        if not rows and after == 0:
            near = did_you_mean(mission_id, self.mission_ids())
            raise UnknownMission(f"This ledger has no mission {mission_id!r}{near}.")
        return [event_of(self.name, row, place) for place, row in enumerate(rows, after + 1)]

    def walk(self, mission_id: str, after: int = 0) -> Iterator[Event]:
        """The same, read a few at a time; of a mission that is not there, nothing.

        Raises:
            LedgerDamaged: one of them cannot be read, or is missing.
        """
        asked = (
            "SELECT mission_id, seq, kind, at, data FROM events"
            " WHERE mission_id = ? AND seq > ? ORDER BY seq LIMIT ?"
        )
        while rows := self._db.read(asked, (encodable(mission_id), after, _AT_ONCE)):
            for after, row in enumerate(rows, after + 1):  # noqa: B020, PLR1704 - it goes on there
                yield event_of(self.name, row, after)

    def notes(self, mission_id: str) -> list[dict[str, Any]]:
        """What the agent noted of a mission, as the data of each `agent.noted`, oldest first."""
        asked = "SELECT data FROM events WHERE mission_id = ? AND kind = 'agent.noted' ORDER BY seq"
        return [json.loads(data) for (data,) in self._db.read(asked, (encodable(mission_id),))]

    def mission_ids(self) -> list[str]:
        """Every mission, oldest first."""
        rows = self._db.read("SELECT mission_id FROM events WHERE seq = 1 ORDER BY rowid")
        return [mission_id for (mission_id,) in rows]

    def mission_with_key(self, key: str) -> str | None:
        """The mission whose event has that key."""
        rows = self._db.read("SELECT mission_id FROM events WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def progress(self, mission_id: str) -> Progress:
        """How far Telnyx has been told, and when to look again."""
        columns = "mirrored_seq, next_wake_at"
        if self._db.understands("SELECT telling_seq FROM progress LIMIT 0"):
            columns += ", telling_seq"
        asked = f"SELECT {columns} FROM progress WHERE mission_id = ?"  # noqa: S608
        rows = self._db.read(asked, (mission_id,))
        if not rows:
            return Progress()
        mirrored_seq, wake_at, *telling_seq = rows[0]
        wake = datetime.fromisoformat(wake_at) if wake_at else None
        return Progress(mirrored_seq, wake, *telling_seq)

    def note_telling(self, mission_id: str, after: int, upto: int) -> int:
        """Telnyx is about to be told of the facts behind `after` up to `upto`, all at once.

        Returns up to which it is really told: whoever began with them, and may not have heard the
        answer, has settled that. So the same facts always go in the same requests.
        """
        with writing(self._db):
            self._db.execute(
                "INSERT INTO progress (mission_id, telling_seq) VALUES (?1, ?3)"
                " ON CONFLICT (mission_id) DO UPDATE SET telling_seq = ?3"
                " WHERE progress.mirrored_seq = ?2 AND progress.telling_seq <= ?2",
                (mission_id, after, upto),
            )
            return self.progress(mission_id).telling_seq

    def note_mirrored(self, mission_id: str, seq: int) -> None:
        """Telnyx knows the facts up to `seq`."""
        with writing(self._db):
            self._db.execute(
                "INSERT INTO progress (mission_id, mirrored_seq) VALUES (?1, ?2)"
                " ON CONFLICT (mission_id) DO UPDATE SET mirrored_seq = ?2"
                " WHERE progress.mirrored_seq < ?2",
                (mission_id, seq),
            )

    def note_wake(self, mission_id: str, at: datetime | None) -> None:
        """The mission needs attention at `at`."""
        text = at.isoformat() if at else None
        with writing(self._db):
            self._db.execute(
                "INSERT INTO progress (mission_id, next_wake_at) VALUES (?1, ?2)"
                " ON CONFLICT (mission_id) DO UPDATE SET next_wake_at = ?2",
                (mission_id, text),
            )

    def wakes(self, limit: int) -> list[tuple[str, datetime]]:
        """The missions that wait for an instant, and which, the longest overdue first."""
        rows = self._db.read(
            "SELECT mission_id, next_wake_at FROM progress WHERE next_wake_at IS NOT NULL"
            " ORDER BY next_wake_at, mission_id LIMIT ?",
            (limit,),
        )
        return [(mission_id, datetime.fromisoformat(at)) for mission_id, at in rows]

    def waking(self, before: datetime) -> int:
        """How many missions want attention before then."""
        asked = "SELECT count(*) FROM progress WHERE next_wake_at < ?"
        return self._db.read(asked, (before.isoformat(),))[0][0]

    def _require_next(self, event: Event) -> None:
        """Within a transaction: the fact follows the last one."""
        last = self.last_seq(event.mission_id)
        if event.seq <= last:
            raise _taken(event)
        if event.seq > last + 1:
            raise damaged_event(self.name, event.mission_id, last + 1, "was there and is gone")


def event_of(ledger: str, row: Row, place: int) -> Event:
    """A row of mission, number, kind, time and data, as the fact it should be.

    Raises:
        LedgerDamaged: it cannot be read, or it is not the one of that `place` in its mission.
    """
    mission_id, seq, kind, at, data = row
    if seq != place:
        raise damaged_event(ledger, mission_id, place, "is missing")
    try:
        return Event(mission_id, seq, kind, datetime.fromisoformat(at), json.loads(data))
    except ValueError as problem:
        raise damaged_event(ledger, mission_id, place, f"cannot be read: {problem}") from problem


def damaged_event(ledger: str, mission_id: str, seq: int, why: str) -> LedgerDamaged:
    """The error for one fact of the ledger of that name."""
    return LedgerDamaged(
        f"The ledger {ledger!r} is damaged: event {seq} of mission {mission_id} {why}."
    )


def as_text(data: Any) -> str:
    """JSON as the ledger keeps it."""
    return json.dumps(data, separators=(",", ":"))


def _taken(event: Event) -> WroteFirst:
    return WroteFirst(f"Somebody else wrote event {event.seq} of mission {event.mission_id} first.")
