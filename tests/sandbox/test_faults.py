"""Planned failures, in process: what is answered, and what happened nevertheless."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.simulator import Sandbox

Make = Callable[..., Sandbox]
Connect = Callable[[Sandbox], httpx.Client]
ON = "POST /ai/missions"
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
