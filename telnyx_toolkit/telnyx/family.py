"""What the endpoint families share: ask, and read the answer as one kind of object."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from telnyx_toolkit.telnyx.http import Http, path_of
from telnyx_toolkit.telnyx.paging import MOST_PAGES, pages
from telnyx_toolkit.telnyx.replies import Kind, many, one

Json = Mapping[str, Any]
_FIRST = datetime.min.replace(tzinfo=UTC)


class Family:
    """Endpoints that belong together.

    Every method sends one request (lists: one a page) and raises NotReached, NoResponse or
    ErrorResponse. What is safe to repeat is repeated by the wire: see `patience`.
    """

    def __init__(self, http: Http) -> None:
        self._http = http

    def _one(
        self,
        kind: type[Kind],
        method: str,
        *segments: str,
        body: Json | None = None,
        content: bytes | None = None,
        idempotency_key: str | None = None,
    ) -> Kind:
        path = path_of(*segments)
        answer = self._http.request(
            method, path, body=body, content=content, idempotency_key=idempotency_key
        )
        return one(kind, answer, f"{method} {path}")

    def _many(
        self,
        kind: type[Kind],
        *segments: str,
        size: int | None = None,
        params: Mapping[str, str | int] | None = None,
        most_pages: int = MOST_PAGES,
    ) -> list[Kind]:
        path = path_of(*segments)
        rows = pages(self._http, path, size=size, params=params, most_pages=most_pages)
        return many(kind, rows, f"GET {path}")

    def _do(self, method: str, *segments: str) -> None:
        self._http.request(method, path_of(*segments))


def given(**fields: Any) -> dict[str, Any]:
    """The fields that were given: what is None is not sent."""
    return {name: value for name, value in fields.items() if value is not None}


def in_time(instant: datetime | None) -> tuple[bool, datetime]:
    """Sorts by time, what has none last."""
    return instant is None, instant or _FIRST
