"""Writes a ledger out as JSON lines: a header, every event in order, then progress."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from telnyx_toolkit import __version__
from telnyx_toolkit.errors import UnknownMission
from telnyx_toolkit.ledger.database import Database
from telnyx_toolkit.ledger.ledger import damaged_event, encodable
from telnyx_toolkit.ledger.lines import FORMAT, START, VERSION, Document, sealed
from telnyx_toolkit.nearest import did_you_mean

_AT_ONCE = 200
_MINE = "(?1 IS NULL OR mission_id = ?1)"


class Export:
    """What one ledger held at one instant, or one mission of it.

    Facts are only ever added, so no lock is needed while they are written out: what comes later
    lies behind the last row.

    Attributes:
        missions, events: How many there are.
    """

    def __init__(self, db: Database, at: datetime, mission_id: str | None = None) -> None:
        """Look how much there is.

        Raises:
            UnknownMission: the ledger does not have the mission.
        """
        self._db, self._at = db, at
        self._mission_id = mission_id = encodable(mission_id) if mission_id is not None else None
        self._progress = db.read(
            f"SELECT mission_id, mirrored_seq, next_wake_at FROM progress WHERE {_MINE}"  # noqa: S608
            " ORDER BY rowid",
            (mission_id,),
        )
        counted = "SELECT max(rowid), count(*), count(DISTINCT mission_id) FROM events WHERE"
        self._last, self.events, self.missions = db.read(f"{counted} {_MINE}", (mission_id,))[0]
        if mission_id is not None and not self.events:
            known = [m for (m,) in db.read("SELECT DISTINCT mission_id FROM events")]
            near = did_you_mean(mission_id, known)
            raise UnknownMission(f"This ledger has no mission {mission_id!r}{near}.")

    def lines(self) -> Iterator[str]:
        """Every line, with its end.

        Raises:
            LedgerDamaged: an event cannot be read.
        """
        yield sealed(self._header(), START)[0] + "\n"
        check = START
        for document in self._documents():
            line, check = sealed(document, check)
            yield line + "\n"

    def _header(self) -> Document:
        return {
            "type": "header",
            "format": FORMAT,
            "version": VERSION,
            "toolkit_version": __version__,
            "exported_at": self._at.isoformat(),
            "events": self.events,
            "progress": len(self._progress),
        }

    def _documents(self) -> Iterator[Document]:
        last = 0
        while rows := self._next_rows(last):
            for rowid, *fields in rows:
                yield self._event(*fields)
                last = rowid
        for mission_id, mirrored_seq, next_wake_at in self._progress:
            yield {
                "type": "progress",
                "mission_id": mission_id,
                "mirrored_seq": mirrored_seq,
                "next_wake_at": next_wake_at,
            }

    def _next_rows(self, last: int) -> list[tuple[Any, ...]]:
        return self._db.read(
            "SELECT rowid, mission_id, seq, kind, at, key, data FROM events"  # noqa: S608
            f" WHERE {_MINE} AND rowid > ?2 AND rowid <= ?3 ORDER BY rowid LIMIT ?4",
            (self._mission_id, last, self._last or 0, _AT_ONCE),
        )

    def _event(self, mission_id: str, seq: int, *fields: Any) -> Document:
        kind, at, key, data = fields
        try:
            read = json.loads(data)
        except ValueError as problem:
            why = f"cannot be read: {problem}"
            raise damaged_event(self._db.path, mission_id, seq, why) from problem
        fact = {"mission_id": mission_id, "seq": seq, "kind": kind, "at": at, "key": key}
        return {"type": "event", **fact, "data": read}
