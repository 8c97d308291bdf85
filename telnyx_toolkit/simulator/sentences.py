"""What a stranger answers, and in which words: plain enough to be proven by them alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Literal, cast

from telnyx_toolkit.simulator.callees import Condition, Turn
from telnyx_toolkit.simulator.wire import Doc

Value = float | bool | str
Stage = Literal["opening", "answers", "both"]
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
#: Figures of ranges above this are whole.
_SMALL = 10
_DOLLARS = ("", "USD")


@dataclass(frozen=True)
class Sought:
    """One thing that people are asked, and what they may say to it.

    Attributes:
        name: The field's name.
        kind: number, integer, boolean, string or date.
        unit: A currency code, percent, or what else is said behind a number.
        is_money: Whether a number without a unit is an amount of money.
        low, high: Ends of the range of a number.
        never: Of numbers that come on top: the share of people for whom it is nothing.
        yes: Of yes/no questions: the share that says yes.
        words: Of texts and of dates: one of these is said.
        unknown: The share of people who cannot tell.
    """

    name: str
    kind: str
    unit: str = ""
    is_money: bool = False
    low: float = 1
    high: float = 30
    never: float = 0
    yes: float = 0.5
    words: tuple[str, ...] = ("on request",)
    unknown: float = 0

    @property
    def label(self) -> str:
        """The name as one would say it."""
        return self.name.replace("_", " ")


def drawn(sought: Sought, chance: Random) -> Value:
    """An answer to it."""
    match sought.kind:
        case "boolean":
            return chance.random() < sought.yes
        case "number" | "integer":
            if chance.random() < sought.never:
                return 0
            return rounded(chance.uniform(sought.low, sought.high), sought)
        case _:
            return chance.choice(sought.words)


def rounded(value: float, sought: Sought) -> float:
    """A figure as one says it: whole, unless it is small."""
    is_whole = sought.kind == "integer" or sought.high > _SMALL
    return round(value) if is_whole else round(value, 2)


def sentence(sought: Sought, value: Value) -> str:
    """The words that say it."""
    match value:
        case bool():
            return f"For {sought.label}, {'yes' if value else 'no'}."
        case str():
            return f"For {sought.label}, it is {_day(value) if sought.kind == 'date' else value}."
        case _:
            return f"For {sought.label}, it is {figure(sought, value)}."


def figure(sought: Sought, value: float) -> str:
    """An amount with its unit: `$65`, `12 percent`, `EUR 40`, `7`."""
    number = f"{value:.2f}" if value != int(value) else f"{int(value)}"
    unit = sought.unit
    if sought.is_money:
        return f"${number}" if unit.upper() in _DOLLARS else f"{unit} {number}"
    return f"{number} {'percent' if unit == '%' else unit}".strip()


def told(sought: Sought, value: Value | None, stage: Stage, start: str = "") -> Turn:
    """The turn in which it is said; None is not known."""
    if value is None:
        return callee(f"{start}For {sought.label}, I cannot tell you.", asks=sought.name)
    words = sentence(sought, value)
    claim = {sought.name: {"value": value, "words": words}}
    stages = ("opening", "answers") if stage == "both" else (stage,)
    return callee(start + words, dict.fromkeys(stages, claim), asks=sought.name)


def agent(text: str, *, asks: str = "", needs: str = "") -> Turn:
    """A line of the assistant's."""
    return Turn("agent", text, {}, needs, Condition(), None, asks=asks)


def callee(
    text: str,
    learns: Mapping[str, Any] | None = None,
    *,
    asks: str = "",
    needs: str = "",
    if_told: Condition | None = None,
    unless_told: Condition | None = None,
) -> Turn:
    """A line of theirs, and what it states."""
    heard = if_told or Condition()
    return Turn("callee", text, learns or {}, needs, heard, unless_told, asks=asks)


def both(one: Mapping[str, Any], other: Mapping[str, Any]) -> Doc:
    """Both trees of facts as one; where they differ the second is right."""
    tree: Doc = dict(one)
    for key, value in other.items():
        old = tree.get(key)
        is_branch = isinstance(old, Mapping) and isinstance(value, Mapping)
        tree[key] = both(cast("Doc", old), cast("Doc", value)) if is_branch else value
    return tree


def _day(written: str) -> str:
    day = date.fromisoformat(written)
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
