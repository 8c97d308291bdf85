"""A database that holds a ledger: what a SQLite file and a Postgres database both offer."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import LedgerUnwritable

Row = tuple[Any, ...]

#: Where a ledger is: in a directory, or in a database that many hosts share.
Place = Path | DatabaseUrl

Kind = Literal["sqlite", "postgres"]

#: How long another process's lock is waited for, in seconds.
PATIENCE_S = 10.0


def encodable(text: str) -> str:
    """`text` as it can be kept: half a surrogate pair, which an argument may hold, is replaced."""
    return text.encode(errors="replace").decode()


class Taken(Exception):
    """A row with that key is there already."""


class Closed(Exception):
    """The ledger was closed, and is asked for something."""


class Database(Protocol):
    """One ledger's tables, open.

    Statements are written once for both kinds: `?` and `?1` stand for arguments, texts are ordered
    by their code points, and every table of facts has a `rowid`, which grows in the order in which
    rows were written.

    Attributes:
        kind: Which it is, where the two need different words.
        name: What it is called in messages.
        lease: How long a lease lasts: longer than any single request with all its repeats.
        locking: Ends a query for rows that nobody else may change until the transaction is over.
        skipping: The same, but rows that somebody else has locked are left out.
    """

    kind: Kind
    name: str
    lease: timedelta
    locking: str
    skipping: str

    def close(self) -> None:
        """Release it; nothing can be asked of it any more."""
        ...

    def refuse_writing(self, because: LedgerUnwritable) -> None:
        """From now on every transaction fails for that reason."""
        ...

    def read(self, sql: str, arguments: Sequence[Any] = ()) -> list[Row]:
        """All rows that a query gives.

        Raises:
            LedgerConflict: it is locked.
            ConfigError: it cannot be read; says why.
        """
        ...

    def execute(self, sql: str, arguments: Sequence[Any] = ()) -> int:
        """One statement of a transaction; how many rows it changed.

        Raises:
            Taken: a row with that key is there already; the transaction must be ended.
        """
        ...

    def transaction(self, *, alone: bool = False) -> AbstractContextManager[None]:
        """All of what is executed within happens, durably, or none of it.

        Args:
            alone: At most one such transaction is open at any time, on all hosts; what it reads
                is what the one before it left.

        Raises:
            LedgerConflict: it stays locked.
            LedgerUnwritable: it is not written; says why.
            LedgerDamaged: it is damaged, or was replaced since it was opened.
        """
        ...

    def still(self) -> AbstractContextManager[None]:
        """Whatever is read within is of one instant, as far as rows with a `rowid` go."""
        ...

    def version(self) -> int:
        """The version of the tables; 0 where there are none of ours."""
        ...

    def takes(self, program: int) -> bool:
        """Whether a program that knows that version may read and write the tables as they are."""
        ...

    def upgrade(self) -> None:
        """Bring the tables to the newest version that this program knows.

        Several processes may do this at once: each looks again once it may write.
        """
        ...

    def understands(self, sql: str) -> bool:
        """Whether the tables and columns of a query exist; what is once there stays."""
        ...

    def add_event(self, row: Row, data: Mapping[str, Any], *, is_new: bool = True) -> bool:
        """Within a transaction: a fact, as its six columns and, once more, with its data read.

        Returns whether it was added; without `is_new`, it is not where its place or key is taken.

        Raises:
            Taken: that place, or that key, is; the transaction must be ended.
        """
        ...

    def keep_others_out(self) -> None:
        """Within a transaction: nobody else writes anything until it is over."""
        ...

    def set_aside(self, mark: str) -> str:
        """Within a transaction: give the ledger another name, so that nobody uses it any more.

        Returns that name, which holds the mark.

        Raises:
            ConfigError: it cannot be renamed.
        """
        ...

    def identity(self) -> object:
        """What is equal as long as the same ledger is there."""
        ...
