"""The Idempotency-Key header: successes are replayed for 24 hours of the sandbox's clock."""

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telnyx_toolkit.simulator.wire import Reply, bad_request, refusal

KEY = re.compile(r"[A-Za-z0-9_-]{1,255}")
KEPT_FOR = timedelta(hours=24)
LARGEST_BODY = 256 * 1024


@dataclass(frozen=True)
class Kept:
    """A success, the exact bytes that asked for it, and when."""

    raw_body: bytes
    reply: Reply
    at: datetime


class Keys:
    """What was done under each key; a key belongs to one method and path."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Kept] = {}

    def once(
        self, scope: str, key: str, raw_body: bytes, now: datetime, do: Callable[[], Reply]
    ) -> Reply:
        """The reply of `do`, or that of the time before with `Idempotent-Replayed: true`.

        Raises:
            Refusal: 400 for a malformed key, 413 for a large body, 422 for another body.
        """
        check_key(key, raw_body)
        kept = self._kept.get((scope, key))
        if kept is not None and now - kept.at < KEPT_FOR:
            if kept.raw_body != raw_body:
                raise refusal(422, "10027", "Idempotency-Key was used with a different body")
            return replace(kept.reply, headers={"Idempotent-Replayed": "true"})
        reply = do()  # a refusal is raised from here, and so is never kept
        # What the reply speaks of may change before it is asked for again.
        self._kept[scope, key] = Kept(raw_body, deepcopy(reply), now)
        return reply


def check_key(key: str, raw_body: bytes) -> None:
    """Refuse a malformed key with 400 and a large body with 413."""
    if not KEY.fullmatch(key):
        raise bad_request("Idempotency-Key must be 1 to 255 letters, digits, - or _")
    if len(raw_body) > LARGEST_BODY:
        raise refusal(413, "10007", "The body is over 256 KB")
