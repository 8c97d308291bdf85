"""What Telnyx's account levels allow: no endpoint tells, so a person has to say the level."""

from collections.abc import Mapping
from dataclasses import dataclass

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.nearest import did_you_mean
from telnyx_toolkit.pace import Pace

AS_OF = "2026-11-22"
SOURCE = "Telnyx's pages on account levels and concurrent call limits"


@dataclass(frozen=True)
class Level:
    """One level.

    Attributes:
        pace: What missions keep to.
        limits: Everything that applies, in words.
    """

    pace: Pace
    limits: tuple[str, ...]


LEVELS: Mapping[str, Level] = {
    "trial": Level(
        Pace(at_once=2, an_hour=10, a_day=100),
        (
            "only destination numbers that the account has verified",
            "2 calls at once, 10 minutes a call",
            "a credit of $5",
        ),
    ),
    "paid": Level(
        Pace(at_once=5, an_hour=10, a_day=100),
        (
            "10 calls an hour, 100 a day, 5 at once",
            "every call begins with Telnyx's own announcement of an automated call",
        ),
    ),
    "verified": Level(
        Pace(at_once=2, an_hour=None, a_day=None),
        (
            "no hourly cap and no announcement",
            "2 calls at once at first, 10 after verification of level 2, more on request",
        ),
    ),
    "level-2": Level(
        Pace(at_once=10, an_hour=None, a_day=None),
        ("no hourly cap and no announcement", "10 calls at once, more on request"),
    ),
}


def level_named(name: str) -> Level:
    """The level of that name.

    Raises:
        InvalidInput: there is no such level.
    """
    if name not in LEVELS:
        raise InvalidInput(
            f"{name!r} is no account level{did_you_mean(name, LEVELS)}.",
            fix=f"One of: {', '.join(LEVELS)}; the Telnyx portal shows yours.",
        )
    return LEVELS[name]


def limits_of(name: str) -> dict[str, object]:
    """What applies at a level, with its source and the day it was read.

    Raises:
        InvalidInput: there is no such level.
    """
    limits = list(level_named(name).limits)
    return {"name": name, "limits": limits, "source": SOURCE, "as_of": AS_OF}
