"""What a target claimed, and whether the transcript bears it out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_parts import AnswerType
from telnyx_toolkit.memo import remembered
from telnyx_toolkit.model import Attempt, Json
from telnyx_toolkit.untrusted import clean, one_line
from telnyx_toolkit.wording import Value

Stage = Literal["opening", "answers"]
#: A time of day or a range with a colon is one figure, and so is a number with its multiplier:
#: neither 30 in 11:30 nor 5 in $5k is a price.
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?::\d+)*(?:\s?(?:k|m|thousand|million|hundred)\b)?")
#: Scripts written without spaces: each character is a word of its own.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
#: A figure is one word, so that $62 is not found in $62.50.
_WORD = re.compile(rf"{_NUMBER.pattern}|[{_UNSPACED}]|[^\W\d_{_UNSPACED}]+")
_LARGEST, _FINEST = Decimal(10) ** 12, -9
_WORDS_LIMIT = 300


@dataclass(frozen=True)
class Claim:
    """One collected value with the callee's own words for it.

    Attributes:
        value: What the insight says; None where nobody said it.
        words: The words quoted for it, made harmless.
        confirmed: The callee said those words, and they bear the value.
    """

    field: str
    value: Value | None
    words: str
    confirmed: bool


@remembered
def claims(brief: Brief, attempt: Attempt, stage: Stage = "answers") -> Mapping[str, Claim]:
    """Every field of the brief's `collect`, as claimed in one call.

    Args:
        brief: Says which fields there are and of what type.
        attempt: A collected attempt.
        stage: `answers` for what held at the end of the call, `opening` for what was said first.
    """
    heard = _heard(attempt.transcript)
    told = _mapping(_mapping(attempt.insight).get(stage))
    return {
        name: _claim(name, question.type, _mapping(told.get(name)), heard)
        for name, question in brief.collect.items()
    }


def _claim(name: str, kind: AnswerType, told: Mapping[str, Any], heard: str) -> Claim:
    value = _value(kind, told.get("value"))
    quoted = told.get("words")
    words = clean(quoted, _WORDS_LIMIT) if isinstance(quoted, str) else ""
    spoken = _plain(words)
    was_said = bool(spoken.strip()) and spoken in heard
    confirmed = value is not None and was_said and _bears(words, value)
    return Claim(name, value, words, confirmed)


def _bears(words: str, value: Value) -> bool:
    if isinstance(value, Decimal):
        figures = (_number(n.replace(",", "")) for n in _NUMBER.findall(words.casefold()))
        return value in figures
    return True


def _value(kind: AnswerType, given: object) -> Value | None:
    if kind == "boolean":
        return given if isinstance(given, bool) else None
    if kind == "string":
        return one_line(given, _WORDS_LIMIT) if isinstance(given, str) and given.strip() else None
    return _number(given)


def _number(given: object) -> Decimal | None:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        return None
    return number if number.is_finite() and _is_of_this_world(number) else None


def _is_of_this_world(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return abs(number) < _LARGEST and isinstance(exponent, int) and exponent >= _FINEST


def _heard(transcript: Iterable[Json]) -> str:
    """Everything the callee said; one turn cannot run into the next."""
    return "\n".join(_plain(str(t["text"])) for t in transcript if t["role"] == "user")


def _plain(text: str) -> str:
    words = (word.replace(",", "") for word in _WORD.findall(text.casefold()))
    return f" {' '.join(words)} "


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
