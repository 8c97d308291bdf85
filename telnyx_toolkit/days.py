"""The days that a turn names: `December tenth`, `the 10th`, `Friday`, `hasta fin de mes`."""

import calendar
from datetime import date, timedelta

from telnyx_toolkit.heard import Turn
from telnyx_toolkit.mention import MOST_NAMED, Mention
from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.spoken import Vocabulary, number_at
from telnyx_toolkit.word_lists import set_of, words_of

_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.split(), 1)
}
_WEEKDAYS = {
    name: number
    for names in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "lunes martes miercoles jueves viernes sabado domingo",
    )
    for number, name in enumerate(names.split())
}
_RANKS = {
    name: number
    for number, name in enumerate(
        words_of(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
            " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
            " twentieth"
        ),
        1,
    )
} | {"thirtieth": 30, "primero": 1}
_TENS = {"twenty": 20, "thirty": 30}
_WRITTEN = Pattern(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_RANKED = Pattern(r"[0-9]{1,2}(?:st|nd|rd|th)")
_SLASHED = Pattern(r"([0-9]{1,2})/([0-9]{1,2})(?:/(20[0-9]{2}))?")
_YEAR = Pattern(r"20[0-9]{2}")
#: Behind `the tenth` stands nothing that would be the tenth of its kind.
_NO_THING = set_of(
    "of is it would will works work or and then for if we i that at in on so thats yes no"
    " okay ok please de es o y si para a the sorry but should sounds looks was fits suits"
    " too"
)
_MONTHS_A_YEAR, _WEEK, _DAYS_AT_MOST = 12, 7, 31

_Found = tuple[tuple[date, ...], int, bool]


def days(turn: Turn, known: Vocabulary, said_on: date) -> list[Mention]:
    """Every day that a turn names, in order, as seen from the day it was said."""
    found: list[Mention] = []
    place = 0
    while place < len(turn.tokens) and len(found) <= MOST_NAMED:
        day = _day(turn, place, known, said_on) if known.numbers else None
        day = day or _in_digits(turn, place, said_on)
        if day is None:
            place += 1
            continue
        readings, end, is_sure = day
        found.append(Mention(place, end, readings, is_sure, kind="day"))
        place = end
    return found


def _day(turn: Turn, place: int, known: Vocabulary, said_on: date) -> _Found | None:
    return (
        _relative(turn, place, said_on)
        or _end_of(turn, place, said_on)
        or _of_month(turn, place, known, said_on)
        or _weekday(turn, place, known, said_on)
        or _ranked(turn, place, known, said_on)
    )


def _in_digits(turn: Turn, place: int, said_on: date) -> _Found | None:
    """2026-12-10; 12/24, where only one order makes a day."""
    if _YEAR.fullmatch(turn.word(place)) and turn.gap(place + 1) == turn.gap(place + 2) == "-":
        parts = [turn.word(place + n) for n in range(3)]
        if all(part.isdecimal() for part in parts):
            day = _valid(*(int(part) for part in parts))
            return ((day,), place + 3, True) if day else None
    match = _SLASHED.fullmatch(turn.word(place))
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[2]), match[3]
    orders = {(first, second), (second, first)}
    found = [
        days
        for month, number in sorted(orders)
        if (days := _dated(month, number, int(year) if year else None, said_on))
    ]
    return tuple(day for days in found for day in days), place + 1, len(found) == 1


def _relative(turn: Turn, place: int, said_on: date) -> _Found | None:
    if turn.word(place) not in _AHEAD_BEGINS:
        return None
    before = turn.word(place - 1)
    for words, after in _AHEAD:
        count = words.count(" ") + 1
        if turn.words(place, place + count) == f" {words} ":
            is_morning = words == "manana" and before in {"la", "de", "esta"}
            return None if is_morning else ((said_on + timedelta(after),), place + count, True)
    return None


_AHEAD = (
    ("the day after tomorrow", 2),
    ("day after tomorrow", 2),
    ("pasado manana", 2),
    ("tomorrow", 1),
    ("manana", 1),
    ("today", 0),
    ("tonight", 0),
    ("hoy", 0),
)
_AHEAD_BEGINS = {words.split()[0] for words, _ in _AHEAD}


def _end_of(turn: Turn, place: int, said_on: date) -> _Found | None:
    """The end of the month, of the year, of a month that is named."""
    if turn.word(place) not in {"end", "fin", "fines", "final"}:
        return None
    at = place + 1
    while turn.word(at) in {"of", "the", "this", "de", "del", "este"}:
        at += 1
    word = turn.word(at)
    month = _MONTHS.get(word, said_on.month if word in {"month", "mes"} else 0)
    if word in {"year", "ano"}:
        month = _MONTHS_A_YEAR
    if not month:
        return None
    year = said_on.year + (month < said_on.month)
    return (date(year, month, calendar.monthrange(year, month)[1]),), at + 1, True


