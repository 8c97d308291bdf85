"""The filter language of GET /ai/conversations: `column=op.value`, `or=(…)`, `order`, `limit`."""

import fnmatch
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from telnyx_toolkit.simulator.shapes import Flaw, Kind, Loc, Shape, digits
from telnyx_toolkit.simulator.wire import Doc
from telnyx_toolkit.simulator.world import instant

METADATA = "metadata->"
TIMES = ("created_at", "last_message_at")
COLUMNS = ("id", "name", *TIMES)
MOST = 10_000


def _like(value: Any, pattern: str) -> bool:
    return fnmatch.fnmatchcase(value, pattern.replace("%", "*"))


def _ilike(value: Any, pattern: str) -> bool:
    return _like(value.lower(), pattern.lower())


def _in(value: Any, listed: str) -> bool:
    return value in listed.strip("()").split(",")


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "neq": operator.ne,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "like": _like,
    "ilike": _ilike,
    "in": _in,
}
CONDITION = re.compile(rf"({'|'.join(OPERATORS)})\.(.*)", re.DOTALL)
BRANCH = re.compile(rf"([^.,]+)\.({'|'.join(OPERATORS)})\.(\([^)]*\)|[^,]*)(?:,|$)")


def condition(value: Any, loc: Loc) -> Iterator[Flaw]:
    """A filter's `op.value`."""
    if not CONDITION.fullmatch(value):
        yield Flaw(
            loc, f"should be one of {', '.join(OPERATORS)}, a dot and a value", "value_error"
        )


def timely(value: Any, loc: Loc) -> Iterator[Flaw]:
    """A filter on a time."""
    yield from condition(value, loc)
    try:
        instant(value.partition(".")[2])
    except ValueError:
        yield Flaw(loc, "should hold a date and time", "datetime_parsing")


def alternatives(value: Any, loc: Loc) -> Iterator[Flaw]:
    """The value of `or`: `(column.op.value,column.op.value)`."""
    inside = value[1:-1] if re.fullmatch(r"\(.+\)", value) else ""
    branches = list(BRANCH.finditer(inside))
    known = all(found[1] in COLUMNS or found[1].startswith(METADATA) for found in branches)
    if not branches or sum(len(found[0]) for found in branches) != len(inside) or not known:
        yield Flaw(loc, "should be (column.op.value,…)", "value_error")


def ordering(value: Any, loc: Loc) -> Iterator[Flaw]:
    """The value of `order`: columns, each with `.asc` or `.desc` if wanted."""
    for part in value.split(","):
        column, _, direction = part.partition(".")
        if column not in COLUMNS or direction not in {"", "asc", "desc"}:
            yield Flaw(loc, f"cannot order by {part}", "value_error")


FIELDS: dict[str, Kind] = {
    "id": condition,
    "name": condition,
    **dict.fromkeys(TIMES, timely),
    f"{METADATA}*": condition,
    "or": alternatives,
    "order": ordering,
    "limit": digits(1, MOST),
}
QUERY = Shape(FIELDS)


def select(rows: list[Doc], query: Mapping[str, str], default_limit: int) -> list[Doc]:
    """The rows that pass every filter, in the asked order, newest first if none is asked."""
    kept = [row for row in rows if all(_passes(row, *pair) for pair in query.items())]
    for part in reversed(query.get("order", "created_at.desc").split(",")):
        column, _, direction = part.partition(".")
        kept.sort(key=lambda row: row[column] or "", reverse=direction == "desc")
    return kept[: int(query.get("limit", default_limit))]


def _passes(row: Doc, column: str, wanted: str) -> bool:
    if column in {"order", "limit"}:
        return True
    if column == "or":
        branches = BRANCH.finditer(wanted[1:-1])
        return any(_holds(row, found[1], found[2], found[3]) for found in branches)
    op, _, value = wanted.partition(".")
    return _holds(row, column, op, value)


def _holds(row: Doc, column: str, op: str, value: str) -> bool:
    if column.startswith(METADATA):
        # PostgREST writes ->> for text; Telnyx documents both sides with ->.
        cell = row["metadata"].get(column.removeprefix(METADATA).removeprefix(">"))
    else:
        cell = row[column]
    if cell is None:
        return False
    if column in TIMES:
        return OPERATORS[op](instant(cell), instant(value))
    return OPERATORS[op](cell, value)
