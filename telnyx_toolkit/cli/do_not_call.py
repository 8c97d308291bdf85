"""What became of the do-not-call list, for people to read."""

from collections.abc import Callable, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from telnyx_toolkit.untrusted import one_line

Document = Mapping[str, Any]


def show_do_not_call(out: Console, document: Document) -> None:
    """Print what the tool `do_not_call` answered with."""
    _DO_NOT_CALL[document["action"]](out, document)
    if document.get("note"):
        out.print(f"Still under way: {', '.join(document['pending'])}")
        if document["problem"]:
            out.print(f"  not withdrawn now: {one_line(document['problem'])}")
        out.print(f"  {document['note']}")


def _show_added(out: Console, document: Document) -> None:
    said = "is on the do-not-call list now" if document["added"] else "was on it already"
    out.print(f"{document['entry']['phone']} {said}: {_entry(document['entry'])}")


def _show_removed(out: Console, document: Document) -> None:
    said = "is off the do-not-call list" if document["removed"] else "was not on the list"
    out.print(f"{document['entry']['phone']} {said}.")


def _show_listed(out: Console, document: Document) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Number", "", "Since", "Reason", "From"):
        table.add_column(title, overflow="fold")
    rows = document.get("history", document["numbers"])
    for row in rows:
        first = (row["phone"], {"add": "on", "remove": "off"}[row["action"]])
        table.add_row(*first, _minute(row["at"]), row["reason"], row["source"])
    out.print(table if rows else "Nobody is on the do-not-call list.")


def _show_imported(out: Console, document: Document) -> None:
    out.print(f"{document['added']} added, {document['already_there']} there already.")
    for bad in document["unreadable"]:
        out.print(f"  skipped line {bad['line']}: {bad['text']!r} {bad['why']}")


def _entry(row: Document) -> str:
    return f"since {_minute(row['at'])} UTC, {row['reason']} ({row['source']})"


def _minute(text: str) -> str:
    return text[:16].replace("T", " ")


_DO_NOT_CALL: Mapping[str, Callable[[Console, Document], None]] = {
    "add": _show_added,
    "remove": _show_removed,
    "list": _show_listed,
    "import": _show_imported,
}
