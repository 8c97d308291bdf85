"""The kinds of mission there are: what each is for, and what it asks of a brief."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of mission; how it goes about it is in `strategies`, in the module of its name.

    Attributes:
        about: What it does, in a few words.
        needs: Fields of the brief without which it makes no sense, with why.
        carries_offers: Each call is told the best offer in hand, so one follows the other.
        own: Parts of the brief that are for it alone; elsewhere they are a mistake.
        commits: The assistant may agree to something, within what the brief allows.
        by_text: Targets may be reached by text messages.
    """

    name: str
    about: str
    needs: Mapping[str, str]
    own: tuple[str, ...] = ()
    carries_offers: bool = False
    commits: bool = False
    by_text: bool = True


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("sweep", "asks everybody", {}),
        Kind(
            "screen",
            "asks everybody and ranks them by a rubric",
            {"rubric": "what the answers are worth"},
            own=("rubric",),
        ),
        Kind(
            "negotiate",
            "calls one by one and carries the best offer on",
            {"objective": "what to minimize or maximize"},
            carries_offers=True,
            by_text=False,
        ),
        Kind(
            "book",
            "calls until one confirms",
            {"book": "which answer says that it is done"},
            own=("book", "fallback"),
            commits=True,
            by_text=False,
        ),
        Kind(
            "rounds",
            "goes through stages, and a person approves whom each goes on with",
            {"stages": "what is asked in each"},
            own=("stages",),
            by_text=False,
        ),
    )
}
