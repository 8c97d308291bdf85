"""How soon and how often somebody is tried again, by who they are and how the last try went."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Again:
    """What follows a try that came to nothing.

    Attributes:
        times: How many tries that end so may be followed by another.
        minutes: Rest before the next.
    """

    times: int
    minutes: int


#: A voicemail shows the call to whoever owns it: one is a message, two are a nuisance. A line that
#: dropped or stayed silent is tried again while they remember. Who asked to be called is called at
#: that time; the minutes of `call_back` are for those whose time cannot be told.
PROFILES: Mapping[str, Mapping[str, Again]] = {
    "ivr": {
        "no-answer": Again(3, 15),
        "busy": Again(3, 10),
        "failed": Again(2, 5),
        "canceled": Again(3, 15),
        "voicemail": Again(1, 15),
        "phone_tree": Again(3, 15),
        "cut_off": Again(2, 5),
        "empty": Again(2, 5),
        "call_back": Again(2, 30),
    },
    "business": {
        "no-answer": Again(3, 60),
        "busy": Again(3, 20),
        "failed": Again(2, 10),
        "canceled": Again(3, 60),
        "voicemail": Again(1, 60),
        "phone_tree": Again(2, 60),
        "cut_off": Again(2, 10),
        "empty": Again(2, 15),
        "call_back": Again(2, 120),
    },
    "professional": {
        "no-answer": Again(2, 1_440),
        "busy": Again(2, 180),
        "failed": Again(2, 60),
        "canceled": Again(2, 1_440),
        "voicemail": Again(0, 1_440),
        "phone_tree": Again(1, 1_440),
        "cut_off": Again(1, 60),
        "empty": Again(1, 60),
        "call_back": Again(2, 1_440),
    },
}

#: Calls to one target on one day of theirs, where the brief does not say.
A_DAY: Mapping[str, int] = {"ivr": 3, "business": 3, "professional": 1}


def again(contact: str, outcome: str) -> Again | None:
    """What follows a try with that outcome; None if nobody calls again after it."""
    return PROFILES[contact].get(outcome)
