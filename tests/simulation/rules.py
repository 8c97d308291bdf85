"""The rules of calling once more, in few lines and from the law, apart from the engine."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.simulation.history import History
from tests.simulation.world import AREAS, Doc

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Minutes of rest before the same person is tried again.
RESTS = {
    "ivr": {"busy": 10, "failed": 5},
    "business": {"busy": 20, "failed": 10},
    "professional": {"busy": 180, "failed": 60},
}
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


def may_ring(brief: Doc, target: Doc, at: datetime) -> bool:
    """Whether a call may ring at an instant: by every clock that the called person may have."""
    area = str(target["phone"])[2:5]
    zones = (target["timezone"],) if target["timezone"] else AREAS[area]
    return all(_may_ring(brief["calling"], at, ZoneInfo(zone)) for zone in zones)


def _may_ring(calling: Doc, at: datetime, zone: ZoneInfo) -> bool:
    local = at.astimezone(zone)
    opens, closes = calling["hours"].split("-")
    clock = f"{local:%H:%M:%S}"
    return (
        WEEK[local.weekday()] in days_of(calling["days"])
        and max(opens, "08:00") <= clock <= min(closes, "21:00") + ":00"
        and _in_time(calling["finish_by"], at, local.date())
    )


def days_of(text: str) -> tuple[str, ...]:
    """The days of `mon-fri` or `sat,sun`."""
    first, _, last = text.partition("-")
    days = WEEK[WEEK.index(first) : WEEK.index(last) + 1] if last else text.split(",")
    return tuple(days)


def _in_time(finish_by: str | None, at: datetime, today: date) -> bool:
    if finish_by is None:
        return True
    if "T" in finish_by:
        return at <= datetime.fromisoformat(finish_by)
    return today <= date.fromisoformat(finish_by)


def rest_after(brief: Doc, outcome: str) -> timedelta:
    """How long somebody is left alone after a try that ended so."""
    contact = brief["contact"]
    return timedelta(minutes=RESTS[contact].get(outcome, USUAL_REST[contact]))
