"""Requests and replies on the wire: JSON bodies, paging and Telnyx's two error envelopes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from telnyx_toolkit.simulator.shapes import Flaw

Doc = dict[str, Any]

# Telnyx API error codes by FastAPI's slug, for the endpoints outside `/ai`.
FLAW_CODES = {
    "missing": "10004",
    "enum": "10032",
    "greater_than_equal": "10033",
    "less_than_equal": "10033",
    "string_too_short": "10025",
    "string_too_long": "10025",
    "extra_forbidden": "10015",
}
WRONG_TYPE = "10026"


def inner(doc: Mapping[str, Any], name: str) -> Doc:
    """The object under that name, {} where there is none or null."""
    return doc.get(name) or {}


@dataclass(frozen=True)
class Request:
    """One request as it arrived, with the status it was answered with.

    Attributes:
        path: Below `/v2`, percent-decoded.
        body: The parsed JSON, None when there was none or it was no JSON.
        idempotency_key: The header of that name, "" when absent.
        status: HTTP status of the reply; 0 when the connection was closed without one.
    """

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    raw_body: bytes
    idempotency_key: str
    status: int


@dataclass(frozen=True)
class Reply:
    """A status and a JSON body; a body of None is an empty one."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Sent:
    """The bytes that leave, headers included."""

    status: int
    headers: Mapping[str, str]
    payload: bytes


@dataclass(frozen=True)
class Paging:
    """Default and largest `page[size]` of one family of lists."""

    default: int
    most: int
    silent: bool = False  # larger sizes are cut without a word, as `/detail_records` does


@dataclass(frozen=True)
class Ask:
    """A valid request, as the routes see it: path parameters, query and body are checked."""

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Doc
    paging: Paging | None = None

    def paged(self, found: Sequence[Any]) -> Reply:
        """The asked page of `found` with Telnyx's `meta`."""
        paging = self.paging or Paging(len(found) or 1, len(found) or 1)
        size = min(int(self.query.get("page[size]", paging.default)), paging.most)
        number = int(self.query.get("page[number]", 1))
        meta = {
            "page_number": number,
            "page_size": size,
            "total_pages": -(-len(found) // size),
            "total_results": len(found),
        }
        return Reply(200, {"data": list(found[(number - 1) * size : number * size]), "meta": meta})

    def wants(self, doc: Mapping[str, Any], *names: str) -> bool:
        """Whether `doc` has the value of every query parameter among `names` that was given."""
        return all(doc.get(name) == self.query[name] for name in names if name in self.query)


class Refusal(Exception):
    """The request is answered with an error; nothing happened."""

    def __init__(self, status: int, body: Doc) -> None:
        super().__init__(json.dumps(body))
        self.reply = Reply(status, body)


def refusal(status: int, code: str, detail: str, source: Doc | None = None) -> Refusal:
    """Telnyx's platform envelope: `{"errors": [{code, title, detail, source, meta}]}`."""
    url = f"https://developers.telnyx.com/docs/overview/errors/{code}"
    error = {
        "code": code,
        "title": HTTPStatus(status).phrase,
        "detail": detail,
        "meta": {"url": url},
    }
    return Refusal(status, {"errors": [error | ({"source": source} if source else {})]})


def bad_request(detail: str) -> Refusal:
    """400 with code 10015."""
    return refusal(400, "10015", detail)


def not_found(what: str) -> Refusal:
    """404 with code 10005."""
    return refusal(404, "10005", f"{what} not found")


def conflict(detail: str) -> Refusal:
    """409 with code 10012."""
    return refusal(409, "10012", detail)


def flawed(path: str, flaws: Sequence[Flaw]) -> Refusal:
    """422 in the envelope of the family that `path` belongs to.

    `/ai/*` answers as FastAPI does (`detail[]`), all others with the platform's `errors[]`.
    """
    if path.startswith("/ai/"):
        detail = [{"loc": list(flaw.loc), "msg": flaw.msg, "type": flaw.type} for flaw in flaws]
        return Refusal(422, {"detail": detail})
    errors: list[Doc] = []
    for flaw in flaws:
        place = "parameter" if flaw.loc[0] in {"query", "path"} else "pointer"
        pointer = flaw.where if place == "parameter" else "/" + flaw.where.replace(".", "/")
        code = FLAW_CODES.get(flaw.type, WRONG_TYPE)
        one = refusal(422, code, f"{flaw.where}: {flaw.msg}", {place: pointer})
        errors += one.reply.body["errors"]
    return Refusal(422, {"errors": errors})


def encode(reply: Reply) -> Sent:
    """The reply as bytes, keys in the order they were put in."""
    payload = b"" if reply.body is None else json.dumps(reply.body).encode()
    headers = dict(reply.headers)
    if reply.status != HTTPStatus.NO_CONTENT:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(payload))}
    return Sent(reply.status, headers, payload)
