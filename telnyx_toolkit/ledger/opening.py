"""Opening a ledger where it is: made whole, recognised, brought up to date."""

import os
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import ConfigError, LedgerUnreachable, LedgerUnwritable
from telnyx_toolkit.ledger import sqlite_faults as faults
from telnyx_toolkit.ledger.database import PATIENCE_S, Database, Place
from telnyx_toolkit.ledger.files import aside, exists, put, refuse_unsafe
from telnyx_toolkit.ledger.schema import recognise
from telnyx_toolkit.ledger.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from telnyx_toolkit.ledger.postgres import PostgresDatabase


def path_in(home: Path) -> Path:
    """Where a home directory has its ledger."""
    return home / "ledger.db"


def has_ledger(place: Place) -> bool:
    """Whether there is anything at all under the name of the ledger there.

    A database is said to have one, since only a connection could tell.
    """
    return isinstance(place, DatabaseUrl) or os.path.lexists(path_in(place))


def opened(place: Place, patience_s: float = PATIENCE_S) -> Database:
    """The ledger at a place, for reading and writing; it is made if need be.

    Where nothing can be written, what is there can still be read: only writing then fails.

    Raises:
        LedgerUnwritable: there is no ledger, and none can be made.
        LedgerDamaged: what is there is no ledger; it is left as it was found.
        LedgerConflict: another process keeps it locked.
        ConfigError: it is a symbolic link, or a newer program wrote it.
    """
    if isinstance(place, DatabaseUrl):
        db: Database = _database(place, patience_s)
    else:
        db = _file(place, patience_s)
    try:
        if db.kind == "sqlite" or db.version():
            recognise(db)
        _bring_up_to_date(db)
    except BaseException:
        db.close()
        raise
    return db


def opened_in_memory(place: Place) -> Database:
    """A new ledger that is nowhere on disk, and is gone when it is closed.

    Args:
        place: Where it would be, for messages.
    """
    path = path_in(place) if isinstance(place, Path) else Path(place.name)
    db = SqliteDatabase(path, mode="memory")
    db.upgrade()
    return db


def opened_to_read(place: Place, patience_s: float = PATIENCE_S) -> Database:
    """The ledger at a place, of any version this program reads; nothing is made or changed.

    Raises:
        LedgerDamaged: what is there is no ledger.
        LedgerConflict: another process keeps it locked.
        ConfigError: there is none, or it cannot be read; says why.
    """
    if isinstance(place, DatabaseUrl):
        db = _database(place, patience_s, is_read_only=True)
    else:
        refuse_unsafe(place)
        db = SqliteDatabase(path_in(place), patience_s, "ro")
    try:
        if db.kind == "postgres" and not db.version():
            raise faults.missing(db.name)
        recognise(db)
    except BaseException:
        db.close()
        raise
    return db


def _database(
    place: DatabaseUrl, patience_s: float, *, is_read_only: bool = False
) -> "PostgresDatabase":
    try:
        from telnyx_toolkit.ledger.postgres import PostgresDatabase  # noqa: PLC0415 - an extra
    except ImportError as problem:  # also where psycopg is there and libpq is not
        raise ConfigError(
            "A ledger in Postgres needs a library that is not installed:"
            f" {problem.name or problem}.",
            fix="Install the toolkit with it, from its folder: uv tool install '.[postgres]', or:"
            " python -m pip install '.[postgres]'",
            code="postgres_not_installed",
        ) from problem
    return PostgresDatabase(place, patience_s, is_read_only=is_read_only)


def _file(home: Path, patience_s: float) -> SqliteDatabase:
    path = path_in(home)
    refuse_unsafe(home)
    try:
        if not exists(path):
            _make(path, patience_s)
    except OSError as problem:
        raise faults.unopenable(path, problem) from problem
    return SqliteDatabase(path, patience_s)


def _make(path: Path, patience_s: float) -> None:
    """Build a new ledger aside, and name it when it is whole.

    A file of that name is never half made, so one that is empty was damaged: it is not built over.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with aside(path) as new:
        with closing(SqliteDatabase(new, patience_s, known_as=path)) as db:
            db.upgrade()
        with suppress(FileExistsError):  # another process was faster
            put(new, path)


def _bring_up_to_date(db: Database) -> None:
    try:
        db.upgrade()
    except LedgerUnreachable:
        raise
    except LedgerUnwritable as problem:
        if not db.version():
            raise
        db.refuse_writing(problem)
