"""Looks whether a ledger is sound; changes nothing."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import ConfigError, LedgerDamaged, ToolkitError
from telnyx_toolkit.ledger.database import PATIENCE_S, Database, Place
from telnyx_toolkit.ledger.do_not_call import DoNotCall
from telnyx_toolkit.ledger.ledger import event_of
from telnyx_toolkit.ledger.opening import opened_to_read, path_in
from telnyx_toolkit.ledger.schema import SCHEMA_VERSION
from telnyx_toolkit.ledger.sqlite import SqliteDatabase
from telnyx_toolkit.transitions import fold

Document = dict[str, Any]

_MOST = 20  # a broken file may have thousands of broken pages
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_GO_BACK = (
    "Keep the file. To go back to an export, move it away, then: telnyx-toolkit ledger import FILE"
)
_JOURNAL = "delete"
_AHEAD = """SELECT mission_id FROM progress WHERE mirrored_seq >
    (SELECT coalesce(max(seq), 0) FROM events WHERE events.mission_id = progress.mission_id)"""


def check(place: Place, patience_s: float = PATIENCE_S) -> Document:
    """What is in the ledger at a place, and everything that is wrong with it.

    Raises:
        LedgerConflict: another process keeps it locked, so it cannot be read now.
    """
    is_file = not isinstance(place, DatabaseUrl)
    report: Document = {
        "ok": False,
        "path": str(path_in(place)) if is_file else place.name,
        "schema_version": None,
        "newest_schema_version": SCHEMA_VERSION,
        "journal_mode": None,
        "sqlite_version": sqlite3.sqlite_version if is_file else None,
        "postgres_version": None,
        "missions": 0,
        "events": 0,
        "do_not_call": 0,
        "problems": [],
    }
    problems: list[Document] = report["problems"]
    try:
        with closing(opened_to_read(place, patience_s)) as db:
            _count(db, report)
            for problem in _problems(db):
                problems.append(problem)  # noqa: PERF402 - looking may end in an error half way
    except ConfigError as problem:
        problems.append(problem.as_dict()["error"])
    return {**report, "ok": not problems}


def _count(db: Database, report: Document) -> None:
    report["schema_version"] = db.version()
    if db.kind == "sqlite":
        report["journal_mode"] = db.read("PRAGMA journal_mode")[0][0]
    else:
        report["postgres_version"] = db.read("SHOW server_version")[0][0]
    counted = "SELECT count(DISTINCT mission_id), count(*) FROM events"
    report["missions"], report["events"] = db.read(counted)[0]
    with suppress(LedgerDamaged):  # it is told as a problem
        report["do_not_call"] = len(DoNotCall(db).listed())


def _problems(db: Database) -> Iterator[Document]:
    yield from _of_a_file(db) if isinstance(db, SqliteDatabase) else _of_a_server(db)
    yield from _missions(db)
    try:
        DoNotCall(db).everything()
    except LedgerDamaged as problem:
        yield _problem("do_not_call", problem.message, _GO_BACK)


def _of_a_server(db: Database) -> Iterator[Document]:
    for name in ("fsync", "full_page_writes"):
        if db.read(f"SHOW {name}")[0][0] != "on":
            yield _problem(
                "not_durable",
                f"The server has {name} turned off: a power cut may lose or break what it holds.",
                f"Turn {name} on in the server's settings, and start it again.",
            )


def _of_a_file(db: SqliteDatabase) -> Iterator[Document]:
    mode = db.path.stat().st_mode
    if os.name == "posix" and mode & _OTHERS:
        yield _problem(
            "ledger_unsafe",
            "Others may use the file.",
            f"chmod go-rwx {db.path}",
        )
    if db.read("PRAGMA journal_mode")[0][0] != _JOURNAL:
        yield _problem(
            "journal_mode",
            "Another program has changed the journal to one that two writers can corrupt.",
            f"sqlite3 {db.path} 'PRAGMA journal_mode=DELETE', while nothing else runs.",
        )
    for (said,) in db.read(f"PRAGMA integrity_check({_MOST})"):
        if said != "ok":
            yield _problem("integrity", f"SQLite says: {said}", _GO_BACK)


def _missions(db: Database) -> Iterator[Document]:
    for (mission_id,) in db.read("SELECT DISTINCT mission_id FROM events ORDER BY mission_id"):
        rows = db.read(
            "SELECT mission_id, seq, kind, at, data FROM events WHERE mission_id = ? ORDER BY seq",
            (mission_id,),
        )
        try:
            fold(event_of(db.name, row, place) for place, row in enumerate(rows, 1))
        except ToolkitError as problem:
            yield _problem("mission", f"Mission {mission_id}: {problem.message}", _GO_BACK)
        except (LookupError, TypeError, ValueError) as problem:
            told = f"Mission {mission_id} has an event with other data than expected: {problem!r}."
            yield _problem("mission", told, _GO_BACK)
    for (mission_id,) in db.read(_AHEAD):
        told = f"Mission {mission_id}: Telnyx was told of events that are not here any more."
        yield _problem("older_copy", told, _GO_BACK)


def _problem(code: str, message: str, fix: str) -> Document:
    return {"code": code, "message": message, "fix": fix}
