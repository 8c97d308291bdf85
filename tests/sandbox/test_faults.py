"""Planned failures, in process: what is answered, and what happened nevertheless."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.simulator import Sandbox

Make = Callable[..., Sandbox]
Connect = Callable[[Sandbox], httpx.Client]
ON = "POST /ai/missions"
LIST, RUNS = "/ai/missions", "/ai/missions/*/runs"
MISSION = {"name": "M"}


@pytest.mark.parametrize(("do", "made"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_request_resets_the_connection(
    make: Make, connect: Connect, do: str, made: int
) -> None:
    sandbox = make(faults=[{"on": ON, "do": do}])
    http = connect(sandbox)
    with pytest.raises(ConnectionResetError):
        http.post("/ai/missions", json=MISSION)
    assert len(sandbox.world.missions) == made
    assert [one.status for one in sandbox.requests] == [0]
    assert http.post("/ai/missions", json=MISSION).status_code == 201


@pytest.mark.parametrize(
    ("do", "status", "made", "kind"),
    [
        ("500_before", 500, 0, "application/json"),
        ("500_after", 500, 1, "application/json"),
        ("502_html", 502, 0, "text/html"),
        ("html_200", 200, 0, "text/html"),
        ("429", 429, 0, "application/json"),
        ("403", 403, 0, "application/json"),
        ("truncated", 201, 1, "application/json"),
    ],
)
def test_a_spoilt_reply_says_little_about_the_effect(
    make: Make, connect: Connect, do: str, status: int, made: int, kind: str
) -> None:
    sandbox = make(faults=[{"on": ON, "do": do}])
    spoilt = connect(sandbox).post("/ai/missions", json=MISSION)
    assert (spoilt.status_code, spoilt.headers["Content-Type"]) == (status, kind)
    assert len(sandbox.world.missions) == made
    assert spoilt.headers["X-Sandbox-Clock"]
    if do in {"truncated", "502_html", "html_200"}:
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            spoilt.json()
    else:
        assert spoilt.json()["errors"]


def test_a_fault_hits_the_nth_matching_request_and_as_many_as_it_says(
    make: Make, connect: Connect
) -> None:
    fault: dict[str, Any] = {"on": ON, "do": "429", "nth": 2, "times": 2, "retry_after": 3}
    http = connect(make(faults=[fault]))
    answers = [http.post("/ai/missions", json=MISSION) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 429, 429, 201]
    assert answers[1].headers["Retry-After"] == "3"


@pytest.mark.parametrize(
    ("on", "hit"),
    [
        ("GET /ai/missions/*", False),
        ("GET /ai/missions/*/runs/*", True),
        ("GET /ai/**", True),
        ("POST /ai/missions/*/runs/*", False),
    ],
)
def test_a_star_is_one_path_segment_and_two_are_any(
    make: Make, connect: Connect, on: str, hit: bool
) -> None:
    http = connect(make(faults=[{"on": on, "do": "403"}]))
    assert (http.get("/ai/missions/a/runs/b").status_code == 403) is hit


def test_faults_can_be_added_while_it_runs(http: httpx.Client) -> None:
    added = http.post("/_sandbox/faults", json={"faults": [{"on": ON, "do": "403"}]})
    assert added.status_code == 200
    assert http.post("/ai/missions", json=MISSION).status_code == 403
    wrong = http.post("/_sandbox/faults", json={"faults": [{"on": ON, "do": "explode"}]})
    assert wrong.status_code == 422


def test_a_success_that_nobody_heard_is_replayed_for_its_key(make: Make, connect: Connect) -> None:
    sandbox = make(faults=[{"on": "POST /ai/assistants", "do": "drop_after"}])
    http, asked = connect(sandbox), {"name": "A", "instructions": "x"}
    with pytest.raises(ConnectionResetError):
        http.post("/ai/assistants", json=asked, headers={"Idempotency-Key": "a"})
    again = http.post("/ai/assistants", json=asked, headers={"Idempotency-Key": "a"})
    assert again.headers["Idempotent-Replayed"] == "true"
    assert list(sandbox.world.assistants) == [again.json()["id"]]


def test_a_fault_that_does_not_exist_is_refused_at_once(make: Make) -> None:
    with pytest.raises(InvalidInput, match="fault 1: do"):
        make(faults=[{"on": ON, "do": "explode"}])


def test_a_duplicate_is_carried_out_twice_and_answered_once(make: Make, connect: Connect) -> None:
    sandbox = make(faults=[{"on": ON, "do": "duplicate"}])
    answer = connect(sandbox).post("/ai/missions", json=MISSION)
    made = list(sandbox.world.missions)
    assert len(made) == 2
    assert answer.json()["data"]["mission_id"] == made[0]
    assert [one.status for one in sandbox.requests] == [201, 201]


def test_a_duplicate_with_a_key_is_one(make: Make, connect: Connect) -> None:
    sandbox = make(faults=[{"on": "POST /ai/assistants", "do": "duplicate"}])
    asked, key = {"name": "A", "instructions": "x"}, {"Idempotency-Key": "a"}
    answer = connect(sandbox).post("/ai/assistants", json=asked, headers=key)
    assert list(sandbox.world.assistants) == [answer.json()["id"]]
    assert "Idempotent-Replayed" not in answer.headers


@pytest.mark.parametrize(("age_s", "shown"), [(0, 0), (59, 0), (60, 1)])
def test_a_stale_list_lacks_what_was_made_within_the_last_minute(
    make: Make, connect: Connect, clock: ManualClock, age_s: int, shown: int
) -> None:
    faults = [{"on": f"GET {path}", "do": "stale"} for path in (RUNS, f"{RUNS}/*/events", LIST)]
    http = connect(make(faults=faults))
    mission = http.post("/ai/missions", json=MISSION).json()["data"]["mission_id"]
    runs = f"/ai/missions/{mission}/runs"
    run = http.post(runs, json={}).json()["data"]["run_id"]
    http.post(f"{runs}/{run}/events", json={"type": "message", "summary": "x"})
    clock.advance(age_s)
    for path in ("/ai/missions", runs, f"{runs}/{run}/events"):
        assert len(http.get(path).json()["data"]) == shown
        assert len(http.get(path).json()["data"]) == 1


def test_only_lists_can_be_stale(make: Make, connect: Connect) -> None:
    http = connect(make(faults=[{"on": "GET /ai/missions/*", "do": "stale"}]))
    made = http.post("/ai/missions", json=MISSION).json()["data"]
    assert http.get(f"/ai/missions/{made['mission_id']}").json()["data"] == made


def test_a_slow_request_is_carried_out_and_outlasts_the_client(
    make: Make, connect: Connect, clock: ManualClock
) -> None:
    sandbox, before = make(faults=[{"on": ON, "do": "slow"}]), clock.now()
    with pytest.raises(ConnectionResetError):
        connect(sandbox).post("/ai/missions", json=MISSION)
    assert len(sandbox.world.missions) == 1
    assert clock.now() - before == timedelta(seconds=30)


@pytest.mark.parametrize(("given", "told"), [({}, "5"), ({"retry_after": 0}, "0")])
def test_a_busy_server_says_when_to_come_again(
    make: Make, connect: Connect, given: dict[str, int], told: str
) -> None:
    sandbox = make(faults=[{"on": ON, "do": "503_retry", **given}])
    answer = connect(sandbox).post("/ai/missions", json=MISSION)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, told)
    assert sandbox.world.missions == {}


@pytest.mark.parametrize(
    "wrong", [{"on": ON, "do": "stale"}, {"on": ON, "do": "500_after", "retry_after": 3}]
)
def test_a_fault_that_makes_no_sense_is_refused(
    make: Make, http: httpx.Client, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput, match="fault 1: "):
        make(faults=[wrong])
    assert http.post("/_sandbox/faults", json={"faults": [wrong]}).status_code == 422
