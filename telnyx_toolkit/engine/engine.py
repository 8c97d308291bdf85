"""The engine: each verb of a mission once, and the loop that runs them all."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.engine.account import survey
from telnyx_toolkit.engine.approving import approve, check_numbers, plan
from telnyx_toolkit.engine.calling import schedule_call
from telnyx_toolkit.engine.costs import collect_costs
from telnyx_toolkit.engine.desk import Desk, Kit
from telnyx_toolkit.engine.finishing import close_steps, conclude, finish
from telnyx_toolkit.engine.opening import draft, open_mission, revise
from telnyx_toolkit.engine.outbox import flush
from telnyx_toolkit.engine.rounds import advance, is_over, observe
from telnyx_toolkit.engine.setup import create_assistant, nothing_left_behind, put_back, set_up
from telnyx_toolkit.engine.starting import start
from telnyx_toolkit.errors import ErrorResponse, InvalidInput, NotReached, PolicyDenied, TelnyxError
from telnyx_toolkit.model import Attempt, Json
from telnyx_toolkit.policy import Defer
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies import STRATEGIES, Call
from telnyx_toolkit.summary import build_summary
from telnyx_toolkit.telnyx import Recording

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

    def check_account(self, brief: Brief | None) -> dict[str, Any]:
        """What the account has and lacks, for a brief if one is given; nothing is changed."""
        return survey(self.client, brief)

    def plan_steps(self, mission_id: str) -> tuple[MissionState, list[Json]]:
        """Make sure that the mission has a plan for its present brief, here and at Telnyx.

        Returns the mission, and what the account lacks for it: problems as in `survey`.
        """
        desk = Desk(self._kit, mission_id)
        plan(desk)
        problems: list[Json] = []
        if not desk.state.is_finished:
            problems = survey(self.client, desk.brief)["problems"]
        return desk.state, problems

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
                observe(desk, attempt.attempt_id)
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

    def release_mission(self, mission_id: str) -> MissionState:
        """Return the number of a finished mission and remove all that it kept at Telnyx.

        Raises:
            PolicyDenied: it is not finished.
        """
        desk = Desk(self._kit, mission_id)
        if not desk.state.is_finished:
            raise PolicyDenied(
                f"The mission is {desk.state.phase}: it still needs what it made.",
                code="not_finished",
                fix="Stop it first: telnyx-toolkit cancel-mission MISSION --reason WHY",
            )
        flush(desk)
        put_back(desk)
        return desk.state

    def recordings(self, mission_id: str, step_id: str) -> list[Recording]:
        """The recordings of all calls to a target, fetched anew; nothing of them is kept."""
        desk = Desk(self._kit, mission_id)
        if not desk.brief.record:
            raise InvalidInput(
                "The brief of this mission does not record calls (record: false).",
                fix="The words are there all the same: telnyx-toolkit get-transcript MISSION"
                " --target NAME",
            )
        sessions = [a.session_id for a in desk.state.attempts_at(step_id) if a.session_id]
        return [r for session in sessions for r in self.client.records.recordings(session)]

    def summarize(self, mission_id: str) -> tuple[MissionState, Json, str]:
        """The result as (state, payload, text); finishes the mission if nothing is left to call.

        Of a mission that is still running, the payload and the text tell what is known so far.
        """
        desk = Desk(self._kit, mission_id)
        close_steps(desk)
        if desk.state.phase == "running" and is_over(desk):
            finish(desk)
        if desk.state.is_finished:
            conclude(desk)
            with suppress(TelnyxError):  # what it cost is told later, or not at all
                collect_costs(desk)
                flush(desk)
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

        A passing fault of Telnyx is waited out a few times before it is raised; a network that is
        not there from the first is not waited for.

        Args:
            mission_id: Which mission.
            wait: How long the caller is ready to wait, by the clock on the wall; a sandbox's
                virtual clock runs through days in no time. None: until it is over.
        """
        faults, worked, clock, wall = 0, False, self._kit.clock, self._kit.wall
        until = wall.now() + wait if wait is not None else _NEVER
        desk = Desk(self._kit, mission_id)
        while True:
            desk.refresh()
            try:
                done = self._round(desk)
                faults, worked = 0, True
            except TelnyxError as problem:
                faults += 1
                pause = clock.now() + _pause(problem, faults)
                cut_off = isinstance(problem, NotReached) and not worked
                hopeless = cut_off or not problem.transient or faults > _PATIENCE
                if hopeless or self._is_too_late(pause, until):
                    raise
                clock.sleep_until(pause)
                continue
            if done.wake_at is None or self._is_too_late(done.wake_at, until):
                return done
            self._kit.rests(done.wake_at, done.state)
            clock.sleep_until(done.wake_at)

    def _round(self, desk: Desk) -> Round:
        wake_at = advance(desk)
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


def _pause(problem: TelnyxError, faults: int) -> timedelta:
    """How long to wait after so many faults in a row: what Telnyx asked for, if that is longer."""
    asked = problem.retry_after_s if isinstance(problem, ErrorResponse) else None
    return timedelta(seconds=max(_FIRST_PAUSE_S**faults, asked or 0.0))
