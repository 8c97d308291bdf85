"""A notice as JSON, posted to an address of the person's own."""

from datetime import UTC
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from telnyx_toolkit.notices import Notice, Route
from telnyx_toolkit.notify.http import DEADLINE_S, NoAnswer, post
from telnyx_toolkit.notify.way import Delivered, Refused, text_of
from telnyx_toolkit.untrusted import clean, masked

_LATER = "Nothing to do: it is sent again with the same Idempotency-Key."
_NOT_THERE = "It is sent again. If it stays so, check TELNYX_TOOLKIT_WEBHOOK_URL and the network."
_REDIRECT = "Name the receiver itself in TELNYX_TOOLKIT_WEBHOOK_URL: redirects are not followed."
_REFUSED = "Check TELNYX_TOOLKIT_WEBHOOK_URL, and what its receiver takes."
_SHORTEST_SECRET = 6  # characters of a piece of an address


class Webhook:
    """Posts every notice to one address.

    Args:
        url: Which; https, or on this machine. It may hold a secret, and is never shown.
        deadline_s: Seconds for the whole exchange.
    """

    name = "webhook"

    def __init__(self, url: str, deadline_s: float = DEADLINE_S) -> None:
        self._url = url
        self._deadline_s = deadline_s

    def takes(self, notice: Notice, route: Route | None) -> bool:  # noqa: ARG002 - all of them
        """Every notice."""
        return True

    def send(self, notice: Notice, route: Route | None) -> Delivered | Refused:  # noqa: ARG002
        """Post it; the address is the same for every route."""
        headers = {"Idempotency-Key": notice.notice_id}
        answer = post(self._url, body_of(notice), headers, _secrets(self._url), self._deadline_s)
        if isinstance(answer, NoAnswer):
            return self._refused(
                f"the webhook did not answer: {answer.reason}", _NOT_THERE, again=True
            )
        if answer.is_yes:
            return Delivered(self.name)
        said = f"the webhook answered {answer.status}: {answer.said}".removesuffix(": ")
        if answer.is_later:
            return self._refused(said, _LATER, again=True)
        fix = _REDIRECT if answer.is_redirect else _REFUSED
        return self._refused(said, fix, again=False)

    def _refused(self, reason: str, fix: str, again: bool) -> Refused:
        return Refused(self.name, reason, fix, again)


def _secrets(url: str) -> list[str]:
    """The address, and each piece of it that may be a secret of the receiver's."""
    parts = urlsplit(url)
    pieces = [*parts.path.split("/"), *(value for _, value in parse_qsl(parts.query))]
    return [url, *(piece for piece in pieces if len(piece) >= _SHORTEST_SECRET)]


def body_of(notice: Notice) -> dict[str, Any]:
    """`{id, kind, mission_id, at, text, data}`; `at` is UTC, numbers are masked."""
    return {
        "id": notice.notice_id,
        "kind": notice.kind,
        "mission_id": notice.mission_id,
        "at": notice.at.astimezone(UTC).isoformat(),
        "text": text_of(notice),
        "data": {clean(k): masked(clean(v)) for k, v in notice.data.items()},
    }
