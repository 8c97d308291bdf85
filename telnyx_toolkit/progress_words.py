"""Facts as they happen, in words: a line for each that is worth one."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.clock_words import Here, both_clocks, their_clock
from telnyx_toolkit.comparison import row_headline
from telnyx_toolkit.model import Event
from telnyx_toolkit.offers import offer_in
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.untrusted import masked, one_line, quoted

_A_WHILE = timedelta(minutes=10)


class Teller:
    """Told of every fact, of rests and of other runners; says the notable ones, a line each.

    Args:
        say: Takes one line.
        here: The clock of whoever is told, where that is not the called people's alone.
    """

    def __init__(self, say: Callable[[str], object], here: Here | None = None) -> None:
        self._say, self._here = say, here
        self._now = datetime.max.replace(tzinfo=UTC)
        self._told_of_rest = False

    def __call__(self, event: Event, state: MissionState) -> None:
        """Tell one fact."""
        self.takes_up(event.at)
        if line := line_of(event, state):
            self._say(f"{clock_text(event.at, state)}  {line}")

    def takes_up(self, at: datetime) -> None:
        """What happened until then, UTC, was told elsewhere."""
        self._now, self._told_of_rest = at, False

    def busy(self, holder: str, state: MissionState) -> None:
        """Say that another process does the work."""
        self._say(f"{one_line(holder)} runs {state.mission_id}: watching it")

    def rests(self, until: datetime, state: MissionState) -> None:
        """Say so, once, when nothing happens for a good while."""
        if until - self._now <= _A_WHILE or self._told_of_rest:
            return
        self._told_of_rest = True
        waiting = sum(attempt.awaits_reply for attempt in state.attempts)
        what = f"waiting for {waiting} to answer; next look" if waiting else "Next"
        due = both_clocks(until, state.targets[0], self._here)
        self._say(f"{clock_text(self._now, state)}  {what}: {due}")


def clock_text(at: datetime, state: MissionState) -> str:
    """An instant as the first called person's clock shows it: `Mon 09:02:00 CST`."""
    return their_clock(at, state.targets[0])


def line_of(event: Event, state: MissionState) -> str:
    """One line about a fact, or "" where it is not worth one."""
    teller = _LINES.get(event.kind)
    return teller(event.data, state) if teller else ""


def _effect(data: Mapping[str, Any], _state: MissionState) -> str:
    if data["effect"] == "assistant":
        return "Assistant created"
    if data["effect"] == "number":
        return f"Borrowed the number {masked(data['result']['phone_number'])}"
    return ""


def _undone(data: Mapping[str, Any], _state: MissionState) -> str:
    return {"number": "Number returned", "assistant": "Assistant removed"}.get(data["effect"], "")


def _scheduled(data: Mapping[str, Any], state: MissionState) -> str:
    attempt = state.attempt(data["attempt_id"])
    target = state.target(attempt.step_id)
    rings = their_clock(attempt.scheduled_at, target, "%H:%M")
    told = f", will be told of {attempt.leverage['text']}" if attempt.leverage else ""
    what = "text goes out" if attempt.channel == "sms" else "call rings"
    return f"{target.name}: {what} at {rings} their time{told}"


def _ended(data: Mapping[str, Any], state: MissionState) -> str:
    attempt = state.attempt(data["attempt_id"])
    minutes, seconds = divmod(data["duration_s"], 60)
    lasted = f" after {minutes} min {seconds} s" if data["duration_s"] else ""
    what = "text" if attempt.channel == "sms" else "call"
    return f"{state.target(attempt.step_id).name}: {what} {data['call_status']}{lasted}"


def _collected(data: Mapping[str, Any], state: MissionState) -> str:
    attempt = state.attempt(data["attempt_id"])
    brief = Brief.model_validate(state.current)
    offer = offer_in(brief, state, attempt)
    where = standing(brief, state, attempt.step_id)
    words = f" - {quoted(offer.words, 120)}" if offer and offer.words else ""
    return (
        f"{state.target(attempt.step_id).name}: {row_headline(brief, offer, where.outcome)}{words}"
    )


def _abandoned(data: Mapping[str, Any], state: MissionState) -> str:
    attempt = state.attempt(data["attempt_id"])
    return f"{state.target(attempt.step_id).name}: no call ({one_line(data['reason'])})"


def _about(words: str) -> Callable[[Mapping[str, Any], MissionState], str]:
    def tell(data: Mapping[str, Any], state: MissionState) -> str:
        attempt = state.attempt(data["attempt_id"])
        return f"{state.target(attempt.step_id).name}: {words}"

    return tell


def _barred(data: Mapping[str, Any], state: MissionState) -> str:
    name = state.target(data["step_id"]).name
    return f"{name}: on the do-not-call list ({one_line(data['reason'])})"


_LINES: Mapping[str, Callable[[Mapping[str, Any], MissionState], str]] = {
    "run.started": lambda _, state: f"Mission started: {len(state.targets)} to call",
    "effect.executed": _effect,
    "effect.undone": _undone,
    "attempt.scheduled": _scheduled,
    "attempt.unknown": lambda _, __: (
        "No answer from Telnyx: looking for the call, not repeating it"
    ),
    "attempt.abandoned": _abandoned,
    "attempt.surplus": _about("Telnyx had the call twice: the second is deleted"),
    "attempt.unresolved": _about("a person must find out whether they were called"),
    "target.barred": _barred,
    "attempt.ended": _ended,
    "attempt.collected": _collected,
    "step.skipped": lambda data, _: f"{data['step_id']} skipped: {one_line(data['reason'])}",
    "mission.paused": lambda data, _: f"Mission paused: {one_line(data['reason'])}",
    "mission.resumed": lambda _, __: "Mission resumed",
    "stage.finished": lambda data, _: (
        f"Stage {data['stage']} done; to go on with: {', '.join(data['shortlist'])}"
    ),
    "run.finished": lambda data, _: f"Mission {data['status']}",
}
