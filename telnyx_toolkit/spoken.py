"""Numbers as they are spoken, in English and Spanish: where one begins and ends, its value."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from telnyx_toolkit.heard import Turn

Role = Literal["unit", "teen", "tens", "hundreds", "hundred", "big", "dozen"]
_ENGLISH: Mapping[Role, str] = {
    "unit": "zero:0 one:1 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9",
    "teen": "ten:10 eleven:11 twelve:12 thirteen:13 fourteen:14 fifteen:15 sixteen:16"
    " seventeen:17 eighteen:18 nineteen:19",
    "tens": "twenty:20 thirty:30 forty:40 fourty:40 fifty:50 sixty:60 seventy:70 eighty:80"
    " ninety:90",
    "hundred": "hundred:100",
    "big": "thousand:1000 grand:1000 k:1000 million:1000000",
    "dozen": "dozen:12",
}
_SPANISH: Mapping[Role, str] = {
    "unit": "cero:0 un:1 uno:1 una:1 dos:2 tres:3 cuatro:4 cinco:5 seis:6 siete:7 ocho:8 nueve:9",
    "teen": "diez:10 doce:12 trece:13 catorce:14 quince:15 dieciseis:16 diecisiete:17"
    " dieciocho:18 diecinueve:19 veinte:20 veintiun:21 veintiuno:21 veintiuna:21 veintidos:22"
    " veintitres:23 veinticuatro:24 veinticinco:25 veintiseis:26 veintisiete:27 veintiocho:28"
    " veintinueve:29",
    "tens": "treinta:30 cuarenta:40 cincuenta:50 sesenta:60 setenta:70 ochenta:80 noventa:90",
    "hundreds": "cien:100 ciento:100 doscientos:200 doscientas:200 trescientos:300"
    " trescientas:300 cuatrocientos:400 cuatrocientas:400 quinientos:500 quinientas:500"
    " seiscientos:600 seiscientas:600 setecientos:700 setecientas:700 ochocientos:800"
    " ochocientas:800 novecientos:900 novecientas:900",
    "big": "mil:1000 millon:1000000 millones:1000000",
    "dozen": "docena:12 docenas:12",
}
#: `once` is 11 in Spanish and a common word in English.
_SPANISH_ONLY: Mapping[Role, str] = {"teen": "once:11"}
#: All of them, in either language.
NUMBER_WORDS = frozenset(
    entry.partition(":")[0]
    for table in (_ENGLISH, _SPANISH, _SPANISH_ONLY)
    for entries in table.values()
    for entry in entries.split()
)
#: Alone they are articles or pronouns more often than figures.
WEAK = frozenset({"one", "un", "uno", "una"})
_MOST_DECIMALS = 6
_HALF = Decimal("0.5")
_LEAST_SURE_PAIR, _LEAST_CENTS, _HUNDRED, _MOST_BEFORE_CENTS = 20, 10, 100, 1000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words for numbers that are understood in a call."""

    numbers: Mapping[str, tuple[Role, int]]
    is_spanish: bool


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a turn.

    Attributes:
        start: The place of its first word.
        end: The place behind its last one.
        readings: What it may be, the likeliest first; none for a string of digits.
        is_sure: Whether the first reading is the only one that people use.
    """

    start: int
    end: int
    readings: tuple[Decimal, ...]
    is_sure: bool = True


@cache
def vocabulary(language: str) -> Vocabulary:
    """What is understood in a language (BCP 47): nothing but digits if it is not one of ours."""
    family = language.partition("-")[0].lower()
    is_spanish = family == "es"
    tables = [_ENGLISH, _SPANISH] if family in {"en", "es", ""} else []
    tables += [_SPANISH_ONLY] if is_spanish else []
    numbers: dict[str, tuple[Role, int]] = {
        word: (role, int(value))
        for table in tables
        for role, entries in table.items()
        for word, _, value in (entry.partition(":") for entry in entries.split())
    }
    return Vocabulary(numbers, is_spanish)


def number_at(turn: Turn, place: int, known: Vocabulary) -> Number | None:
    """The number that begins at a word: with its cents, and all digits of a string of them."""
    first = _one(turn, place, known)
    if first is None:
        return None
    parts, end = [first], first[1]
    while (more := _next(turn, end, known)) is not None:
        parts.append(more)
        end = more[1]
    if len(parts) == 1:
        return Number(place, end, (first[0],))
    return _pair(turn, place, parts)


def _next(turn: Turn, place: int, known: Vocabulary) -> tuple[Decimal, int] | None:
    """A number that follows on the one before without a mark between them."""
    if place >= len(turn.tokens) or turn.tokens[place].before.strip():
        return None
    if turn.word(place) in {"oh", "o"} and (unit := _role(turn, place + 1, known, "unit")):
        return Decimal(unit), place + 2
    return _one(turn, place, known)


def _pair(turn: Turn, place: int, parts: list[tuple[Decimal, int]]) -> Number | None:
    """Two numbers in a row may be a price with its cents; more are digits of something else."""
    (whole, middle), (cents, _), end = parts[0], parts[1], parts[-1][1]
    says_oh = turn.word(middle) in {"oh", "o"}
    ends_whole = whole == int(whole) and whole < _MOST_BEFORE_CENTS
    is_cents = cents == int(cents) and (_LEAST_CENTS <= cents < _HUNDRED or says_oh)
    if len(parts) != len(("whole", "cents")) or not (ends_whole and is_cents):
        return Number(place, end, (), is_sure=False)
    price = whole + cents / _HUNDRED
    if whole >= _HUNDRED:
        return Number(place, end, (price,), is_sure=not says_oh)
    is_sure = whole >= _LEAST_SURE_PAIR and not says_oh
    return Number(place, end, (price, whole * _HUNDRED + cents), is_sure)


def _one(turn: Turn, place: int, known: Vocabulary) -> tuple[Decimal, int] | None:
    """One number: its value, and the place behind it."""
    return _halved(turn, place, known) or _total(turn, place, known)


def _halved(turn: Turn, place: int, known: Vocabulary) -> tuple[Decimal, int] | None:
    """Half a percent, half a dozen."""
    at = place + 1 if turn.word(place) in {"a", "un"} else place
    if not known.numbers or turn.word(at) not in {"half", "medio", "media"}:
        return None
    at += 1
    while turn.word(at) in {"a", "of", "un"}:
        at += 1
    if dozen := _role(turn, at, known, "dozen"):
        return _HALF * dozen, at + 1
    is_percent = turn.word(at) in {"percent", "per", "por"} or turn.gap(at).strip() == "%"
    return (_HALF, at) if is_percent else None


def _total(turn: Turn, place: int, known: Vocabulary) -> tuple[Decimal, int] | None:
    """Groups with their multipliers: two thousand four hundred; twelve hundred; 1.2 k."""
    total, at, least = Decimal(0), place, 0
    while True:
        begins = at if at == place else _joined(turn, at, known)
        group = _group(turn, begins, known)
        if group is None:
            return (total, at) if at > place else None
        value, behind = _fraction(turn, group, known)
        by = _multiplier(turn, behind, known)
        if by is None:
            if at == place or _fits(value, least):
                return total + value, behind
            return total, at
        if at > place and by >= least:
            return total, at
        total, at, least = total + value * by, behind + 1, by


def _fits(value: Decimal, least: int) -> bool:
    return 0 < value < least


def _joined(turn: Turn, place: int, known: Vocabulary) -> int:
    """Where the number may go on after a thousand: behind an `and` or a comma."""
    if turn.word(place) in {"and", "y"} and turn.tokens[place].follows:
        return place + 1
    if turn.gap(place).strip() in {"", ","} and turn.word(place) in known.numbers:
        return place
    return len(turn.tokens)


def _group(turn: Turn, place: int, known: Vocabulary) -> tuple[Decimal, int] | None:
    """What stands before a multiplier, or at the end: up to 999, or written digits."""
    word = turn.word(place)
    written = _written(turn, place)
    if written is not None:
        return _hundreds(turn, (written, place + 1), known)
    if word in {"a", "an", "una"} and _kind(turn, place + 1, known) in {"hundred", "big", "dozen"}:
        if turn.word(place + 1) != "k":
            return _hundreds(turn, (Decimal(1), place + 1), known)
    elif word == "mil" and word in known.numbers:
        return Decimal(1), place
    if hundreds := _role(turn, place, known, "hundreds"):
        rest = _below_hundred(turn, place + 1, known) if _follows(turn, place + 1) else None
        return (hundreds + rest[0], rest[1]) if rest else (Decimal(hundreds), place + 1)
    low = _below_hundred(turn, place, known)
    return _hundreds(turn, low, known) if low else None


def _written(turn: Turn, place: int) -> Decimal | None:
    if place >= len(turn.tokens):
        return None
    token = turn.tokens[place]
    return token.number


def _hundreds(turn: Turn, low: tuple[Decimal, int], known: Vocabulary) -> tuple[Decimal, int]:
    value, at = low
    by = _kind(turn, at, known)
    if by == "dozen":
        return value * 12, at + 1
    if by != "hundred" or not _follows(turn, at):
        return low
    value, at = value * _HUNDRED, at + 1
    begins = at + 1 if turn.word(at) == "and" and _follows(turn, at) else at
    rest = _below_hundred(turn, begins, known) if _follows(turn, begins) else None
    return (value + rest[0], rest[1]) if rest else (value, at)


def _below_hundred(turn: Turn, place: int, known: Vocabulary) -> tuple[Decimal, int] | None:
    role, value = known.numbers.get(turn.word(place), (None, 0))
    if role in {"unit", "teen"}:
        return Decimal(value), place + 1
    if role != "tens":
        return None
    begins = place + 2 if turn.word(place + 1) == "y" else place + 1
    unit = _role(turn, begins, known, "unit") if _follows(turn, begins) else None
    return (Decimal(value + unit), begins + 1) if unit else (Decimal(value), place + 1)


def _fraction(turn: Turn, number: tuple[Decimal, int], known: Vocabulary) -> tuple[Decimal, int]:
    """And a half; point five; in Spanish also `con cincuenta`."""
    value, at = number
    halves = (" and a half ", " y medio ", " y media ")
    for half in halves:
        count = half.count(" ") - 1
        if known.numbers and turn.words(at, at + count) == half:
            return value + _HALF, at + count
    if turn.word(at) in {"point", "punto", "coma"} and _follows(turn, at):
        return _decimals(turn, number, known)
    if known.is_spanish and turn.word(at) == "con":
        cents = _below_hundred(turn, at + 1, known)
        if cents and cents[0] >= _LEAST_CENTS:
            return value + cents[0] / _HUNDRED, cents[1]
    return number


def _decimals(turn: Turn, number: tuple[Decimal, int], known: Vocabulary) -> tuple[Decimal, int]:
    value, at = number
    behind, digits = at + 1, ""
    while (low := _below_hundred(turn, behind, known)) and len(digits) < _MOST_DECIMALS:
        digits, behind = f"{digits}{low[0]}", low[1]
    return (value + Decimal(f"0.{digits}"), behind) if digits else number


def _multiplier(turn: Turn, place: int, known: Vocabulary) -> int | None:
    """A thousand, a million; after a half also a hundred: two and a half hundred."""
    if not _follows(turn, place):
        return None
    return _role(turn, place, known, "big") or _role(turn, place, known, "hundred")


def _role(turn: Turn, place: int, known: Vocabulary, role: Role) -> int | None:
    found, value = known.numbers.get(turn.word(place), (None, 0))
    return value if found == role else None


def _kind(turn: Turn, place: int, known: Vocabulary) -> Role | None:
    return known.numbers.get(turn.word(place), (None, 0))[0]


def _follows(turn: Turn, place: int) -> bool:
    return place < len(turn.tokens) and turn.tokens[place].follows
