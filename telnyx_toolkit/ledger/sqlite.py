"""One SQLite file, open: reads and transactions, and every fault as an error of ours."""

import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from telnyx_toolkit.errors import LedgerUnwritable
from telnyx_toolkit.ledger import sqlite_faults as faults
from telnyx_toolkit.ledger.database import PATIENCE_S, Closed, Kind, Row, Taken
from telnyx_toolkit.ledger.files import exists, rename
from telnyx_toolkit.ledger.schema import MIGRATIONS, SCHEMA_VERSION

#: How a file is opened: `memory` is no file at all, and ends with the process.
Mode = Literal["rw", "ro", "memory"]

_NO_SUCH_THING = sqlite3.SQLITE_ERROR
_TAKEN = {sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE}
_ADD_EVENT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)"
_ADD_IF_NEW = f"{_ADD_EVENT} ON CONFLICT DO NOTHING"


class SqliteDatabase:
    """A file that is there already, opened; it is neither made nor changed by that.

    A rollback journal with `synchronous=FULL`: a committed transaction survives a kill and a power
    cut, and there is no write-ahead log, which SQLite before 3.51.3 can corrupt with two writers.
    """

    kind: Kind = "sqlite"
    lease = timedelta(minutes=10)  # a dead process of this machine is found out at once
    locking = skipping = ""  # whoever writes is alone

    def __init__(
        self,
        path: Path,
        patience_s: float = PATIENCE_S,
        mode: Mode = "rw",
        known_as: Path | None = None,
    ) -> None:
        """Open `path`. With `rw`, a file that may only be read is opened all the same.

        Args:
            path: The file.
            patience_s: How long another process's lock is waited for, in seconds.
            mode: `ro` never writes, not even to undo a transaction that was cut off; `memory`
                makes no file, whatever `path` is, and so is for rehearsals alone.
            known_as: The file's name in messages, where it is not `path`.

        Raises:
            ConfigError: it cannot be opened, or must not be; says why.
        """
        self.path = known_as or path
        self.name = str(self.path)
        self._patience_s = patience_s
        self._closed_by: LedgerUnwritable | None = None
        self._understood: set[str] = set()
        self._is_closed = False
        try:
            if mode != "memory" and not exists(path):
                raise faults.missing(str(path))
        except OSError as problem:
            raise faults.unopenable(path, problem) from problem
        with self._explained(writing=False):
            self._db = _connect(path, patience_s, mode)

    def close(self) -> None:
        """Release the file."""
        self._is_closed = True
        self._db.close()

    def refuse_writing(self, because: LedgerUnwritable) -> None:
        """From now on every transaction fails for that reason."""
        self._closed_by = because

    def read(self, sql: str, arguments: Sequence[Any] = ()) -> list[Row]:
        """All rows that a query gives.

        Raises:
            LedgerConflict: the file is locked.
            ConfigError: it cannot be read; says why.
        """
        try:
            return self._db.execute(sql, arguments).fetchall()
        except sqlite3.Error as problem:
            self._explain(problem, writing=False)
            raise

    def version(self) -> int:
        """The version of the tables; 0 where there are none of ours."""
        return self.read("PRAGMA user_version")[0][0]

    def understands(self, sql: str) -> bool:
        """Whether the tables and columns of a query exist; what is once there stays."""
        if sql in self._understood:
            return True
        try:
            self.read(sql)
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != _NO_SUCH_THING:
                raise
            return False
        self._understood.add(sql)
        return True

    def takes(self, program: int) -> bool:
        """Only the version that the file has: whoever upgrades it is alone with it."""
        return self.version() == program

    def upgrade(self) -> None:
        """Apply the migrations that the file has not been through."""
        while self.version() < SCHEMA_VERSION:
            with self.transaction():
                version = self.version()
                if version < SCHEMA_VERSION:
                    self._migrate(version)

    def _migrate(self, version: int) -> None:
        for statement in MIGRATIONS[version]:
            self.execute(statement)
        self.execute(f"PRAGMA user_version={version + 1}")

    def execute(self, sql: str, arguments: Sequence[Any] = ()) -> int:
        """One statement of a transaction; how many rows it changed."""
        try:
            return self._db.execute(sql, arguments).rowcount
        except sqlite3.IntegrityError as problem:
            if problem.sqlite_errorcode in _TAKEN:
                raise Taken from problem
            raise

    def add_event(self, row: Row, data: Mapping[str, Any], *, is_new: bool = True) -> bool:
        """A fact; SQLite finds what it needs of the data within the text."""
        del data
        return self.execute(_ADD_EVENT if is_new else _ADD_IF_NEW, row) > 0

    def keep_others_out(self) -> None:
        """A transaction does."""

    def set_aside(self, mark: str) -> str:
        """Rename the file; SQLite lets nobody write to one that was renamed while it was open."""
        aside = self.path.with_name(f"{self.path.name}.copied-{mark}")
        try:
            rename(self.path, aside)
        except OSError as problem:  # Windows renames no file that is open
            raise faults.unrenamed(self.path, aside, problem) from problem
        return str(aside)

    def identity(self) -> object:
        """Which file it is."""
        at = self.path.stat()
        return at.st_dev, at.st_ino

    def still(self) -> AbstractContextManager[None]:
        """Facts are only added, by one at a time: what comes later lies behind the last row."""
        return nullcontext()

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Generator[None]:
        """All of what is executed within happens, durably, or none of it.

        Args:
            alone: True of every transaction of a file.

        Raises:
            LedgerConflict: the file stays locked.
            LedgerUnwritable: the disk does not take it.
            LedgerDamaged: the file is damaged, or was replaced since it was opened.
        """
        del alone
        if self._closed_by:
            raise self._closed_by
        with self._explained(writing=True):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._undo()
                raise

    def _undo(self) -> None:
        """SQLite ends some failed transactions by itself; then there is nothing to undo."""
        with suppress(sqlite3.Error):
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    @contextmanager
    def _explained(self, *, writing: bool) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as problem:
            self._explain(problem, writing=writing)
            raise

    def _explain(self, problem: sqlite3.Error, *, writing: bool) -> None:
        """Raise it as an error of ours, if it is one that people can do something about."""
        if self._is_closed:
            raise Closed(f"The ledger {self.name!r} is closed.") from problem
        told = faults.explained(problem, self.path, self._patience_s, writing=writing)
        if told:
            raise told from problem


def _connect(path: Path, patience_s: float, mode: Mode) -> sqlite3.Connection:
    if mode == "memory":
        return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        timeout=patience_s,
        isolation_level=None,
        check_same_thread=False,
        uri=True,
    )
    try:
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA fullfsync=ON")  # macOS: its fsync alone is no promise
    except sqlite3.Error:
        db.close()
        raise
    return db
