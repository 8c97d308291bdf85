"""A request as it came off the wire, before anybody knows whether it makes sense."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from telnyx_toolkit.simulator.shapes import Flaw
from telnyx_toolkit.simulator.wire import Request, refusal

ROOT = "/v2"
#: The one key that is refused; every other that is not empty is accepted.
REFUSED_KEY = "invalid"


@dataclass(frozen=True)
class Asked:
    """The raw parts of one request, and what can be read from them alone.

    Attributes:
        full_path: Percent-decoded.
        headers: Names in small letters.
    """

    method: str
    full_path: str
    query_string: str
    headers: Mapping[str, str]
    raw_body: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_inside(self) -> bool:
        """Whether the path is one of this version of the API."""
        return self.full_path.startswith(f"{ROOT}/")

    @property
    def path(self) -> str:
        """The path below `/v2`."""
        return self.full_path.removeprefix(ROOT) if self.is_inside else self.full_path

    @property
    def key(self) -> str:
        """The Idempotency-Key header, "" when absent."""
        return self.headers.get("idempotency-key", "")

    @property
    def is_json(self) -> bool:
        """Whether the body calls itself JSON."""
        return self.headers.get("content-type", "").split(";")[0].strip() == "application/json"

    @cached_property
    def query(self) -> dict[str, str]:
        """The query parameters; the last of a repeated one."""
        return dict(self._pairs)

    @cached_property
    def body(self) -> Any:
        """The parsed body, None when there is none or it is no JSON."""
        try:
            return json.loads(self.raw_body, parse_constant=_no_constant) if self.raw_body else None
        except ValueError:
            return None

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query_string, keep_blank_values=True)

    def repeated(self) -> Iterator[Flaw]:
        """A flaw for each query parameter that was given more than once."""
        names = [name for name, _ in self._pairs]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Flaw(("query", name), "Input should be given once", "repeated")

    def authenticate(self) -> None:
        """Refuse a request without a usable bearer key, with 401."""
        found = re.fullmatch(r"Bearer (\S+)", self.headers.get("authorization", ""))
        if found is None or found[1] == REFUSED_KEY:
            raise refusal(401, "10009", "Authentication failed")

    def logged(self, status: int) -> Request:
        """The record of this request and its reply."""
        return Request(
            method=self.method,
            path=self.path,
            query=self.query,
            body=self.body,
            raw_body=self.raw_body,
            idempotency_key=self.key,
            status=status,
        )


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")
