"""The result of a mission, for people to read: the comparison, the choice, the words, what next."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from telnyx_toolkit.untrusted import one_line, quoted

Document = Mapping[str, Any]
_WORDS, _NOTE = 300, 300


def show_result(out: Console, payload: Document) -> None:
    """The comparison, the recommendation with its arithmetic, and the words for each figure."""
    out.print(comparison(payload))
    out.print(payload["headline"], style="bold")
    for line in (*payload["lines"], *_choice(payload)):
        out.print(f"  {line}")
    out.print(f"{payload['counts']['text']}; cost: {payload['cost']['text']}.")
    out.print("\nWhat was said:")
    for row in payload["targets"]:
        _show_words(out, row)
    for n, step in enumerate(payload["next_steps"], 1):
        out.print(("\nWhat to do now:\n" if n == 1 else "") + f"  {n}. {one_line(step, _WORDS)}")
    if payload["confirmation"]:
        out.print("\nA text to confirm it with, for you to send:\n")
        for line in payload["confirmation"].splitlines():
            out.print(f"  | {line}".rstrip())
    if payload["narrative"]:
        out.print("\nThe agent adds, in its own words:", style="dim")
        out.print(f"  {payload['narrative']}")


def comparison(payload: Document) -> Table:
    """The result's table: who was called, what they quoted, what it came to, what is notable."""
    objective = any(row["offer"] for row in payload["targets"])
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    offers = ("Target", "Quote", "Negotiated", "In all", "Notes")
    for title in offers if objective else ("Target", "Answers"):
        table.add_column(title, overflow="fold")
    for row in payload["targets"]:
        cells = _offer_cells(row) if objective else (_answers(row),)
        table.add_row(_name(payload, row), *cells)
    return table


def _choice(payload: Document) -> Iterator[str]:
    chosen = payload["recommendation"]
    if not chosen:
        return
    yield f"{chosen['total_made_of']}; {chosen['because']}"
    if chosen["saving"]:
        yield f"Saved against the baseline: {chosen['arithmetic']}"
    if chosen["meets_target"] is False:
        yield "The target figure was not reached."
    for row in payload["targets"]:
        if row["lost_because"]:
            yield f"Not {row['name']}: {one_line(row['lost_because'], _NOTE)}."


def _show_words(out: Console, row: Document) -> None:
    for fact in row["evidence"]:
        mark = "" if fact["confirmed"] else " [not confirmed by the transcript]"
        field = fact["field"].replace("_", " ")
        words, name = quoted(fact["words"]), one_line(row["name"])
        out.print(f"  {name}: {field} {fact['text']}{mark}: {words}")
    if row["evidence"]:
        out.print(f"    conversation {row['conversation_id']}", style="dim")


def _name(payload: Document, row: Document) -> str:
    chosen = payload["recommendation"]
    return f"{row['name']} *" if chosen and chosen["target"] == row["name"] else row["name"]


def _offer_cells(row: Document) -> tuple[str, ...]:
    offer, opening = row["offer"], row["opening"]
    notes = "; ".join(row["notes"])
    if offer is None:
        return row["headline"], "-", "-", notes
    moved = opening is not None and opening["amount"] != offer["amount"]
    quote = opening["text"] if opening else offer["text"]
    total = offer["total_text"] if offer["comparable"] else "unknown"
    return quote, offer["text"] if moved else "-", total, notes


def _answers(row: Document) -> str:
    said = [f"{f['field'].replace('_', ' ')}: {f['text']}" for f in row["evidence"]]
    return "; ".join(said) or row["headline"]
