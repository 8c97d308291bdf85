"""Whether words answer a question with yes, with no, or not at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from telnyx_toolkit.heard import Turn, tokens_of
from telnyx_toolkit.stance import context, is_asked, is_elsewhere, is_hedged

Answer = Literal["yes", "no", "unclear"]
_YES = frozenset(
    "yes yeah yep yup yea sure absolutely certainly definitely correct right exactly indeed si sí"
    " claro okay ok course supuesto gladly affirmative".split()
)
_NO = frozenset("no nope nah nay".split())
_FOR = frozenset(
    "included includes include including with free available open comes incluye incluido incluida"
    " incluyen incluidos con disponible disponibles libre libres tenemos podemos happy glad"
    " possible posible offer have can do works fine perfecto required needed necesario".split()
)
_AGAINST = frozenset(
    "not cannot cant dont doesnt didnt wont wouldnt couldnt isnt arent wasnt havent hasnt never"
    " without extra separate separately additional excluded excludes excluding unavailable booked"
    " full taken closed unable impossible sin aparte tampoco ni adicional nunca ocupados reservado"
    " none nope nah nay nothing nada unfortunately no".split()
)
_IDIOMS = (
    (re.compile(r" (?:no|not a|sin) (?:problem|problema|worries|doubt|trouble)(?= )"), " yes"),
    (re.compile(r" (?:no|without|not|sin) (?:extra|additional|adicional)(?: \w+)?(?= )"), " included"),
    (re.compile(r" (?:dont worry|no se preocupe|why not|not only)(?= )"), " "),
    (re.compile(r" of course not(?= )"), " not"),
)
_OTHER_WORDS = {
    "available": frozenset("free open available availability day date time libre libres".split()),
    "included": frozenset("included include includes including".split()),
}
_HOW = frozenset("is are has have the a an of in for per includes include included with".split())
_TAKEN_BACK = re.compile(r" (?:wait|sorry|actually|hold on|correction|i was wrong|perdon|mistake) ")
_REPORTED = re.compile(r" (?:whether|want me to|you want|you asked|asked about|love to say|everything but) ")
_STEM = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A yes/no question of the brief, by the words that speak of it."""

    words: frozenset[str]

    def is_in(self, text: str) -> bool:
        """Whether a text speaks of it: `desserts` of dessert."""
        return any(_same(word, own) for word in text.split() for own in self.words)


def question(field: str, ask: str = "") -> Asked:
    """The words by which one knows a question."""
    name = {part for part in field.split("_") if part not in _HOW} or set(field.split("_"))
    more = {word for part in field.split("_") for word in _OTHER_WORDS.get(part, ())}
    long = {token.text for token in tokens_of(ask)[0] if len(token.text) > _STEM}
    return Asked(frozenset(name | more | long))


def answer(turns: Sequence[Turn], at: int, start: int, end: int, asked: Asked) -> Answer:
    """How quoted words answer it, read with the rest of their clause."""
    turn = turns[at]
    start, end = _widened(turn, start, end)
    before, after = context(turn, start, end)
    sentence = f"{before}{turn.words(start, end).lstrip()}{after.lstrip()}"
    if is_hedged(sentence) or is_asked(turn, end) or _REPORTED.search(sentence):
        return "unclear"
    clauses = _clauses(turn, start, end)
    if any(is_elsewhere(f" {words} ") for words in clauses):
        return "unclear"
    if not any(set(words.split()) - _YES - _NO for words in clauses):
        return _particle(turn, clauses, asked)
    return _polarity(clauses, asked)


def is_taken_back(turns: Sequence[Turn], at: int, end: int, said: Answer, asked: Asked) -> bool:
    """Whether they then say the opposite of the same thing, and say that they do."""
    turn = turns[at]
    rest = _clauses(turn, end, len(turn.tokens))
    joined = " ".join(["", *rest, ""]).replace("  ", " ")
    match = _TAKEN_BACK.search(joined)
    if match and _is_opposite(said, _of_text(joined[match.end() - 1 :], asked)):
        return True
    for later in turns[at + 1 :]:
        text = later.words(0, min(len(later.tokens), 60))
        match = _TAKEN_BACK.search(text)
        if match and asked.is_in(text) and _is_opposite(said, _of_text(text, asked)):
            return True
    return False


