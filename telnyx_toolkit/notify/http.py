"""One POST of JSON, within a deadline that holds whatever the other side does."""

import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from telnyx_toolkit import __version__
from telnyx_toolkit.loopback import is_loopback
from telnyx_toolkit.notify.way import reason_of

DEADLINE_S = 15.0
_CONNECT_S = 5.0
_KEPT = 4_096  # bytes of an answer: enough for a reason
_LATER = {408, 409, 425, 429}
_SERVER_ERROR = 500


@dataclass(frozen=True)
class Answer:
    """What was answered.

    Attributes:
        status: HTTP status; a redirect is an answer, and is not followed.
        said: The beginning of the body as a reason, on one line.
    """

    status: int
    said: str

    @property
    def is_yes(self) -> bool:
        """Whether it was taken."""
        return 200 <= self.status <= 299  # noqa: PLR2004 - HTTP's own figures

    @property
    def is_redirect(self) -> bool:
        """Whether it is elsewhere, where we do not go."""
        return 300 <= self.status <= 399  # noqa: PLR2004 - HTTP's own figures

    @property
    def is_later(self) -> bool:
        """Whether the same may be taken later."""
        return self.status in _LATER or self.status >= _SERVER_ERROR


@dataclass(frozen=True)
class NoAnswer:
    """Nothing was answered: it may have arrived all the same.

    Attributes:
        reason: Why, on one line.
    """

    reason: str


def post(
    url: str,
    body: Mapping[str, Any],
    headers: Mapping[str, str],
    secrets: Sequence[str],
    deadline_s: float = DEADLINE_S,
) -> Answer | NoAnswer:
    """Post `body` once.

    Args:
        url: Where to; one that the settings checked.
        body: Sent as JSON.
        headers: Besides the usual ones.
        secrets: What must not be repeated, should the answer hold it.
        deadline_s: Seconds for the whole exchange, finding the host included.
    """
    content = json.dumps(body, ensure_ascii=True).encode()
    usual = {
        "User-Agent": f"telnyx-toolkit/{__version__}",
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
    }
    became: list[Answer | NoAnswer] = []

    def exchange() -> None:
        became.append(_exchange(url, content, {**usual, **headers}, secrets, deadline_s))

    # A name that is not resolved, or an answer that drips, keeps to no timeout of a single read.
    worker = threading.Thread(target=exchange, daemon=True)
    worker.start()
    worker.join(deadline_s)
    return became[0] if became else NoAnswer(f"no whole answer within {deadline_s:g} s")


def _exchange(
    url: str,
    content: bytes,
    headers: Mapping[str, str],
    secrets: Sequence[str],
    deadline_s: float,
) -> Answer | NoAnswer:
    import httpx  # noqa: PLC0415 - slow to import, and needed only when something is sent

    timeout = httpx.Timeout(deadline_s, connect=min(_CONNECT_S, deadline_s))
    try:
        with (
            httpx.Client(
                timeout=timeout, follow_redirects=False, trust_env=not is_loopback(url)
            ) as client,
            client.stream("POST", url, content=content, headers=headers) as response,
        ):
            return Answer(response.status_code, reason_of(_reason(_beginning(response)), secrets))
    except Exception as problem:  # noqa: BLE001 - proxies and certificates fail in many ways
        said = reason_of(str(problem), secrets)
        return NoAnswer(f"{type(problem).__name__}: {said}".removesuffix(": "))


def _beginning(response: Any) -> bytes:
    kept = b""
    with suppress(Exception):  # the status has said what happened
        for chunk in response.iter_raw():
            kept += chunk
            if len(kept) >= _KEPT:
                break
    return kept[:_KEPT]


def _reason(body: bytes) -> str:
    """The `error` of a JSON answer, as the gateway gives it, or the words of any other."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError, AttributeError, TypeError):
        if isinstance(error := json.loads(text).get("error"), str):
            return error
    return text
