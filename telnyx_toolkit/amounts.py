"""The figures of a turn with their units: prices, percentages, numbers of things."""

import re
from dataclasses import replace
from decimal import Decimal

from telnyx_toolkit.heard import Turn
from telnyx_toolkit.mention import MOST_NAMED, Mention, Per
from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.spoken import WEAK, Vocabulary, number_at
from telnyx_toolkit.word_lists import set_of

_DOLLARS = set_of("USD CAD AUD NZD SGD HKD TWD JMD BBD TTD BZD BSD")
_PESOS = set_of("MXN ARS CLP COP UYU DOP PHP CUP")
_SIGNS = {
    "$": _DOLLARS | _PESOS,
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "EGP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₩": frozenset({"KRW"}),
}
_CODES = set_of("usd eur gbp cad aud nzd mxn ars clp cop chf sek nok dkk pln jpy cny inr brl")
_WORDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(["dollar", "dollars", "buck", "bucks", "dolar", "dolares"], _DOLLARS),
    **dict.fromkeys(["euro", "euros"], _SIGNS["€"]),
    **dict.fromkeys(["pound", "pounds", "quid", "libras"], _SIGNS["£"]),
    **dict.fromkeys(["peso", "pesos"], _PESOS),
    **dict.fromkeys(["yen", "円"], frozenset({"JPY"})),
    **dict.fromkeys(["franc", "francs"], frozenset({"CHF"})),
    **{code: frozenset({code.upper()}) for code in _CODES},
}
_LANDS = {
    **dict.fromkeys(["us", "american", "americanos", "estadounidenses"], "USD"),
    **dict.fromkeys(["canadian", "canadienses", "ca", "c"], "CAD"),
    **dict.fromkeys(["australian", "au", "a"], "AUD"),
    **dict.fromkeys(["mexican", "mexicanos", "mx"], "MXN"),
    "nz": "NZD",
    "hk": "HKD",
}
_CENTS = {"cent", "cents", "centavos", "centimos"}
#: What may stand behind a price without being the thing that is counted.
_NO_NOUN = set_of(
    "per a an each apiece pp por cada la el and or for with without plus including is it"
    " its thats if but to on all total totals flat even net before after at in that the so"
    " as we i you would will ok okay yes yeah no not sir maam thanks thank please today"
    " right now tops max then there because since from works work too including y o con"
    " sin para en es mas ish thatd thatll this was are be do does can cant down up off out"
    " everything altogether ea said same any only just my our your of por si de que son ja"
    " um uh er like we'd were wed well ill if some flat-out through until by earlier wont"
    " isnt doesnt thirds maybe probably"
)
#: Behind these words stands the number of a place, a page or a year.
_PLACES = set_of(
    "suite room apartment apt floor page line extension ext highway route door building"
    " since year lot number box minus"
)
_CLOCK = {"am", "pm", "oclock", "st", "street", "avenue"}
_ORDINALS = set_of("first second third fourth fifth sixth seventh eighth ninth tenth")
_ONE_OF_THEM = (
    r"per \w+|each|apiece|pp|an? (?:head|person|plate|guest|pop|piece|night|day|box|roll|seat)"
    r"|por (?:persona|cabeza|invitado|comensal)|cada un[oa]|la pieza"
)
_EACH = Pattern(rf" (?:{_ONE_OF_THEM}) ")
_WHOLE = Pattern(
    r" (?:in total|total|totals|altogether|all together|for everything|for all|en total|por todo"
    r"|for the (?:whole|entire|group|lot|party|event)|the whole thing) "
)
_NEAR, _BEFORE = 4, 6


def figures(turn: Turn, known: Vocabulary) -> list[Mention]:
    """Every figure of a turn, in order."""
    found: list[Mention] = []
    place = 0
    while place < len(turn.tokens) and len(found) <= MOST_NAMED:
        number = number_at(turn, place, known)
        if number is None:
            place += 1
            continue
        plain = Mention(number.start, number.end, number.readings, number.is_sure)
        mention = _in_its_unit(turn, plain, known)
        found.append(mention)
        place = mention.end
    return found


def _in_its_unit(turn: Turn, bare: Mention, known: Vocabulary) -> Mention:
    if _is_percent(turn, bare.end):
        words = {"percent": 1, "per": 2, "por": 2}.get(turn.word(bare.end), 0)
        return replace(bare, kind="percent", end=bare.end + words)
    mention = _with_currency(turn, bare, known)
    mention = replace(mention, per=_per(turn, mention))
    is_money = mention.kind == "money"
    if _is_broken(turn, mention) or (not is_money and _is_of_a_place(turn, mention)):
        return replace(mention, readings=(), is_sure=False)
    if is_money:
        return mention
    noun = turn.word(mention.end)
    is_weak = mention.end - mention.start == 1 and turn.word(mention.start) in WEAK
    parted = bool(turn.gap(mention.end).strip(" \t\n"))
    if is_weak or (noun and not parted and noun not in _NO_NOUN):
        return replace(mention, kind="counted", noun=noun)
    return mention