def _is_opposite(one: Answer, other: Answer) -> bool:
    return {one, other} == {"yes", "no"}


def _particle(turn: Turn, clauses: Sequence[str], asked: Asked) -> Answer:
    """A bare yes or no: it answers what the assistant asked right before."""
    if turn.asked:
        text = " ".join(token.text for token in tokens_of(turn.asked)[0])
        against = {w for w in text.split() if w in _AGAINST} - asked.words
        if not asked.is_in(text) or against:
            return "unclear"
    said = {word for words in clauses for word in words.split()}
    if said & _YES and said & _NO:
        return "unclear"
    return "yes" if said & _YES else "no"


def _polarity(clauses: Sequence[str], asked: Asked) -> Answer:
    """What the clauses say; one that speaks of the thing counts before others, a bare yes last."""
    full = [c for c in clauses if set(c.split()) - _YES - _NO]
    last = set(clauses[-1].split())
    trailing = len(clauses) > 1 and not last - _YES - _NO
    about = [c for c in full if asked.is_in(c)]
    told = {_of_text(c, asked) for c in (about or full)} - {"unclear"}
    if trailing and about:
        bare: Answer = "no" if last & _NO else "yes"
        return bare if bare == "no" or told != {"no"} else "unclear"
    if len(told) == 1:
        return told.pop()
    others = {_of_text(c, asked) for c in clauses} - {"unclear"}
    return others.pop() if not told and len(others) == 1 else "unclear"


def _of_text(text: str, asked: Asked) -> Answer:
    text = f" {text.strip()} "
    for idiom, meaning in _IDIOMS:
        text = idiom.sub(meaning, text)
    said = set(text.split())
    own = {word for word in said if any(_same(word, name) for name in asked.words)}
    if said & (_AGAINST - own):
        return "no"
    if own & _AGAINST or said & (_YES | (_FOR - {"do", "have", "can", "with", "con"})) or _is_positive(text, own):
        return "yes"
    return "unclear"


def _is_positive(text: str, own: set[str]) -> bool:
    """The thing itself, stated: `with dessert`, `a deposit is required`, `we can do that day`."""
    if re.search(r" (?:we|i) (?:can|do|will|could|would) (?:do|make|that|it|the|offer|have|be)? ?| (?:we are|we do|it is|it does) $", text):
        return True
    return any(
        re.search(rf" (?:with|con|plus) (?:\w+ )?{re.escape(word)} | {re.escape(word)} (?:is|are|and \w+) (?:\w+ )?(?:in|come|comes|part)", text)
        for word in own
    )


def _widened(turn: Turn, start: int, end: int) -> tuple[int, int]:
    """The whole of the clauses that the quotation is from."""
    while start > 0 and not _parts(turn, start):
        start -= 1
    while end < len(turn.tokens) and not _parts(turn, end):
        end += 1
    return start, end


def _clauses(turn: Turn, start: int, end: int) -> list[str]:
    clauses: list[list[str]] = [[]]
    for place in range(start, min(end, start + 80)):
        if place > start and _parts(turn, place):
            clauses.append([])
        clauses[-1].append(turn.word(place))
    return [" ".join(words) for words in clauses if words]


def _parts(turn: Turn, place: int) -> bool:
    return any(mark in ".?!…,;:\u2014" for mark in turn.gap(place)) or (
        turn.word(place) in {"but", "pero"} and turn.word(place - 1) != "everything"
    )


def _same(word: str, own: str) -> bool:
    """`desserts` and dessert, `includes` and included."""
    if word == own:
        return True
    least = min(len(word), len(own))
    return least >= _STEM and word[: least - 1] == own[: least - 1] and abs(len(word) - len(own)) <= 2  # noqa: PLR2004
