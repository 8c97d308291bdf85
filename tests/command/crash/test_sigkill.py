"""Killed at any moment and started again: exactly three calls, and the same result."""

import random
import subprocess
from typing import Any

import pytest

#: About as long as a whole run takes here, start of Python included, in seconds.
LONGEST = 1.6


def _killed_at_random_moments(shell: Any, mission: str, dice: random.Random) -> int:
    """Kill the runner again and again until it finishes by itself; how often it was killed."""
    for kills in range(40):
        process = shell.start("run-mission", mission)
        try:
            _, err = process.communicate(timeout=dice.uniform(0.5, LONGEST) * (1 + kills / 10))
            assert process.returncode == 0, err
            return kills
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
    raise AssertionError("it never finishes")


def _check(shell: Any, seed: int) -> None:
    mission = shell.approved()
    kills = _killed_at_random_moments(shell, mission, random.Random(seed))

    summary = shell.json("summarize", mission)
    numbers = shell.ask("/phone_numbers?page[size]=250")["data"]
    told = [call["to"] for call in shell.rang()]
    assert told == ["+13125550101", "+13125550102", "+13125550103"], f"{kills} kills, seed {seed}"
    payload = summary["result_payload"]
    assert [row["offer"]["amount"] for row in payload["targets"]] == [65, 62, 65]
    assert shell.ask("/ai/assistants")["data"] == []
    assert [n["phone_number"] for n in numbers if n["connection_id"]] == [
        "+13125550190",
        "+18475550193",
    ]
    status = shell.json("mission-status", mission)
    path = f"/ai/missions/{status['telnyx_mission_id']}/runs/{status['run_id']}"
    assert shell.ask(path)["data"]["status"] == "succeeded"
    steps = shell.ask(f"{path}/plan")["data"]
    assert {step["status"] for step in steps} == {"completed"}
    lines = shell.ask(f"{path}/events?page[size]=1000")["data"]
    keys = [line["idempotency_key"] for line in lines]
    assert len(keys) == len(set(keys))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 9))
def test_a_runner_killed_at_many_random_moments_makes_exactly_three_calls(
    shell: Any, seed: int
) -> None:
    _check(shell, seed)
