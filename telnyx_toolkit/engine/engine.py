"""The engine: each verb of a mission once, and the loop that runs them all."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from telnyx_toolkit.engine.account import survey
from telnyx_toolkit.engine.approving import approve, check_numbers
from telnyx_toolkit.engine.barring import bar, bar_others, refuse_barred
from telnyx_toolkit.engine.calling import schedule_call
from telnyx_toolkit.engine.desk import Desk, Kit
from telnyx_toolkit.engine.finishing import close_steps, narrate
from telnyx_toolkit.engine.lease import decided_anew, working_on
from telnyx_toolkit.engine.opening import draft, open_mission, revise
from telnyx_toolkit.engine.outbox import flush
from telnyx_toolkit.engine.refusals import not_now, refuse_paused, require_live, require_started
from telnyx_toolkit.engine.results import result_of, settle
from telnyx_toolkit.engine.rounds import observe, wanted
from telnyx_toolkit.engine.running import Round, one_round, run, under_lease_or_watching, wake_now
from telnyx_toolkit.engine.setting_up import create_assistant, nothing_left_behind, put_back, set_up
from telnyx_toolkit.engine.stages import edit_shortlist, prepare
from telnyx_toolkit.engine.starting import start
from telnyx_toolkit.errors import InvalidInput, LeaseHeld, PolicyDenied
from telnyx_toolkit.model import Attempt, Json
from telnyx_toolkit.notices import Route
from telnyx_toolkit.policy import Defer
from telnyx_toolkit.standing import REACHED, standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies import Call
from telnyx_toolkit.telnyx import Recording

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief

#: How long the command that asks for a stop watches the process that carries it out.
_STOP_WATCH = timedelta(minutes=1)


class Engine:
    """Runs missions. Every verb is idempotent, bounded, and may be killed anywhere."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self.client = kit.client

    @decided_anew
    def create_mission(
        self, brief: "Brief", *, repeat: int = 1, replaces: str = ""
    ) -> MissionState:
        """Make sure that a mission for this brief exists, here and at Telnyx.

        Args:
            brief: What is asked.
            repeat: Counts missions of the very same brief; each number is one mission.
            replaces: A mission that has not started and shall have this brief instead.
        """
        self._kit.prompts.require(brief)
        self._kit.rates()  # prices that cannot be read are said before anything is sent
        check_numbers(brief, self._kit.base_url, self._kit.ledger)
        mission_id = replaces or draft(self._kit, brief, repeat)
        with working_on(self._kit, mission_id) as desk:
            if replaces:
                revise(desk, brief)
            open_mission(desk)
            flush(desk)
            return desk.state

    def check_account(self, brief: "Brief | None") -> dict[str, Any]:
        """What the account has and lacks, for a brief if one is given; nothing is changed."""
        return survey(self.client, brief)

    @decided_anew
    def plan_steps(
        self,
        mission_id: str,
        *,
        resend: bool = False,
        shortlist: str = "",
        route: Route | None = None,
    ) -> tuple[MissionState, list[Json]]:
        """Make sure that the mission has a plan for its present brief, here and at Telnyx.

        Where codes are sent to the person, this sends one with the plan, and a new one on `resend`.

        Args:
            mission_id: Which mission.
            resend: The code that was sent is lost.
            shortlist: Between two stages: whom the next one goes on with, names with semicolons.
            route: Where people are told of the mission from now on; as before if None.

        Returns the mission, and what the account lacks for it: problems as in `survey`.
        """
        with working_on(self._kit, mission_id) as desk:
            if route and (chosen := vars(route)) != desk.state.route:
                desk.record("route.chosen", route=chosen)
            if shortlist:
                edit_shortlist(desk, shortlist)
            prepare(desk, again=resend)
        problems: list[Json] = []
        if not desk.state.is_finished:
            problems = survey(self.client, desk.brief)["problems"]
        return desk.state, problems

    @decided_anew
    def approve_plan(
        self, mission_id: str, plan_hash: str, approved_by: str, words: str, code: str = ""
    ) -> MissionState:
        """Record a person's yes to exactly this plan."""
        with working_on(self._kit, mission_id) as desk:
            approve(desk, plan_hash, approved_by, words, code)
            wake_now(desk)
            flush(desk)
            return desk.state

    @decided_anew
    def create_assistant(self, mission_id: str) -> MissionState:
        """Make sure that the mission's assistant and insights exist."""
        return self._with_started(mission_id, create_assistant)

    @decided_anew
    def assign_number(self, mission_id: str) -> MissionState:
        """Make sure that the mission has its assistant and a number to call from."""
        return self._with_started(mission_id, set_up)

    @decided_anew
    def schedule_call(self, mission_id: str, step_id: str) -> tuple[MissionState, Attempt | Defer]:
        """Schedule the next call to a target, if it is the target's turn and policy allows it.

        Raises:
            PolicyDenied: it is not, or a rule forbids it.
        """
        with working_on(self._kit, mission_id) as desk:
            require_live(desk)
            start(desk)
            bar(desk)
            refuse_barred(desk, step_id)
            set_up(desk)
            calls = {c.step_id: c for c in wanted(desk) if isinstance(c, Call)}
            latest = desk.state.attempts_at(step_id)
            if latest and latest[-1].is_open:
                return desk.state, latest[-1]
            if step_id not in calls:
                where = standing(desk.brief, desk.state, step_id)
                if where.attempt and where.outcome in REACHED:
                    return desk.state, where.attempt
                raise not_now(desk, where)
            placed = schedule_call(desk, step_id, calls[step_id].why)
            flush(desk)
            return desk.state, placed

    @decided_anew
    def poll_call(self, mission_id: str, step_id: str) -> MissionState:
        """Look once at the latest call to a target."""
        with working_on(self._kit, mission_id) as desk:
            for attempt in desk.state.open_attempts:
                if attempt.step_id == step_id:
                    observe(desk, attempt.attempt_id)
            close_steps(desk)
            flush(desk)
            return desk.state

    @decided_anew
    def withdraw_barred(self) -> None:
        """Withdraw, in every mission, the calls to numbers that are on the do-not-call list.

        Raises:
            TelnyxError: not all of them could be; the next round of any mission tries again.
        """
        bar_others(self._kit)

    @decided_anew
    def log_event(
        self, mission_id: str, summary: str, kind: str, step_id: str, payload: dict[str, Any]
    ) -> MissionState:
        """Record what the agent did itself; the same note twice is one.

        While another process runs the mission, that one tells Telnyx of it.
        """
        desk = Desk(self._kit, mission_id)
        note = {"type": kind, "summary": summary, "step_id": step_id, "payload": payload}
        if note not in self._kit.ledger.notes(mission_id):
            desk.record("agent.noted", type=kind, summary=summary, step_id=step_id, payload=payload)
        with suppress(LeaseHeld), working_on(self._kit, mission_id) as ours:
            flush(ours)
        return desk.state

    @decided_anew
    def cancel_mission(self, mission_id: str, reason: str) -> Round:
        """Stop the mission: withdraw what has not rung, record what has, put everything back.

        A process that runs it is told, and does so.
        """
        desk = Desk(self._kit, mission_id)
        if not desk.state.is_finished and desk.state.cancel_reason is None:
            desk.record("cancel.requested", reason=reason)
            wake_now(desk)
        return self._wind_down(mission_id)

    @decided_anew
    def pause_mission(self, mission_id: str, reason: str) -> Round:
        """Stop calling until `resume_mission`: withdraw what has not rung, return the number.

        Raises:
            PolicyDenied: it does not run.
        """
        desk = Desk(self._kit, mission_id)
        require_started(desk)
        if desk.state.phase != "paused":
            desk.record("mission.paused", reason=reason)
            wake_now(desk)
        return self._wind_down(mission_id)

    @decided_anew
    def resume_mission(self, mission_id: str) -> MissionState:
        """Let a paused mission go on; `run` does so.

        Raises:
            PolicyDenied: it does not run.
        """
        with working_on(self._kit, mission_id) as desk:
            require_started(desk)
            if desk.state.phase == "paused":
                desk.record("mission.resumed")
                wake_now(desk)
            flush(desk)
            return desk.state

    @decided_anew
    def release_mission(self, mission_id: str) -> MissionState:
        """Return the number of a finished mission and remove all that it kept at Telnyx.

        Raises:
            PolicyDenied: it is not finished.
        """
        with working_on(self._kit, mission_id) as desk:
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

    @decided_anew
    def summarize(self, mission_id: str, narrative: str = "") -> tuple[MissionState, Json, str]:
        """The result as (state, payload, text); finishes the mission if nothing is left to call.

        Of a mission that is still running, the payload and the text tell what is known so far;
        while another process runs it, nothing is changed.

        Args:
            mission_id: Which mission.
            narrative: What the agent adds in its own words to the result of a finished mission.

        Raises:
            PolicyDenied: there is a narrative, and no result yet that it could stand beside.
        """
        desk = self._settled(mission_id) or Desk(self._kit, mission_id)
        if narrative.strip():
            narrate(desk, narrative)
        return desk.state, *result_of(desk)

    @decided_anew
    def advance(self, mission_id: str) -> Round:
        """Do everything that can be done for the mission now, and say when to come back.

        Raises:
            LeaseHeld: another process does so.
            PolicyDenied: there is no valid approval.
            TelnyxError: Telnyx refused or did not answer; what was recorded stays true.
        """
        with working_on(self._kit, mission_id) as desk:
            return one_round(desk)

    def run(self, mission_id: str, wait: timedelta | None = None) -> Round:
        """Run the mission until it is over or `wait` is: see `running.run`.

        Raises:
            PolicyDenied: it is not approved, or paused.
        """
        refuse_paused(Desk(self._kit, mission_id))
        return run(self._kit, mission_id, wait)

    def _settled(self, mission_id: str) -> Desk | None:
        """The mission after what was left to do for its result; None while another works on it."""
        with suppress(LeaseHeld), working_on(self._kit, mission_id) as desk:
            settle(desk)
            return desk
        return None

    def _wind_down(self, mission_id: str) -> Round:
        """One round by us, or by the process that runs the mission."""
        until = self._kit.wall.now() + _STOP_WATCH
        return under_lease_or_watching(self._kit, mission_id, until, one_round)

    def _with_started(self, mission_id: str, verb: Callable[[Desk], None]) -> MissionState:
        with working_on(self._kit, mission_id) as desk:
            if not desk.state.is_finished:
                start(desk)
                with nothing_left_behind(desk):
                    verb(desk)
            flush(desk)
            return desk.state
