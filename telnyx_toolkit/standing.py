"""Where the mission stands with each target: told from the attempts alone."""

from dataclasses import dataclass
from typing import Any

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.contacts import again
from telnyx_toolkit.evidence import claims
from telnyx_toolkit.memo import remembered
from telnyx_toolkit.model import Attempt
from telnyx_toolkit.optout import asks_for_no_more
from telnyx_toolkit.state import MissionState

#: Somebody answered; whether with a result is for the words to show.
REACHED = {"answered", "incomplete", "needs_review", "result_pending"}
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
    outcome = outcome_of(brief, latest)
    exhausted = len(tries) >= brief.limits.attempts_per_target
    final = _is_final(brief, outcome, tries)
    if barred and not final:
        return Standing(step_id, "do_not_call", is_resolved=True, attempt=latest)
    return Standing(step_id, outcome, is_resolved=final or exhausted, attempt=latest)


def _is_final(brief: Brief, outcome: str, tries: tuple[Attempt, ...]) -> bool:
    """Whether nobody calls again: words that we do not know included."""
    after = again(brief.contact, outcome)
    if after is None:
        return True
    alike = sum(outcome_of(brief, one) == outcome for one in tries if one.phase == "collected")
    return alike > after.times


@remembered
def outcome_of(brief: Brief, attempt: Attempt) -> str:
    """How a collected attempt went, in one word.

    Telnyx's `completed` covers voicemail, phone trees and wrong numbers alike, so the insight
    decides; without one, an answered call is `result_pending`: never guessed. Only plain words
    that ask for no more calls count by themselves then.
    """
    if attempt.call_status == "delivered":
        if early := _of_replies(attempt):
            return early
    elif attempt.call_status != "completed":
        return attempt.call_status or "unknown"
    if attempt.insight is None:
        return "opted_out" if _plain_words(attempt) else "result_pending"
    special = _special(attempt.insight)
    return special or _answered(brief, attempt)


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


def _special(insight: Any) -> str:
    if insight.get("asked_not_to_be_called_again") is True:
        return "opted_out"
    if insight.get("declined") is True:
        return "declined"
    by = str(insight.get("answered_by"))
    if by == "nobody":
        return "no-answer"
    return by if by in {"voicemail", "phone_tree", "wrong_number"} else ""


def _answered(brief: Brief, attempt: Attempt) -> str:
    claimed = claims(brief, attempt)
    decisive = [claimed[name] for name in brief.decisive_fields]
    if any(claim.status == "contradicted" for claim in decisive):
        return "needs_review"
    if any(q.required and claimed[name].value is None for name, q in brief.collect.items()):
        return "incomplete"
    return "answered"
