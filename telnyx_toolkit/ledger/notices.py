"""What is still to be told, to whom it was told already, and who is telling it right now."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from telnyx_toolkit.ledger.database import Database, Row
from telnyx_toolkit.ledger.schema import writing

if TYPE_CHECKING:
    from telnyx_toolkit.notices import Notice

_COLUMNS = "notice_id, mission_id, kind, at, text, data"
_DUE = f"""
SELECT one.notice_id, mission_id, kind, one.at, text, data, answered, tries, via
FROM (SELECT rowid AS place, {_COLUMNS}, answered, tries FROM notices
    WHERE settled_at IS NULL AND due_at <= ? ORDER BY rowid LIMIT ?) AS one
LEFT JOIN deliveries ON deliveries.notice_id = one.notice_id ORDER BY place
"""  # noqa: S608
_PUT = f"""
INSERT INTO notices ({_COLUMNS}, passing, answered, tries, due_at, settled_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (notice_id) DO NOTHING
"""  # noqa: S608
_SETTLED = "UPDATE notices SET settled_at = ? WHERE notice_id = ? AND settled_at IS NULL"
_TOLD = "INSERT INTO deliveries VALUES (?, ?, ?) ON CONFLICT (notice_id, via) DO NOTHING"


@dataclass(frozen=True)
class Waiting:
    """A notice that was not told everywhere yet.

    Attributes:
        answered: A command's own answer has told it already to whoever gave the command.
        tries: How often it could not be told.
        done_by: The ways by which it was told, or can never be.
    """

    notice: "Notice"
    answered: bool
    tries: int
    done_by: frozenset[str]


def insert_notice(
    db: Database, notice: "Notice", *, passing: bool = False, due_at: str = ""
) -> None:
    """Within a transaction: add a notice; the same one a second time changes nothing."""
    data = json.dumps(dict(notice.data), separators=(",", ":"))
    row = (notice.notice_id, notice.mission_id, notice.kind, notice.at.isoformat())
    db.execute(
        f"INSERT INTO notices ({_COLUMNS}, passing, due_at)"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (notice_id) DO NOTHING",
        (*row, notice.text, data, int(passing), due_at),
    )


class Notices:
    """The table of notices. Raises as `Ledger` does where the file does not take it.

    An older ledger that may only be read has none. `now` is the time of the machine, unlike a
    notice's own `at`, which is the mission's.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def add_passing(self, notice: "Notice", due_at: datetime) -> None:
        """Add a trouble that is told from `due_at` on, unless it has passed by then."""
        with writing(self._db):
            insert_notice(self._db, notice, passing=True, due_at=due_at.isoformat())

    def troubles(self, mission_id: str) -> dict[str, datetime]:
        """The troubles of a mission that have not passed: since when, by code and its own time."""
        asked = "SELECT data, at FROM notices WHERE mission_id = ? AND passing = 1"
        rows = self._read(asked, mission_id)
        return {json.loads(data)["code"]: datetime.fromisoformat(at) for data, at in rows}

    def has_passed(self, mission_id: str) -> None:
        """A mission goes on: its troubles are over, told or not."""
        if not self.troubles(mission_id):
            return
        with writing(self._db):
            gone = "DELETE FROM notices WHERE mission_id = ? AND passing = 1"
            self._db.execute(gone, (mission_id,))

    def answer(self, mission_id: str) -> None:
        """Whoever asks for the mission was told of everything so far, by a command's answer."""
        open_ = "mission_id = ? AND settled_at IS NULL AND answered = 0"
        if not self._read(f"SELECT 1 FROM notices WHERE {open_} LIMIT 1", mission_id):  # noqa: S608
            return
        with writing(self._db):
            self._db.execute(f"UPDATE notices SET answered = 1 WHERE {open_}", (mission_id,))  # noqa: S608

    def due(self, now: datetime, limit: int) -> list[Waiting]:
        """What is to be told now, oldest first."""
        waiting: dict[str, Row] = {}
        told: dict[str, set[str]] = {}
        for *row, via in self._read(_DUE, now.isoformat(), limit):
            waiting[row[0]] = tuple(row)
            told.setdefault(row[0], set()).add(via)
        return [_waiting(row, told[notice_id]) for notice_id, row in waiting.items()]

    def claim(self, notice_id: str, now: datetime, until: datetime) -> bool:
        """Be the one who tells it, until then; False if another process is at it."""
        mine = "notice_id = ? AND settled_at IS NULL AND due_at <= ?"
        with writing(self._db):
            arguments = (notice_id, now.isoformat())
            free = f"SELECT 1 FROM notices WHERE {mine}{self._db.skipping}"  # noqa: S608
            if not self._db.read(free, arguments):
                return False
            self.put_off(notice_id, until)
            return True

    def done_with(self, notice_id: str, via: str, now: datetime) -> None:
        """It was told by that way, or can never be."""
        with writing(self._db):
            self._db.execute(_TOLD, (notice_id, via, now.isoformat()))

    def refused(self, notice_id: str, due_at: datetime) -> None:
        """It could not be told; it is tried again from `due_at` on."""
        with writing(self._db):
            self._db.execute(
                "UPDATE notices SET tries = tries + 1 WHERE notice_id = ?", (notice_id,)
            )
            self.put_off(notice_id, due_at)

    def settle(self, notice_id: str, now: datetime) -> None:
        """Nothing is left to be done about it."""
        with writing(self._db):
            done = "UPDATE notices SET settled_at = ? WHERE notice_id = ?"
            self._db.execute(done, (now.isoformat(), notice_id))

    def put_off(self, notice_id: str, until: datetime) -> None:
        """Within a transaction: nobody tells it before then."""
        later = "UPDATE notices SET due_at = ? WHERE notice_id = ?"
        self._db.execute(later, (until.isoformat(), notice_id))

    def _read(self, sql: str, *arguments: Any) -> list[Row]:
        if not self._db.understands("SELECT notice_id FROM notices LIMIT 0"):
            return []
        return self._db.read(sql, arguments)


def put_back(db: Database, notices: Iterable[Row], deliveries: Iterable[Row]) -> int:
    """Within a transaction: add rows of another ledger that are missing; say how many.

    What was told there, or answered, is so here, too.
    """
    added = 0
    for row in notices:
        added += db.execute(_PUT, row)
        if row[-1]:
            db.execute(_SETTLED, (row[-1], row[0]))
    for row in deliveries:
        db.execute(_TOLD, row)
    return added


def _waiting(row: Row, done_by: Iterable[str | None]) -> Waiting:
    from telnyx_toolkit.notices import Notice  # noqa: PLC0415 - seldom is there one

    notice_id, mission_id, kind, at, text, data, answered, tries = row
    notice = Notice(notice_id, mission_id, kind, datetime.fromisoformat(at), text, json.loads(data))
    return Waiting(notice, bool(answered), tries, frozenset(via for via in done_by if via))
