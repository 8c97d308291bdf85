"""The report as a table for a spreadsheet: one row for each target (RFC 4180)."""

import csv
import io
from typing import Any

Doc = dict[str, Any]
_COLUMNS = (
    *("mission", "target", "phone", "rank", "recommended", "outcome", "per", "currency"),
    *("opening", "offer", "total", "confirmed", "comparable", "lost_because", "told"),
    *("attempts", "conversation_id"),
)
HEADER = ",".join(_COLUMNS)
#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LONGEST = 1_000


def report_table(document: Doc) -> str:
    """The comparison as CSV; behind the columns of every report, two for each collected field.

    A text that a spreadsheet could take for a formula begins with an apostrophe.
    """
    fields = list(dict.fromkeys(f["field"] for row in document["rows"] for f in row["evidence"]))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    named = [name for field in fields for name in (field, f"{field}_words")]
    writer.writerow([*_COLUMNS, *named])
    for row in document["rows"]:
        writer.writerow([_cell(value) for value in _row(document, row, fields)])
    return out.getvalue()


def _row(document: Doc, row: Doc, fields: list[str]) -> list[Any]:
    nothing: Doc = {}
    offer: Doc = row["offer"] or nothing
    opening: Doc = row["opening"] or nothing
    chosen = document["recommendation"]
    facts = {fact["field"]: fact for fact in row["evidence"]}
    known: list[Any] = [
        document["name"],
        row["name"],
        row["phone"],
        row["rank"],
        "yes" if chosen and chosen["step_id"] == row["step_id"] else "no",
        row["outcome"],
        offer.get("per"),
        offer.get("currency"),
        opening.get("amount"),
        offer.get("amount"),
        offer.get("total"),
        _yes(offer.get("confirmed")),
        _yes(offer.get("comparable")),
        row["lost_because"],
        row["told"]["text"] if row["told"] else "",
        row["attempts"],
        row["conversation_id"],
    ]
    for field in fields:
        known += [row["answers"].get(field), facts[field]["words"] if field in facts else ""]
    return known


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return _yes(value)
    if value is None or not isinstance(value, str):
        return "" if value is None else value
    line = " ".join(value.split())[:_LONGEST]
    return f"'{line}" if line.startswith(_FORMULA) else line
