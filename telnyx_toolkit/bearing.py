"""Whether the callee's words bear a value: the judgement behind every claim."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Literal

from telnyx_toolkit.amounts import figures
from telnyx_toolkit.days import days
from telnyx_toolkit.heard import Turn, canonical, sought, tokens_of
from telnyx_toolkit.memo import remembered
from telnyx_toolkit.mention import MOST_NAMED, Mention
from telnyx_toolkit.spoken import Vocabulary, vocabulary
from telnyx_toolkit.stance import stances
from telnyx_toolkit.taken_back import Ending, Named, alike, endings
from telnyx_toolkit.word_lists import set_of
from telnyx_toolkit.wording import is_currency, money
from telnyx_toolkit.yes_no import answer, is_opposed, is_taken_back, question

Status = Literal["confirmed", "unconfirmed", "contradicted"]
Span = tuple[int, int, int]
_EACH_WORDS = {"per", "each", "apiece"}
_WHOLE_WORDS = {"total", "overall", "altogether"}
_LEAST_SHARED = 2


@dataclass(frozen=True)
class Verdict:
    """What the words are worth, and why, in a short sentence."""

    status: Status
    why: str = ""


@dataclass(frozen=True)
class Call:
    """One call, as evidence is looked for in it.

    Attributes:
        turns: What the callee said.
        language: BCP 47.
        said_on: The day of the call, where the callee is.
        is_final: Whether what held at the end is asked, not what was said first.
        zone: Where the callee is, for calls and texts of several days.
    """

    turns: Sequence[Turn]
    language: str
    said_on: date
    is_final: bool = True
    zone: tzinfo = UTC

    @property
    def known(self) -> Vocabulary:
        """The words for numbers that are understood in it."""
        return vocabulary(self.language)

    def day_of(self, turn: Turn) -> date:
        """The day on which something was said, where the callee is."""
        try:
            at = datetime.fromisoformat(turn.at)
        except ValueError:
            return self.said_on
        return at.astimezone(self.zone).date() if at.tzinfo else self.said_on


@dataclass(frozen=True)
class Told:
    """One value as an insight tells it, with the words quoted for it."""

    field: str
    unit: str
    words: str
    ask: str = ""
    language: str = "en-US"


def spans(call: Call, words: str) -> list[Span]:
    """Where the callee said these words: turn, first word, behind the last word."""
    wanted = sought(words, dots=call.known.is_spanish)
    if not wanted.strip():
        return []
    return [(n, *place) for n, turn in enumerate(call.turns) for place in turn.finds(wanted)]


#: Asked anew for every question of a call, and the same each time: of a few calls' turns.
_A_FEW = 256
_figures, _stances = remembered(figures, _A_FEW), remembered(stances, _A_FEW)


def bears_figure(call: Call, told: Told, value: Decimal) -> Verdict:
    """Whether they named this figure, as theirs, and left it at that."""
    named = _named(call, lambda turn: _figures(turn, call.known))
    return _of_mentions(call, told, value, [one for one in named if _may_be(one.mention, told)])


def bears_day(call: Call, told: Told, value: date) -> Verdict:
    """Whether they named this day, as theirs, and left it at that."""
    named = _named(call, lambda turn: days(turn, call.known, call.day_of(turn)))
    return _of_mentions(call, told, value, named)


def bears_answer(call: Call, told: Told, value: bool) -> Verdict:
    """Whether they said yes, or no, to the question."""
    asked, wanted = question(told.field, told.ask), "yes" if value else "no"
    where = spans(call, told.words)
    if not where:
        speaks_against = is_opposed(call.turns, told.words, wanted, asked)
        why = f"nobody said these words, and they said {'no' if value else 'yes'}"
        return Verdict("contradicted", why) if speaks_against else _not_said(told.words)
    against = False
    for n, start, end in where:
        said = answer(call.turns, n, start, end, asked)
        if said == wanted and not is_taken_back(call.turns, n, end, said, asked):
            return Verdict("confirmed")
        against = against or said != "unclear"
    if against:
        return Verdict("contradicted", f"they said {'no' if value else 'yes'}")
    return Verdict("unconfirmed", "these words are neither a plain yes nor a plain no")


def bears_text(call: Call, told: Told, value: str) -> Verdict:
    """Whether the words were said and hold the value: its figures, and half of its words."""
    if not spans(call, told.words):
        return _not_said(told.words)
    dots = call.known.is_spanish
    wanted = {canonical(token) for token in tokens_of(value, dots=dots)[0]}
    said = {canonical(token) for token in tokens_of(told.words, dots=dots)[0]}
    has_figures = {word for word in wanted if word[0].isdigit()} <= said
    if wanted and has_figures and 2 * len(wanted & said) >= len(wanted):
        return Verdict("confirmed")
    return Verdict("unconfirmed", "these words say something else, or say it otherwise")


def _named(call: Call, find: Callable[[Turn], list[Mention]]) -> list[Named]:
    """Everything of one kind that was named in a call, and how."""
    is_understood = bool(call.known.numbers)
    mentions = [find(turn) for turn in call.turns]
    if sum(map(len, mentions)) > MOST_NAMED:
        return []
    return [
        Named(n, mention, stance)
        for n, (turn, found) in enumerate(zip(call.turns, mentions, strict=True))
        for mention, stance in zip(
            found, _stances(turn, found, is_understood=is_understood), strict=True
        )
    ]


def _of_mentions(call: Call, told: Told, value: Decimal | date, named: Sequence[Named]) -> Verdict:
    if len(named) > MOST_NAMED:
        return Verdict(
            "unconfirmed", "so many figures were named that none can be told from others"
        )
    where = spans(call, told.words)
    if not where:
        return _unheard(call, told, value, named)
    ends = endings(call.turns, named)
    found = [
        _in_span(
            call, told, value, [(o, e) for o, e in zip(named, ends, strict=True) if _is_in(o, span)]
        )
        for span in where
    ]
    for status in ("confirmed", "contradicted"):
        if hit := next((verdict for verdict in found if verdict.status == status), None):
            return hit
    return found[0]


def _in_span(
    call: Call, told: Told, value: Decimal | date, named: Sequence[tuple[Named, Ending]]
) -> Verdict:
    """What one place where the words were said is worth."""
    if not named:
        return Verdict("unconfirmed", f"no {_noun(value)} can be read from these words")
    hits = [(one, end) for one, end in named if value in one.mention.readings]
    firm = [one for one, _ in named if one.stance == "firm" and one.mention.readings]
    verdicts = [_of_hit(call, told, value, one, end) for one, end in hits]
    if good := next((v for v in verdicts if v.status == "confirmed"), None):
        return good
    others = [one for one in firm if value not in one.mention.readings and _is_plain(one, told)]
    are_refused = all(one.stance in {"denied", "left"} for one, _ in hits)
    if others and are_refused and not any(_conflicts(o.mention, told) for o in others):
        return _other(told, value, others[0])
    if verdicts:
        return next((v for v in verdicts if v.status == "contradicted"), verdicts[0])
    return Verdict("unconfirmed", f"no firm {_noun(value)} is in these words")


def _of_hit(call: Call, told: Told, value: Decimal | date, one: Named, end: Ending) -> Verdict:
    """What a mention of the very value is worth."""
    mention, instead = one.mention, _text(end.by.mention, told) if end.by else ""
    if end.fate == "corrected":
        return Verdict("contradicted", f"they took it back: {instead}")
    if one.stance != "firm":
        return Verdict("unconfirmed", _REASONS[one.stance])
    if is_currency(told.unit) and mention.currencies and told.unit not in mention.currencies:
        return Verdict("contradicted", f"they said {_currency(mention)}, not {told.unit}")
    doubts = [
        (_conflicts(mention, told), "the figure is for something else"),
        (mention.readings[0] != value, "the words can be read in more than one way"),
        (not mention.is_sure, "the words can be read in more than one way"),
        (call.is_final and end.fate == "bargained", f"they later said {instead}"),
    ]
    why = next((doubt for is_doubted, doubt in doubts if is_doubted), "")
    return Verdict("unconfirmed" if why else "confirmed", why)


_REASONS = {
    "unsure": "they did not say it as a firm word of their own",
    "denied": "they said no to it",
    "left": "it is where they came from",
}


def _currency(mention: Mention) -> str:
    if len(mention.currencies) == 1:
        return next(iter(mention.currencies))
    return "dollars" if "USD" in mention.currencies else "/".join(sorted(mention.currencies))


def _unheard(call: Call, told: Told, value: Decimal | date, named: Sequence[Named]) -> Verdict:
    """Words that nobody said: do the same words stand there with another figure?"""
    firm = [one for one in named if one.stance == "firm" and one.mention.readings]
    was_named = any(value in one.mention.readings for one in named)
    if was_named or isinstance(value, date):
        return _not_said(told.words)
    quoted, tail = tokens_of(told.words, dots=call.known.is_spanish)
    turn = Turn(quoted, tail)
    claimed = [one for one in figures(turn, call.known) if value in one.readings]
    for one in firm:
        for mine in claimed:
            if (
                alike(one.mention, mine)
                and _is_plain(one, told)
                and _same_place(call, one, turn, mine)
            ):
                return _other(told, value, one)
    return _not_said(told.words)


def _same_place(call: Call, one: Named, quoted: Turn, mine: Mention) -> bool:
    """Whether the words around both figures are the same ones."""
    around = _around(call.turns[one.turn], one.mention)
    return len(_around(quoted, mine) & around) >= _LEAST_SHARED


def _around(turn: Turn, mention: Mention) -> set[str]:
    words = turn.words(mention.start - 3, mention.start) + turn.words(mention.end, mention.end + 3)
    return set(words.split())


def _is_in(one: Named, span: Span) -> bool:
    return one.turn == span[0] and one.mention.start < span[2] and one.mention.end > span[1]


def _may_be(mention: Mention, told: Told) -> bool:
    """Whether a figure is of the kind that is asked: no percentage for a price."""
    if is_currency(told.unit):
        return mention.kind in {"money", "bare"}
    if told.unit.casefold() in {"%", "percent"}:
        return mention.kind in {"percent", "bare"}
    if mention.kind == "money":
        return not told.unit
    return mention.kind != "counted" or not told.unit or _same_noun(mention.noun, told.unit)


def _same_noun(noun: str, unit: str) -> bool:
    """Whether both measure the same: `weeks` and `days` do not."""
    return (
        noun.rstrip("s") == unit.casefold().rstrip("s") or not {noun, unit.casefold()} & _MEASURES
    )


_MEASURES = set_of(
    "minutes hours days weeks months years minute hour day week month year percent km"
    " miles minutos horas dias semanas meses anos"
)


def _conflicts(mention: Mention, told: Told) -> bool:
    """Whether it is for one where the whole is asked, or the other way round."""
    name = set(told.field.casefold().split("_"))
    if mention.per == "whole":
        return bool(name & _EACH_WORDS)
    return mention.per == "each" and bool(name & _WHOLE_WORDS)


def _is_plain(one: Named, told: Told) -> bool:
    """Whether a figure can speak against another: not a pronoun, not a count of things."""
    return one.mention.is_sure and (one.mention.kind != "counted" or not is_currency(told.unit))


def _other(told: Told, value: Decimal | date, one: Named) -> Verdict:
    if isinstance(value, date):
        return Verdict("contradicted", f"they said {_text(one.mention, told)}, not {value}")
    said = money(value, told.unit, told.language)
    return Verdict("contradicted", f"they said {_text(one.mention, told)}, not {said}")


def _text(mention: Mention, told: Told) -> str:
    first = mention.readings[0] if mention.readings else ""
    return money(first, told.unit, told.language) if isinstance(first, Decimal) else str(first)


def _noun(value: Decimal | date) -> str:
    return "figure" if isinstance(value, Decimal) else "day"


def _not_said(words: str) -> Verdict:
    return Verdict(
        "unconfirmed", "nobody said these words" if words.strip() else "no words are quoted"
    )
