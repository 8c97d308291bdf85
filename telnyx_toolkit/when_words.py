"""When somebody means by "tomorrow at ten" or "a las tres": words to a time on their own clock.

English and Spanish. No library does this well enough: dateparser 1.5 takes "at three this
afternoon" for the present moment, "after 5" for a day in May, and finds a weekday in "we are
busy". So this reads few forms, and what it does not read for certain it does not tell.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.phrases import plain

_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty",
    "cero una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciseis diecisiete dieciocho diecinueve veinte",
)
_TENS = {"thirty": 30, "treinta": 30, "forty": 40, "cuarenta": 40, "fifty": 50, "cincuenta": 50}
_DIGITS: Mapping[str, int] = {
    "un": 1,
    "uno": 1,
    **_TENS,
    **{word: n for words in _NUMBERS for n, word in enumerate(words.split())},
}
_WEEKDAYS = (
    r"mon(?:day)?|lunes",
    r"tues(?:day)?|martes",
    r"wed(?:nesday)?|miercoles",
    r"thurs(?:day)?|jueves",
    r"fri(?:day)?|viernes",
    r"sat(?:urday)?|sabado",
    r"sun(?:day)?|domingo",
)
_MONTHS = (
    *(r"jan(?:uary)?|enero", r"feb(?:ruary)?|febrero", r"march|marzo", r"april|abril"),
    *(r"may|mayo", r"june|junio", r"july|julio", r"aug(?:ust)?|agosto"),
    *(r"sept(?:ember)?|septiembre", r"oct(?:ober)?|octubre", r"nov(?:ember)?|noviembre"),
    r"dec(?:ember)?|diciembre",
)
#: From when on each part of a day is meant; after lunch is when lunch is over everywhere.
_PARTS: tuple[tuple[str, time, str], ...] = (
    (r"(?:after|once) (?:the )?lunch(?: ?time| break| rush| service)?", time(14), "pm"),
    (r"despues (?:del almuerzo|de (?:comer|almorzar|la comida))", time(16), "pm"),
    (r"(?:first thing )?(?:in the |this |the )?morning|(?:de|por|en) la manana", time(0), "am"),
    (r"(?:in the |this |the )?afternoon", time(13), "pm"),
    (r"(?:de|por|en|esta) (?:la )?tarde", time(15), "pm"),
    (r"(?:in the |this |the )?evening|tonight|(?:de|por|en|esta) (?:la )?noche", time(18), "pm"),
)
_NOON, _A_DAY = 12, 24
#: An hour from one to seven is in the afternoon, unless the permitted hours say otherwise.
_LATEST_AFTERNOON = 7
_FURTHEST = timedelta(days=30)
_AMOUNT = r"(\d{1,3}|a|an|half an?|media|a couple of|un par de|a few|unos|unas)"
_UNIT = r"(minutes?|mins?|minutos?|hours?|horas?|days?|dias?|weeks?|semanas?)"
_AHEAD = Pattern(
    rf"\b(?:in|within|en|dentro de|give me|deme) (?:about |around |unos )?{_AMOUNT} ?{_UNIT}\b"
    rf"( and a half| y media)?|\b{_AMOUNT} {_UNIT}( and a half| y media)? (?:from now|later)\b"
)
_RANGE = Pattern(r"\b(?:between|from|entre|de) (.{1,12}?) (?:and|to|until|till?|y|a) (.{1,12}?)$")
_NOT_AFTER = Pattern(r"\b(?:before|by|antes de)\b")
#: What makes a number more than an hour, or no hour at all.
_MORE = (
    r"(?:[:.]\d| ?h ?\d| [0-5]\d\b| y (?:media|cuarto|\d)| menos| past| to \d| ?(?:o'?clock|h|[ap]m"
    r"|en punto|%|percent|min|hour|hora|day|dia|people|dollars|guests|euros?|st|nd|rd|th)(?:s|ute"
    r"s?|utos?)?\b)"
)
_CLOCK = Pattern(
    r"\b(half past|quarter past|quarter to|\d{1,2} past|\d{1,2} to) (\d{1,2})\b"
    r"|\b(\d{1,2}) y (media|cuarto|\d{1,2})\b|\b(\d{1,2}) menos (cuarto|\d{1,2})\b"
    r"|\b(\d{1,2})(?::| ?h ?|\.| )([0-5]\d)\b|\b(\d{1,2})(?= ?(?:o'?clock|h\b|am\b|pm\b|en punto))"
    r"|(?:\b(?:at|after|around|about|from|past|until|till|hasta|las?|since|or|o) |^)"
    rf"(?:las? |about |around )?(\d{{1,2}})\b(?!{_MORE})"
)


@dataclass(frozen=True)
class When:
    """What somebody's words mean on their own clock.

    Attributes:
        at: From when on they may be called, local and without a zone.
        any_day: Only a time of day was told, and `at` is the next day that has it.
        ahead: How long after they said so, where that is what they told.
    """

    at: datetime
    any_day: bool = False
    ahead: timedelta | None = None


def when_told(words: str, now: datetime, opens: time, closes: time) -> When | None:
    """The time that somebody's words tell; None if they tell none for certain.

    Args:
        words: Such as "tomorrow at ten".
        now: When they said so, on their clock; without a zone.
        opens: From when on calls are permitted: by that an hour is told from the one 12 hours on.
        closes: Until when.
    """
    text = _digits(plain(words))
    found = _later(text, now) or _on_a_day(text, now, opens, closes)
    if found is None or not now < found.at <= now + _FURTHEST:
        return None
    return found


def _digits(text: str) -> str:
    bare = re.sub(r"\b([ap])\.? ?m\b\.?", r"\1m", text)
    spelled = re.sub(r"[a-z]+", lambda word: str(_DIGITS.get(word[0], word[0])), bare)
    joined = re.sub(r"\b([2-5]0)[- ]([1-9])\b", _sum, spelled)
    text = " ".join(re.sub(r"[,;!?]|\.(?!\d)", " ", joined).split())
    text = re.sub(r"\b(?:not before|no antes de)\b", "at", text)
    if "next week" in text:  # Tuesday of next week
        days = re.sub(rf"\b(?:on )?({'|'.join(_WEEKDAYS)})\b", r"next \1", text)
        return re.sub(r"\bnext week\b", "", days) if days != text else text
    return text


def _sum(pair: re.Match[str]) -> str:
    return str(int(pair[1]) + int(pair[2]))


def _later(text: str, now: datetime) -> When | None:
    """In an hour, in twenty minutes, a couple of hours from now."""
    found = _AHEAD.search(text)
    if found is None:
        return None
    amount, unit, more = found.groups()[:3] if found[1] else found.groups()[3:]
    if unit[0] in "dsw":
        return None  # a day, not an hour of it
    many = _amount(amount) + (0.5 if more else 0)
    ahead = timedelta(**{"hours" if unit[0] == "h" else "minutes": many})
    return When(now + ahead, ahead=ahead)


def _amount(word: str) -> float:
    if word.isdigit():
        return int(word)
    if word.startswith(("half", "media")):
        return 0.5
    if "couple" in word or "par" in word:
        return 2
    return 1 if word in {"a", "an"} else 5


def _on_a_day(text: str, now: datetime, opens: time, closes: time) -> When | None:
    part, text = _part(text)
    day, text = _day(text, now.date())
    if _NOT_AFTER.search(text):
        return When(datetime.combine(day, time())) if day else None
    half = part[1] if part else _half(text)
    told = [_next(at, half, day, now, opens, closes) for at in _clocks(text)]
    if told:
        return max((when for when in told if when), key=lambda when: when.at, default=None)
    if part:
        return _at_part(part[0], day, now)
    return When(datetime.combine(day, time())) if day else None


@dataclass(frozen=True)
class _Clock:
    hour: int
    minute: int


def _part(text: str) -> tuple[tuple[time, str] | None, str]:
    """The part of the day that is named, and the text without it."""
    for pattern, begins, half in _PARTS:
        if found := re.search(rf"\b(?:{pattern})\b", text):
            left = f"{text[: found.start()]} {text[found.end() :]}"
            today = " today" if found[0].startswith(("this", "esta", "tonight")) else ""
            return (begins, half), " ".join(f"{left}{today}".split())
    return None, text


def _day(text: str, today: date) -> tuple[date | None, str]:
    """The day that is named, the last of several, and the text without them."""
    ways: tuple[tuple[str, Callable[[re.Match[str]], date | None]], ...] = (
        (r"day after tomorrow|pasado manana", lambda _: today + timedelta(days=2)),
        (r"tomorrow|manana", lambda _: today + timedelta(days=1)),
        (r"today|hoy", lambda _: today),
        (
            r"next week|(?:la )?(?:semana que viene|proxima semana)",
            lambda _: today + timedelta(days=7 - today.weekday()),
        ),
        (
            r"(?:in|en|dentro de) (a|1|2|3|4|a couple of) (days?|dias?|weeks?|semanas?)",
            lambda m: today + _span(m[1], m[2]),
        ),
        *((_weekday(n), lambda m, n=n: _coming(m[0], n, today)) for n in range(7)),
        *((_dated(n), lambda m, n=n: _date(m, n, today)) for n in range(12)),
        (r"(?:on )?the (\d{1,2})(?:st|nd|rd|th)", lambda m: _date(m, None, today)),
    )
    days: list[date] = []
    for pattern, told in ways:
        matches = re.finditer(rf"\b(?:{pattern})\b", text)
        days += [day for found in matches if (day := told(found))]
        text = " ".join(re.sub(rf"\b(?:{pattern})\b", " ", text).split())
    return max(days, default=None), text


def _span(amount: str, unit: str) -> timedelta:
    days = 7 if unit[0] in "ws" else 1
    return timedelta(days=days * round(_amount(amount)))


def _weekday(number: int) -> str:
    return rf"(?:next |this |on |el |proximo )*(?:{_WEEKDAYS[number]})(?: que viene| proximo)?"


def _coming(words: str, weekday: int, today: date) -> date:
    """The next such day; "next Friday" is in next week, so as not to call before it is meant."""
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    is_next = "next" in words or "proximo" in words
    return today + timedelta(days=ahead + (7 if is_next and weekday > today.weekday() else 0))


def _dated(month: int) -> str:
    name, day = rf"(?:{_MONTHS[month]})", r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?"
    return rf"{name} {day}|{day} (?:of |de )?{name}"


def _date(found: re.Match[str], month: int | None, today: date) -> date | None:
    number = int(next(group for group in found.groups() if group))
    for ahead in range(1, _FURTHEST.days + 1):
        day = today + timedelta(days=ahead)
        if day.day == number and (month is None or day.month == month + 1):
            return day
    return None


def _clocks(text: str) -> set[_Clock]:
    """The times of day that are named; of a span, when it begins."""
    if re.search(r"\b(?:noon|midday|mediodia)\b", text):
        return {_Clock(_NOON, 0)}
    if span := _RANGE.search(text):
        text = f"at {span[1]}"
    return {clock for match in _CLOCK.finditer(text) if (clock := _read(match))}


def _read(match: re.Match[str]) -> _Clock | None:
    past, of, hour, and_, before, less, digital, minute, oclock, bare = match.groups()
    if past:
        amount = {"half": 30, "quarter": 15}.get(past.split()[0]) or int(past.split()[0])
        return _clock_of(int(of), -amount if past.endswith(" to") else amount)
    if hour:
        return _clock_of(int(hour), {"media": 30, "cuarto": 15}.get(and_) or int(and_))
    if before:
        return _clock_of(int(before), -(15 if less == "cuarto" else int(less)))
    if digital:
        return _clock_of(int(digital), int(minute))
    return _clock_of(int(oclock or bare), 0)


def _clock_of(hour: int, minutes: int) -> _Clock | None:
    total = hour * 60 + minutes
    if not 0 <= hour < _A_DAY or not 0 <= total < _A_DAY * 60:
        return None
    return _Clock(*divmod(total, 60))


def _half(text: str) -> str:
    found = re.search(r"\d ?([ap])m\b", text)
    return f"{found[1]}m" if found else ""


def _next(
    at: _Clock, half: str, day: date | None, now: datetime, opens: time, closes: time
) -> When | None:
    hours = _hours(at, half, opens, closes)
    days = [day] if day else [now.date(), now.date() + timedelta(days=1)]
    ahead = [datetime.combine(on, time(hour, at.minute)) for on in days for hour in hours]
    coming = [instant for instant in ahead if instant > now]
    return When(coming[0], any_day=day is None) if coming else None


def _hours(at: _Clock, half: str, opens: time, closes: time) -> list[int]:
    """The hours of 24 that may be meant, the likeliest alone where one is likelier."""
    if at.hour > _NOON or at.hour == 0:
        return [at.hour]
    early, late = at.hour % _NOON, at.hour % _NOON + _NOON
    if half:
        return [early if half == "am" else late]
    within = [hour for hour in (early, late) if opens <= time(hour, at.minute) < closes]
    if within:
        return within
    return [late if early <= _LATEST_AFTERNOON else early]


def _at_part(begins: time, day: date | None, now: datetime) -> When | None:
    on = day or now.date()
    told = datetime.combine(on, begins)
    if told > now:
        return When(told)
    return None if day else When(told + timedelta(days=1))
