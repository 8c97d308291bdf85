"""Which figures of a call were taken back later, and which were bargained away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from telnyx_toolkit.heard import Turn
from telnyx_toolkit.mention import Mention
from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.stance import Stance, clause

Fate = Literal["kept", "corrected", "bargained"]
_PLAINLY = Pattern(
    r" (?:i meant|we meant|make that|scratch that|correction|let me correct|correct myself"
    r"|misspoke|my mistake|a mistake|mistaken|was wrong|is wrong|it has to be|has to be|that was"
    r"|i was looking|quise decir|mejor dicho|me equivoque|corrijo|fe de erratas) "
)
#: These take back only what stands right before.
_SHORTLY = Pattern(
    r" (?:sorry|i mean|actually|rather|wait|hold on|hang on|no|nope|excuse me|pardon|perdon"
    r"|disculpe|digo|no espere) (?:\S+ ){0,4}$"
)
_OFFERED = Pattern(
    r" (?:(?:can|could|will|ill|lets|would|id) (?:\w+ )?(?:do|make|go|offer|give|say|call)|make it"
    r"|come down|go down|go to|get (?:it )?(?:down )?to|drop|puedo dejar\w*|lo dejo) "
)
_MOST_BETWEEN = 40


@dataclass(frozen=True, slots=True)
class Named:
    """A mention in its turn, and how it was meant."""

    turn: int
    mention: Mention
    stance: Stance


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a figure: if it was not kept, what holds instead."""

    fate: Fate
    by: Named | None = None


def endings(turns: Sequence[Turn], named: Sequence[Named]) -> list[Ending]:
    """What became of each figure, or each day, that was named in a call."""
    found = [Ending("kept")] * len(named)
    for later, other in enumerate(named):
        if other.stance == "denied":
            _refuse(named, found, later)
        earlier = _before(named, later)
        if earlier is None or other.stance not in {"firm", "unsure"}:
            continue
        is_firm = other.stance == "firm"
        if _is_correction(turns, named[earlier], other):
            _mark(named, found, earlier, later, "corrected" if is_firm else "bargained")
        elif is_firm and _is_bargain(turns, named[earlier], other):
            _mark(named, found, earlier, later, "bargained")
    return found


def alike(one: Mention, other: Mention) -> bool:
    """Whether both can be figures for the same thing."""
    plain = {"money", "bare"}
    if one.kind in plain and other.kind in plain:
        return not (one.per and other.per and one.per != other.per)
    return one.kind == other.kind and one.noun == other.noun


def _before(named: Sequence[Named], later: int) -> int | None:
    """The figure that a later one may stand against: the last one said to be for the same."""
    new = named[later].mention
    matching = [
        n for n in range(later - 1, max(-1, later - 60), -1) if alike(named[n].mention, new)
    ]
    same = [n for n in matching if named[n].mention.per == new.per]
    chosen = same if new.per and same else matching
    return chosen[0] if chosen else None


def _mark(
    named: Sequence[Named], found: list[Ending], earlier: int, later: int, fate: Fate
) -> None:
    old, new = named[earlier].mention, named[later]
    if _first(old) == _first(new.mention):
        return
    for n in range(later):
        if alike(named[n].mention, old) and _first(named[n].mention) == _first(old):
            found[n] = Ending(fate, new)
    for n in range(later):
        if _first(named[n].mention) == _first(new.mention) and alike(named[n].mention, old):
            found[n] = Ending("kept")


def _refuse(named: Sequence[Named], found: list[Ending], later: int) -> None:
    """A figure that they named, and then say no to: "Sixty. Sixteen, not sixty."."""
    denied = named[later]
    near = [
        one
        for one in named[max(0, later - 1) : later + 2]
        if one.turn == denied.turn
        and one.stance == "firm"
        and _first(one.mention) != _first(denied.mention)
        and alike(one.mention, denied.mention)
    ]
    for n in range(later):
        if _first(named[n].mention) == _first(denied.mention) and near:
            found[n] = Ending("corrected", near[-1])


def _is_correction(turns: Sequence[Turn], old: Named, new: Named) -> bool:
    between = _between(turns, old, new)
    if between is None:
        return False
    left = clause(turns[new.turn], new.mention.start, new.mention.end)[0]
    return bool(_PLAINLY.search(between) or _SHORTLY.search(between) or _PLAINLY.search(left))


def _is_bargain(turns: Sequence[Turn], old: Named, new: Named) -> bool:
    if new.turn == old.turn:
        return False
    left = clause(turns[new.turn], new.mention.start, new.mention.end)[0]
    return bool(_OFFERED.search(left))


def _between(turns: Sequence[Turn], old: Named, new: Named) -> str | None:
    """The words from one to the other; None where they are too far from each other."""
    if new.turn == old.turn:
        if new.mention.start - old.mention.end > _MOST_BETWEEN:
            return None
        return turns[old.turn].words(old.mention.end, new.mention.start)
    before = turns[old.turn].words(old.mention.end, old.mention.end + _MOST_BETWEEN)
    start = max(0, new.mention.start - _MOST_BETWEEN)
    return (before.rstrip() if new.turn == old.turn + 1 else "") + turns[new.turn].words(
        start, new.mention.start
    )


def _first(mention: Mention) -> object:
    return mention.readings[0] if mention.readings else None
