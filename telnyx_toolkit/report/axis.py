"""A scale of a chart: round ticks, and where along it a figure stands."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

#: The narrowest chart, and the room that a character of a tick takes: pixels.
_NARROWEST, _CHARACTER, _GAP = 300, 7, 10
_MOST_TICKS = 6
_ROUND = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
#: Left and right of the scale: percent of the width.
_MARGIN = Decimal(5)
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Tick:
    """A mark of a scale.

    Attributes:
        x: Percent of the width, as text.
        text: What stands at it.
        anchor: Which end of the text stands there: `start`, `middle` or `end`.
    """

    x: str
    text: str
    anchor: str


@dataclass(frozen=True)
class Scale:
    """From the lowest to the highest figure that is shown."""

    low: Decimal
    high: Decimal
    step: Decimal

    def x(self, value: Decimal) -> str | None:
        """Where a figure stands, percent of the width; None outside of the scale."""
        if not self.low <= value <= self.high:
            return None
        part = (value - self.low) / (self.high - self.low)
        return percent(_MARGIN + part * (_HUNDRED - 2 * _MARGIN))

    def ticks(self, text: Callable[[Decimal], str]) -> list[Tick]:
        """The marks, with their texts."""
        return [Tick(self.x(v) or "0", text(v), "middle") for v in self.values()]

    def values(self) -> Iterator[Decimal]:
        """The figure at each mark."""
        count = int((self.high - self.low) / self.step)
        yield from (self.low + self.step * n for n in range(count + 1))


def scale_for(values: Iterable[Decimal], text: Callable[[Decimal], str]) -> Scale:
    """A scale with round marks that has all the values, with as many marks as their texts allow.

    Args:
        values: At least one.
        text: How a mark is written.
    """
    known = list(values)
    low, high = min(known), max(known)
    if low == high:
        room = abs(low) / 10 or Decimal(1)
        low, high = low - room, high + room
    best = _scale(low, high, 1)
    for parts in range(2, _MOST_TICKS):
        tried = _scale(low, high, parts)
        texts = [text(value) for value in tried.values()]
        if len(texts) > _MOST_TICKS:
            continue
        if len(texts) * (max(map(len, texts)) * _CHARACTER + _GAP) > _NARROWEST:
            break
        best = tried
    return best


def percent(value: Decimal) -> str:
    """`37.5`: with two decimals at most."""
    return format(value.quantize(Decimal("0.01")).normalize(), "f")


def _scale(low: Decimal, high: Decimal, parts: int) -> Scale:
    rough = (high - low) / parts
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(one * power for one in _ROUND if one * power >= rough)
    first = (low / step).to_integral_value(ROUND_FLOOR) * step
    last = (high / step).to_integral_value(ROUND_CEILING) * step
    return Scale(first, last, step)
