"""Puts an export back into a ledger: every line of it is sound and fits, or nothing is changed."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.ledger.database import PATIENCE_S, Database, Place, Row, encodable
from telnyx_toolkit.ledger.do_not_call import LISTING, listing_of, put_back
from telnyx_toolkit.ledger.ledger import as_text
from telnyx_toolkit.ledger.lines import FORMAT, START, VERSION, Document, unsealed
from telnyx_toolkit.ledger.opening import opened
from telnyx_toolkit.ledger.schema import writing
from telnyx_toolkit.model import Listing

_HEADER = {
    "format": str,
    "version": int,
    "exported_at": str,
    "events": int,
    "progress": int,
    "listings": int,
}
_EVENT = {"mission_id": str, "seq": int, "kind": str, "at": str, "key": str | None, "data": dict}
_PROGRESS = {"mission_id": str, "mirrored_seq": int, "next_wake_at": str | None}
_LISTING = {
    "phone": str,
    "action": str,
    "reason": str,
    "source": str,
    "at": str,
    "mission_id": str | None,
}
_ACTIONS = {"add", "remove"}
_TIMES = ("at", "exported_at", "next_wake_at")
_LARGEST = 2**63 - 1

Numbered = tuple[int, Document]


@dataclass
class Copy:
    """An export that was read to its end and found whole.

    Attributes:
        exported_at: When it was made, as text; nothing later is in it.
        events: Each with the number of its line.
    """

    exported_at: str
    events: list[Numbered] = field(default_factory=list[Numbered])
    progress: list[Document] = field(default_factory=list[Document])
    listings: list[Listing] = field(default_factory=list[Listing])


@dataclass
class Restored:
    """What a restore did.

    Attributes:
        added: Events that were missing.
        skipped: Events that were there already, equal.
        listings: Entries of the do-not-call list that were added.
    """

    missions: int
    added: int = 0
    skipped: int = 0
    listings: int = 0


def read_copy(lines: Iterable[bytes]) -> Copy:
    """An export, from its lines.

    Raises:
        InvalidInput: it is no export, or not as it was written; names the line.
    """
    reader = _Reader()
    try:
        for line in lines:
            reader.take(line)
        return reader.whole()
    except ValueError as problem:
        raise InvalidInput(
            f"Line {reader.number} of the export {problem}. Nothing was imported.",
            fix="Give the file as `telnyx-toolkit ledger export` wrote it, whole and unchanged.",
        ) from problem


def restore(place: Place, copy: Copy, patience_s: float = PATIENCE_S) -> Restored:
    """Add to the ledger at a place what it lacks, in one transaction.

    Raises:
        InvalidInput: the ledger has other facts in the same places; nothing was changed.
        ConfigError, LedgerConflict: the ledger cannot be written; nothing was changed.
    """
    with closing(opened(place, patience_s)) as db, writing(db, alone=True):
        return put_into(db, copy)


def put_into(
    db: Database, copy: Copy, tell: Callable[[int, int], None] = lambda _done, _of: None
) -> Restored:
    """Within a transaction: add what a ledger lacks.

    Args:
        db: The ledger.
        copy: What is to be in it.
        tell: Told how many of how many facts were looked at.

    Raises:
        InvalidInput: the ledger has other facts in the same places.
    """
    done = Restored(len({event["mission_id"] for _, event in copy.events}))
    for number, event in copy.events:
        if _put_event(db, number, event):
            done.added += 1
        else:
            done.skipped += 1
        tell(done.added + done.skipped, len(copy.events))
    for progress in copy.progress:
        _put_progress(db, progress)
    done.listings = put_back(db, copy.listings)
    return done


class _Reader:
    """Takes an export line by line; a ValueError says what is wrong with line `number`."""

    def __init__(self) -> None:
        self.number = 0
        self._header: Document | None = None
        self._check = START
        self._copy = Copy("")
        self._last: dict[str, int] = {}

    def take(self, line: bytes) -> None:
        self.number += 1
        document, check = unsealed(line, self._check)
        if self._header is None:
            self._header = _header(document)
            self._copy.exported_at = document["exported_at"]
            return
        self._check = check
        match document.pop("type", None):
            case "event":
                self._take_event(document)
            case "progress":
                _require_shape(document, _PROGRESS)
                self._copy.progress.append(document)
            case "listing":
                self._copy.listings.append(_listing(document))
            case other:
                raise ValueError(f"holds {other!r}, which is neither an event nor progress")

    def whole(self) -> Copy:
        if self._header is None:
            self.number = 1
            raise ValueError("is missing: the file is empty")
        copy, header = self._copy, self._header
        there = [len(copy.events), len(copy.progress), len(copy.listings)]
        announced = [header["events"], header["progress"], header["listings"]]
        missing = sum(announced) - sum(there)
        if there != announced:
            raise ValueError(f"is the last one, and {missing} more should follow")
        return copy

    def _take_event(self, event: Document) -> None:
        _require_shape(event, _EVENT)
        mission_id, seq = event["mission_id"], event["seq"]
        before = self._last.get(mission_id, 0)
        if seq != before + 1:
            raise ValueError(f"holds event {seq} of mission {mission_id}, behind event {before}")
        self._last[mission_id] = seq
        self._copy.events.append((self.number, event))


def _header(document: Document) -> Document:
    if document.get("type") != "header" or document.get("format") != FORMAT:
        raise ValueError("is not the header of a ledger's export")
    if document.get("version") != VERSION:
        raise ValueError("is the header of another version's export: upgrade telnyx-toolkit")
    document.setdefault("listings", 0)  # written before there was a do-not-call list
    _require_shape(document, _HEADER)
    return document


def _listing(document: Document) -> Listing:
    _require_shape(document, _LISTING)
    if document["action"] not in _ACTIONS:
        raise ValueError("has no usable 'action'")
    return listing_of(tuple(document[name] for name in LISTING))


def _require_shape(document: Document, shape: Mapping[str, Any]) -> None:
    for name, kind in shape.items():
        value = document.get(name)
        if not isinstance(value, kind) or not _usable(name, value):
            raise ValueError(f"has no usable {name!r}")


def _usable(name: str, value: Any) -> bool:
    if isinstance(value, int):
        return not isinstance(value, bool) and 0 <= value <= _LARGEST
    if not isinstance(value, str):
        return True
    if name in _TIMES:
        try:
            return datetime.fromisoformat(value).tzinfo is not None
        except ValueError:
            return False
    return encodable(value) == value


def _put_event(db: Database, number: int, event: Document) -> bool:
    """Whether the event was added; else it was there."""
    place = (event["mission_id"], event["seq"])
    row = (event["kind"], event["at"], event["key"], as_text(event["data"]))
    if db.add_event((*place, *row), event["data"], is_new=False):
        return True
    found = db.read(
        "SELECT kind, at, key, data FROM events WHERE mission_id = ? AND seq = ?", place
    )
    if not found:
        raise _differs(number, event, "has a key that another mission's event has")
    if not _same(found[0], row):
        raise _differs(number, event, "is another one than the ledger's")
    return False


def _same(found: Row, row: Row) -> bool:
    *fields, data = found
    try:
        return (*fields, as_text(json.loads(data))) == row
    except ValueError:
        return False


def _differs(number: int, event: Document, why: str) -> InvalidInput:
    return InvalidInput(
        f"Line {number} of the export: event {event['seq']} of mission {event['mission_id']} {why}."
        " Nothing was imported.",
        fix="Import it into a directory of its own (TELNYX_TOOLKIT_HOME), and look at both.",
        code="import_conflict",
    )


def _put_progress(db: Database, progress: Document) -> None:
    """What was told further, and the later time to wake, win."""
    mission_id, seq, wake_at = (progress[name] for name in _PROGRESS)
    known = db.read(
        "SELECT mirrored_seq, next_wake_at FROM progress WHERE mission_id = ?", (mission_id,)
    )
    if known:
        seq = max(seq, known[0][0])
        times: list[str] = [at for at in (wake_at, known[0][1]) if at]
        wake_at = max(times, key=datetime.fromisoformat, default=None)
    db.execute(
        "INSERT INTO progress (mission_id, mirrored_seq, next_wake_at) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (mission_id)"
        " DO UPDATE SET mirrored_seq = ?2, next_wake_at = ?3",
        (mission_id, seq, wake_at),
    )
