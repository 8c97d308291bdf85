"""Things that go wrong on purpose: which request is hit, and what happens to it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.simulator.shapes import Shape, choice, number, text
from telnyx_toolkit.simulator.wire import Reply, Sent, encode, refusal

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
}
FAULT = Shape(
    {
        "on": text(pattern=r"[A-Z]+ /.*"),
        "nth": number(1, whole=True),
        "times": number(1, whole=True),
        "do": choice(*TAKES_EFFECT),
        "retry_after": number(0),
    },
    ("on", "do"),
)


@dataclass
class Fault:
    """One planned failure.

    Attributes:
        on: `METHOD /path` below `/v2`; `*` stands for one path segment, `**` for any number.
        do: One of `TAKES_EFFECT`.
        nth: The first matching request that is hit, counted from 1.
        times: How many matching requests in a row are hit.
        retry_after: Seconds in the `retry-after` header of a 429.
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

    def spoil(self, sent: Sent | None) -> Sent | None:
        """What is sent in place of `sent`; None to close the connection without an answer."""
        if self.do.startswith("drop"):
            return None
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


def _with_payload(sent: Sent, payload: bytes) -> Sent:
    headers = {**sent.headers, "Content-Length": str(len(payload))}
    return Sent(sent.status, headers, payload)
