"""From a raw request to a checked one: which route it is for, and every flaw it has."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPMethod
from typing import Any
from uuid import UUID

from telnyx_toolkit.simulator.shapes import Flaw, Kind, Shape, digits
from telnyx_toolkit.simulator.wire import Ask, Paging, Reply
from telnyx_toolkit.simulator.world import World

NO_BODY = Shape()
LAST_PAGE = 10**9


@dataclass(frozen=True)
class Route:
    """One endpoint: what it takes and who answers.

    Attributes:
        pattern: Path below `/v2`; `{name}` is a free string, `{name:uuid}` must be a UUID and
            `{name:digits}` matches digits only.
        keyed: Whether the endpoint honours the `Idempotency-Key` header.
    """

    method: str
    pattern: str
    answer: Callable[[World, Ask], Reply]
    body: Shape = NO_BODY
    query: Shape = field(default_factory=Shape)
    paging: Paging | None = None
    keyed: bool = False

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        def group(found: re.Match[str]) -> str:
            return f"(?P<{found[1]}>{'[0-9]+' if found[2] == ':digits' else '[^/]+'})"

        return re.compile(re.sub(r"\{(\w+)(:\w+)?\}", group, self.pattern))

    @cached_property
    def depth(self) -> int:
        """How many parts its paths have: a part is never empty, and holds no slash."""
        return self.pattern.count("/")

    def match(self, path: str) -> dict[str, str] | None:
        """The path parameters, or None when `path` is not this route's."""
        found = self._regex.fullmatch(path)
        return found.groupdict() if found else None

    def flaws(self, params: Mapping[str, str], query: Mapping[str, str], body: Any) -> list[Flaw]:
        """Everything wrong with the path, the query and the body, in that order."""
        return [
            *self._path_flaws(params),
            *self._full_query(query),
            *self.body({} if body is None else body, ("body",)),
        ]

    def _path_flaws(self, params: Mapping[str, str]) -> Iterator[Flaw]:
        for name in re.findall(r"\{(\w+):uuid\}", self.pattern):
            try:
                UUID(params[name])
            except ValueError:
                yield Flaw(("path", name), "Input should be a valid UUID", "uuid_parsing")

    def _full_query(self, query: Mapping[str, str]) -> Iterator[Flaw]:
        fields: dict[str, Kind] = dict(self.query.fields)
        if self.paging:
            most = LAST_PAGE if self.paging.silent else self.paging.most
            fields["page[number]"] = digits(1, LAST_PAGE)
            fields["page[size]"] = digits(1, most)
        return Shape(fields, self.query.required)(dict(query), ("query",))


def routes_on(path: str, routes: tuple[Route, ...]) -> dict[str, tuple[Route, dict[str, str]]]:
    """The routes whose pattern fits `path`, by method; the first in the table wins."""
    found: dict[str, tuple[Route, dict[str, str]]] = {}
    depth = path.count("/")
    for route in routes:
        params = route.match(path) if route.depth == depth else None
        if params is not None:
            found.setdefault(route.method, (route, params))
    return found


GET, POST, PUT, PATCH, DELETE = (
    HTTPMethod.GET.value,
    HTTPMethod.POST.value,
    HTTPMethod.PUT.value,
    HTTPMethod.PATCH.value,
    HTTPMethod.DELETE.value,
)
