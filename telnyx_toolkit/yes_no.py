"""Whether words answer a question with yes, with no, or not at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from telnyx_toolkit.heard import Turn, tokens_of
from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.stance import context, is_asked, is_elsewhere, is_hedged
from telnyx_toolkit.word_lists import set_of

Answer = Literal["yes", "no", "unclear"]
_YES = set_of(
    "yes yeah yep yup yea sure absolutely certainly definitely correct right exactly"
    " indeed si sí claro okay ok course supuesto gladly affirmative"
)
_NO = frozenset(["no", "nope", "nah", "nay"])
_FOR = set_of(
    "included includes include including with free available open comes incluye incluido"
    " incluida incluyen incluidos con disponible disponibles libre libres tenemos podemos"
    " happy glad possible posible offer have can do works fine perfecto required needed"
    " necesario"
)
_AGAINST = set_of(
    "not cannot cant dont doesnt didnt wont wouldnt couldnt isnt arent wasnt havent hasnt"
    " never without extra separate separately additional excluded excludes excluding"
    " unavailable booked full taken closed unable impossible sin aparte tampoco ni"
    " adicional nunca ocupados reservado none nope nah nay nothing add adding optional"
    " option yourself gone nada unfortunately no"
)
_IDIOMS = (
    (Pattern(r" (?:no|not a|sin) (?:problem|problema|worries|doubt|trouble)(?= )"), " yes"),
    (
        Pattern(r" (?:no|without|not|sin) (?:extra|additional|adicional)(?: \w+)?(?= )"),
        " included",
    ),
    (Pattern(r" (?:dont worry|no se preocupe|why not|not only)(?= )"), " "),
    (Pattern(r" of course not(?= )"), " not"),
)
_OTHER_WORDS = {
    "available": set_of("free open available availability day date time libre libres"),
    "weekend": set_of("saturday saturdays sunday sundays weekends"),
    "dessert": set_of("postre postres"),
    "delivery": set_of("entrega envio deliver"),
    "drinks": set_of("bebidas"),
    "service": set_of("servicio"),
    "deposit": set_of("deposito anticipo"),
    "included": frozenset(["included", "include", "includes", "including"]),
}
_HOW = set_of("is are has have the a an of in for per includes include included with")
_TAKEN_BACK = Pattern(
    r" (?:wait|sorry|actually|i mean|hold on|correction|i was wrong|perdon|mistake) "
)
_REPORTED = Pattern(
    r" (?:whether|whats|what is|want me to|you want|you asked|asked about"
    r"|love to say|everything but) "
)
_DOING = set_of("do have can with con podemos tenemos offer")
#: Enough for `are you free?`, not for `is it included?`.
_WE_CAN = Pattern(
    r" (?:we|i) (?:can|do|will|could|would) | (?:we are|we do|it is|it does) $"
    r"| (?:podemos|tenemos) "
)
#: `*` is the thing that is asked for.
_THE_THING = Pattern(
    r" (?:with|con|plus) (?:\w+ )?\* | \* (?:is|are|and \w+) (?:\w+ )?(?:in|come|comes|part) "
    r"| \* in (?:it|that|there) "
)
#: What is no question of `included or not` may be stated more freely: `we are fully insured`.
_STATED = Pattern(
    r" (?:we|were|im|i|they|everybody|all|fully) (?:(?:are|am|is|all|fully|also) )*\* "
    r"| (?:we|i|they) (?:have|carry|hold|do|offer|work|come|take|accept|cut|make|serve|deliver"
    r"|open) (?:\w+ ){0,3}\* | \* (?:too|also|as well|since|are done|are made|is standard) "
    r"| (?:its|it is|that is|thats|\* (?:is|are)) (?:all |now |already )?\* "
    r"| (?:estamos|somos|tenemos|hacemos|damos) (?:\w+ ){0,3}\* "
)
#: Not yet, no more, or not for sure.
_NOT_NOW = set_of(
    "pending expired lapsed applied applying waiting soon planning considering about getting"
    " almost nearly sometimes usually until only one asked get"
)
_BOUNDS = set_of("after until before except from taken booked full closed other")
_STEM, _MOST_ENDING, _WIDEST = 4, 2, 40
_ROOT = 5  # insured, insurance


@dataclass(frozen=True, slots=True)
class Asked:
    """A yes/no question of the brief, by the words that speak of it; `is_of_scope`: is it in it."""

    words: frozenset[str]
    is_of_scope: bool = False

    def is_in(self, text: str) -> bool:
        """Whether a text speaks of it: `desserts` of dessert."""
        return any(_same(word, own) for word in text.split() for own in self.words)


def question(field: str, ask: str = "") -> Asked:
    """The words by which one knows a question."""
    name = {part for part in field.split("_") if part not in _HOW} or set(field.split("_"))
    more = {word for part in field.split("_") for word in _OTHER_WORDS.get(part, ())}
    long = {token.text for token in tokens_of(ask)[0] if len(token.text) > _STEM}
    is_of_scope = bool({"includes", "include", "included", "with"} & set(field.split("_")))
    return Asked(frozenset(name | more | long), is_of_scope)


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
    if _is_of_other_days(sentence) and not asked.is_of_scope:
        return "unclear"
    if asked.is_of_scope and not _speaks_of_it(turn, end, clauses, asked):
        return "unclear"
    return _polarity(clauses, asked)


def _is_of_other_days(sentence: str) -> bool:
    """Whether one day is free and another is not, or free only from some day on."""
    said = set(sentence.split())
    return bool(said & {"free", "open", "available"} and said & _BOUNDS)


def _speaks_of_it(turn: Turn, end: int, clauses: Sequence[str], asked: Asked) -> bool:
    """Whether it is about the thing, and not about the drinks: by name, by question, or all."""
    said = {word for words in clauses for word in words.split()}
    before = turn.words(max(0, end - _WIDEST), end)
    question = " ".join(token.text for token in tokens_of(turn.asked)[0])
    is_all = bool(said & {"everything", "all", "todo"})
    return is_all or asked.is_in(before) or asked.is_in(question)


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


def is_opposed(turns: Sequence[Turn], words: str, wanted: Answer, asked: Asked) -> bool:
    """Whether, of words that nobody said, the callee said the like with the opposite meaning."""
    quoted = {token.text for token in tokens_of(words)[0]}
    told: set[Answer] = set()
    for at, turn in enumerate(turns):
        for start, end in _clause_places(turn):
            own = set(turn.words(start, end).split())
            is_alike = 2 * len(own & quoted) >= max(len(quoted), _STEM)
            if is_alike and asked.is_in(" ".join(own)):
                told.add(answer(turns, at, start, end, asked))
    return told - {"unclear"} == ({"no"} if wanted == "yes" else {"yes"})


def _clause_places(turn: Turn) -> Iterator[tuple[int, int]]:
    start = 0
    for place in range(1, len(turn.tokens) + 1):
        if place == len(turn.tokens) or _parts(turn, place):
            yield start, place
            start = place


def _is_opposite(one: Answer, other: Answer) -> bool:
    return {one, other} == {"yes", "no"}


def _particle(turn: Turn, clauses: Sequence[str], asked: Asked) -> Answer:
    """A bare yes or no: it answers what the assistant asked right before."""
    if turn.asked:
        text = " ".join(token.text for token in tokens_of(turn.asked)[0])
        against = {
            w for w in text.split() if w in _AGAINST - {"option", "optional", "add"}
        } - asked.words
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
    told = _told(about or full, asked)
    if trailing and about:
        bare: Answer = "no" if last & _NO else "yes"
        return bare if bare == "no" or set(told) != {"no"} else "unclear"
    if told:
        return _agreed(told)
    return _agreed(_told(clauses, asked))


def _told(clauses: Sequence[str], asked: Asked) -> list[Answer]:
    answers: list[Answer] = [_of_text(words, asked) for words in clauses]
    return [said for said in answers if said != "unclear"]


def _agreed(told: Sequence[Answer]) -> Answer:
    return told[0] if told and len(set(told)) == 1 else "unclear"


def _of_text(text: str, asked: Asked) -> Answer:
    text = f" {text.strip()} "
    for idiom, meaning in _IDIOMS:
        text = idiom.sub(meaning, text)
    said = set(text.split())
    own = {word for word in said if any(_same(word, name) for name in asked.words)}
    if said & (_AGAINST - own):
        return "no"
    plainly = _YES | (_FOR - _DOING)
    if own & _AGAINST or said & plainly or _is_positive(text, own):
        return "yes"
    if not asked.is_of_scope and (_WE_CAN.search(text) or _is_stated(text, own)):
        return "yes"
    return "unclear"


def _is_positive(text: str, own: set[str]) -> bool:
    """The thing itself, stated: `with dessert`, `a deposit is required`, `we can do that day`."""
    return bool(_THE_THING.search(_starred(text, own)))


def _is_stated(text: str, own: set[str]) -> bool:
    """The thing said of themselves, without more: `we carry insurance`, `licensed since 1990`."""
    return not set(text.split()) & _NOT_NOW and bool(_STATED.search(_starred(text, own)))


def _starred(text: str, own: set[str]) -> str:
    padded = "".join(f" {'*' if word in own else word} " for word in text.split())
    return padded.replace("  ", " ")


def _widened(turn: Turn, start: int, end: int) -> tuple[int, int]:
    """The whole of the clauses that the quotation is from."""
    first, last = max(0, start - _WIDEST), min(len(turn.tokens), end + _WIDEST)
    while start > first and not _parts(turn, start):
        start -= 1
    while end < last and not _parts(turn, end):
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
    is_near = abs(len(word) - len(own)) <= _MOST_ENDING
    is_alike = is_near and least >= _STEM and word[: least - 1] == own[: least - 1]
    return is_alike or (least > _ROOT and word[:_ROOT] == own[:_ROOT])
