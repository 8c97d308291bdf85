"""Detail records: what the account was charged, a while after the fact and one type at a time."""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from telnyx_toolkit.simulator.billing import COLUMNS, rows
from telnyx_toolkit.simulator.keeping import plain
from telnyx_toolkit.simulator.router import GET, Route
from telnyx_toolkit.simulator.shapes import Shape, choice, either, moment, text
from telnyx_toolkit.simulator.wire import Ask, Doc, Paging, Reply, bad_request
from telnyx_toolkit.simulator.world import World, instant

#: Types whose attributes the sandbox does not know, since it has no rows of them.
OTHER_TYPES = """
embedding fax inference-speech-to-text media_storage media-streaming siprec-client verify webrtc
wireless
"""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
RECORD_TYPE, DATE_RANGE = "filter[record_type]", "filter[date_range]"
RANGES = (
    *("yesterday", "today", "tomorrow", "last_week", "this_week", "next_week"),
    *("last_month", "this_month", "next_month"),
)
LAST_DAYS = r"last_(\d{1,4})_days"
FILTER = re.compile(r"filter\[(\w+)\](?:\[(gte|gt|lte|lt)\])?")
SIDES: Mapping[str, Callable[[Any, Any], bool]] = {
    "gte": operator.ge,
    "gt": operator.gt,
    "lte": operator.le,
    "lt": operator.lt,
}


def listed(world: World, ask: Ask) -> Reply:
    """GET /detail_records: the latest first; `sort` is checked and changes nothing.

    Raises:
        Refusal: 400 for a filter or a sort by an attribute that the type does not have.
    """
    kind = ask.query[RECORD_TYPE]
    for name in filter(None, ask.query.get("sort", "").split(",")):
        _check_column(kind, name.removeprefix("-"))
    tests = [
        _test(kind, name, value)
        for name, value in ask.query.items()
        if name.startswith("filter") and name not in {RECORD_TYPE, DATE_RANGE}
    ]
    delay = timedelta(minutes=world.account.quirks.detail_records_after_minutes)
    found = rows(world, kind, world.now() - delay)
    if DATE_RANGE in ask.query:
        first, last = _days(ask.query[DATE_RANGE], world.now().date())
        found = [row for row in found if first <= _begun(row).date() <= last]
    return ask.paged([row for row in found if all(test(row) for test in tests)])


def _test(kind: str, name: str, value: str) -> Callable[[Doc], bool]:
    """What a row must pass for one attribute filter."""
    found = FILTER.fullmatch(name)
    if found is None:
        raise bad_request(f"{name} is no filter of detail records")
    column, side = found.groups()
    _check_column(kind, column)
    if side is None:
        return lambda row: plain(row[column]) == value
    if not column.endswith("_at") or list(moment(value, ("query", name))):
        raise bad_request(f"{name}: not a time")
    return lambda row: SIDES[side](instant(row[column]), instant(value))


def _check_column(kind: str, name: str) -> None:
    if name not in COLUMNS.get(kind, ()):
        raise bad_request(f"{name} is not an attribute of {kind} records")


def _begun(row: Doc) -> datetime:
    return instant(row.get("started_at") or row["created_at"])


def _days(span: str, today: date) -> tuple[date, date]:
    """The first and the last day, in UTC, of one of Telnyx's ranges; weeks begin on Mondays."""
    days = re.fullmatch(LAST_DAYS, span)
    if days:
        return today - int(days[1]) * DAY, today
    which, _, unit = span.partition("_")
    step = {"last": -1, "yesterday": -1, "next": 1, "tomorrow": 1}.get(which, 0)
    if unit == "month":
        return _first_of_month(today, step), _first_of_month(today, step + 1) - DAY
    if unit == "week":
        monday = today - today.weekday() * DAY + step * WEEK
        return monday, monday + WEEK - DAY
    return today + step * DAY, today + step * DAY


def _first_of_month(today: date, step: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + step, 12)
    return date(year, month + 1, 1)


QUERY = Shape(
    {
        RECORD_TYPE: choice(*COLUMNS, *OTHER_TYPES.split()),
        DATE_RANGE: either(choice(*RANGES), text(pattern=LAST_DAYS)),
        "filter[*": text(1),
        "sort": text(1),
    },
    (RECORD_TYPE,),
)
ROUTES = (Route(GET, "/detail_records", listed, query=QUERY, paging=Paging(20, 50, silent=True)),)
