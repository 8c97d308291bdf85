"""How the workers of a ledger are: reached, alive, and how much is overdue."""

from contextlib import closing
from typing import Any

import psycopg

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import ToolkitError
from telnyx_toolkit.ledger.opening import opened_to_read
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.worker.alarm import alive
from telnyx_toolkit.worker.hands import Hands, overdue_s

#: A mission that has waited for so long, in seconds, has nobody who works on it.
LATE_S = 120.0
Doc = dict[str, Any]


def health(toolkit: Toolkit, place: DatabaseUrl) -> Doc:
    """The document of `worker --check`: `ok` only where missions are being moved on.

    Args:
        toolkit: Not opened yet.
        place: Where its ledger is.
    """
    document: Doc = {"ok": False, "database": {"name": place.name, "reached": False}}
    problems: list[str] = []
    try:
        document |= _due(toolkit)  # makes the tables of a new ledger, as any command does
        document["database"] = {"name": place.name, "reached": True, "schema": _schema(place)}
        document["workers"] = _workers(place.reveal())
    except ToolkitError as problem:
        problems.append(f"{problem.message} {problem.fix}".strip())
    else:
        problems += _problems(document)
    return {**document, "ok": not problems, "problems": problems}


def _schema(place: DatabaseUrl) -> int:
    with closing(opened_to_read(place)) as db:
        return db.version()


def _due(toolkit: Toolkit) -> Doc:
    found = Hands(lambda: toolkit, 1).look()
    late = overdue_s(found.due, toolkit.clock.now())
    next_at = found.next_at.isoformat() if found.next_at else None
    return {"due": len(found.due), "overdue_s": round(late, 1), "next_at": next_at}


def _workers(url: str) -> Doc:
    try:
        count, ago = alive(url)
    except psycopg.Error:  # no worker was ever here
        count, ago = 0, None
    return {"alive": count, "heard_of_s": None if ago is None else round(ago, 1)}


def _problems(document: Doc) -> list[str]:
    found: list[str] = []
    if not document["workers"]["alive"]:
        found.append("No worker is alive: start one with `telnyx-toolkit worker`.")
    if document["overdue_s"] > LATE_S:
        found.append(f"A mission has been due for {document['overdue_s']:.0f} s.")
    return found
