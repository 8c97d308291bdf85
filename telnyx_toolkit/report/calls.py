"""The calls and texts of a mission: when, how they ended, what was said, and what of it counts."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.evidence import Claim, Stage, claims
from telnyx_toolkit.model import Attempt, Target
from telnyx_toolkit.places import zones_of
from telnyx_toolkit.report.anchors import Anchor, anchor_of
from telnyx_toolkit.report.safe import Wording
from telnyx_toolkit.report.stage import StageView
from telnyx_toolkit.spoken import vocabulary
from telnyx_toolkit.standing import outcome_of
from telnyx_toolkit.wording import label, said

Doc = dict[str, Any]


def calls(stages: Sequence[StageView], wording: Wording) -> list[Doc]:
    """Every try, oldest first, each with its transcript and its quotes.

    A quote is one claimed value with the words for it: `id`, `field`, `label`, `stage` (`opening`
    or `answers`), `text`, `words`, `status`, `why`, and `anchor`: the turn and the characters of it
    that are these words, or None where nobody said them.
    """
    found = ((stage, attempt) for stage in stages for attempt in stage.attempts)
    return [_call(n, stage, attempt, wording) for n, (stage, attempt) in enumerate(found, 1)]


def zone_of(target: Target) -> str:
    """The zone whose clock a target's times are told by; the first of several possible ones."""
    return (zones_of(target.phone, target.timezone) or ("UTC",))[0]


def local(instant: datetime, zone: str) -> str:
    """`Mon 23 Nov 09:00 CST`."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M %Z")


def lasted(seconds: int) -> str:
    """`1 min 24 s`, or "" for nothing."""
    minutes, rest = divmod(seconds, 60)
    return (f"{minutes} min " if minutes else "") + f"{rest} s" if seconds else ""


def _call(number: int, stage: StageView, attempt: Attempt, wording: Wording) -> Doc:
    target = stage.state.target(attempt.step_id)
    zone = zone_of(target)
    at = attempt.scheduled_at.astimezone(ZoneInfo(zone))
    turns = [_turn(turn, target.name, zone, wording) for turn in attempt.transcript]
    return {
        "number": number,
        "attempt_id": attempt.attempt_id,
        "step_id": attempt.step_id,
        "target": wording.text(target.name),
        "stage": stage.number,
        "channel": attempt.channel,
        "zone": zone,
        "scheduled_at": attempt.scheduled_at.astimezone(UTC).isoformat(),
        "local": local(attempt.scheduled_at, zone),
        "local_date": at.date().isoformat(),
        "local_minute": at.hour * 60 + at.minute,
        "outcome": wording.text(_outcome(stage.brief, attempt)),
        "call_status": wording.text(attempt.call_status),
        "duration_s": attempt.duration_s,
        "lasted": lasted(attempt.duration_s),
        "why": wording.text(attempt.why),
        "reason": wording.text(attempt.reason),
        "told": _told(attempt, wording),
        "conversation_id": wording.text(attempt.conversation_id),
        "cost_usd": attempt.cost_usd,
        "remark": wording.text(attempt.notes),
        "problem": wording.text(attempt.insight_problem),
        "turns": turns,
        "quotes": list(_quotes(number, stage, attempt, turns, wording)),
    }


def _turn(turn: Any, name: str, zone: str, wording: Wording) -> Doc:
    ours = turn["role"] == "assistant"
    return {
        "role": "assistant" if ours else "user",
        "who": "Assistant" if ours else wording.text(name),
        "text": wording.text(str(turn["text"])),
        "local": _clock(str(turn.get("at") or ""), zone),
    }


def _clock(at: str, zone: str) -> str:
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        return ""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M:%S}" if instant.tzinfo else ""


def _outcome(brief: Brief, attempt: Attempt) -> str:
    if attempt.phase == "collected":
        return outcome_of(brief, attempt).replace("_", " ")
    words = {
        "requested": "not placed yet",
        "sent": "being looked for",
        "unknown": "being looked for",
        "scheduled": "on its way",
        "ended": "over; its words are being collected",
        "abandoned": "no call",
    }
    return words.get(attempt.phase, attempt.phase)


def _told(attempt: Attempt, wording: Wording) -> Doc | None:
    """The offer that was cited in this call, and whether the assistant really spoke of it."""
    if not attempt.leverage:
        return None
    text = str(attempt.leverage["text"])
    lines = (str(turn["text"]) for turn in attempt.transcript if turn["role"] == "assistant")
    keys = ("text", "scope", "source", "target", "amount")
    told = {key: wording.text(str(attempt.leverage.get(key, ""))) for key in keys}
    return {**told, "spoken": any(text in line for line in lines)}


def _quotes(
    number: int, stage: StageView, attempt: Attempt, turns: list[Doc], wording: Wording
) -> Iterator[Doc]:
    if attempt.phase != "collected":
        return
    brief = stage.brief
    seen: list[tuple[str, Any, str]] = []
    for when in reversed(get_args(Stage)):  # the answers first: they are what counts
        for name, claim in claims(brief, attempt, when).items():
            same = (name, claim.value, claim.words)
            if claim.value is None or same in seen:
                continue
            seen.append(same)
            anchor = _anchor(stage, attempt, claim, turns, wording, is_final=when == "answers")
            yield {
                "id": f"q{number}-{len(seen)}",
                "field": name,
                "label": label(name),
                "stage": when,
                "text": wording.text(_said(brief, claim)),
                "words": wording.text(claim.words),
                "status": claim.status,
                "why": wording.text(claim.why),
                "anchor": vars(anchor) if anchor else None,
            }


def _said(brief: Brief, claim: Claim) -> str:
    return said(claim.value, brief.collect[claim.field].unit, brief.voice.language)


def _anchor(
    stage: StageView,
    attempt: Attempt,
    claim: Claim,
    turns: list[Doc],
    wording: Wording,
    *,
    is_final: bool,
) -> Anchor | None:
    """Where the words stand in the turns as they are shown.

    Where masking a number has changed them, the whole turn is it.
    """
    name = stage.state.target(attempt.step_id).name
    dots = vocabulary(stage.brief.language_of(name)).is_spanish
    words = wording.text(claim.words)
    if found := anchor_of(turns, words, is_final=is_final, dots=dots):
        return found
    there = anchor_of(attempt.transcript, claim.words, is_final=is_final, dots=dots)
    return Anchor(there.turn, 0, len(turns[there.turn]["text"])) if there else None
