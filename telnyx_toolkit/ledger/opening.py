"""Opening the ledger of a home directory: made whole, recognised, brought up to date."""

import os
from contextlib import closing, suppress
from pathlib import Path

from telnyx_toolkit.errors import LedgerUnwritable
from telnyx_toolkit.ledger import faults
from telnyx_toolkit.ledger.database import PATIENCE_S, Database
from telnyx_toolkit.ledger.files import aside, exists, put, refuse_unsafe
from telnyx_toolkit.ledger.schema import recognise, upgrade


def path_in(home: Path) -> Path:
    """Where a home directory has its ledger."""
    return home / "ledger.db"


def has_ledger(home: Path) -> bool:
    """Whether there is anything at all under the name of the ledger in `home`."""
    return os.path.lexists(path_in(home))


def opened(home: Path, patience_s: float = PATIENCE_S) -> Database:
    """The ledger in `home`, for reading and writing; both are made if need be.

    Where nothing can be written, what is there can still be read: only writing then fails.

    Raises:
        LedgerUnwritable: there is no ledger, and none can be made.
        LedgerDamaged: what is there is no ledger; it is left as it was found.
        LedgerConflict: another process keeps it locked.
        ConfigError: it is a symbolic link, or a newer program wrote it.
    """
    path = path_in(home)
    refuse_unsafe(home)
    try:
        if not exists(path):
            _make(path, patience_s)
    except OSError as problem:
        raise faults.unopenable(path, problem) from problem
    db = Database(path, patience_s)
    try:
        recognise(db)
        _bring_up_to_date(db)
    except BaseException:
        db.close()
        raise
    return db


def opened_in_memory(home: Path) -> Database:
    """A new ledger that is nowhere on disk, and is gone when it is closed.

    Args:
        home: Where it would be, for messages.
    """
    db = Database(path_in(home), mode="memory")
    upgrade(db)
    return db


def opened_to_read(home: Path, patience_s: float = PATIENCE_S) -> Database:
    """The ledger in `home`, of any version this program reads; nothing is made or changed.

    Raises:
        LedgerDamaged: what is there is no ledger.
        LedgerConflict: another process keeps it locked.
        ConfigError: there is none, or it cannot be read; says why.
    """
    refuse_unsafe(home)
    db = Database(path_in(home), patience_s, "ro")
    try:
        recognise(db)
    except BaseException:
        db.close()
        raise
    return db


def _make(path: Path, patience_s: float) -> None:
    """Build a new ledger aside, and name it when it is whole.

    A file of that name is never half made, so one that is empty was damaged: it is not built over.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with aside(path) as new:
        with closing(Database(new, patience_s, known_as=path)) as db:
            upgrade(db)
        with suppress(FileExistsError):  # another process was faster
            put(new, path)


def _bring_up_to_date(db: Database) -> None:
    try:
        upgrade(db)
    except LedgerUnwritable as problem:
        db.refuse_writing(problem)
