"""Ways to tell a person: each carries one notice, and says whether it arrived."""

from dataclasses import dataclass
from typing import Protocol

from telnyx_toolkit.notices import Notice, Route
from telnyx_toolkit.settings import Settings


@dataclass(frozen=True)
class Delivered:
    """It arrived."""

    via: str


@dataclass(frozen=True)
class Refused:
    """It did not arrive.

    Attributes:
        via: By which way.
        reason: Why, in a sentence.
        fix: What to do.
        again: The same may work later.
    """

    via: str
    reason: str
    fix: str
    again: bool


class Way(Protocol):
    """One way to tell a person."""

    @property
    def name(self) -> str:
        """Such as `webhook`."""
        ...

    def takes(self, notice: Notice, route: Route | None) -> bool:
        """Whether this notice goes this way."""
        ...

    def send(self, notice: Notice, route: Route | None) -> Delivered | Refused:
        """Tell it; never raises."""
        ...


def ways(settings: Settings) -> tuple[Way, ...]:
    """Those that are set up."""
    del settings
    return ()
