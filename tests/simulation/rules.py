"""The rules of calling once more, in few lines and from the law, apart from the engine."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests import second_reckoning as reckoning
from tests.second_reckoning import places
from tests.simulation.history import History
from tests.simulation.world import CALL_BACK, Doc

#: Minutes of rest before the same person is tried again.
RESTS = {
    "ivr": {"busy": 10, "failed": 5},
    "business": {"busy": 20, "failed": 10},
    "professional": {"busy": 180, "failed": 60},
}
OF_SILENCE = {"ivr": 5, "business": 15, "professional": 60}
USUAL_REST = {"ivr": 15, "business": 60, "professional": 1_440}


@dataclass(frozen=True)
class Reached:
    """A call that rang, or a text that was sent.

    Attributes:
        asked_at: When the request for it arrived.
        at: When it rang.
        ended_at: When it was over.
        outcome: Telnyx's word; of a text, delivered or failed.
        minutes: Started minutes of talk; parts of a text.
        lines: How many were spoken.
    """

    attempt_id: str
    to: str
    asked_at: datetime
    at: datetime
    ended_at: datetime
    outcome: str
    minutes: int = 0
    lines: int = 0

    @property
    def is_text(self) -> bool:
        """Whether it was a text."""
        return self.outcome == "delivered"


def reached(history: History) -> list[Reached]:
    """Everybody who was reached so far, in order of time; told from the sandbox alone."""
    now, found = history.truth.now(), list[Reached]()
    for event in history.sandbox.world.events.values():
        attempt = str(event.body["conversation_metadata"]["attempt_id"])
        for call in event.calls:
            if call.rang:
                lines = len(call.agent_lines) + len(call.callee_lines)
                minutes = -(-call.seconds() // 60)
                row = (attempt, event.to, event.created_at, call.dispatched_at, call.ended_at)
                found.append(Reached(*row, call.status(now), minutes, lines))
        if event.done_at and (event.said or "takes no text" in event.error):
            row = (attempt, event.to, event.created_at, event.done_at, event.done_at)
            parts = -(-len(event.said) // 160)
            found.append(Reached(*row, "failed" if event.error else "delivered", parts))
    return sorted(found, key=lambda one: one.at)


def zones_at(target: Doc) -> tuple[str, ...]:
    """Every zone that a target may be in."""
    stated = target["timezone"]
    return (stated,) if stated else places()[f"{target['phone'][:5]}xxxxxxx"][0]


def may_ring(brief: Doc, target: Doc, at: datetime) -> bool:
    """Whether a call may ring at an instant: by every clock and law that the person may have.

    Telnyx may dial late, so that the closing margin may be used up.
    """
    zones, regions = places()[f"{target['phone'][:5]}xxxxxxx"]
    where = (target["timezone"],) if target["timezone"] else zones, regions
    return reckoning.may_ring(brief["calling"], where, at, margin=timedelta(0))


def asks_for_another_call(person: Doc) -> bool:
    """Whether this callee says when they want to be called again."""
    return any(turn.get("callee") == CALL_BACK for turn in person.get("turns", []))


def rest_after(brief: Doc, outcome: str, person: Doc) -> timedelta:
    """How long somebody is left alone after a try that ended so."""
    contact = brief["contact"]
    if outcome == "completed" and person.get("turns") == []:
        return timedelta(minutes=OF_SILENCE[contact])
    if outcome == "completed" and asks_for_another_call(person):
        return timedelta(hours=1)
    return timedelta(minutes=RESTS[contact].get(outcome, USUAL_REST[contact]))
