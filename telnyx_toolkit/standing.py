"""Where the mission stands with each target: told from the attempts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telnyx_toolkit.call_backs import call_back_in
from telnyx_toolkit.contacts import again
from telnyx_toolkit.evidence import claims
from telnyx_toolkit.memo import remembered
from telnyx_toolkit.model import Attempt, Json
from telnyx_toolkit.optout import asks_for_no_more
from telnyx_toolkit.plain_words import (
    breaks_off,
    is_wrong_number,
    machine,
    refuses,
    says_goodbye,
    sounds_like,
)
from telnyx_toolkit.state import MissionState

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief

#: Somebody answered; whether with a result is for the words to show.
REACHED = {
    "answered",
    "incomplete",
    "needs_review",
    "result_pending",
    "call_back",
    "cut_off",
}
_MACHINES = ("voicemail", "phone_tree")
#: Any of these alone in a message ends the conversation: CTIA Messaging Principles, 5.1.3.
_STOP_WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}


@dataclass(frozen=True)
class Standing:
    """How far we are with one target.

    Attributes:
        outcome: How the latest try went.
        is_resolved: Nobody will call again.
        attempt: The latest try that counts, if any.
    """

    step_id: str
    outcome: str
    is_resolved: bool
    attempt: Attempt | None


def standing(brief: Brief, state: MissionState, step_id: str) -> Standing:
    """Where we are with the target of a step."""
    tries = state.attempts_at(step_id)
    barred = step_id in state.barred
    if not tries:
        outcome = "do_not_call" if barred else "not_called"
        return Standing(step_id, outcome, is_resolved=barred, attempt=None)
    latest = tries[-1]
    if latest.phase == "unresolved":
        return Standing(step_id, "unresolved", is_resolved=True, attempt=latest)
    if latest.phase != "collected":
        return Standing(step_id, "in_progress", is_resolved=False, attempt=latest)
    if answered := _answered_before(brief, tries):
        return Standing(step_id, outcome_of(brief, answered), is_resolved=True, attempt=answered)
    outcome = outcome_of(brief, latest)
    exhausted = len(tries) >= brief.limits.attempts_per_target
    final = _is_final(brief, outcome, tries)
    if barred and not final:
        return Standing(step_id, "do_not_call", is_resolved=True, attempt=latest)
    return Standing(step_id, outcome, is_resolved=final or exhausted, attempt=latest)


def _answered_before(brief: Brief, tries: tuple[Attempt, ...]) -> Attempt | None:
    """An earlier talk that counts because a call back to them reached nobody."""
    if len(tries) == 1 or outcome_of(brief, tries[-1]) in REACHED:
        return None
    talks = [one for one in tries if one.phase == "collected"]
    return next((one for one in reversed(talks) if outcome_of(brief, one) == "answered"), None)


def _is_final(brief: Brief, outcome: str, tries: tuple[Attempt, ...]) -> bool:
    """Whether nobody calls again: words that we do not know included, and who will call us."""
    after = again(brief.contact, outcome)
    if after is None or (outcome == "call_back" and _they_call(tries[-1])):
        return True
    alike = sum(outcome_of(brief, one) == outcome for one in tries if one.phase == "collected")
    return alike > after.times


def _they_call(attempt: Attempt) -> bool:
    promise = call_back_in(attempt)
    return promise is not None and promise.who == "them"


@remembered
def outcome_of(brief: Brief, attempt: Attempt) -> str:
    """How a collected attempt went, in one word.

    Telnyx's `completed` covers voicemail, phone trees and wrong numbers alike, so the insight
    decides, and the transcript is held against it. Without an insight only plain words count:
    else an answered call is `result_pending`, never guessed. Whatever else a call was, nobody
    is called again who said in plain words that they do not want that.
    """
    if attempt.call_status == "delivered":
        return _of_replies(attempt) or _of_text(brief, attempt)
    if attempt.call_status != "completed":
        return attempt.call_status or "unknown"
    outcome = _of_talk(brief, attempt)
    calls_again = again(brief.contact, outcome) is not None
    return "opted_out" if calls_again and _plain_words(attempt) else outcome


def _of_talk(brief: Brief, attempt: Attempt) -> str:
    said = _said(attempt)
    if attempt.insight is None:
        return _by_words(attempt, said)
    if wish := _wish(attempt.insight):
        return wish
    answered = _answered(brief, attempt)
    if kind := _by_whom(attempt.insight, said, answered):
        return kind
    if answered == "answered" and _is_proven(brief, attempt):
        return answered
    if call_back_in(attempt):
        return "call_back"
    broken = _broken_off(attempt.insight, said) if answered != "needs_review" else ""
    return broken or answered


def _by_words(attempt: Attempt, said: Sequence[str]) -> str:
    """What plain words tell by themselves, where there is no insight."""
    if _plain_words(attempt):
        return "opted_out"
    if kind := machine(said):
        return kind
    if is_wrong_number(said):
        return "wrong_number"
    if refuses(said):
        return "declined"
    if call_back_in(attempt):
        return "call_back"
    return "cut_off" if _stops_short(said) else "result_pending"


def _wish(insight: Json) -> str:
    """What the called person wanted, where it ends everything."""
    if insight.get("asked_not_to_be_called_again") is True:
        return "opted_out"
    return "declined" if insight.get("declined") is True else ""


def _by_whom(insight: Json, said: Sequence[str], answered: str) -> str:
    """What answered, if it was not the person meant; "" if a person did.

    A machine that nobody can hear in the transcript, but that gave every answer, is looked at.
    """
    by = str(insight.get("answered_by"))
    if by == "wrong_number":
        return by
    if heard := machine(said):
        return by if by in _MACHINES and sounds_like(by, said) else heard
    if by in _MACHINES:
        doubtful = answered == "answered" and not sounds_like(by, said)
        return "needs_review" if doubtful else by
    return "empty" if by == "nobody" and not said else ""


def _broken_off(insight: Json, said: Sequence[str]) -> str:
    """How a talk ended that did not provably give what was needed; "" if nothing tells.

    A line that dropped and a phone that was put down are the same to the clock, so only the
    insight can tell, and the words must not speak against it.
    """
    ended = insight.get("ended")
    if ended == "hung_up":
        return "declined"
    return "cut_off" if ended == "cut_off" and said and not says_goodbye(said) else ""


def _stops_short(said: Sequence[str]) -> bool:
    return breaks_off(said) and not says_goodbye(said)


def _of_text(brief: Brief, attempt: Attempt) -> str:
    """What the answers to a text came to; nobody is written to twice."""
    if attempt.insight is None:
        return "opted_out" if _plain_words(attempt) else "result_pending"
    wrong = attempt.insight.get("answered_by") == "wrong_number"
    return _wish(attempt.insight) or ("wrong_number" if wrong else _answered(brief, attempt))


def opt_out_words(attempt: Attempt) -> str:
    """The words with which somebody asked for no more calls: the plainest there are, or ""."""
    said = _said(attempt)
    return _plain_words(attempt) or (said[-1] if said else "")


def _plain_words(attempt: Attempt) -> str:
    return next((text for text in _said(attempt) if asks_for_no_more(text)), "")


def _said(attempt: Attempt) -> list[str]:
    """What the called person said, or wrote."""
    return [str(turn["text"]) for turn in attempt.transcript if turn["role"] == "user"]


def _of_replies(attempt: Attempt) -> str:
    """What the answers to a text say by themselves: none, or the words that carriers know."""
    replies = {text.strip(" .!").upper() for text in _said(attempt)}
    if not replies:
        return "no-reply"
    return "opted_out" if _STOP_WORDS & replies else ""


def _is_proven(brief: Brief, attempt: Attempt) -> bool:
    """Whether the transcript bears out everything decisive that was claimed."""
    claimed = claims(brief, attempt)
    decisive = (claimed[name] for name in brief.decisive_fields)
    return all(claim.confirmed or claim.value is None for claim in decisive)


def _answered(brief: Brief, attempt: Attempt) -> str:
    claimed = claims(brief, attempt)
    decisive = [claimed[name] for name in brief.decisive_fields]
    if any(claim.status == "contradicted" for claim in decisive):
        return "needs_review"
    if any(q.required and claimed[name].value is None for name, q in brief.collect.items()):
        return "incomplete"
    return "answered"
