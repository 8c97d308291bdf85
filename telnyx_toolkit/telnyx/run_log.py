"""What a run leaves behind at Telnyx: its plan, its log, its assistants."""

from collections.abc import Sequence

from telnyx_toolkit.telnyx.family import Family, Json, given, in_time
from telnyx_toolkit.telnyx.http import path_of
from telnyx_toolkit.telnyx.replies import many, rows_of
from telnyx_toolkit.telnyx.schemas import LinkedAgent, MissionEvent, PlanStep

EVENTS_A_PAGE = 1_000


class RunLog(Family):
    """Plan, events and linked agents under `/ai/missions/{mission_id}/runs/{run_id}`.

    None of these takes an Idempotency-Key: look before you leap.
    """

    def post_plan(self, mission_id: str, run_id: str, steps: Sequence[Json]) -> list[PlanStep]:
        """Write the plan of a run that has none; returns it in order.

        Each step: `step_id`, `description`, `sequence` (whole number), optionally
        `parent_step_id` and `metadata`. Texts cannot be changed afterwards. What a second plan
        does is undocumented: use `add_steps`. Source: `POST …/plan`.
        """
        return self._steps(mission_id, run_id, ("plan",), steps)

    def add_steps(self, mission_id: str, run_id: str, steps: Sequence[Json]) -> list[PlanStep]:
        """Append steps, shaped as in `post_plan`; Source: `POST …/plan/steps`."""
        return self._steps(mission_id, run_id, ("plan", "steps"), steps)

    def get_plan(self, mission_id: str, run_id: str) -> list[PlanStep]:
        """All steps, by `sequence`. Source: `GET …/plan`, which is a list and has no pages."""
        return _in_order(self._many(PlanStep, *_run(mission_id, run_id), "plan"))

    def update_step(self, mission_id: str, run_id: str, step_id: str, *, status: str) -> PlanStep:
        """Set a step's status: pending, in_progress, completed, skipped or failed.

        Logging `step_completed` does not do this. Source: `PATCH …/plan/steps/{step_id}`.
        """
        place = (*_run(mission_id, run_id), "plan", "steps", step_id)
        return self._one(PlanStep, "PATCH", *place, body={"status": status})

    def log_event(  # noqa: PLR0913 - the fields of an event
        self,
        mission_id: str,
        run_id: str,
        *,
        type: str,
        summary: str,
        step_id: str | None = None,
        agent_id: str | None = None,
        payload: Json | None = None,
        idempotency_key: str,
    ) -> MissionEvent:
        """Add one line to the run's log; it can never be changed or removed.

        `type`: status_change, step_started, step_completed, step_failed, tool_call, tool_result,
        message, error or custom. The key travels in the body, and whether a repeat is answered
        201 or 409 is undocumented. Source: `POST …/events`.
        """
        body = given(
            type=type,
            summary=summary,
            step_id=step_id,
            agent_id=agent_id,
            payload=payload,
            idempotency_key=idempotency_key,
        )
        return self._one(MissionEvent, "POST", *_run(mission_id, run_id), "events", body=body)

    def list_events(self, mission_id: str, run_id: str) -> list[MissionEvent]:
        """The whole log, by `timestamp`. Source: `GET …/events`, at most 1,000 a page."""
        place = (*_run(mission_id, run_id), "events")
        events = self._many(MissionEvent, *place, size=EVENTS_A_PAGE)
        return sorted(events, key=lambda event: in_time(event.timestamp))

    def link_agent(self, mission_id: str, run_id: str, assistant_id: str) -> LinkedAgent:
        """Attach an assistant to the run; list first, linking twice is undocumented.

        Source: `POST …/telnyx-agents`.
        """
        place = (*_run(mission_id, run_id), "telnyx-agents")
        return self._one(LinkedAgent, "POST", *place, body={"telnyx_agent_id": assistant_id})

    def list_agents(self, mission_id: str, run_id: str) -> list[LinkedAgent]:
        """The assistants of the run. Source: `GET …/telnyx-agents`, which has no pages."""
        return self._many(LinkedAgent, *_run(mission_id, run_id), "telnyx-agents")

    def unlink_agent(self, mission_id: str, run_id: str, assistant_id: str) -> None:
        """Detach an assistant. Source: `DELETE …/telnyx-agents/{telnyx_agent_id}`."""
        self._do("DELETE", *_run(mission_id, run_id), "telnyx-agents", assistant_id)

    def _steps(
        self, mission_id: str, run_id: str, place: tuple[str, ...], steps: Sequence[Json]
    ) -> list[PlanStep]:
        path = path_of(*_run(mission_id, run_id), *place)
        answer = self._http.request("POST", path, body={"steps": [dict(step) for step in steps]})
        where = f"POST {path}"
        return _in_order(many(PlanStep, rows_of(answer, where), where))


def _run(mission_id: str, run_id: str) -> tuple[str, ...]:
    return ("ai", "missions", mission_id, "runs", run_id)


def _in_order(steps: list[PlanStep]) -> list[PlanStep]:
    return sorted(steps, key=lambda step: step.sequence)
