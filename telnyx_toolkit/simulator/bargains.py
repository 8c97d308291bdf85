"""How a stranger's price moves: by what it leaves out at first, and by offers they hear of."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from telnyx_toolkit.simulator.callees import Condition, Turn
from telnyx_toolkit.simulator.sentences import (
    Sought,
    Value,
    agent,
    callee,
    drawn,
    figure,
    rounded,
    told,
)

#: What an offer is worth less for each thing that it leaves out: assumed.
_WORTH = 0.08
_HARDLY = 0.01
_LEAST = 0.01


@dataclass(frozen=True)
class Bargain:
    """A price, and how people move with it, as shares of people from 0 to 1.

    Attributes:
        price: The figure that is compared.
        better: -1 where a lower figure is better, 1 where a higher one is.
        moves: How many make a better offer when they are told of one.
        least, most: By which share of the price they move.
        wanted: What an offer must have to compare, with the value it must have.
        left_out: How often each of these is missing at first, and had for more when asked for.
        never: How often each of these cannot be had at all.
    """

    price: Sought
    better: int
    moves: float
    least: float
    most: float
    wanted: tuple[tuple[Sought, Value], ...] = ()
    left_out: float = 0
    never: float = 0

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that it speaks of."""
        return (self.price.name, *(sought.name for sought, _ in self.wanted))


def bargained(bargain: Bargain, chance: Random) -> Iterator[Turn]:
    """The part of a talk that is about the price."""
    price = bargain.price
    if chance.random() < price.unknown:
        yield from _asked(price, None)
        for sought, value in bargain.wanted:
            yield from _asked(sought, value)
        return
    never = [s.name for s, _ in bargain.wanted if chance.random() < bargain.never]
    later = [s.name for s, _ in bargain.wanted if chance.random() < bargain.left_out]
    full = rounded(chance.uniform(price.low, price.high), price)
    missing = sum(sought.name in (*never, *later) for sought, _ in bargain.wanted)
    first = rounded(full * (1 + bargain.better * _WORTH * missing), price)
    yield from _asked(price, first)
    for sought, value in bargain.wanted:
        is_there = sought.name not in never and sought.name not in later
        yield from _asked(sought, value if is_there else _other(sought, value, chance))
    added = [(s, value) for s, value in bargain.wanted if s.name in later and s.name not in never]
    for sought, value in added:
        yield agent(f"And what would it be with {sought.label}?", asks=sought.name)
        yield told(sought, value, "answers", "That can be done. ")
    stands = first
    if added:
        stands = rounded(full * (1 + bargain.better * _WORTH * (missing - len(added))), price)
        yield agent("What would that make it, all in all?", asks=price.name)
        yield told(price, stands, "answers")
    yield from _pressed(bargain, stands, chance)


def _asked(sought: Sought, value: Value | None) -> Iterator[Turn]:
    yield agent(f"What about {sought.label}?", asks=sought.name)
    yield told(sought, value, "both")


def _other(sought: Sought, value: Value, chance: Random) -> Value:
    """What an offer has in place of what is wanted."""
    if isinstance(value, bool):
        return not value
    other = drawn(sought, chance)
    return other if other != value else (value + 1 if isinstance(value, float | int) else "none")


def _pressed(bargain: Bargain, stands: float, chance: Random) -> Iterator[Turn]:
    """They are told of a better offer, and move or do not."""
    price = bargain.price
    yield agent(
        "We have an offer of {{best_offer}} for the same. Can you do better?",
        asks=price.name,
        needs="best_offer",
    )
    step = stands * chance.uniform(bargain.least, bargain.most)
    moved = rounded(stands + bargain.better * max(step, _LEAST), price)
    if chance.random() < bargain.moves and moved != stands and moved > 0:
        lower = _better_than(bargain, stands)
        stays = callee(
            "No, that is our price.", asks=price.name, needs="best_offer", unless_told=lower
        )
        moves = told(price, moved, "answers", "All right. ")
        yield _if(moves, lower)
        yield stays
    else:
        yield callee("No, that is our price.", asks=price.name, needs="best_offer")


def _if(turn: Turn, heard: Condition) -> Turn:
    return Turn(turn.speaker, turn.text, turn.learns, "best_offer", heard, None, asks=turn.asks)


def _better_than(bargain: Bargain, stands: float) -> Condition:
    """That an offer better than theirs was named; of amounts in other money none is heard."""
    if not figure(bargain.price, stands).startswith("$"):
        return Condition()
    if bargain.better < 0:
        return Condition(at_most=max(0.0, stands - _HARDLY))
    return Condition(above=stands)
