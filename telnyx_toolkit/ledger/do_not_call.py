"""The do-not-call list: whom no mission of this ledger calls or writes to, and how that came."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from telnyx_toolkit.errors import LedgerDamaged
from telnyx_toolkit.ledger.database import Database, Row
from telnyx_toolkit.ledger.picking import calling, heard
from telnyx_toolkit.ledger.schema import writing
from telnyx_toolkit.model import Listing

#: The columns of an entry, in order.
LISTING = ("phone", "action", "reason", "source", "at", "mission_id")
_COLUMNS = ", ".join(LISTING)
_LISTED = f"""
SELECT {_COLUMNS} FROM do_not_call AS one
WHERE action = 'add' AND id = (SELECT max(id) FROM do_not_call WHERE phone = one.phone)
ORDER BY id
"""  # noqa: S608


class DoNotCall:
    """The table of listings. Raises as `Ledger` does where the file does not take it.

    An older ledger that may only be read has no list: nobody is on it.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._looked_at = 0  # nobody is called whose number was listed before

    def entry(self, phone: str) -> Listing | None:
        """Why a number is on the list; None if it is not."""
        history = self.history(phone)
        return history[-1] if is_on(history) else None

    def history(self, phone: str) -> list[Listing]:
        """Every entry of a number, oldest first."""
        asked = f"SELECT {_COLUMNS} FROM do_not_call WHERE phone = ? ORDER BY id"  # noqa: S608
        return [self._listing(row) for row in self._read(asked, phone)]

    def listed(self) -> list[Listing]:
        """Every number on the list, in the order in which they came."""
        return [self._listing(row) for row in self._read(_LISTED)]

    def everything(self) -> list[Listing]:
        """Every entry there ever was, oldest first."""
        asked = f"SELECT {_COLUMNS} FROM do_not_call ORDER BY id"  # noqa: S608
        return [self._listing(row) for row in self._read(asked)]

    def missions_calling(self) -> list[str]:
        """Missions that have a try at a listed number under way.

        No call to a number is decided on while it is listed, so that only numbers listed since the
        last look can be among them; where there were none.
        """
        latest = self.latest()
        if latest <= self._looked_at:
            return []
        asked = calling(self._db.kind)
        found = [mission_id for (mission_id,) in self._read(asked, self._looked_at)]
        if not found:
            self._looked_at = latest
        return found

    def latest(self) -> int:
        """Grows with every entry; 0 where there is none."""
        return next((n for (n,) in self._read("SELECT coalesce(max(id), 0) FROM do_not_call")), 0)

    def since(self, entry: int) -> list[str]:
        """The numbers of the entries behind that one: see `latest`."""
        asked = "SELECT phone FROM do_not_call WHERE id > ? GROUP BY phone ORDER BY min(id)"
        return [phone for (phone,) in self._read(asked, entry)]

    def add(self, listings: Sequence[Listing]) -> int:
        """Put numbers on the list, all or none; those that are on it already stay as they are.

        Returns how many were put on it.
        """
        with writing(self._db, alone=True):
            new = self._new(listings)
            for listing in new:
                append(self._db, listing)
        return len(new)

    def remove(self, listing: Listing) -> bool:
        """Take a number off the list; its history stays. False if it was not on it."""
        with writing(self._db, alone=True):
            listed = self.entry(listing.phone) is not None
            if listed:
                append(self._db, listing)
        return listed

    def _new(self, listings: Sequence[Listing]) -> list[Listing]:
        """Those that are not on the list, once each; a long list is read once, not searched."""
        if len(listings) == 1:
            return [] if self.entry(listings[0].phone) else [*listings]
        listed = {row[0] for row in self._read(_LISTED)}
        first = {one.phone: one for one in reversed(listings)}
        return [one for one in listings if one.phone not in listed and first[one.phone] is one]

    def _listing(self, row: Row) -> Listing:
        try:
            return listing_of(row)
        except ValueError as problem:
            raise LedgerDamaged(
                f"The ledger {self._db.name!r} is damaged: the entry of {row[0]} in the"
                f" do-not-call list cannot be read: {problem}."
            ) from problem

    def _read(self, sql: str, *arguments: str | int) -> list[Row]:
        return self._db.read(sql, arguments) if is_there(self._db) else []


def is_there(db: Database) -> bool:
    """Whether a ledger has the list: one of an older version, that may only be read, has none."""
    return db.understands("SELECT phone FROM do_not_call LIMIT 0")


def put_back(db: Database, listings: Sequence[Listing]) -> int:
    """Within a transaction: add the entries of an export that are missing; say how many.

    Nobody is taken off the list by it: of a number that is on it now, removals are left out.
    """
    table, before = DoNotCall(db), _count(db)
    known = {phone: table.history(phone) for phone in {one.phone for one in listings}}
    listed = {phone for phone, history in known.items() if is_on(history)}
    left = Counter(one for history in known.values() for one in history)
    for listing in listings:
        if left[listing]:
            left[listing] -= 1
        elif listing.action == "add" or listing.phone not in listed:
            append(db, listing)
    db.execute(heard(db.kind))
    return _count(db) - before


def is_on(history: Sequence[Listing]) -> bool:
    """Whether the number of this history is on the list."""
    return bool(history) and history[-1].action == "add"


def append(db: Database, listing: Listing) -> None:
    """Within a transaction: one more entry."""
    row = (listing.phone, listing.action, listing.reason, listing.source, listing.at.isoformat())
    db.execute(
        f"INSERT INTO do_not_call ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
        (*row, listing.mission_id or None),
    )


def listing_of(row: Row) -> Listing:
    """A row of the table.

    Raises:
        ValueError: its time is none.
    """
    phone, action, reason, source, at, mission_id = row
    return Listing(phone, action, reason, source, datetime.fromisoformat(at), mission_id or "")


def _count(db: Database) -> int:
    return db.read("SELECT count(*) FROM do_not_call")[0][0]
