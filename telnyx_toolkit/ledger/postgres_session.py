"""A connection to Postgres, set up as a ledger wants it, and how statements are put to it."""

import re
from functools import cache
from itertools import count
from typing import Any

import psycopg
from psycopg import RawCursor
from psycopg.conninfo import conninfo_to_dict

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.ledger import postgres_faults as faults
from telnyx_toolkit.ledger.database import Row
from telnyx_toolkit.ledger.postgres_schema import SCHEMA

#: Our end finds out that the server is gone, and the server that we are, within 14 seconds: what
#: a host without power held is freed then. A transaction that stands still is ended, too.
_CONNECTION: dict[str, Any] = {
    "connect_timeout": 10,
    "application_name": "telnyx-toolkit",
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 14_000,
}
_SETTINGS = (
    f"SET search_path = {SCHEMA}",
    "SET default_transaction_isolation = 'read committed'",
    # a commit is on disk before it is answered; a server that is set to promise more still does
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') <> 'remote_apply'",
    "SET tcp_keepalives_idle = 5",
    "SET tcp_keepalives_interval = 3",
    "SET tcp_keepalives_count = 3",
    "SET tcp_user_timeout = 14000",
    "SET idle_in_transaction_session_timeout = 15000",
)


def connected(
    place: DatabaseUrl, patience_s: float, *, is_read_only: bool
) -> psycopg.Connection[Row]:
    """A new connection, on which each statement is a transaction unless one is begun.

    Args:
        place: Where to.
        patience_s: How long another session's lock is waited for, in seconds.
        is_read_only: The server refuses whatever would change anything.

    Raises:
        LedgerUnreachable: the server does not answer.
        ConfigError: it lets nobody in, or the database cannot hold a ledger; says why.
    """
    try:
        given: dict[str, Any] = conninfo_to_dict(place.reveal())
        db = psycopg.connect(**_CONNECTION | given, autocommit=True, cursor_factory=RawCursor)
    except psycopg.Error as problem:
        raise faults.unreached(problem, place) from None  # what it says is cleaned of passwords
    try:
        encoding = db.info.parameter_status("server_encoding") or "?"
        if encoding != "UTF8":
            raise faults.not_in_unicode(place, encoding)
        settings = [*_SETTINGS, f"SET lock_timeout = {max(1, int(patience_s * 1_000))}"]
        settings += ["SET default_transaction_read_only = on"] * is_read_only
        db.execute("; ".join(settings).encode(), prepare=False)
    except BaseException as problem:
        db.close()
        if isinstance(problem, psycopg.Error):
            raise faults.unreached(problem, place) from problem
        raise
    return db


@cache
def numbered(sql: str) -> bytes:
    """A statement as Postgres has it: `$1` for `?1`, and for the first `?`."""
    places = count(1)
    return re.sub(r"\?(\d*)", lambda found: f"${found[1] or next(places)}", sql).encode()


def storable(value: Any) -> Any:
    """A value as Postgres takes it: no zero bytes and no halves of letters in a text."""
    if not isinstance(value, str) or (value.isascii() and "\0" not in value):
        return value
    return value.encode(errors="replace").decode().replace("\0", "\ufffd")
