"""Idempotency-Key: once is once, for a day, for the same bytes."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.simulator import Sandbox

Doc = dict[str, Any]
LAKEFRONT = "+13125550101"


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def test_the_same_key_and_body_replay_the_first_success(
    http: httpx.Client, clock: ManualClock, events: str, order: Callable[..., Doc]
) -> None:
    asked = order(LAKEFRONT)
    first = http.post(events, json=asked, headers=keyed("a-1"))
    clock.advance(300)  # the call has begun, and a new request at this time would be refused
    again = http.post(events, json=asked, headers=keyed("a-1"))
    assert (again.status_code, again.content) == (201, first.content)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(http.get(events).json()["data"]) == 1


def test_another_key_or_none_places_another_call(
    http: httpx.Client, events: str, order: Callable[..., Doc]
) -> None:
    for headers in (keyed("a"), keyed("b"), {}, {}):
        assert http.post(events, json=order(LAKEFRONT), headers=headers).status_code == 201
    assert len(http.get(events).json()["data"]) == 4


def test_the_same_key_with_another_body_is_422(
    http: httpx.Client, events: str, order: Callable[..., Doc]
) -> None:
    http.post(events, json=order(LAKEFRONT), headers=keyed("a"))
    refused = http.post(events, json=order("+13125550102"), headers=keyed("a"))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "10027")
    assert len(http.get(events).json()["data"]) == 1


@pytest.mark.parametrize("key", ["a:b", "a.b", "a b", "x" * 256, "a,b"])
def test_a_malformed_key_is_400_and_nothing_happens(
    http: httpx.Client, events: str, order: Callable[..., Doc], key: str
) -> None:
    refused = http.post(events, json=order(LAKEFRONT), headers=keyed(key))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "10015")
    assert http.get(events).json()["data"] == []


def test_errors_are_not_replayed(
    http: httpx.Client, events: str, order: Callable[..., Doc]
) -> None:
    wrong = order(LAKEFRONT, telnyx_agent_target="+13125550191")
    assert http.post(events, json=wrong, headers=keyed("a")).status_code == 400
    assert http.post(events, json=order(LAKEFRONT), headers=keyed("a")).status_code == 201


def test_a_key_is_forgotten_after_a_day_and_belongs_to_one_path(
    http: httpx.Client, clock: ManualClock
) -> None:
    asked = {"name": "A", "instructions": "x"}
    first = http.post("/ai/assistants", json=asked, headers=keyed("a")).json()["id"]
    insight = http.post("/ai/conversations/insights", json=asked, headers=keyed("a"))
    assert "Idempotent-Replayed" not in insight.headers
    clock.advance(24 * 3600 - 1)
    same = http.post("/ai/assistants", json=asked, headers=keyed("a")).json()["id"]
    clock.advance(1)
    other = http.post("/ai/assistants", json=asked, headers=keyed("a")).json()["id"]
    assert first == same != other


def test_a_replay_shows_what_was_answered_and_not_what_became_of_it(http: httpx.Client) -> None:
    path, asked = "/ai/conversations/insights", {"name": "A", "instructions": "x"}
    first = http.post(path, json=asked, headers=keyed("a"))
    insight = first.json()["data"]["id"]
    http.put(f"{path}/{insight}", json={"name": "B"})
    assert http.post(path, json=asked, headers=keyed("a")).content == first.content


def test_missions_take_no_key_so_a_repeat_makes_a_second_one(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    for _ in range(2):
        http.post("/ai/missions", json={"name": "M"}, headers=keyed("a"))
    assert len(sandbox.world.missions) == 2


def test_a_large_body_with_a_key_is_413(http: httpx.Client) -> None:
    asked = {"name": "A", "instructions": "x" * 257 * 1024}
    assert http.post("/ai/assistants", json=asked, headers=keyed("a")).status_code == 413
    assert http.post("/ai/assistants", json=asked).status_code == 200
