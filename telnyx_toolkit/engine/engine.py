"""The engine: each verb of a mission once, and the loop that runs them all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.engine.approving import approve, check_numbers, plan
from telnyx_toolkit.engine.calling import follow, schedule_call, seek
from telnyx_toolkit.engine.collecting import collect
from telnyx_toolkit.engine.desk import Desk, Kit
from telnyx_toolkit.engine.finishing import close_steps, conclude, finish, withdraw_all
from telnyx_toolkit.engine.opening import draft, open_mission, revise
from telnyx_toolkit.engine.outbox import flush
from telnyx_toolkit.engine.setup import create_assistant, nothing_left_behind, set_up
from telnyx_toolkit.engine.starting import start
from telnyx_toolkit.errors import PolicyDenied, TelnyxError
from telnyx_toolkit.model import Attempt, Json
from telnyx_toolkit.policy import Defer
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies import STRATEGIES, Call, Finish
from telnyx_toolkit.summary import build_summary

#: Between two looks at a call that is under way or an insight that is due.
POLL = timedelta(seconds=10)
_NEVER = datetime.max.replace(tzinfo=UTC)
_PATIENCE = 5
_FIRST_PAUSE_S = 2.0


@dataclass(frozen=True)
class Round:
    """What one round of `advance` came to.

    Attributes:
        state: The mission after it.
        wake_at: When there is something to do again, UTC; None once nothing is left to do.
    """

    state: MissionState
    wake_at: datetime | None


class Engine:
    """Runs missions. Every verb is idempotent, bounded, and may be killed anywhere."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self.client = kit.client

    def create_mission(self, brief: Brief, *, repeat: int = 1, replaces: str = "") -> MissionState:
        """Make sure that a mission for this brief exists, here and at Telnyx.

        Args:
            brief: What is asked.
            repeat: Counts missions of the very same brief; each number is one mission.
            replaces: A mission that has not started and shall have this brief instead.
        """
        check_numbers(brief, self._kit.base_url)
        desk = Desk(self._kit, replaces) if replaces else draft(self._kit, brief, repeat)
        if replaces:
            revise(desk, brief)
        open_mission(desk)
        flush(desk)
        return desk.state

    def plan_steps(self, mission_id: str) -> MissionState:
        """Make sure that the mission has a plan for its present brief, here and at Telnyx."""
        desk = Desk(self._kit, mission_id)
        plan(desk)
        return desk.state

    def approve_plan(
        self, mission_id: str, plan_hash: str, approved_by: str, words: str
    ) -> MissionState:
        """Record a person's yes to exactly this plan."""
        desk = Desk(self._kit, mission_id)
        approve(desk, plan_hash, approved_by, words)
        flush(desk)
        return desk.state

    def create_assistant(self, mission_id: str) -> MissionState:
        """Make sure that the mission's assistant and insights exist."""
        return self._with_started(mission_id, create_assistant)

    def assign_number(self, mission_id: str) -> MissionState:
        """Make sure that the mission has its assistant and a number to call from."""
        return self._with_started(mission_id, set_up)

    def schedule_call(self, mission_id: str, step_id: str) -> tuple[MissionState, Attempt | Defer]:
        """Schedule the next call to a target, if it is the target's turn and policy allows it.

        Raises:
            PolicyDenied: it is not, or a rule forbids it.
        """
        desk = Desk(self._kit, mission_id)
        _require_live(desk)
        start(desk)
        set_up(desk)
        actions = STRATEGIES[desk.brief.strategy](desk.brief, desk.state)
        latest = desk.state.attempts_at(step_id)
        if latest and (latest[-1].is_open or Call(step_id) not in actions):
            return desk.state, latest[-1]
        if Call(step_id) not in actions:
            raise PolicyDenied(
                f"It is not {desk.state.target(step_id).name}'s turn: another call must end first.",
                code="not_their_turn",
                fix="Poll the call under way to its end (poll-call), then schedule this one.",
            )
        placed = schedule_call(desk, step_id)
        flush(desk)
        return desk.state, placed

    def poll_call(self, mission_id: str, step_id: str) -> MissionState:
        """Look once at the latest call to a target."""
        desk = Desk(self._kit, mission_id)
        for attempt in desk.state.open_attempts:
            if attempt.step_id == step_id:
                _observe(desk, attempt.attempt_id)
        close_steps(desk)
        flush(desk)
        return desk.state

    def log_event(
        self, mission_id: str, summary: str, kind: str, step_id: str, payload: dict[str, Any]
    ) -> MissionState:
        """Record what the agent did itself; the same note twice is one."""
        desk = Desk(self._kit, mission_id)
        note = {"type": kind, "summary": summary, "step_id": step_id, "payload": payload}
        if not any(dict(event.data) == note for event in desk.state.notes):
            desk.record("agent.noted", type=kind, summary=summary, step_id=step_id, payload=payload)
        flush(desk)
        return desk.state

    def cancel_mission(self, mission_id: str, reason: str) -> Round:
        """Stop the mission: withdraw what has not rung, record what has, put everything back."""
        desk = Desk(self._kit, mission_id)
        if not desk.state.is_finished and desk.state.cancel_reason is None:
            desk.record("cancel.requested", reason=reason)
        return self.advance(mission_id)

    def summarize(self, mission_id: str) -> tuple[MissionState, Json, str]:
        """The result as (state, payload, text); finishes the mission if nothing is left to call.

        Of a mission that is still running, the payload and the text tell what is known so far.
        """
        desk = Desk(self._kit, mission_id)
        close_steps(desk)
        if desk.state.phase == "running" and _is_over(desk):
            finish(desk)
        if desk.state.is_finished:
            conclude(desk)
            return desk.state, desk.state.result_payload or {}, desk.state.result_summary
        payload = build_summary(desk.brief, desk.state, desk.state.phase)
        return desk.state, payload, desk.kit.prompts.summary(payload)

    def advance(self, mission_id: str) -> Round:
        """Do everything that can be done for the mission now, and say when to come back.

        Raises:
            PolicyDenied: there is no valid approval.
            TelnyxError: Telnyx refused or did not answer; what was recorded stays true.
        """
        return self._round(Desk(self._kit, mission_id))

    def run(self, mission_id: str, wait: timedelta | None = None) -> Round:
        """Advance until the mission is over, or nothing more can happen within `wait`.

        A passing fault of Telnyx is waited out a few times before it is raised.

        Args:
            mission_id: Which mission.
            wait: How long the caller is ready to wait, by the clock on the wall; a sandbox's
                virtual clock runs through days in no time. None: until it is over.
        """
        faults, clock, wall = 0, self._kit.clock, self._kit.wall
        until = wall.now() + wait if wait is not None else _NEVER
        desk = Desk(self._kit, mission_id)
        while True:
            desk.refresh()
            try:
                done = self._round(desk)
                faults = 0
            except TelnyxError as problem:
                faults += 1
                pause = clock.now() + timedelta(seconds=_FIRST_PAUSE_S**faults)
                if not problem.transient or faults > _PATIENCE or self._is_too_late(pause, until):
                    raise
                clock.sleep_until(pause)
                continue
            if done.wake_at is None or self._is_too_late(done.wake_at, until):
                return done
            self._kit.rests(done.wake_at, done.state)
            clock.sleep_until(done.wake_at)

    def _round(self, desk: Desk) -> Round:
        wake_at = _advance(desk)
        self._kit.ledger.note_wake(desk.mission_id, wake_at)
        return Round(desk.state, wake_at)

    def _is_too_late(self, instant: datetime, until: datetime) -> bool:
        """Whether waiting for `instant` would take the caller past `until`."""
        clock, wall = self._kit.clock, self._kit.wall
        return wall.now() >= until or (clock is wall and instant > until)

    def _with_started(self, mission_id: str, verb: Callable[[Desk], None]) -> MissionState:
        desk = Desk(self._kit, mission_id)
        if not desk.state.is_finished:
            start(desk)
            with nothing_left_behind(desk):
                verb(desk)
        flush(desk)
        return desk.state


