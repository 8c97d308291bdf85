"""Things that go wrong on purpose: which request is hit, and what happens to it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.simulator.shapes import Flaw, Loc, Shape, choice, number, text
from telnyx_toolkit.simulator.wire import Doc, Reply, Sent, encode, refusal
from telnyx_toolkit.simulator.world import instant

HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
#: Each way to fail, and whether the request is carried out nevertheless.
TAKES_EFFECT = {
    "drop_before": False,
    "drop_after": True,
    "500_before": False,
    "500_after": True,
    "502_html": False,
    "429": False,
    "403": False,
    "truncated": True,
    "html_200": False,
    "503_retry": False,
    "slow": True,
    "duplicate": True,
    "stale": True,
}
#: How far back a `stale` list is.
STALE = timedelta(seconds=60)
#: What a `slow` answer takes, in seconds: longer than clients wait.
SLOW_S = 30
#: Ways to fail that say how long to wait.
ASKS_TO_WAIT = ("429", "503_retry")
USUAL_WAIT_S = 5
_FIELDS = Shape(
    {
        "on": text(pattern=r"[A-Z]+ /.*"),
        "nth": number(1, whole=True),
        "times": number(1, whole=True),
        "do": choice(*TAKES_EFFECT),
        "retry_after": number(0),
    },
    ("on", "do"),
)


def FAULT(value: Any, loc: Loc) -> Iterator[Flaw]:  # noqa: N802  a kind like `Shape`s are
    """A fault as plain data."""
    flaws = list(_FIELDS(value, loc))
    yield from flaws or _mismatches(value, loc)


def _mismatches(given: Doc, loc: Loc) -> Iterator[Flaw]:
    """What the shape cannot say: fields that mean nothing for that way to fail."""
    if given["do"] == "stale" and not given["on"].startswith("GET "):
        yield Flaw((*loc, "on"), "only a GET can be stale", "value_error")
    if "retry_after" in given and given["do"] not in ASKS_TO_WAIT:
        only = " and ".join(ASKS_TO_WAIT)
        yield Flaw((*loc, "retry_after"), f"only {only} ask to wait", "value_error")


@dataclass
class Fault:
    """One planned failure.

    Attributes:
        on: `METHOD /path` below `/v2`; `*` stands for one path segment, `**` for any number.
        do: One of `TAKES_EFFECT`.
        nth: The first matching request that is hit, counted from 1.
        times: How many matching requests in a row are hit.
        retry_after: Seconds in the `retry-after` header of a 429, or of a 503_retry, which has
            one of five seconds where none is given.
    """

    on: str
    do: str
    nth: int = 1
    times: int = 1
    retry_after: float | None = None
    _seen: int = field(default=0, init=False)

    def hits(self, method: str, path: str) -> bool:
        """Count the request if it matches, and say whether it is to fail."""
        parts = re.escape(self.on).replace(r"\*\*", ".*").replace(r"\*", "[^/]+")
        if not re.fullmatch(parts.replace(r"\ ", " "), f"{method} {path}"):
            return False
        self._seen += 1
        return self.nth <= self._seen < self.nth + self.times

    @property
    def takes_effect(self) -> bool:
        """Whether the request is carried out although the answer is spoilt."""
        return TAKES_EFFECT[self.do]

    @property
    def is_delivered_twice(self) -> bool:
        """Whether the request arrives a second time, right after the first."""
        return self.do == "duplicate"

    @property
    def takes_s(self) -> int:
        """Seconds of the sandbox's clock that pass before the connection is closed."""
        return SLOW_S if self.do == "slow" else 0

    def age(self, reply: Reply, now: datetime) -> Reply:
        """The reply as it leaves: a `stale` list lacks the rows of the last minute."""
        body: Any = reply.body
        rows: Any = cast("Doc", body).get("data") if isinstance(body, dict) else None
        if self.do != "stale" or not isinstance(rows, list):
            return reply
        old = [row for row in cast("list[Doc]", rows) if not _is_new(row, now)]
        return replace(reply, body={**cast("Doc", body), "data": old})

    def spoil(self, sent: Sent | None) -> Sent | None:
        """What is sent in place of `sent`; None to close the connection without an answer."""
        if self.do.startswith("drop") or self.do == "slow":
            return None
        if self.do in {"duplicate", "stale"}:
            return sent
        if self.do == "truncated" and sent is not None:
            return _with_payload(sent, sent.payload[: len(sent.payload) // 2])
        if "html" in self.do:
            status = 502 if self.do.startswith("502") else 200
            return _with_payload(Sent(status, {"Content-Type": "text/html"}, b""), HTML)
        return encode(self._error())

    def _error(self) -> Reply:
        if self.do == "429":
            wait = {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:g}"}
            return Reply(429, refusal(429, "10011", "Too many requests").reply.body, wait)
        if self.do == "503_retry":
            seconds = USUAL_WAIT_S if self.retry_after is None else self.retry_after
            wait = {"Retry-After": f"{seconds:g}"}
            return Reply(503, refusal(503, "10000", "Temporarily unavailable").reply.body, wait)
        if self.do == "403":
            return refusal(403, "10010", "You are not authorised to do this").reply
        return refusal(500, "10000", "An unexpected error occurred").reply


def plan(given: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """The faults described by plain data.

    Raises:
        InvalidInput: one of them has an unknown or missing field, or no such way to fail.
    """
    faults = [dict(one) for one in given]
    flaws = [
        f"fault {position}: {flaw.where or 'it'}: {flaw.msg}"
        for position, one in enumerate(faults, start=1)
        for flaw in FAULT(one, ("fault",))
    ]
    if flaws:
        raise InvalidInput("; ".join(flaws), fix=f"Ways to fail: {', '.join(TAKES_EFFECT)}")
    return [Fault(**one) for one in faults]


def _is_new(row: Doc, now: datetime) -> bool:
    """Whether a row of a list was made within the last minute; a run is made as it starts."""
    is_run = {"mission_id", "run_id"} <= row.keys()
    born = row.get("created_at") or row.get("timestamp") or (row.get("started_at") if is_run else 0)
    return bool(born) and instant(str(born)) > now - STALE


def _with_payload(sent: Sent, payload: bytes) -> Sent:
    headers = {**sent.headers, "Content-Length": str(len(payload))}
    return Sent(sent.status, headers, payload)
