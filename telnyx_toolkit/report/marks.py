"""The words that prove something, marked in what was said, for a page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

Doc = dict[str, Any]
#: Of a long turn, so many characters are shown, and more where something behind them is proven.
SHOWN, _AROUND = 1_500, 200


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    quote: str


def marked_turns(call: Doc) -> list[Doc]:
    """The turns of a call with `html`, how many characters `more` there are, and what they `prove`.

    Every quote that is anchored gets one element with its id, whose text has all of its words;
    where two quotes overlap, both of theirs are one longer piece.
    """
    anchored = [quote for quote in call["quotes"] if quote["anchor"]]
    turns: list[Doc] = []
    for number, turn in enumerate(call["turns"]):
        here = [quote for quote in anchored if quote["anchor"]["turn"] == number]
        marks = [_Mark(q["anchor"]["start"], q["anchor"]["end"], q["id"]) for q in here]
        shown = _shown(turn["text"], marks)
        turns.append(
            {
                **turn,
                "html": Markup("").join(_html(shown, _nested(marks))),
                "more": len(turn["text"]) - len(shown),
                "proves": here,
            }
        )
    return turns


def _shown(text: str, marks: Iterable[_Mark]) -> str:
    last = max((mark.end for mark in marks), default=0)
    longest = max(SHOWN, last + _AROUND)
    return text if len(text) <= longest + _AROUND else text[:longest]


def _nested(marks: Sequence[_Mark]) -> list[_Mark]:
    """The marks in order, each inside of the ones before it or behind them."""
    before: list[_Mark] = []
    found = list(marks)
    while found != before:
        before, found = found, [_grown(mark, found) for mark in found]
    return sorted(found, key=lambda mark: (mark.start, -mark.end))


def _grown(mark: _Mark, others: Iterable[_Mark]) -> _Mark:
    for other in others:
        if other.start < mark.start < other.end < mark.end:
            return _Mark(other.start, mark.end, mark.quote)
        if mark.start < other.start < mark.end < other.end:
            return _Mark(mark.start, other.end, mark.quote)
    return mark


def _html(text: str, marks: list[_Mark], start: int = 0, end: int | None = None) -> Iterator[str]:
    end = len(text) if end is None else end
    at, rest = start, marks
    while rest:
        first = rest[0]
        inner = [mark for mark in rest[1:] if mark.end <= first.end]
        yield escape(text[at : first.start])
        yield Markup('<mark id="{}">').format(first.quote)
        yield from _html(text, inner, first.start, first.end)
        yield Markup("</mark>")
        at, rest = first.end, rest[1 + len(inner) :]
    yield escape(text[at:end])