def _is_percent(turn: Turn, place: int) -> bool:
    if turn.gap(place).lstrip().startswith("%") or turn.word(place) == "percent":
        return True
    return turn.words(place, place + 2) in {" per cent ", " por ciento "}


def _with_currency(turn: Turn, bare: Mention, known: Vocabulary) -> Mention:
    if turn.word(bare.end) in _CENTS:
        cents = tuple(r / 100 for r in bare.readings if isinstance(r, Decimal))
        return replace(bare, kind="money", readings=cents, end=bare.end + 1)
    if before := _named_before(turn, bare.start):
        return replace(bare, kind="money", currencies=before)
    sign = turn.gap(bare.end).lstrip()[:1]
    if sign in _SIGNS and turn.gap(bare.end).strip() == sign and bare.end >= len(turn.tokens):
        return replace(bare, kind="money", currencies=_SIGNS[sign])
    land = _LANDS.get(turn.word(bare.end), "") if len(turn.word(bare.end)) > 1 else ""
    at = bare.end + (1 if land else 0)
    named = _WORDS.get(turn.word(at), frozenset[str]())
    if not named and not land:
        glued = sign in _SIGNS and not turn.gap(bare.end).startswith(" ")
        return replace(bare, kind="money", currencies=_SIGNS[sign]) if glued else bare
    at += 1 if named else 0
    land = land or _LANDS.get(turn.word(at), "") if turn.word(at) != "a" else land
    codes = frozenset({land}) if land else named
    return _with_cents(turn, replace(bare, kind="money", currencies=codes, end=at), known)


def _named_before(turn: Turn, place: int) -> frozenset[str]:
    """The currency of `$62`, `US$62` and `USD 62`."""
    gap, word = turn.gap(place), turn.word(place - 1)
    sign = gap.strip()[-1:]
    if sign in _SIGNS:
        land = _LANDS.get(word, "") if gap == sign else ""
        return frozenset({land}) if land else _SIGNS[sign]
    is_code = word in _CODES and not gap.strip()
    return _WORDS[word] if is_code else frozenset()


def _with_cents(turn: Turn, money: Mention, known: Vocabulary) -> Mention:
    """Thirty-two dollars fifty; nineteen dollars and ninety-nine cents."""
    joined = turn.word(money.end) in {"and", "con", "y"}
    begins = money.end + 1 if joined else money.end
    if begins >= len(turn.tokens) or turn.gap(begins).strip() or turn.gap(money.end).strip():
        return money
    cents = number_at(turn, begins, known)
    if cents is None or len(cents.readings) != 1 or not 10 <= cents.readings[0] < 100:  # noqa: PLR2004
        return money
    behind = turn.word(cents.end)
    if behind in _CENTS:
        end = cents.end + 1
    elif (joined and turn.word(money.end) != "con") or (behind and behind not in _NO_NOUN):
        return money
    else:
        end = cents.end
    whole = tuple(r + cents.readings[0] / 100 for r in money.readings if isinstance(r, Decimal))
    return replace(money, readings=whole, end=end)


def _per(turn: Turn, mention: Mention) -> Per:
    behind = turn.words(mention.end, mention.end + _NEAR)
    if _EACH.match(behind) or turn.gap(mention.end).startswith("/"):
        return "each"
    if re.match(
        r" for (?:all |the )?(?:\w+ )?(?:people|guests|persons|personas|invitados) ", behind
    ):
        return "whole"
    before = turn.words(mention.start - _BEFORE, mention.start)
    return "whole" if _WHOLE.search(behind) or _WHOLE.search(before) else ""


def _is_of_a_place(turn: Turn, mention: Mention) -> bool:
    """A time, a house, a year, a rank, or part of a telephone number: no figure."""
    before, behind = turn.gap(mention.start), turn.gap(mention.end)
    is_named = turn.word(mention.start - 1) in _PLACES and not before.strip()
    if is_named or turn.word(mention.end) in _CLOCK:
        return True
    if turn.word(mention.end) in _ORDINALS and not behind.strip(" -"):
        return True
    return before.endswith("#")


def _is_broken(turn: Turn, mention: Mention) -> bool:
    """Whether hidden characters, a minus or a chain of digits make it something else."""
    around = turn.gap(mention.start) + turn.gap(mention.end)
    hides = any(not (c.isprintable() or c.isspace()) for c in around)
    return hides or _is_in_chain(turn, mention)


def _is_in_chain(turn: Turn, mention: Mention) -> bool:
    """Part of 312-555-0162, and what has a minus before it; 60-70 is a range."""
    first, last = mention.start, mention.end
    least, most = max(0, first - _NEAR), min(len(turn.tokens), last + _NEAR)
    while first > least and turn.gap(first) == "-" and turn.word(first - 1)[0].isdecimal():
        first -= 1
    while last < most and turn.gap(last) == "-" and turn.word(last)[0].isdecimal():
        last += 1
    links = [token for token in turn.tokens[first:last] if token.text[0].isdecimal()]
    is_long = len(links) > len(("from", "to")) or any(token.number is None for token in links)
    is_minus = turn.gap(first).endswith("-")
    return is_minus or (last - first > mention.end - mention.start and is_long)
