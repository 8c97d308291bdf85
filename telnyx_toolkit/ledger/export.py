"""Writes a ledger out as JSON lines: a header, events, progress, do-not-call list."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from telnyx_toolkit import __version__
from telnyx_toolkit.errors import UnknownMission
from telnyx_toolkit.ledger.database import Database, encodable
from telnyx_toolkit.ledger.do_not_call import LISTING, is_there
from telnyx_toolkit.ledger.ledger import damaged_event
from telnyx_toolkit.ledger.lines import FORMAT, START, VERSION, Document, sealed
from telnyx_toolkit.nearest import did_you_mean

_AT_ONCE = 200
_ALL, _MINE = "?1 = ?1", "mission_id = ?1"


class Export:
    """What one ledger held at one instant, or one mission of it.

    Facts are only ever added, so no lock is needed while they are written out. It is made and read
    within `still` of the database.

    Attributes:
        missions, events: How many there are.
        listings: How many entries of the do-not-call list; with one mission, those it added.
    """

    def __init__(self, db: Database, at: datetime, mission_id: str | None = None) -> None:
        """Look how much there is.

        Raises:
            UnknownMission: the ledger does not have the mission.
        """
        self._db, self._at = db, at
        self._asked = encodable(mission_id or "")
        self._where = _ALL if mission_id is None else _MINE
        self._progress = db.read(
            f"SELECT mission_id, mirrored_seq, next_wake_at FROM progress WHERE {self._where}"  # noqa: S608
            " ORDER BY rowid",
            (self._asked,),
        )
        counted = "SELECT max(rowid), count(*), count(DISTINCT mission_id) FROM events WHERE"
        self._last, self.events, self.missions = db.read(
            f"{counted} {self._where}", (self._asked,)
        )[0]
        # behind the events: an entry that was written with one of them is not left out
        self._last_listing, self.listings = self._count_listings()
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
            "listings": self.listings,
        }

    def _documents(self) -> Iterator[Document]:
        columns = "mission_id, seq, kind, at, key, data FROM events"
        for _, *fields in self._rows("rowid", columns, self._last or 0):
            yield self._event(*fields)
        for mission_id, mirrored_seq, next_wake_at in self._progress:
            yield {
                "type": "progress",
                "mission_id": mission_id,
                "mirrored_seq": mirrored_seq,
                "next_wake_at": next_wake_at,
            }
        columns = f"{', '.join(LISTING)} FROM do_not_call"
        for _, *fields in self._rows("id", columns, self._last_listing):
            yield {"type": "listing", **dict(zip(LISTING, fields, strict=True))}

    def _rows(self, place: str, columns: str, end: int) -> Iterator[tuple[Any, ...]]:
        """Rows up to that one, each with its number, which the column `place` has, first."""
        last = 0
        asked = f"SELECT {place}, {columns} WHERE {self._where} AND {place} > ?2 AND {place} <= ?3"
        while last < end:
            arguments = (self._asked, last, end, _AT_ONCE)
            rows = self._db.read(f"{asked} ORDER BY {place} LIMIT ?4", arguments)
            yield from rows
            last = rows[-1][0] if rows else end

    def _count_listings(self) -> tuple[int, int]:
        if not is_there(self._db):
            return 0, 0
        asked = f"SELECT coalesce(max(id), 0), count(*) FROM do_not_call WHERE {self._where}"  # noqa: S608
        last, count = self._db.read(asked, (self._asked,))[0]
        return last, count

    def _event(self, mission_id: str, seq: int, *fields: Any) -> Document:
        kind, at, key, data = fields
        try:
            read = json.loads(data)
        except ValueError as problem:
            why = f"cannot be read: {problem}"
            raise damaged_event(self._db.name, mission_id, seq, why) from problem
        fact = {"mission_id": mission_id, "seq": seq, "kind": kind, "at": at, "key": key}
        return {"type": "event", **fact, "data": read}
