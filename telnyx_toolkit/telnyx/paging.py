"""Lists to their last page: the first page alone answers a different question."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from telnyx_toolkit.errors import TelnyxError
from telnyx_toolkit.telnyx.http import Http
from telnyx_toolkit.telnyx.replies import rows_of

MOST_PAGES = 1_000


def pages(
    http: Http,
    path: str,
    *,
    size: int | None = None,
    params: Mapping[str, str | int] | None = None,
    most_pages: int = MOST_PAGES,
) -> Iterator[Any]:
    """Every row of a list, page after page.

    Follows `meta.total_pages`; without it, stops at an empty, short or repeated page.

    Args:
        http: Where to ask.
        path: The list's endpoint.
        size: Rows per page; None for lists that document no paging, which get no page parameters
            unless their own `meta` announces more pages.
        params: Filters.
        most_pages: A list that goes on after so many is given up.

    Raises:
        TelnyxError: the list goes on after `most_pages`.
        NoResponse: a page holds no list.
    """
    last: list[Any] = []
    for number in range(1, most_pages + 1):
        answer = http.request("GET", path, params={**(params or {}), **_page(number, size)} or None)
        rows = rows_of(answer, f"GET {path}")
        if not rows or rows == last:
            return
        yield from rows
        if _is_last(number, len(rows), size, _total_pages(answer)):
            return
        last = rows
    raise TelnyxError(f"GET {path} goes on after {most_pages:,} pages.")


def _is_last(number: int, rows: int, size: int | None, total: int | None) -> bool:
    if total is not None:
        return number >= total
    return size is None or rows < size


def _page(number: int, size: int | None) -> dict[str, int]:
    if size is None:
        return {"page[number]": number} if number > 1 else {}
    return {"page[number]": number, "page[size]": size}


def _total_pages(answer: Any) -> int | None:
    if not isinstance(answer, dict):
        return None
    meta = cast(dict[str, Any], answer).get("meta")
    total = cast(dict[str, Any], meta).get("total_pages") if isinstance(meta, dict) else None
    return total if isinstance(total, int) else None
