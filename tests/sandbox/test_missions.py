"""Missions, runs, plans and their log."""

from typing import Any

import httpx
import pytest

from telnyx_toolkit.clock import ManualClock

Doc = dict[str, Any]
STEPS = [
    {"step_id": "setup", "description": "Set up", "sequence": 1},
    {"step_id": "call-1", "description": "Call", "sequence": 2, "metadata": {"to": "x"}},
]


@pytest.fixture
def mission(http: httpx.Client) -> str:
    made = http.post("/ai/missions", json={"name": "Quotes", "metadata": {"nonce": "n"}})
    assert made.status_code == 201
    return f"/ai/missions/{made.json()['data']['mission_id']}"


@pytest.fixture
def run(http: httpx.Client, mission: str) -> str:
    made = http.post(f"{mission}/runs", json={"input": {"goal": "x"}})
    assert made.status_code == 201
    return f"{mission}/runs/{made.json()['data']['run_id']}"


def test_a_mission_is_wrapped_and_has_no_status(http: httpx.Client, mission: str) -> None:
    shown = http.get(mission).json()["data"]
    assert (shown["name"], shown["execution_mode"]) == ("Quotes", "external")
    assert "status" not in shown
    changed = http.put(mission, json={"instructions": "Ask."}).json()["data"]
    assert (changed["name"], changed["instructions"]) == ("Quotes", "Ask.")
    assert changed["metadata"] is None
    gone = http.delete(mission)
    assert (gone.status_code, gone.content) == (204, b"")
    assert http.get(mission).status_code == 404


def test_a_run_is_born_pending_and_ends_once(
    http: httpx.Client, clock: ManualClock, run: str
) -> None:
    born = http.get(run).json()["data"]
    assert (born["status"], born["input"], born["finished_at"]) == ("pending", {"goal": "x"}, None)
    assert "created_at" not in born
    clock.advance(60)
    assert http.patch(run, json={"status": "running"}).json()["data"]["status"] == "running"
    assert http.post(f"{run}/pause").json()["data"]["status"] == "paused"
    assert http.post(f"{run}/resume").json()["data"]["status"] == "running"
    done = http.patch(run, json={"status": "succeeded", "result_summary": "Done."}).json()["data"]
    assert (done["status"], done["finished_at"]) == ("succeeded", "2026-12-01T15:01:00.000Z")


@pytest.mark.parametrize(
    ("before", "action", "status"),
    [
        ([], "cancel", 409),
        ([], "pause", 409),
        ([], "resume", 409),
        (["running"], "cancel", 200),
        (["running", "paused"], "cancel", 200),
        (["running", "succeeded"], "cancel", 409),
        (["cancelled"], "resume", 409),
    ],
)
def test_actions_are_allowed_in_the_states_that_telnyx_names(
    http: httpx.Client, run: str, before: list[str], action: str, status: int
) -> None:
    for state in before:
        assert http.patch(run, json={"status": state}).status_code == 200
    answer = http.post(f"{run}/{action}")
    assert answer.status_code == status
    if status == 409:
        assert answer.json()["errors"][0]["code"] == "10012"


def test_a_run_that_has_ended_takes_a_result_but_no_other_status(
    http: httpx.Client, run: str
) -> None:
    assert http.patch(run, json={"status": "succeeded"}).status_code == 409
    http.patch(run, json={"status": "failed"})
    refused = http.patch(run, json={"status": "running", "error": "x"})
    assert refused.status_code == 409
    assert http.get(run).json()["data"]["error"] is None
    late = http.patch(run, json={"status": "failed", "result_payload": {"a": 1}, "metadata": {}})
    assert late.json()["data"]["result_payload"] == {"a": 1}
    assert http.patch(run, json={"status": "canceled"}).status_code == 422


def test_runs_are_listed_by_status_for_one_mission_and_for_all(
    http: httpx.Client, mission: str, run: str
) -> None:
    http.post(f"{mission}/runs")
    http.patch(run, json={"status": "running"})
    for path in (f"{mission}/runs", "/ai/missions/runs"):
        rows = http.get(path, params={"status": "running"}).json()
        assert [row["run_id"] for row in rows["data"]] == [run.rsplit("/", 1)[1]]
        assert http.get(path).json()["meta"]["total_results"] == 2


