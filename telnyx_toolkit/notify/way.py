"""A way to tell a person one notice, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from telnyx_toolkit.notices import Notice, Route
from telnyx_toolkit.untrusted import clean, masked, one_line

TEXT_LIMIT = 3_000  # characters: channels cut longer messages in pieces, or refuse them
_REASON_LIMIT = 200


@dataclass(frozen=True)
class Delivered:
    """It was handed over: to a channel, to the gateway, to a server.

    Attributes:
        via: The name of the way.
    """

    via: str


@dataclass(frozen=True)
class Refused:
    """It was not handed over, as far as is known.

    Attributes:
        via: The name of the way.
        reason: What happened and why, on one line; no key, no token, no whole telephone number.
        fix: What a person does about it.
        again: Whether the same may work later without anybody changing anything. A notice that
            got no answer may have arrived all the same: its id is in every repeat.
    """

    via: str
    reason: str
    fix: str
    again: bool


class Way(Protocol):
    """One way to tell a person."""

    name: str  # `openclaw-message`, `gateway-hook` or `webhook`

    def takes(self, notice: Notice, route: Route | None) -> bool:
        """Whether this way is for that notice."""
        ...

    def send(self, notice: Notice, route: Route | None) -> Delivered | Refused:
        """Hand it over; never raises, and returns within 20 seconds."""
        ...


def text_of(notice: Notice) -> str:
    """What a person reads: clean, and without a number that could be dialled."""
    return masked(clean(notice.text, TEXT_LIMIT))


def reason_of(words: str, secrets: Sequence[str] = ()) -> str:
    """A stranger's words as part of a reason: one line, cut, masked, without the secrets."""
    line = one_line(words, 4 * _REASON_LIMIT)
    for secret in sorted(secrets, key=len, reverse=True):
        line = line.replace(secret, "***")
    return one_line(masked(line), _REASON_LIMIT)
