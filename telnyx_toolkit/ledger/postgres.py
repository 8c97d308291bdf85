"""One session of a Postgres database, which many hosts share: every fault is an error of ours."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import LedgerUnwritable, ToolkitBug
from telnyx_toolkit.ledger import postgres_faults as faults
from telnyx_toolkit.ledger.database import PATIENCE_S, Closed, Kind, Row, Taken
from telnyx_toolkit.ledger.picking import COLUMNS, picked
from telnyx_toolkit.ledger.postgres_schema import MIGRATIONS, SCHEMA, Migration
from telnyx_toolkit.ledger.postgres_session import connected, numbered, storable

#: The first half of the number of each lock: no other program of the database has it by accident.
_LOCKS = int.from_bytes(sha256(SCHEMA.encode()).digest()[:4], "big", signed=True)
#: The second half: held by whoever writes, alone by whoever changes tables; and by who is alone.
_TABLES, _ALONE = 0, 1
_FACT = ("mission_id", "seq", "kind", "at", "key", "data", *COLUMNS)
_ADD_EVENT = f"INSERT INTO events ({', '.join(_FACT)}) VALUES ({', '.join('?' * len(_FACT))})"  # noqa: S608
_ADD_IF_NEW = f"{_ADD_EVENT} ON CONFLICT DO NOTHING"
_VERSION = f"SELECT version, oldest FROM {SCHEMA}.tables_version"  # noqa: S608
_HAS_VERSION = f"SELECT to_regclass('{SCHEMA}.tables_version') IS NOT NULL"
_MIGRATED = f"UPDATE {SCHEMA}.tables_version SET version = ?, oldest = ?"  # noqa: S608
# Shared, so that it never waits for another session of the same process.
_SHOW_LIFE = "SELECT pg_advisory_lock_shared(?)"
_END_LIFE = "SELECT pg_advisory_unlock_shared(?)"
_IS_ALIVE = """SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND ((classid::bigint << 32) | objid::bigint) = ?"""

T = TypeVar("T")


class PostgresDatabase:
    """A session of a database, begun anew where it was lost.

    Whatever is read is what was committed when the statement began (READ COMMITTED). That is
    enough: a fact's place is a primary key, a lease's row is locked while it is looked at, and
    whoever is `alone` reads by statements that begin when the lock is held, so that they see all
    that was committed by whoever held it before: a commit is seen before its locks are freed.

    A commit whose answer was lost is not repeated and not looked for: the error says that nothing
    is known of it, and whoever goes on reads what is there.
    """

    kind: Kind = "postgres"
    #: A host without power is found out by the server, a process that ended at once; this is for
    #: a host that stands still. Longer than one request with all its repeats (170 s).
    lease = timedelta(minutes=5)
    locking = " FOR UPDATE"
    skipping = " FOR UPDATE SKIP LOCKED"

    def __init__(
        self,
        place: DatabaseUrl,
        patience_s: float = PATIENCE_S,
        *,
        is_read_only: bool = False,
        migrations: Sequence[Migration] = MIGRATIONS,
    ) -> None:
        """Connect.

        Args:
            place: Where.
            patience_s: How long another session's lock is waited for, in seconds.
            is_read_only: The server refuses whatever would change anything.
            migrations: What this program knows of tables.

        Raises:
            LedgerUnreachable: the server does not answer.
            ConfigError: it lets nobody in, or the database cannot be used; says why.
        """
        self.name = place.name
        self._place, self._patience_s, self._is_read_only = place, patience_s, is_read_only
        self._migrations = migrations
        self._closed_by: LedgerUnwritable | None = None
        self._is_closed = self._is_within = False
        self._understood: set[str] = set()
        self._version: Row = (0, 0)
        self._token: str | None = None
        self._db = self._connected()

    def close(self) -> None:
        """End the session, and with it all that it holds."""
        self._is_closed = True
        self._db.close()

    def refuse_writing(self, because: LedgerUnwritable) -> None:
        """From now on every transaction fails for that reason."""
        self._closed_by = because

    def read(self, sql: str, arguments: Sequence[Any] = ()) -> list[Row]:
        """All rows that a query gives.

        Raises:
            LedgerConflict: it is locked.
            LedgerUnreachable: the connection was lost, and no other one is to be had.
            ConfigError: it cannot be read; says why.
        """
        with self._explained():
            return self._repeated(lambda: self._run(sql, arguments).fetchall())

    def execute(self, sql: str, arguments: Sequence[Any] = ()) -> int:
        """One statement of a transaction; how many rows it changed."""
        try:
            return self._run(sql, arguments).rowcount
        except errors.UniqueViolation as problem:
            raise Taken from problem

    def add_event(self, row: Row, data: Mapping[str, Any], *, is_new: bool = True) -> bool:
        """A fact, with what is asked of its data in columns of its own."""
        sql = _ADD_EVENT if is_new else _ADD_IF_NEW
        return self.execute(sql, (*row, *picked(row[2], data))) > 0

    def keep_others_out(self) -> None:
        """Whoever reads is not kept out."""
        self.execute("LOCK TABLE events, progress, leases, do_not_call, notices IN SHARE MODE")

    def set_aside(self, mark: str) -> str:
        """Rename our schema; a session that used it finds nothing there any more."""
        aside = f"{SCHEMA}_copied_{mark}"
        self.execute(f"ALTER SCHEMA {SCHEMA} RENAME TO {aside}")
        return f"{self.name}, schema {aside}"

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Generator[None]:
        """All of what is executed within happens, durably, or none of it.

        Raises:
            LedgerConflict: a lock stays taken.
            LedgerUnreachable: the connection was lost; if that was at the very end, nothing is
                known of what was executed.
            LedgerUnwritable: the server does not take it.
        """
        locks = [f"SELECT pg_advisory_xact_lock_shared({_LOCKS}, {_TABLES})"]
        locks += [f"SELECT pg_advisory_xact_lock({_LOCKS}, {_ALONE})"] * alone
        with self._within([*locks, _VERSION]) as stated:
            self._version = stated
            yield

    @contextmanager
    def still(self) -> Generator[None]:
        """Whatever is read within is of one instant."""
        first = ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"]
        # what is read is written elsewhere, which may take its time
        first += ["SET LOCAL idle_in_transaction_session_timeout = 0"]
        with self._explained():
            self._repeated(lambda: self._begin(first))
            try:
                yield
            finally:
                self._undo()

    def version(self) -> int:
        """The version of the tables; 0 where there are none of ours."""
        if not self._is_within:
            rows = self.read(_VERSION) if self.understands(_VERSION) else [(0, 0)]
            self._version = rows[0]
        return self._version[0]

    def takes(self, program: int) -> bool:
        """Whether the tables are no older than the program, and changed since by additions only."""
        version, oldest = self._version
        return oldest <= program <= version

    def upgrade(self) -> None:
        """Apply the migrations that the database has not been through, one by one.

        Nobody else writes meanwhile: whoever has begun is waited for, and others wait.
        """
        newest = self._migrations[-1].to
        alone = f"SELECT pg_advisory_xact_lock({_LOCKS}, {_TABLES})"
        while self.version() < newest:
            with self._within([alone, _HAS_VERSION]) as (is_there,):
                version = self.read(_VERSION)[0][0] if is_there else self._lay_out()
                for step in [step for step in self._migrations if step.to > version][:1]:
                    for statement in step.statements:
                        self.execute(statement)
                    self.execute(_MIGRATED, (step.to, step.oldest))

    def understands(self, sql: str) -> bool:
        """Whether the tables and columns of a query exist; what is once there stays."""
        if sql in self._understood:
            return True
        with self._explained():
            try:
                self._repeated(lambda: self._run(sql))
            except (errors.UndefinedTable, errors.UndefinedColumn):
                return False
        self._understood.add(sql)
        return True

    def identity(self) -> object:
        """Which database it is."""
        return self._place

    def show_life(self, token: str) -> None:
        """Hold a lock by which others know that the process of that token lives.

        The server frees it when the session ends, however it ends; where one is begun anew, it is
        taken again, also beside a session that the server still takes for alive.
        """
        self._token = token
        self.read(_SHOW_LIFE, (_number(token),))

    def end_life(self) -> None:
        """Let go of that lock."""
        token, self._token = self._token, None
        if token and not self._is_closed:
            with suppress(psycopg.Error):
                self._run(_END_LIFE, (_number(token),))

    def is_gone(self, holder: str, token: str) -> bool:
        """Whether no session holds the lock of that token; to look gets in nobody's way."""
        del holder  # names of hosts and processes repeat
        return not self.read(_IS_ALIVE, (_number(token),))

    @contextmanager
    def _within(self, first: Sequence[str]) -> Generator[Row]:
        """A transaction that begins with these statements, and what the last of them gave."""
        if self._closed_by:
            raise self._closed_by
        with self._explained(writing=True):
            given = self._repeated(lambda: self._begin(first))
            try:
                yield given
                self._commit()
            finally:
                self._undo()

    def _begin(self, first: Sequence[str]) -> Row:
        """Begin a transaction; several statements are one message, each with its own view."""
        try:
            found = self._session().execute("; ".join(["BEGIN", *first]).encode(), prepare=False)
            while found.nextset():
                pass
            self._is_within = True
            return found.fetchall()[0] if found.description else ()
        except psycopg.Error:
            self._undo()
            raise

    def _commit(self) -> None:
        try:
            done = self._db.execute(b"COMMIT", prepare=False).statusmessage
        except psycopg.Error as problem:
            if faults.is_lost(problem):
                raise faults.lost(self._place, is_unknown=True) from problem
            raise
        if done != "COMMIT":  # a statement failed, and somebody took no notice
            raise ToolkitBug(f"The ledger {self.name!r} undid what it was to keep.")

    def _undo(self) -> None:
        """End a transaction that was not committed, if the server has not."""
        self._is_within = False
        with suppress(psycopg.Error):
            if self._db.info.transaction_status != TransactionStatus.IDLE:
                self._db.execute(b"ROLLBACK", prepare=False)

    def _run(self, sql: str, arguments: Sequence[Any] = ()) -> psycopg.Cursor[Row]:
        given = [storable(one) for one in arguments] or None
        return self._session().execute(numbered(sql), given)

    def _session(self) -> psycopg.Connection[Row]:
        if self._is_closed:
            raise Closed(f"The ledger {self.name!r} is closed.")
        if self._db.closed and not self._is_within:
            self._db.close()
            self._db = self._connected()
        return self._db

    def _repeated(self, ask: Callable[[], T]) -> T:
        """Ask, and once more if the connection turns out to be gone and nothing hung on it."""
        try:
            return ask()
        except psycopg.Error as problem:
            if self._is_within or not faults.is_lost(problem):
                raise
            self._db.close()
            return ask()

    def _connected(self) -> psycopg.Connection[Row]:
        db = connected(self._place, self._patience_s, is_read_only=self._is_read_only)
        if self._token:
            with self._explained():
                db.execute(numbered(_SHOW_LIFE), (_number(self._token),))
        return db

    @contextmanager
    def _explained(self, *, writing: bool = False) -> Generator[None]:
        """Raise an error of Postgres as one of ours, if people can do something about it."""
        try:
            yield
        except psycopg.Error as problem:
            told = faults.explained(problem, self._place, self._patience_s, writing=writing)
            if told:
                raise told from problem
            raise

    def _lay_out(self) -> int:
        """Make room for our tables; the version that they have then."""
        if not self.read("SELECT to_regnamespace(?)", (SCHEMA,))[0][0]:  # it may be given to us
            self.execute(f"CREATE SCHEMA {SCHEMA}")
        self.execute(f"CREATE TABLE {SCHEMA}.tables_version (version INT, oldest INT)")
        self.execute(f"INSERT INTO {SCHEMA}.tables_version VALUES (0, 0)")  # noqa: S608
        return 0


def _number(token: str) -> int:
    """The number of the lock of a token."""
    return int.from_bytes(sha256(token.encode()).digest()[:8], "big") >> 1