def _require_live(desk: Desk) -> None:
    if desk.state.is_finished:
        raise PolicyDenied(
            f"The mission is over ({desk.state.phase}).",
            code="mission_over",
            fix="Read its result (summarize), or run the brief again: create-mission --repeat 2",
        )


def _advance(desk: Desk) -> datetime | None:
    if desk.state.is_finished:
        return conclude(desk)
    if desk.state.cancel_reason is not None:
        return _cancel(desk)
    start(desk)
    set_up(desk)
    flush(desk)
    for attempt in desk.state.open_attempts:
        _observe(desk, attempt.attempt_id)
    close_steps(desk)
    flush(desk)
    return _next_calls(desk)


def _next_calls(desk: Desk) -> datetime | None:
    """Place every call that may be placed now; finish when none is left."""
    waits: list[datetime] = []
    refused: set[str] = set()
    while True:
        actions = STRATEGIES[desk.brief.strategy](desk.brief, desk.state)
        calls = [a.step_id for a in actions if isinstance(a, Call) and a.step_id not in refused]
        if Finish() in actions or (not calls and not waits and not desk.state.open_attempts):
            finish(desk)
            return conclude(desk)
        if not calls:
            return min([*waits, *(_due(desk, a) for a in desk.state.open_attempts)])
        refused.add(calls[0])
        try:
            placed = schedule_call(desk, calls[0])
        except PolicyDenied as denied:
            desk.move_step(calls[0], "skipped", reason=denied.message)
            flush(desk)
            continue
        if isinstance(placed, Defer):
            waits.append(placed.until)
        flush(desk)


def _observe(desk: Desk, attempt_id: str) -> None:
    """Look once at an attempt, as far as it can come in one look."""
    attempt = desk.state.attempt(attempt_id)
    if attempt.phase in {"requested", "sent", "unknown"}:
        seek(desk, attempt)
        attempt = desk.state.attempt(attempt_id)
    if attempt.phase == "scheduled" and desk.kit.clock.now() >= attempt.scheduled_at:
        follow(desk, attempt)
        attempt = desk.state.attempt(attempt_id)
    if attempt.phase == "ended":
        collect(desk, attempt)


def _due(desk: Desk, attempt: Attempt) -> datetime:
    """When to look at an attempt again."""
    return max(desk.kit.clock.now(), attempt.scheduled_at) + POLL


def _is_over(desk: Desk) -> bool:
    return Finish() in STRATEGIES[desk.brief.strategy](desk.brief, desk.state)


def _cancel(desk: Desk) -> datetime | None:
    """Withdraw what has not rung, follow what has, then finish as cancelled."""
    withdraw_all(desk)
    for attempt in desk.state.open_attempts:
        _observe(desk, attempt.attempt_id)
    close_steps(desk)
    flush(desk)
    if desk.state.open_attempts:
        return min(_due(desk, attempt) for attempt in desk.state.open_attempts)
    finish(desk)
    return conclude(desk)
