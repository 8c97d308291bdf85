"""Lists are read to their end, whatever their pages look like."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from telnyx_toolkit.errors import NoResponse, TelnyxError
from telnyx_toolkit.settings import TELNYX_URL, ApiKey
from telnyx_toolkit.telnyx import TelnyxClient
from telnyx_toolkit.telnyx.http import Http
from telnyx_toolkit.telnyx.paging import pages

Page = dict[str, Any]


class Shelf:
    """Answers page N with `page(N)` and remembers which were asked for."""

    def __init__(self, page: Callable[[int], Any]) -> None:
        self.page = page
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.query.decode())
        number = int(request.url.params.get("page[number]", "1"))
        return httpx.Response(200, json=self.page(number))

    def rows(self, size: int | None = 2) -> list[Any]:
        http = Http(TELNYX_URL, ApiKey("example"), httpx.MockTransport(self))
        return list(pages(http, "/list", size=size))


def counted(*rows: list[int]) -> Callable[[int], Page]:
    """Pages with the `meta` that Telnyx documents."""
    return lambda n: {"data": rows[n - 1], "meta": {"page_number": n, "total_pages": len(rows)}}


def bare(*rows: list[int]) -> Callable[[int], Page]:
    """Pages without any `meta`."""
    return lambda n: {"data": rows[n - 1] if n <= len(rows) else []}


def test_every_page_is_read():
    shelf = Shelf(counted([1, 2], [3, 4], [5]))

    assert shelf.rows() == [1, 2, 3, 4, 5]
    assert shelf.asked == [f"page%5Bnumber%5D={n}&page%5Bsize%5D=2" for n in (1, 2, 3)]


def test_the_count_of_pages_is_believed_over_their_length():
    assert Shelf(counted([1], [2], [3, 4])).rows() == [1, 2, 3, 4]


def test_a_full_last_page_asks_for_no_more():
    shelf = Shelf(counted([1, 2], [3, 4]))

    assert shelf.rows() == [1, 2, 3, 4]
    assert len(shelf.asked) == 2


SHELVES: list[tuple[list[list[int]], int]] = [
    ([[1, 2], [3]], 2),
    ([[1, 2], [3, 4]], 3),
    ([[]], 1),
    ([[1]], 1),
]


@pytest.mark.parametrize(("rows", "asked"), SHELVES)
def test_without_meta_a_short_or_empty_page_is_the_last(rows: list[list[int]], asked: int):
    shelf = Shelf(bare(*rows))

    assert shelf.rows() == [row for page in rows for row in page]
    assert len(shelf.asked) == asked


def test_a_server_that_knows_no_pages_is_not_read_twice():
    shelf = Shelf(lambda _: {"data": [1, 2]})

    assert shelf.rows() == [1, 2]
    assert len(shelf.asked) == 2


def test_an_empty_page_is_the_last_whatever_the_count_says():
    shelf = Shelf(lambda n: {"data": [1] if n == 1 else [], "meta": {"total_pages": 9}})

    assert shelf.rows() == [1]
    assert len(shelf.asked) == 2


@pytest.mark.parametrize("meta", [None, [], {}, {"total_pages": "many"}, {"total_pages": None}])
def test_a_useless_meta_is_no_meta(meta: Any):
    shelf = Shelf(lambda n: {"data": [[1, 2], [3]][n - 1], "meta": meta})

    assert shelf.rows() == [1, 2, 3]


def test_a_list_that_documents_no_pages_is_asked_for_once():
    shelf = Shelf(bare([1, 2, 3]))

    assert shelf.rows(size=None) == [1, 2, 3]
    assert shelf.asked == [""]


def test_a_list_that_has_pages_all_the_same_is_followed():
    shelf = Shelf(counted([1, 2], [3]))

    assert shelf.rows(size=None) == [1, 2, 3]
    assert shelf.asked == ["", "page%5Bnumber%5D=2"]


def test_a_list_may_be_bare():
    assert Shelf(lambda _: [1]).rows() == [1]


@pytest.mark.parametrize("answer", [{}, {"data": None}, {"data": {}}, "no", None])
def test_no_list_is_not_an_empty_list(answer: Any):
    with pytest.raises(NoResponse, match="GET /list was answered, but without the list"):
        Shelf(lambda _: answer).rows()


def test_a_list_without_end_is_given_up():
    shelf = Shelf(lambda n: {"data": [n, -n]})

    with pytest.raises(TelnyxError, match="1,000 pages"):
        shelf.rows()

    assert len(shelf.asked) == 1_000


def test_a_row_that_moved_to_the_next_page_while_reading_is_one_row():
    def page(number: int) -> Page:
        rows = [["c", "b"], ["b", "a"]][number - 1]
        return {"data": [{"scheduled_event_id": row} for row in rows], "meta": {"total_pages": 2}}

    client = TelnyxClient(TELNYX_URL, ApiKey("example"), httpx.MockTransport(Shelf(page)))

    events = client.calls.list_all("assistant-example")

    assert [event.scheduled_event_id for event in events] == ["c", "b", "a"]
