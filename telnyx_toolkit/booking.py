"""What a booking has come to: who has confirmed, who may have, and why nobody else is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from telnyx_toolkit.evidence import Claim, claims
from telnyx_toolkit.model import Attempt
from telnyx_toolkit.musts import judge_all
from telnyx_toolkit.standing import outcome_of
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.untrusted import one_line

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief
    from telnyx_toolkit.brief_strategies import Book

#: Outcomes of a call in which a person could agree to something.
_TALKED = {"answered", "incomplete", "needs_review"}
#: Of a call without an insight: people spoke, and nothing tells what they agreed to.
_UNHEARD = {"result_pending", "call_back", "cut_off"}
_WORDS = 200

Status = Literal["confirmed", "unsure"]


@dataclass(frozen=True)
class Answer:
    """What one try says of the booking.

    Attributes:
        status: confirmed with the callee's own words; unsure where there may be a booking that
            nobody can show, or that is not what was asked for.
        words: The callee's words for it, on one line.
        why: What makes it unsure, in words.
    """

    step_id: str
    target: str
    status: Status
    words: str
    why: str
    conversation_id: str

    @property
    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**vars(self)}


def answers(brief: Brief, state: MissionState) -> list[Answer]:
    """What every try says of the booking, oldest first; tries that say no are not among them."""
    if brief.book is None:
        return []
    found = (_answer(brief, brief.book, state, attempt) for attempt in state.attempts)
    return [answer for answer in found if answer]


def confirmed(brief: Brief, state: MissionState) -> list[Answer]:
    """Who has provably confirmed, the first one first."""
    return [answer for answer in answers(brief, state) if answer.status == "confirmed"]


def why_stop(brief: Brief, state: MissionState) -> str:
    """Why nobody else is to be called; "" while somebody is."""
    if brief.book is None:
        return ""
    if done := confirmed(brief, state):
        return f"{done[0].target} confirmed"
    if brief.book.go_on_when_unsure:
        return ""
    unsure = answers(brief, state)
    return f"{unsure[0].target} may have confirmed: a person must find out" if unsure else ""


def booking(brief: Brief, state: MissionState) -> dict[str, Any] | None:
    """The `booking` of a result, or None where nothing was to be booked.

    Returns `booked` (the first who confirmed, or None), `also_confirmed` (who must be cancelled
    by a person), `unsure` (who may have a booking), each with `target`, `step_id`, `words`,
    `why` and `conversation_id`; `headline`; and `lines` for people.
    """
    if brief.book is None:
        return None
    found = answers(brief, state)
    done = [answer for answer in found if answer.status == "confirmed"]
    unsure = [answer for answer in found if answer.status == "unsure"]
    return {
        "booked": done[0].document if done else None,
        "also_confirmed": [answer.document for answer in done[1:]],
        "unsure": [answer.document for answer in unsure],
        "headline": _headline(done, unsure),
        "lines": [*_to_cancel(done[1:]), *_to_review(unsure)],
    }


def _headline(done: list[Answer], unsure: list[Answer]) -> str:
    if done:
        return f'Booked: {done[0].target} ("{done[0].words}").'
    if unsure:
        return f"To be reviewed: {unsure[0].target} may have confirmed."
    return "Nobody confirmed."


def _to_cancel(others: Iterable[Answer]) -> list[str]:
    return [
        f'{other.target} confirmed too ("{other.words}"): cancel one of them yourself.'
        for other in others
    ]


def _to_review(unsure: Iterable[Answer]) -> list[str]:
    return [
        f"{answer.target} may hold a booking: {answer.why}. Ask them, and cancel it if it is not"
        " wanted."
        for answer in unsure
    ]


def _answer(brief: Brief, book: Book, state: MissionState, attempt: Attempt) -> Answer | None:
    """None while nothing is known, where nobody answered, and where the answer is not yes."""
    if attempt.phase not in {"collected", "unresolved"}:
        return None
    words, why = _read(brief, book, attempt)
    if words is None:
        return None
    return Answer(
        step_id=attempt.step_id,
        target=state.target(attempt.step_id).name,
        status="unsure" if why else "confirmed",
        words=words,
        why=why,
        conversation_id=attempt.conversation_id,
    )


def _read(brief: Brief, book: Book, attempt: Attempt) -> tuple[str | None, str]:
    """The words for a yes (None where there is none), and what makes it unsure."""
    if attempt.phase == "unresolved":
        return "", "Telnyx's answer was lost, so that nobody knows whether they were called"
    outcome = outcome_of(brief, attempt)
    if attempt.insight is None and outcome in _UNHEARD:
        return "", "they answered, and what they said was never worked out"
    claimed = claims(brief, attempt)
    said_yes = claimed[book.confirmed_by]
    if said_yes.value is not True:
        return None, ""
    return one_line(said_yes.words, _WORDS), _doubt(brief, book, attempt, claimed)


def _doubt(brief: Brief, book: Book, attempt: Attempt, claimed: Mapping[str, Claim]) -> str:
    """Why a yes does not count as confirmed; "" if it does."""
    outcome, by = outcome_of(brief, attempt), str((attempt.insight or {}).get("answered_by"))
    if not claimed[book.confirmed_by].confirmed:
        return "the transcript does not bear out their yes"
    if outcome not in _TALKED:
        return f"they said yes in a call that ended as {outcome.replace('_', ' ')}"
    if by != "person":
        return f"they said yes in a call that is said to have been answered by {one_line(by, 40)}"
    unmet = [must.text for must in judge_all(brief, book.must, claimed) if must.status != "met"]
    return f"they said yes, but {'; '.join(unmet)}" if unmet else ""
