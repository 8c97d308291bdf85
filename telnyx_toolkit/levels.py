"""What Telnyx's account levels allow: no endpoint tells, so a person has to say the level."""

from collections.abc import Mapping

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.nearest import did_you_mean

AS_OF = "2026-11-22"
SOURCE = "Telnyx's pages on account levels and concurrent call limits"
LEVELS: Mapping[str, tuple[str, ...]] = {
    "trial": (
        "only destination numbers that the account has verified",
        "2 calls at once, 10 minutes a call",
        "a credit of $5",
    ),
    "paid": (
        "10 calls an hour, 100 a day, 5 at once",
        "every call begins with Telnyx's own announcement of an automated call",
    ),
    "verified": (
        "no hourly cap and no announcement",
        "2 calls at once at first, 10 after verification of level 2, more on request",
    ),
}


def limits_of(level: str) -> dict[str, object]:
    """What applies at a level, with its source and the day it was read.

    Raises:
        InvalidInput: there is no such level.
    """
    if level not in LEVELS:
        raise InvalidInput(
            f"{level!r} is no account level{did_you_mean(level, LEVELS)}.",
            fix=f"One of: {', '.join(LEVELS)}; the Telnyx portal shows yours.",
        )
    return {"name": level, "limits": list(LEVELS[level]), "source": SOURCE, "as_of": AS_OF}
