"""Whether the callee's words bear a value: the judgement behind every claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Literal

from telnyx_toolkit.amounts import figures
from telnyx_toolkit.days import days
from telnyx_toolkit.heard import Turn, canonical, sought, tokens_of
from telnyx_toolkit.mention import Mention
from telnyx_toolkit.spoken import Vocabulary, vocabulary
from telnyx_toolkit.stance import stances
from telnyx_toolkit.taken_back import Ending, Named, alike, endings
from telnyx_toolkit.wording import is_currency, money
from telnyx_toolkit.yes_no import answer, is_taken_back, question

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


def bears_figure(call: Call, told: Told, value: Decimal) -> Verdict:
    """Whether they named this figure, as theirs, and left it at that."""
    named = [
        Named(n, mention, stance)
        for n, turn in enumerate(call.turns)
        for found in [figures(turn, call.known)]
        for mention, stance in zip(found, stances(turn, found), strict=True)
    ]
    return _of_mentions(call, told, value, [one for one in named if _may_be(one.mention, told)])


def bears_day(call: Call, told: Told, value: date) -> Verdict:
    """Whether they named this day, as theirs, and left it at that."""
    named = [
        Named(n, mention, stance)
        for n, turn in enumerate(call.turns)
        for found in [days(turn, call.known, call.day_of(turn))]
        for mention, stance in zip(found, stances(turn, found), strict=True)
    ]
    return _of_mentions(call, told, value, named)


def bears_answer(call: Call, told: Told, value: bool) -> Verdict:
    """Whether they said yes, or no, to the question."""
    asked, wanted = question(told.field, told.ask), "yes" if value else "no"
    where = spans(call, told.words)
    if not where:
        return _not_said(told.words)
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


def _of_mentions(
    call: Call, told: Told, value: Decimal | date, named: Sequence[Named]
) -> Verdict:
    where = spans(call, told.words)
    if not where:
        return _unheard(call, told, value, named)
    ends = endings(call.turns, named)
    found = [
        _in_span(call, told, value, [(o, e) for o, e in zip(named, ends, strict=True) if _is_in(o, span)])
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


def _of_hit(
    call: Call, told: Told, value: Decimal | date, one: Named, end: Ending
) -> Verdict:
    mention = one.mention
    if (end.fate == "corrected") and end.by:
        return Verdict("contradicted", f"they took it back: {_text(end.by.mention, told)}")
    if is_currency(told.unit) and mention.currencies and told.unit not in mention.currencies:
        named = "/".join(sorted(mention.currencies)[:2])
        return Verdict("contradicted", f"they said {named}, not {told.unit}")
    if one.stance != "firm":
        return Verdict("unconfirmed", _REASONS[one.stance])
    if _conflicts(mention, told):
        return Verdict("unconfirmed", "the figure is for something else")
    if not mention.is_sure or mention.readings[0] != value:
        return Verdict("unconfirmed", "the words can be read in more than one way")
    if call.is_final and end.fate == "bargained" and end.by:
        return Verdict("unconfirmed", f"they later said {_text(end.by.mention, told)}")
    return Verdict("confirmed")


_REASONS = {
    "unsure": "they did not say it as a firm word of their own",
    "denied": "they said no to it",
    "left": "it is where they came from",
}


def _unheard(
    call: Call, told: Told, value: Decimal | date, named: Sequence[Named]
) -> Verdict:
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
            if alike(one.mention, mine) and _is_plain(one, told) and _same_place(call, one, turn, mine):
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
    return noun.rstrip("s") == unit.casefold().rstrip("s") or not {noun, unit.casefold()} & _MEASURES


_MEASURES = set(
    "minutes hours days weeks months years minute hour day week month year percent km miles"
    " minutos horas dias semanas meses anos".split()
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
    return Verdict("unconfirmed", "nobody said these words" if words.strip() else "no words are quoted")