def _of_month(turn: Turn, place: int, known: Vocabulary, said_on: date) -> _Found | None:
    """December tenth; the 10th of December; el diez de diciembre; with a year or without."""
    if month := _MONTHS.get(turn.word(place)):
        at = place + 1 + (turn.word(place + 1) == "the")
        number = _number_of_day(turn, at, known)
    else:
        number = _number_of_day(turn, place, known)
        at = number[1] if number else place
        at += turn.word(at) in {"of", "de"}
        month = _MONTHS.get(turn.word(at), 0)
        number = (number[0], at + 1) if number and month else None
    if number is None or not month:
        return None
    value, end = number
    year_at = end + (turn.word(end) in {"de", "del"})
    stated = int(turn.word(year_at)) if _YEAR.fullmatch(turn.word(year_at)) else None
    readings = _dated(month, value, stated, said_on)
    return (readings, year_at + 1 if stated else end, True) if readings else None


def _weekday(turn: Turn, place: int, known: Vocabulary, said_on: date) -> _Found | None:
    """Friday is the next one; that of today's name is either; with a number it must fit it."""
    wanted = _WEEKDAYS.get(turn.word(place))
    if wanted is None:
        return None
    ahead = (wanted - said_on.weekday()) % _WEEK
    first = said_on + timedelta(ahead)
    at = place + 1 + (turn.word(place + 1) in {"the", "el"})
    full = _of_month(turn, at, known, said_on)
    if full is None and (number := _number_of_day(turn, at, known)):
        full = (_next_of(number[0], said_on)[:1], number[1], True)
    if full is not None:
        fits = bool(full[0]) and full[0][0].weekday() == wanted
        return full[0], full[1], full[2] and fits
    is_sure = ahead > 0 and turn.word(place - 1) not in {"next", "every", "proximo"}
    is_sure = is_sure and turn.word(place + 1) not in {"week", "que", "after", "proximo", "night"}
    return (first, first + timedelta(_WEEK)), place + 1, is_sure


def _ranked(turn: Turn, place: int, known: Vocabulary, said_on: date) -> _Found | None:
    """The tenth; el diez: the next one, and nobody can be sure that it is not a later one."""
    if turn.word(place - 1) not in {"the", "el", "dia"}:
        return None
    number = _number_of_day(turn, place, known)
    if number is None:
        return None
    word, end = turn.word(place), number[1]
    is_rank = (
        _RANKED.fullmatch(word) or turn.word(end - 1) in _RANKS or turn.word(place - 1) != "the"
    )
    parted = bool(turn.gap(end).strip())
    of_a_thing = turn.word(end) and not parted and turn.word(end) not in _NO_THING
    if not is_rank or of_a_thing:
        return None
    readings = _next_of(number[0], said_on)
    return (readings, end, True) if readings else None


def _number_of_day(turn: Turn, place: int, known: Vocabulary) -> tuple[int, int] | None:
    word, behind = turn.word(place), turn.word(place + 1)
    if word in _RANKS:
        return _RANKS[word], place + 1
    if word in _TENS and behind in _RANKS and turn.tokens[place + 1].follows:
        return _TENS[word] + _RANKS[behind], place + 2
    if match := _WRITTEN.fullmatch(word):
        return int(match[1]), place + 1
    number = number_at(turn, place, known)
    if number is None or len(number.readings) != 1:
        return None
    value = number.readings[0]
    whole = value == int(value) and 1 <= value <= _DAYS_AT_MOST
    return (int(value), number.end) if whole else None


def _next_of(number: int, said_on: date) -> tuple[date, ...]:
    """The next days of that number, for some months."""
    months = [divmod(said_on.month - 1 + n, _MONTHS_A_YEAR) for n in range(4)]
    found = [_valid(said_on.year + year, month + 1, number) for year, month in months]
    return tuple(day for day in found if day and day >= said_on)


def _dated(month: int, number: int, year: int | None, said_on: date) -> tuple[date, ...]:
    """That day of the stated year; else the next one, and those of the years around it."""
    if year is not None:
        years = [year]
    else:
        next_is_later = (month, number) < (said_on.month, said_on.day)
        first = said_on.year + next_is_later
        years = [first, first - 1, first + 1]
    return tuple(day for one in years if (day := _valid(one, month, number)))


def _valid(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
