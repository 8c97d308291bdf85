"""Missions and their runs, as Telnyx keeps them."""

from telnyx_toolkit.telnyx.family import Json, given
from telnyx_toolkit.telnyx.http import path_of
from telnyx_toolkit.telnyx.run_log import RunLog
from telnyx_toolkit.telnyx.schemas import Mission, Run

MISSIONS_A_PAGE = 1_000


class Missions(RunLog):
    """Everything under `/ai/missions`.

    Nothing here takes an Idempotency-Key: put a nonce in `metadata` and look for it before
    creating again. Mission and run ids are UUIDs; anything else is answered 422, not 404.
    """

    def create(self, *, name: str, description: str, instructions: str, metadata: Json) -> Mission:
        """Create a mission that we drive (`execution_mode` external, the default).

        Source: `POST /ai/missions`.
        """
        body = _mission(name, description, instructions, metadata)
        return self._one(Mission, "POST", "ai", "missions", body=body)

    def list_all(self) -> list[Mission]:
        """Every mission of the account; it cannot be filtered. Source: `GET /ai/missions`."""
        return self._many(Mission, "ai", "missions", size=MISSIONS_A_PAGE)

    def get(self, mission_id: str) -> Mission:
        """One mission. Source: `GET /ai/missions/{mission_id}`."""
        return self._one(Mission, "GET", "ai", "missions", mission_id)

    def update(
        self, mission_id: str, *, name: str, description: str, instructions: str, metadata: Json
    ) -> Mission:
        """Write all four anew: what a PUT does to fields left out is undocumented.

        Source: `PUT /ai/missions/{mission_id}`.
        """
        body = _mission(name, description, instructions, metadata)
        return self._one(Mission, "PUT", "ai", "missions", mission_id, body=body)

    def delete(self, mission_id: str) -> None:
        """Delete a mission. Source: `/ai/missions/{mission_id}`, DELETE."""
        self._do("DELETE", "ai", "missions", mission_id)

    def create_run(self, mission_id: str, *, input: Json, metadata: Json) -> Run:
        """Start an execution, `pending`; `input` can only be given here.

        Source: `POST /ai/missions/{mission_id}/runs`.
        """
        body = {"input": input, "metadata": metadata}
        return self._one(Run, "POST", "ai", "missions", mission_id, "runs", body=body)

    def list_runs(self, mission_id: str) -> list[Run]:
        """Every run of a mission. Source: `GET /ai/missions/{mission_id}/runs`."""
        return self._many(Run, "ai", "missions", mission_id, "runs", size=MISSIONS_A_PAGE)

    def get_run(self, mission_id: str, run_id: str) -> Run:
        """One run. Source: `GET …/runs/{run_id}`."""
        return self._one(Run, "GET", "ai", "missions", mission_id, "runs", run_id)

    def update_run(
        self,
        mission_id: str,
        run_id: str,
        *,
        status: str | None = None,
        error: str | None = None,
        metadata: Json | None = None,
        result_summary: str | None = None,
        result_payload: Json | None = None,
    ) -> Run:
        """Change what is given; None leaves a field alone.

        `status`: pending, running, paused, succeeded, failed or cancelled. Whether `metadata`
        is merged or replaced is undocumented: send all of it. Source: `PATCH …/runs/{run_id}`.
        """
        body = given(
            status=status,
            error=error,
            metadata=metadata,
            result_summary=result_summary,
            result_payload=result_payload,
        )
        return self._one(Run, "PATCH", "ai", "missions", mission_id, "runs", run_id, body=body)

    def store_result(
        self, mission_id: str, run_id: str, *, status: str | None, summary: str, payload: Json
    ) -> None:
        """Give a run its result, and its last status unless it is None.

        The answer repeats the result, which may be long, and is not read. Source:
        `PATCH …/runs/{run_id}`.
        """
        self._http.request(
            "PATCH",
            path_of("ai", "missions", mission_id, "runs", run_id),
            body=given(status=status, result_summary=summary, result_payload=payload),
            unread=True,
        )

    def pause_run(self, mission_id: str, run_id: str) -> Run:
        """Pause a running run. Source: `POST …/runs/{run_id}/pause`."""
        return self._turn(mission_id, run_id, "pause")

    def resume_run(self, mission_id: str, run_id: str) -> Run:
        """Resume a paused run. Source: `POST …/runs/{run_id}/resume`."""
        return self._turn(mission_id, run_id, "resume")

    def cancel_run(self, mission_id: str, run_id: str) -> Run:
        """Cancel a running or paused run; a pending one by `update_run`.

        Source: `POST …/runs/{run_id}/cancel`.
        """
        return self._turn(mission_id, run_id, "cancel")

    def _turn(self, mission_id: str, run_id: str, action: str) -> Run:
        return self._one(Run, "POST", "ai", "missions", mission_id, "runs", run_id, action)


def _mission(name: str, description: str, instructions: str, metadata: Json) -> Json:
    return {
        "name": name,
        "description": description,
        "instructions": instructions,
        "metadata": metadata,
    }
