"""Collecting what was said: the transcript and the insights of an attempt that has ended."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.heard import Heard, are_final, name_conversation, scorings
from telnyx_toolkit.engine.names import ANSWERS, SUMMARY
from telnyx_toolkit.engine.replies import replies_to
from telnyx_toolkit.model import Attempt, Json, Listing
from telnyx_toolkit.script import insight_schema
from telnyx_toolkit.standing import opt_out_words, outcome_of
from telnyx_toolkit.telnyx import InsightRun, Message
from telnyx_toolkit.untrusted import clean, clean_json, one_line

#: Insights usually come within seconds; after this long we go on without them.
INSIGHT_DEADLINE = timedelta(minutes=20)
TRANSCRIPT_LIMIT = 64_000
_TURN_LIMIT = 4_000
_INSIGHT_LIMIT = 200_000


def collect(desk: Desk, attempt: Attempt) -> None:
    """Record the words of an ended attempt, once they and their insights are in or overdue."""
    heard = _hear(desk, attempt)
    if heard is None:
        return
    results = _results(desk, heard.runs)
    replied = any(message.role == "user" for message in heard.messages)
    asked = attempt.call_status == "completed" or replied
    insight, problem = _parse(desk, results.get(ANSWERS), heard.runs) if asked else (None, "")
    name = f"{desk.state.target(attempt.step_id).name} - {desk.brief.name}"
    conversation_id = heard.conversation_id
    transcript = _transcript(heard.messages)
    desk.record(
        "attempt.collected",
        listing=_listing(desk, replace(attempt, transcript=tuple(transcript), insight=insight)),
        attempt_id=attempt.attempt_id,
        conversation_id=conversation_id,
        session_id=name_conversation(desk, conversation_id, name) if conversation_id else "",
        transcript=transcript,
        insight=insight,
        insight_problem=problem,
        notes=clean(results.get(SUMMARY, "")),
    )


def _listing(desk: Desk, attempt: Attempt) -> Listing | None:
    """The entry of the do-not-call list that the called person asked for, if they did."""
    if outcome_of(desk.brief, attempt) != "opted_out":
        return None
    return Listing(
        phone=desk.state.target(attempt.step_id).phone,
        action="add",
        reason=one_line(opt_out_words(attempt)) or "asked not to be called again",
        source=f"mission {desk.mission_id}, attempt {attempt.attempt_id}",
        at=desk.kit.clock.now(),
        mission_id=desk.mission_id,
    )


def _hear(desk: Desk, attempt: Attempt) -> Heard | None:
    """What was said; None while it is not complete."""
    if attempt.call_status == "delivered":
        return replies_to(desk, attempt)
    return _talk(desk, attempt) if attempt.call_status == "completed" else Heard()


def _talk(desk: Desk, attempt: Attempt) -> Heard | None:
    conversation_id = attempt.conversation_id or _find_conversation(desk, attempt)
    runs = scorings(desk, conversation_id) if conversation_id else ()
    late = attempt.ended_at and desk.kit.clock.now() > attempt.ended_at + INSIGHT_DEADLINE
    if not are_final(runs) and not late:
        return None
    spoken = desk.client.conversations.messages(conversation_id) if conversation_id else []
    return Heard(conversation_id, tuple(spoken), runs)


def _find_conversation(desk: Desk, attempt: Attempt) -> str:
    found = desk.client.conversations.find({"attempt_id": attempt.attempt_id})
    return found[0].id if found else ""


def _results(desk: Desk, runs: Iterable[InsightRun]) -> dict[str, str]:
    """Each insight's text by our name for it: rows carry ids only."""
    names = {desk.state.result_of(name).get("id"): name for name in (ANSWERS, SUMMARY)}
    rows = [row for run in runs for row in run.conversation_insights]
    return {names[row.insight_id]: row.result for row in rows if row.insight_id in names}


def _parse(desk: Desk, result: str | None, runs: Iterable[InsightRun]) -> tuple[Json | None, str]:
    """The structured insight, or why there is none that can be used."""
    if result is None or not result.strip():
        failed = any(run.status == "failed" for run in runs)
        return None, "Telnyx could not work out the insight" if failed else "no insight came"
    if len(result) > _INSIGHT_LIMIT:
        return None, "the insight is too long"
    try:
        document: Any = json.loads(result, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None, "the insight is not JSON"
    if not isinstance(document, dict):
        return None, "the insight is JSON of the wrong shape"
    return clean_json(fitting(document, insight_schema(desk.brief))), ""


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def fitting(value: Any, schema: Json) -> Any:
    """What of a value the schema asks for: nothing else was asked, so nothing else is kept."""
    if schema["type"] == "object":
        given: Json = cast("Json", value) if isinstance(value, Mapping) else {}
        asked = cast("Json", schema["properties"])
        return {name: fitting(given[name], asked[name]) for name in asked if name in given}
    plain = isinstance(value, str | int | float) and not _is_endless(value)
    return value if plain else None


def _is_endless(value: Any) -> bool:
    """Whether it is a number that JSON cannot write."""
    return isinstance(value, float) and not math.isfinite(value)


def _transcript(messages: Iterable[Message]) -> list[dict[str, str]]:
    """What was said, oldest first, made harmless and bounded."""
    turns: list[dict[str, str]] = []
    left = TRANSCRIPT_LIMIT
    for message in messages:
        text = clean(message.text, min(_TURN_LIMIT, left)) if message.text and left > 1 else ""
        if message.role in {"user", "assistant"} and text:
            at = message.at.isoformat() if message.at else ""
            turns.append({"role": message.role, "text": text, "at": at})
            left -= len(text)
    return turns
