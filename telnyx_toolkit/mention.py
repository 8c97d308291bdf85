"""One figure or day that the callee named, and what hangs on it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

#: No call has so many figures; one that has bears none, and no time is lost on it.
MOST_NAMED = 1_000

Kind = Literal["money", "percent", "bare", "counted", "day"]
Per = Literal["", "each", "whole"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure or a day in a turn.

    Attributes:
        start: The place of its first word.
        end: The place behind its last one, its unit included.
        readings: What it may be, the likeliest first; none where nobody can tell.
        is_sure: Whether the first reading is the only likely one.
        kind: A price with its currency, a percentage, a number of things, a day, or just a figure.
        currencies: ISO codes that it may be in, where it names one.
        noun: What is counted.
        per: Whether it is said to be for one, or for everything.
    """

    start: int
    end: int
    readings: tuple[Decimal | date, ...]
    is_sure: bool = True
    kind: Kind = "bare"
    currencies: frozenset[str] = frozenset()
    noun: str = ""
    per: Per = ""
