"""What SQLite's errors mean for the ledger: busy, cannot be written, or damaged."""

import sqlite3
from pathlib import Path

from telnyx_toolkit.errors import (
    ConfigError,
    LedgerConflict,
    LedgerDamaged,
    LedgerUnwritable,
    ToolkitError,
)

_PRIMARY = 0xFF  # an extended result code holds its primary code in the low byte
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NO_LEDGER = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_REPLACED = {sqlite3.SQLITE_READONLY_DBMOVED}  # SQLite looks before it writes
_FREE_SPACE = "Free some space on that disk, then run the same command again."
_MAKE_WRITABLE = (
    "Make the file and its directory writable for this user, or point TELNYX_TOOLKIT_HOME at"
    " another directory."
)
_LOOK_AT_DISK = (
    "Look whether the disk, a quota or a limit on file sizes is exhausted, or the disk is failing;"
    " then run the same command again."
)
_CANNOT_WRITE = {
    sqlite3.SQLITE_FULL: ("the disk is full", _FREE_SPACE),
    sqlite3.SQLITE_READONLY: ("the file or its directory is read-only", _MAKE_WRITABLE),
    sqlite3.SQLITE_PERM: ("this user may not write it", _MAKE_WRITABLE),
    sqlite3.SQLITE_CANTOPEN: ("no journal can be made beside it", _MAKE_WRITABLE),
    sqlite3.SQLITE_IOERR: ("the system could not write to the disk", _LOOK_AT_DISK),
}
_CANNOT_READ = {
    sqlite3.SQLITE_CANTOPEN: ("this user may not read it", _MAKE_WRITABLE),
    sqlite3.SQLITE_PERM: ("this user may not read it", _MAKE_WRITABLE),
    sqlite3.SQLITE_READONLY: (
        "its last write was cut off, and is not undone yet",
        "Any command that may write there undoes it, such as: telnyx-toolkit list-missions",
    ),
}


def explained(
    problem: sqlite3.Error, path: Path, patience_s: float, *, writing: bool
) -> ToolkitError | None:
    """The error to raise in place of SQLite's, or None where it has no meaning of its own.

    Args:
        problem: What SQLite raised.
        path: The ledger's file.
        patience_s: How long a lock was waited for.
        writing: Whether something was to be written; then nothing of it was.
    """
    extended = getattr(problem, "sqlite_errorcode", 0)
    code, said = extended & _PRIMARY, f"{problem}, {getattr(problem, 'sqlite_errorname', '?')}"
    if code in _LOCKED:
        return locked(path, patience_s)
    if extended in _REPLACED:
        return replaced(path)
    if code in _NO_LEDGER or (code == sqlite3.SQLITE_IOERR and not writing):
        return LedgerDamaged(f"The ledger {str(path)!r} is damaged: it cannot be read ({said}).")
    if writing and code in _CANNOT_WRITE:
        why, fix = _CANNOT_WRITE[code]
        return unwritable(path, f"{why} ({said})", fix)
    if code in _CANNOT_READ:
        why, fix = _CANNOT_READ[code]
        return ConfigError(f"The ledger {str(path)!r} cannot be read: {why} ({said}).", fix=fix)
    return None


def locked(path: Path, patience_s: float) -> LedgerConflict:
    """Another process has the ledger, and kept it."""
    return LedgerConflict(
        f"Another process has kept the ledger {str(path)!r} locked for {patience_s:g} seconds."
        " Nothing was written.",
        fix="Wait until it is done, then run this again. If it hangs, end it: it loses nothing.",
    )


def unwritable(path: Path, why: str, fix: str = _MAKE_WRITABLE) -> LedgerUnwritable:
    """A fact could not be made durable."""
    return LedgerUnwritable(
        f"The ledger {str(path)!r} cannot be written: {why}."
        " Nothing was written, and what it holds is safe.",
        fix=fix,
    )


def replaced(path: Path) -> LedgerDamaged:
    """Another file has taken the ledger's place while it was open."""
    return LedgerDamaged(
        f"The ledger {str(path)!r} was removed or replaced while this command had it open."
        " Nothing was written."
    )


def unopenable(path: Path, problem: OSError) -> LedgerUnwritable:
    """The system does not let us open or make the ledger."""
    return LedgerUnwritable(
        f"The ledger {str(path)!r} cannot be opened: {problem.strerror or problem}.",
        fix="Make the directory writable, or point TELNYX_TOOLKIT_HOME at another one.",
    )


def unrenamed(path: Path, aside: Path, problem: OSError) -> ConfigError:
    """A ledger that was copied still has its name."""
    return ConfigError(
        f"Everything was copied, but the ledger {str(path)!r} cannot be renamed:"
        f" {problem.strerror or problem}. Whatever still runs missions from it calls twice.",
        fix=f"Rename it before anything else: it should be {str(aside)!r}.",
    )


def missing(name: str) -> ConfigError:
    """There is nothing to read."""
    return ConfigError(
        f"There is no ledger {name!r}.",
        fix="Point TELNYX_TOOLKIT_HOME at its directory, or TELNYX_TOOLKIT_DATABASE_URL at its"
        " database; create-mission makes a new one.",
        code="ledger_missing",
    )
