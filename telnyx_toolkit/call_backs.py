"""What was promised in a call: another call by us, and from when on, or one by them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast
from zoneinfo import ZoneInfo

from telnyx_toolkit.model import Attempt, Target
from telnyx_toolkit.permitted import next_permitted
from telnyx_toolkit.phrases import plain
from telnyx_toolkit.places import zones_of
from telnyx_toolkit.plain_words import asks_to_be_called, promises
from telnyx_toolkit.untrusted import one_line
from telnyx_toolkit.when_words import When, when_told

if TYPE_CHECKING:
    from telnyx_toolkit.brief_parts import Calling

#: A time of day without a day is taken for the first permitted one within so many days.
_DAYS_TRIED = 7
_DAY = timedelta(days=1)
#: How long it may have rung before they spoke: Telnyx tells when it dialled, and the talk's length.
_RINGING = timedelta(minutes=1)
#: A call so long after the time that was asked for is still on time.
_ON_TIME = timedelta(minutes=5)


@dataclass(frozen=True)
class CallBack:
    """A call that was promised, as far as the called person's own words bear it out.

    Attributes:
        who: `us` if they asked to be called, `them` if they said that they would call.
        words: Theirs for when, made harmless; "" where they named no time.
    """

    who: Literal["us", "them"]
    words: str


def call_back_in(attempt: Attempt) -> CallBack | None:
    """The call promised in an attempt; None if none was.

    The insight is believed only if the called person said the words that it cites, or asked in
    plain words. Without an insight plain words are enough.
    """
    said = [str(turn["text"]) for turn in attempt.transcript if turn["role"] == "user"]
    if attempt.insight is None:
        return _plainly(said)
    who, words = _told(attempt.insight)
    if who is None:
        return None
    if words and any(_holds(turn, words) for turn in said):
        return CallBack(who, one_line(words))
    borne_out = promises(said) if who == "them" else asks_to_be_called(said)
    return CallBack(who, "") if borne_out else None


def promised_at(calling: Calling, target: Target, attempt: Attempt) -> datetime | None:
    """From when on they asked to be called again, UTC; None if that cannot be told.

    Whoever may be in several zones is called when it is time in the last of them.
    """
    promise = call_back_in(attempt)
    if promise is None or promise.who != "us" or not promise.words:
        return None
    held = _held_at(attempt)
    told = [
        _instant(calling, target, promise.words, held, ZoneInfo(zone))
        for zone in zones_of(target.phone, target.timezone)
    ]
    known = [instant for instant in told if instant is not None]
    return max(known) if known and len(known) == len(told) else None


def call_back_notes(calling: Calling, target: Target, tries: Sequence[Attempt]) -> list[str]:
    """What a person should know of the calls promised in tries at one target, oldest first."""
    told: list[str] = []
    for position, attempt in enumerate(tries):
        promise = call_back_in(attempt)
        if promise is None:
            continue
        words = f' ("{promise.words}")' if promise.words else ""
        if promise.who == "them":
            told.append(
                f"said that they would call back{words}: nobody calls them again, and the number"
                " that called them goes back to the account when the mission ends"
            )
            continue
        following = tries[position + 1] if position + 1 < len(tries) else None
        told.append(
            f"asked to be called back{words}{_when_done(calling, target, attempt, following)}"
        )
    return told


def _when_done(calling: Calling, target: Target, asked: Attempt, next_: Attempt | None) -> str:
    due = promised_at(calling, target, asked)
    if next_ is None:
        return f": due {_there(target, due)}" if due else ""
    rang = next_.scheduled_at
    late = due is not None and rang - due > _ON_TIME
    instead = f", the next permitted time after {_there(target, due)}" if due and late else ""
    return f", and was called {_there(target, rang)}{instead}"


def _there(target: Target, instant: datetime) -> str:
    zone = zones_of(target.phone, target.timezone)[0]
    return f"{instant.astimezone(ZoneInfo(zone)):%a %d %b %H:%M} ({zone})"


def _instant(
    calling: Calling, target: Target, words: str, held: datetime, zone: ZoneInfo
) -> datetime | None:
    now = held.astimezone(zone).replace(tzinfo=None)
    when = when_told(words, now, calling.opens, calling.closes)
    if when is None:
        return None
    if when.ahead is not None:
        return held + _RINGING + when.ahead
    if not when.any_day:
        return _utc(when.at, zone)
    return _on_the_first_day(calling, target, when, zone)


def _on_the_first_day(calling: Calling, target: Target, when: When, zone: ZoneInfo) -> datetime:
    """The first day on which that time of day is permitted, else simply the next."""
    days = [_utc(when.at + n * _DAY, zone) for n in range(_DAYS_TRIED)]
    return next((at for at in days if next_permitted(calling, target, at) == at), days[0])


def _utc(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)


def _held_at(attempt: Attempt) -> datetime:
    """When the call was over, by Telnyx's clock where it tells."""
    rang = attempt.scheduled_at
    if attempt.dispatched_at:
        rang = max(rang, datetime.fromisoformat(attempt.dispatched_at))
    if not attempt.duration_s and attempt.ended_at:
        rang = max(rang, attempt.ended_at)  # when we saw that it was over
    return (rang + timedelta(seconds=attempt.duration_s)).astimezone(UTC)


def _told(insight: Mapping[str, Any]) -> tuple[Literal["us", "them"] | None, str]:
    """Whose call the insight says was promised, and the words it cites for when."""
    given = insight.get("call_back")
    if not isinstance(given, Mapping):
        older = insight.get("call_back_at")  # before `call_back` there was only when
        return ("us", older) if isinstance(older, str) and older.strip() else (None, "")
    told = cast("Mapping[str, Any]", given)
    if told.get("wanted") is not True:
        return None, ""
    words = told.get("when_words")
    who = "them" if told.get("who") == "them" else "us"
    return who, words if isinstance(words, str) else ""


def _plainly(said: Sequence[str]) -> CallBack | None:
    """What plain words promise by themselves; a time is told by the sentences they are in."""
    if turn := asks_to_be_called(said):
        return CallBack("us", one_line(_sentence(turn, asks_to_be_called)))
    if turn := promises(said):
        return CallBack("them", one_line(_sentence(turn, promises)))
    return None


def _sentence(turn: str, finds: Any) -> str:
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z\u00bf\u00a1])", turn)
    return str(finds(sentences) or turn)


def _holds(turn: str, words: str) -> bool:
    """Whether a turn has these words, one after the other."""
    return f" {_bare(words)} " in f" {_bare(turn)} "


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[\w:']+", plain(text)))
