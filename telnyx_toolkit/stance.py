"""How a figure or a day was named: as their own firm word, or in some other way."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from telnyx_toolkit.heard import Turn
from telnyx_toolkit.mention import Mention
from telnyx_toolkit.offer_words import COPULAS, FOLLOWED_BY_ANYTHING, LEADING, NOT_THEIRS, PLAIN
from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.spoken import NUMBER_WORDS
from telnyx_toolkit.word_lists import any_of

Stance = Literal["firm", "unsure", "denied", "left"]
_SENTENCE, _CLAUSE = ".?!…", ".?!…,;:\u2014\u2013"
_WINDOW = 25
_MOST_UNKNOWN, _NEXT = 2, 5
_JOINTS = {"but", "pero", "sino", "so"}


_NOT = any_of(
    "not|no|never|cannot|cant|dont|doesnt|didnt|wont|wouldnt|couldnt|isnt|arent|wasnt|neither|nor"
    "|unable|impossible|refuse|hardly|nunca|jamas|tampoco|ni|imposible|nicht|kein|keine|pas|nao"
)
_NO_DENIAL = Pattern(
    r" (?:no|not a|no es) (?:problem|problema|worries|doubt)(?= )"
    r"| (?:cant|cannot|couldnt)(?: \w+){0,2} (?:any )?(?:better|lower|cheaper|less) than(?= )"
    r"|^ (?:no|nope|nah)(?= (?:its|it|we|i|that|thats|the|you|son|es|el|la) )"
)
_REFUSED_AFTER = any_of(
    "no way|too low|too little|impossible|not possible|not enough|wont work|doesnt work"
    "|(?:cant|cannot|dont) do (?:that|it)|out of the question|forget it|isnt|is not|imposible"
    "|muy poco|wouldnt work|wont do"
)
_NEARLY = any_of(
    "around|about|roughly|approximately|maybe|perhaps|probably|nearly|almost|close to|near|up to"
    "|at least|at most|over|under|below|above|more than|less than|starting at|starting from"
    "|upwards of|starts at|starts from|somewhere|like|say roughly|minus|before|after"
    "|by around|unos|unas"
    "|alrededor de|aproximadamente|cerca de|casi|mas de|menos de|al menos|hasta unos|antes del"
    "|despues del|antes de|next|desde|a partir de|another|circa|ca|ungefahr|etwa|environ|rund"
)
#: `around for 18 years` is exact.
_LASTING = Pattern(r" around (?:for|since)(?= )")
_OF_SERVICE = frozenset(["por", "servicio", "for", "service"])
_COMPANY = frozenset(["with", "including", "without", "plus", "con", "sin"])
_SUBJECTS = frozenset(["we", "i", "it", "its", "thats", "that", "thatll", "itd"])
_MOST_COMPANY = 4
_NEARLY_AFTER = Pattern(
    r"^ (?:or so|ish|give or take|more or less|and up|or more|or less|maybe|probably"
    r"|mas o menos|aproximadamente|o asi|something|off|more than|less than|more|less) "
)
_GUESSED = any_of(
    "maybe|perhaps|probably|possibly|i think|i guess|i believe|im guessing|not sure|dont know"
    "|might|we may|i may|it may|may be|could be|can be anywhere|should be|give or take"
    "|ballpark|estimate|roughly|come on(?! (?:the|mon|tues|wednes|thurs|fri|satur|sun))"
    "|mas o menos|depends|whether|wish|pretend|imagine"
    "|suppose|hypothetically|repeat after me|tell them|tell him|tell her|somewhere between|between"
    "|anywhere|quizas?|creo|tal vez|a lo mejor|depende|entre|supongo|or something"
    "|something like that|have to check|let me check|want me to say|love to say|everything but"
)
_IF = any_of("if|unless|provided|as long as|assuming|only when|siempre que|solo si")
_IF_POLITE = Pattern(
    r" if (?:that|this|it|you|thats|its) ?(?:works|okay|ok|like|want|helps|suits|is okay|is ok)"
)
_OTHERS = any_of(
    "others?|another|nobody|noone|your last|your other|competitors?|competition|somebody|someone"
    "|elsewhere|they (?:charge|said|want|ask|asked|quoted|offer|offered)"
    "|you (?:said|mentioned|told|wanted|want|offered|pay|asked)"
    "|your (?:offer|budget|price|quote|number)|lady|guy|customers?|clients?|neighbors?|friend"
    "|he|she|got (?:it|that|this)|paid|otros|la competencia|usted dijo|me dijo"
)
_PAST = any_of(
    "last year|last time|used to|was|were|had been|normally|usually|regular|regularly|list price"
    "|typically|on average|in the past|did|charged|quoted|sold|back then|era|antes|normalmente"
    "|el ano pasado"
)
_BETWEEN = any_of("between|entre")
_MOVED = any_of(
    "(?:down|up|went|go|come|came|drop|dropped|lower|lowered|bajamos|bajo|reduce)"
    "(?: \\w+){0,3} (?:from|de)"
)
_TAG = {"ok", "okay", "alright", "yeah", "yes"}
_AFFIRMED = any_of("yes|yeah|yep|sure|right|correct|exactly|si|sí|claro|okay|ok|fine|deal")


def stances(turn: Turn, mentions: Sequence[Mention], *, is_understood: bool = True) -> list[Stance]:
    """How each of a turn's figures, or each of its days, was meant.

    `left` is where they came from: 70 in "down from 70 to 65".

    Args:
        turn: What was said.
        mentions: The figures, or the days, named in it; in order.
        is_understood: Whether it is in a language whose words lead to a figure as we know them.
    """
    found: list[Stance] = [_alone(turn, mention) for mention in mentions]
    if is_understood:
        for n, mention in enumerate(mentions):
            if found[n] == "firm" and not _is_plain(turn, mention):
                found[n] = "unsure"
    for n, (one, other) in enumerate(pairwise(mentions)):
        pair = _together(turn, one, other)
        if pair and "denied" not in (found[n], found[n + 1]):
            found[n] = pair[0]
            found[n + 1] = pair[1] if found[n + 1] == "firm" else found[n + 1]
    return found


def context(turn: Turn, start: int, end: int, marks: str = _SENTENCE) -> tuple[str, str]:
    """The words before and behind, up to a mark; by default those of the sentence."""
    first = start
    while first > max(0, start - _WINDOW) and not _breaks(turn.gap(first), marks):
        if marks == _CLAUSE and turn.word(first - 1) in _JOINTS:
            break
        first -= 1
    last = end
    while last < min(len(turn.tokens), end + _WINDOW) and not _breaks(turn.gap(last), marks):
        if marks == _CLAUSE and last > end and turn.word(last) in _JOINTS:
            break
        last += 1
    return turn.words(first, start), turn.words(end, last)


def clause(turn: Turn, start: int, end: int) -> tuple[str, str]:
    """The words before and behind, up to the next comma or conjunction."""
    return context(turn, start, end, _CLAUSE)


def is_asked(turn: Turn, end: int) -> bool:
    """Whether the sentence is a question; `okay?` at its end makes none of it."""
    for place in range(end, min(len(turn.tokens), end + _WINDOW) + 1):
        gap = turn.gap(place)
        if _breaks(gap, _SENTENCE) or place == len(turn.tokens):
            tagged = place > end and turn.word(place - 1) in _TAG
            return "?" in gap and not tagged
    return False


def is_hedged(sentence: str) -> bool:
    """Whether a sentence guesses, sets a condition, or tells what somebody should say."""
    return bool(_GUESSED.search(sentence)) or bool(
        _IF.search(sentence) and not _IF_POLITE.search(sentence)
    )


def is_elsewhere(words: str) -> bool:
    """Whether words tell of other people, of other times, or of what is usual."""
    return bool(_OTHERS.search(words) or _PAST.search(words))


def is_denied(words: str) -> bool:
    """Whether words that lead to something deny it."""
    return bool(_NOT.search(_NO_DENIAL.sub(" ", words)))


def _alone(turn: Turn, mention: Mention) -> Stance:
    left, _ = clause(turn, mention.start, mention.end)
    before, after = context(turn, mention.start, mention.end)
    _, right = context(turn, mention.start, mention.end, _SENTENCE + ";")
    if _REFUSED_AFTER.search(right) and not is_denied(left):
        return "unsure" if mention.kind == "day" else "denied"
    if is_denied(left):
        return "denied"
    near = " " + " ".join(_LASTING.sub(" ", left).split()[-3:]) + " "
    behind = turn.words(mention.end, mention.end + 4)
    is_near = _NEARLY.search(_NO_DENIAL.sub(" ", near)) or _NEARLY_AFTER.match(behind)
    if is_near or is_hedged(_both(before, after)):
        return "unsure"
    if is_elsewhere(left):
        return "unsure"
    if is_asked(turn, mention.end) or _is_echo(turn, mention):
        return "unsure"
    return "firm"


def _is_plain(turn: Turn, mention: Mention) -> bool:
    """Whether a figure stands among the words of a plain offer."""
    left, right = clause(turn, mention.start, mention.end)
    before, behind = left.split(), right.split()
    if mention.kind == "day" or not f"{left}{right}".isascii() or turn.gap(mention.start) == "- ":
        return True
    return _leads(before) and (mention.kind in {"counted", "percent"} or _goes_on(behind))


def _leads(before: Sequence[str]) -> bool:
    """Whether only words of an offer lead to it; or what it is for, with `is` or `costs`."""
    own = _without_company(before)
    words = [w for w in own if not (w[0].isdecimal() or w in NUMBER_WORDS)]
    if words and words[-1] not in LEADING:
        return False
    unknown = [n for n, word in enumerate(words) if word not in PLAIN]
    if not unknown:
        return True
    follows = [word for word in words[unknown[-1] + 1 :] if word not in _OF_SERVICE]
    is_subject = bool(follows) and follows[0] in COPULAS and len(unknown) <= _MOST_UNKNOWN
    return is_subject and not NOT_THEIRS & set(words)


def _without_company(words: Sequence[str]) -> list[str]:
    """Without what the figure comes with, where that stands first: `with dessert included we …`."""
    starts = [n for n, word in enumerate(words) if word in _COMPANY]
    for start in starts:
        ends = [n for n in range(start, len(words)) if words[n] in _SUBJECTS]
        company: Sequence[str] = words[start : ends[0]] if ends else ()
        if company and len(company) <= _MOST_COMPANY and not NOT_THEIRS & set(company):
            return [*words[:start], *words[ends[0] :]]
    return list(words)


def _goes_on(behind: Sequence[str]) -> bool:
    """Whether what follows is what it is for, or more words of an offer."""
    for word in behind[:_NEXT]:
        if word in FOLLOWED_BY_ANYTHING:
            return True
        if word not in PLAIN and not word[0].isdecimal():
            return False
    return True


def _both(before: str, after: str) -> str:
    return f"{before}{after}".replace("  ", " ")


def _is_echo(turn: Turn, mention: Mention) -> bool:
    """Whether they only say again what the assistant has just named."""
    others = turn.words(0, mention.start).split() + turn.words(mention.end, mention.end + 3).split()
    if len(others) > 1 or not turn.asked or any(_AFFIRMED.match(f" {w} ") for w in others):
        return False
    asked = re.sub(r"\D+", " ", turn.asked.replace(",", "")).split()
    return any(str(reading) in asked for reading in mention.readings)


def _together(turn: Turn, one: Mention, other: Mention) -> tuple[Stance, Stance] | None:
    """Two that make a range, a choice, or a step from one to the other."""
    if not one.readings or not other.readings or "counted" in (one.kind, other.kind):
        return None
    joint = turn.words(one.end, other.start).strip()
    gap = turn.gap(other.start)
    before = turn.words(one.start - _WINDOW, one.start)
    is_choice = joint in {"or", "o", "or the", "or maybe"}
    if is_choice or (joint in {"and", "y"} and _BETWEEN.search(before)):
        return "unsure", "unsure"
    if gap == "- " and turn.word(other.start)[:3] == turn.word(one.start)[:3]:
        return "unsure", "firm"  # a stutter: six- sixty-two
    is_dash = not joint and gap.strip() in {"-", "\u2013", "-$"}
    if is_dash or joint in {"to", "a", "through", "hasta", "to the"}:
        return ("left", "firm") if _is_step(before, one, other) else ("unsure", "unsure")
    if not joint and gap.strip() in {",", "...", "…"} and one.kind == other.kind:
        return ("unsure", "unsure") if one.readings[0] != other.readings[0] else None
    return None


def _is_step(before: str, one: Mention, other: Mention) -> bool:
    old, new = one.readings[0], other.readings[0]
    falls = isinstance(old, Decimal) and isinstance(new, Decimal) and old > new
    return falls or bool(_MOVED.search(before))


def _breaks(gap: str, marks: str) -> bool:
    """Whether a mark of that kind stands there: line breaks of a transcriber are none."""
    return any(mark in marks for mark in gap)
