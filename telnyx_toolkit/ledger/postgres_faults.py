"""What Postgres' errors mean for the ledger: not reached, busy, cannot be written, or damaged."""

import psycopg

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import (
    ConfigError,
    LedgerConflict,
    LedgerDamaged,
    LedgerUnreachable,
    LedgerUnwritable,
    ToolkitError,
)

#: The beginnings of SQL states: the server ends, or ended, the connection.
_GONE = ("08", "57P", "25P03", "25P04")
_LOCKED = {"55P03", "40P01", "40001", "57014"}
_NO_ROOM = ("53", "58", "54")
_READ_ONLY = "25006"
_NO_RIGHT = "42501"
_NO_TABLE = {"42P01", "42703", "3F000", "42P07"}
_CORRUPT = "XX"
_PASSWORD = "28P01"  # noqa: S105 - a state, not a password
_NOT_ALLOWED = "28000"
_NO_DATABASE = "3D000"
_SEE = "Look at TELNYX_TOOLKIT_DATABASE_URL, and at the password file if there is one."


def unreached(problem: psycopg.Error, place: DatabaseUrl) -> ToolkitError:
    """The error for a connection that was not made."""
    state, said = _state(problem), _said(problem, place)
    if state in {_PASSWORD, _NOT_ALLOWED} or "authentication failed" in said:
        return ConfigError(
            f"The database {place.name!r} does not let this user in: {said}.",
            fix=_SEE,
            code="database_refused",
        )
    if "no password supplied" in said:
        return ConfigError(
            f"The database {place.name!r} wants a password, and none is given.",
            fix=_SEE,
            code="database_refused",
        )
    if state == _NO_DATABASE or ("database" in said and "does not exist" in said):
        return ConfigError(
            f"There is no database {place.name!r}: {said}.",
            fix="Make it (createdb), or look at TELNYX_TOOLKIT_DATABASE_URL.",
            code="database_refused",
        )
    return LedgerUnreachable(f"The database {place.name!r} cannot be reached: {said}.")


def lost(place: DatabaseUrl, *, is_unknown: bool = False) -> LedgerUnreachable:
    """The connection ended in the middle of something; at its end, nothing is known of it."""
    told = "Nobody heard whether the last fact was written" if is_unknown else "Nothing was written"
    return LedgerUnreachable(f"The connection to the database {place.name!r} was lost. {told}.")


def explained(
    problem: psycopg.Error, place: DatabaseUrl, patience_s: float, *, writing: bool
) -> ToolkitError | None:
    """The error to raise in place of Postgres', or None where it has no meaning of its own.

    Args:
        problem: What psycopg raised.
        place: The database.
        patience_s: How long a lock was waited for.
        writing: Whether something was to be written.
    """
    state, said = _state(problem), _said(problem, place)
    if is_lost(problem):
        return lost(place)
    if state in _LOCKED:
        return _locked(place, patience_s)
    if state.startswith(_NO_ROOM) or state in {_READ_ONLY, _NO_RIGHT}:
        return _unwritable(place, said, state) if writing else _unreadable(place, said)
    if state in _NO_TABLE or state.startswith(_CORRUPT):
        return _damaged(place, said)
    return None


def is_lost(problem: psycopg.Error) -> bool:
    """Whether there is no connection any more."""
    state = _state(problem)
    ended = isinstance(problem, psycopg.OperationalError | psycopg.InterfaceError) and not state
    return ended or state.startswith(_GONE)


def not_in_unicode(place: DatabaseUrl, encoding: str) -> ConfigError:
    """The database cannot hold what people say."""
    return ConfigError(
        f"The database {place.name!r} keeps text in {encoding}, which lacks most letters.",
        fix="Make another one: createdb --encoding=UTF8 --template=template0 NAME",
        code="database_refused",
    )


def _locked(place: DatabaseUrl, patience_s: float) -> LedgerConflict:
    return LedgerConflict(
        f"Another process has kept the ledger {place.name!r} locked for {patience_s:g} seconds."
        " Nothing was written.",
        fix="Wait until it is done, then run this again. If it hangs, end it: it loses nothing.",
    )


def _unwritable(place: DatabaseUrl, said: str, state: str) -> LedgerUnwritable:
    fix = {
        _NO_RIGHT: f"Let somebody who may do: GRANT CREATE ON DATABASE {place.database} TO the user"
        " that TELNYX_TOOLKIT_DATABASE_URL names; what is made is that user's own.",
        _READ_ONLY: "Name the server that takes changes in TELNYX_TOOLKIT_DATABASE_URL, not a copy"
        " that follows it.",
    }.get(state, "Make room on the server, then run the same command again.")
    return LedgerUnwritable(
        f"The ledger {place.name!r} cannot be written: {said}."
        " Nothing was written, and what it holds is safe.",
        fix=fix,
    )


def _damaged(place: DatabaseUrl, said: str) -> LedgerDamaged:
    return LedgerDamaged(
        f"The ledger {place.name!r} is damaged, or was carried away: it cannot be read ({said}).",
        fix="Where `ledger copy` has carried it, use it there. Else rename the schema in the"
        " database, telnyx_toolkit, to keep it, then: telnyx-toolkit ledger import FILE",
    )


def _unreadable(place: DatabaseUrl, said: str) -> ConfigError:
    return ConfigError(
        f"The ledger {place.name!r} cannot be read: {said}.",
        fix="Let somebody who may give this user the right to read the schema telnyx_toolkit.",
    )


def _state(problem: psycopg.Error) -> str:
    return problem.sqlstate or ""


def _said(problem: psycopg.Error, place: DatabaseUrl) -> str:
    """What was said, on one line, without a password."""
    said = problem.diag.message_primary or str(problem) or type(problem).__name__
    line = " ".join(said.split()).rstrip(".")
    for secret in place.secrets:
        line = line.replace(secret, "***")
    return line
