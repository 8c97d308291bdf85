"""What an error answer of Telnyx means, and what to do about it."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, cast

from telnyx_toolkit.errors import ErrorResponse

_SHOWN = 3  # problems of one answer that are worth reading
_EPOCH = 1_000_000_000  # `x-ratelimit-reset` above this is a date, below it seconds to wait
_LONGEST_WAIT_S = 86_400.0


@dataclass(frozen=True)
class _Said:
    """One problem as Telnyx put it; any part may be empty."""

    title: str = ""
    detail: str = ""
    code: str = ""

    def __str__(self) -> str:
        words = ": ".join(part for part in (self.title, self.detail) if part)
        return f"{words} ({self.code})".strip() if self.code else words


@dataclass(frozen=True)
class _Case:
    """A known problem: it applies when status, code or the words match."""

    fix: str
    codes: frozenset[str] = frozenset()
    words: str = ""
    statuses: frozenset[int] = frozenset()

    def applies(self, status: int, code: str, text: str) -> bool:
        named = bool(self.words) and re.search(self.words, text) is not None
        return status in self.statuses or code in self.codes or named


# The first that applies is meant, so the particular stands before the general.
_CASES = (
    _Case(
        "The balance is used up: add funds on the Billing page of the Telnyx portal.",
        codes=frozenset({"20100"}),
        words=r"\bD17\b",
    ),
    _Case(
        "The destination's country is not allowed: add it to the whitelisted destinations of the "
        "outbound voice profile in the Telnyx portal.",
        words=r"\bD13\b",
    ),
    _Case(
        "Too many calls at once for this account: wait for one to end, lower the number of calls "
        "at a time, or ask Telnyx for a higher limit.",
        codes=frozenset({"90041", "90042", "90043"}),
        words=r"\bD1\b",
    ),
    _Case(
        "The caller id must be a number that this account owns or has verified.",
        words=r"\bD35\b",
    ),
    _Case(
        "Check the key in TELNYX_API_KEY against the API Keys page of the Telnyx portal "
        "(https://portal.telnyx.com); make a new one if it was revoked.",
        codes=frozenset({"10009", "20002"}),
        statuses=frozenset({401}),
    ),
    _Case(
        "The account's level does not allow this: see Account Levels in the Telnyx portal.",
        codes=frozenset({"10038"}),
    ),
    _Case(
        "This key or account may not do that: check the balance, the account's verification and "
        "the key's permissions in the Telnyx portal.",
        codes=frozenset({"10010", "20012", "20013", "20014"}),
        statuses=frozenset({403}),
    ),
    _Case(
        "Telnyx does not know it (any more): it was deleted, or the key is of another account.",
        codes=frozenset({"10005"}),
        statuses=frozenset({404}),
    ),
    _Case(
        "Telnyx has one like it already, or is still busy with the same request: wait a moment, "
        "then run the same command again.",
        codes=frozenset({"10012", "10036"}),
        statuses=frozenset({409}),
    ),
    _Case(
        "Telnyx understood the request and refused its values: change what the message names. "
        "A model that assistants may not use, or an id that is not one, ends here too.",
        codes=frozenset({"10027"}),
        statuses=frozenset({422}),
    ),
    _Case(
        "Too many requests: wait as long as Telnyx asks (a minute if it does not say), then run "
        "the same command again.",
        codes=frozenset({"10011", "90103"}),
        statuses=frozenset({429}),
    ),
    _Case(
        "Telnyx has a problem of its own, and the request may have been executed: run the same "
        "command again, which looks before it repeats anything.",
        statuses=frozenset(range(500, 600)),
    ),
    _Case(
        "Check TELNYX_BASE_URL: Telnyx itself does not redirect, and the key was sent nowhere "
        "else.",
        statuses=frozenset(range(300, 400)),
    ),
)


def problem(
    where: str,
    status: int,
    headers: Mapping[str, str],
    content: bytes,
    safe: Callable[[str, int], str],
) -> ErrorResponse:
    """The error of an answer that is not 2xx.

    Understands the platform's `errors[]`, FastAPI's `detail[]` (of `/ai/*`) and `detail` as a
    string; shows the beginning of anything else.

    Args:
        where: Verb and path of the request.
        status: HTTP status of the answer.
        headers: Its headers, looked up in lower case.
        content: Its body, as far as it arrived.
        safe: Makes a stranger's text harmless and at most so many characters long.
    """
    said = [_made_safe(each, safe) for each in _spoken(status, content)]
    text = "; ".join(str(each) for each in said)
    code = next((each.code for each in said if each.code), "")
    return ErrorResponse(
        f"Telnyx answered {status} to {safe(where, 200)}: {text}",
        status=status,
        telnyx_code=code,
        retry_after_s=retry_after_s(headers),
        fix=next((case.fix for case in _CASES if case.applies(status, code, text)), ""),
    )


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that Telnyx asks us to wait (0 to a day), or None where it does not say.

    From `retry-after` (seconds or an HTTP date) or `x-ratelimit-reset` (seconds, or epoch seconds:
    Telnyx documents both); dates are measured from the answer's own `date`.
    """
    asked = headers.get("retry-after", "")
    wait = _number(asked)
    if wait is None and asked:
        wait = _until(_http_date(asked), headers)
    if wait is None and (reset := _number(headers.get("x-ratelimit-reset", ""))) is not None:
        wait = reset if reset <= _EPOCH else _until(_instant(reset), headers)
    return None if wait is None else min(max(wait, 0.0), _LONGEST_WAIT_S)


def _spoken(status: int, content: bytes) -> list[_Said]:
    try:
        body: Any = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    if found := list(_from_body(body)):
        return found[:_SHOWN]
    if status in range(300, 400):
        return [_Said(title="a redirect, which is not followed")]
    text = content.decode("utf-8", "replace").strip()
    return [_Said(title=_phrase(status), detail=text)]


def _from_body(body: Any) -> Iterator[_Said]:
    if not isinstance(body, dict):
        return
    known = cast(dict[str, Any], body)
    for error in _objects(known.get("errors")):
        yield _Said(_text(error, "title"), _text(error, "detail"), _text(error, "code"))
    detail = known.get("detail")
    if isinstance(detail, str):
        yield _Said(title=detail)
    for error in _objects(detail):
        place = error.get("loc")
        parts = cast(list[Any], place) if isinstance(place, list) else []
        yield _Said(title=".".join(str(part) for part in parts), detail=_text(error, "msg"))


def _objects(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        return []
    items = cast(list[Any], value)
    return [cast(dict[str, Any], item) for item in items if isinstance(item, dict)]


def _text(error: dict[str, Any], name: str) -> str:
    value = error.get(name)
    return str(value) if isinstance(value, str | int) else ""


def _made_safe(said: _Said, safe: Callable[[str, int], str]) -> _Said:
    return _Said(safe(said.title, 120), safe(said.detail, 300), safe(said.code, 20))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no explanation"


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _http_date(text: str) -> datetime | None:
    try:
        stated = parsedate_to_datetime(text)
    except ValueError:
        return None
    return stated if stated.tzinfo else stated.replace(tzinfo=UTC)


def _instant(epoch_s: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(epoch_s, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _until(instant: datetime | None, headers: Mapping[str, str]) -> float | None:
    answered = _http_date(headers.get("date", ""))
    if instant is None or answered is None:
        return None
    return (instant - answered).total_seconds()
