"""What a target claimed, and whether the transcript bears it out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, cast
from zoneinfo import ZoneInfo

from telnyx_toolkit.memo import remembered
from telnyx_toolkit.model import Attempt, Json, step_id_of
from telnyx_toolkit.places import zones_of
from telnyx_toolkit.untrusted import clean, one_line
from telnyx_toolkit.wording import Value

if TYPE_CHECKING:
    from telnyx_toolkit.bearing import Call, Status, Told, Verdict
    from telnyx_toolkit.brief import Brief
    from telnyx_toolkit.brief_parts import AnswerType, Question, Target
    from telnyx_toolkit.heard import Turn

Stage = Literal["opening", "answers"]
_LARGEST, _FINEST = Decimal(10) ** 12, -9
_WORDS_LIMIT = 300


@dataclass(frozen=True)
class Claim:
    """One collected value with the callee's own words for it.

    Attributes:
        value: What the insight says; None where nobody said it.
        words: The words quoted for it, made harmless.
        status: `confirmed` if the callee said those words and they bear the value; `contradicted`
            if their words speak against it; else `unconfirmed`.
        why: Why it is not confirmed, in a short sentence; "" where it is.
    """

    field: str
    value: Value | None
    words: str
    status: Status = "unconfirmed"
    why: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether the transcript bears it out."""
        return self.status == "confirmed"


def claims(brief: Brief, attempt: Attempt, stage: Stage = "answers") -> Mapping[str, Claim]:
    """Every field of the brief's `collect`, as claimed in one call.

    Args:
        brief: Says which fields there are and of what type.
        attempt: A collected attempt.
        stage: `answers` for what held at the end of the call, `opening` for what was said first.
    """
    return _claims(brief, attempt, stage)


def _claimed(brief: Brief, attempt: Attempt, stage: Stage) -> Mapping[str, Claim]:
    # What reads speech is slow to import, and most rounds of a mission hear nothing.
    from telnyx_toolkit.bearing import Call  # noqa: PLC0415
    from telnyx_toolkit.spoken import vocabulary  # noqa: PLC0415

    target = _target(brief, attempt)
    language = (target.language if target else None) or brief.voice.language
    zone = _zone(brief, target)
    call = Call(
        turns=_turns(attempt.transcript, vocabulary(language).is_spanish),
        language=language,
        said_on=attempt.scheduled_at.astimezone(zone).date(),
        is_final=stage == "answers",
        zone=zone,
    )
    told = _mapping(_mapping(attempt.insight).get(stage))
    return {
        name: claim_of(call, name, question, _mapping(told.get(name)))
        for name, question in brief.collect.items()
    }


#: As many as a decision may look at once more: a negotiation at each of its calls.
_claims = remembered(_claimed, 2_048)


def _heard(transcript: Sequence[Json], dots: bool) -> list[Turn]:
    from telnyx_toolkit.heard import heard  # noqa: PLC0415

    return heard(transcript, dots=dots)


#: Of the calls that were looked at last: each is, for what they opened at and what they ended at.
_turns = remembered(_heard, 32)


def claim_of(call: Call, name: str, question: Question, told: Mapping[str, Any]) -> Claim:
    """One answer of an insight, `{"value", "words"}`, held against the call."""
    from telnyx_toolkit.bearing import Told  # noqa: PLC0415

    value = _value(question.type, told.get("value"))
    quoted = told.get("words")
    words = clean(quoted, _WORDS_LIMIT) if isinstance(quoted, str) else ""
    if value is None:
        return Claim(name, None, words, why="nobody said it")
    asked = Told(name, question.unit, words, question.ask, call.language)
    verdict = _verdict(call, asked, question.type, value)
    return Claim(name, value, words, verdict.status, verdict.why)


def _verdict(call: Call, told: Told, kind: AnswerType, value: Value) -> Verdict:
    from telnyx_toolkit.bearing import (  # noqa: PLC0415
        bears_answer,
        bears_day,
        bears_figure,
        bears_text,
    )

    match value:
        case bool():
            return bears_answer(call, told, value)
        case Decimal():
            return bears_figure(call, told, value)
        case str():
            if kind == "date":
                return bears_day(call, told, date.fromisoformat(value))
            return bears_text(call, told, value)


def _target(brief: Brief, attempt: Attempt) -> Target | None:
    """Who was called: whom the request names, or else whom the step does."""
    phone = str(_mapping(json.loads(attempt.body)).get("telnyx_end_user_target", ""))
    return _people(brief).get(phone) or _people(brief).get(attempt.step_id)


def _by_phone_and_step(brief: Brief) -> Mapping[str, Target]:
    everybody = brief.everybody
    steps = {step_id_of(n): target for n, target in enumerate(everybody, 1)}
    return {**steps, **{target.phone: target for target in everybody}}


_people = remembered(_by_phone_and_step, 16)


def _zone(brief: Brief, target: Target | None) -> tzinfo:
    """Where the callee is, as far as days are asked for."""
    if target is None or all(question.type != "date" for question in brief.collect.values()):
        return UTC
    zones = zones_of(target.phone, target.timezone)
    return ZoneInfo(zones[0]) if zones else UTC


def _date(given: object) -> str | None:
    """A day as YYYY-MM-DD; dates stay text, so that they read the same everywhere."""
    try:
        day = date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None
    return day.isoformat() if day else None


def _value(kind: AnswerType, given: object) -> Value | None:
    if kind == "boolean":
        return given if isinstance(given, bool) else None
    if kind == "date":
        return _date(given)
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


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