def test_a_plan_is_a_bare_list_made_once_and_appended_to(http: httpx.Client, run: str) -> None:
    assert http.get(f"{run}/plan").json() == {"data": []}
    assert http.post(f"{run}/plan", json={"steps": STEPS}).status_code == 201
    assert http.post(f"{run}/plan", json={"steps": STEPS}).status_code == 409
    assert http.post(f"{run}/plan/steps", json={"steps": STEPS[:1]}).status_code == 409
    more = {"steps": [{"step_id": "call-2", "description": "Call", "sequence": 3}]}
    assert http.post(f"{run}/plan", json=more).status_code == 409
    assert http.post(f"{run}/plan/steps", json=more).status_code == 201
    steps = http.get(f"{run}/plan").json()["data"]
    assert [step["sequence"] for step in steps] != [1, 2, 3]
    assert {step["step_id"]: step["status"] for step in steps} == dict.fromkeys(
        ("setup", "call-1", "call-2"), "pending"
    )


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        (["in_progress", "in_progress", "completed", "completed"], [200, 200, 200, 200]),
        (["in_progress", "pending"], [200, 409]),
        (["skipped", "in_progress"], [200, 409]),
        (["in_progress", "failed", "completed"], [200, 200, 409]),
        (["done"], [422]),
    ],
)
def test_a_step_only_goes_forward(
    http: httpx.Client, run: str, path: list[str], statuses: list[int]
) -> None:
    http.post(f"{run}/plan", json={"steps": STEPS})
    step = f"{run}/plan/steps/call-1"
    answers = [http.patch(step, json={"status": status}).status_code for status in path]
    assert answers == statuses
    assert http.patch(step, json={"description": "x"}).status_code == 422
    assert http.get(f"{run}/plan/steps/none").status_code == 404


def test_a_step_knows_when_it_began_and_ended(
    http: httpx.Client, clock: ManualClock, run: str
) -> None:
    http.post(f"{run}/plan", json={"steps": STEPS})
    step = f"{run}/plan/steps/setup"
    http.patch(step, json={"status": "in_progress"})
    clock.advance(5)
    ended = http.patch(step, json={"status": "completed"}).json()["data"]
    assert ended["started_at"] == "2026-12-01T15:00:00.000Z"
    assert ended["completed_at"] == "2026-12-01T15:00:05.000Z"


def test_an_events_key_returns_the_event_that_has_it(http: httpx.Client, run: str) -> None:
    asked = {"type": "custom", "summary": "Began", "idempotency_key": "e-1", "step_id": "setup"}
    first = http.post(f"{run}/events", json=asked)
    again = http.post(f"{run}/events", json=asked | {"summary": "Began again"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    http.post(f"{run}/events", json={"type": "error", "summary": "Lost"})
    assert http.get(f"{run}/events").json()["meta"]["total_results"] == 2
    for query in ({"type": "custom"}, {"step_id": "setup"}):
        rows = http.get(f"{run}/events", params=query).json()["data"]
        assert rows == [first.json()["data"]]
    assert http.get("/ai/missions/events", params={"type": "error"}).json()["data"][0]["type"]
    event = first.json()["data"]["event_id"]
    assert http.get(f"{run}/events/{event}").json() == first.json()
    assert http.get(f"{run}/events", params={"type": "call"}).status_code == 422


def test_an_assistant_is_linked_to_a_run_once(http: httpx.Client, run: str) -> None:
    made = http.post("/ai/assistants", json={"name": "A", "instructions": "x"}).json()["id"]
    agents = f"{run}/telnyx-agents"
    assert http.post(agents, json={"telnyx_agent_id": "assistant-none"}).status_code == 404
    assert http.post(agents, json={"telnyx_agent_id": made}).status_code == 201
    assert http.post(agents, json={"telnyx_agent_id": made}).status_code == 409
    assert [row["telnyx_agent_id"] for row in http.get(agents).json()["data"]] == [made]
    related = http.get(f"/ai/assistants/{made}").json()["related_mission_ids"]
    assert related == [run.split("/")[3]]
    assert http.delete(f"{agents}/{made}").status_code == 204
    assert http.delete(f"{agents}/{made}").status_code == 404


def test_a_run_is_found_only_under_its_own_mission(http: httpx.Client, run: str) -> None:
    other = http.post("/ai/missions", json={"name": "Other"}).json()["data"]["mission_id"]
    assert http.get(f"/ai/missions/{other}/runs/{run.rsplit('/', 1)[1]}").status_code == 404
