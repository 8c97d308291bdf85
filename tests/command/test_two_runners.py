"""Two processes with one mission: one runs it, the other watches, and a killed one is replaced."""

import json
import signal
import subprocess
from contextlib import suppress
from typing import Any

import pytest

Doc = dict[str, Any]
CALLED = ["+13125550101", "+13125550102", "+13125550103"]


def test_f31_of_two_that_start_together_one_works_and_the_other_says_who_does(
    shell: Any,
) -> None:
    mission = shell.approved()

    runners = [shell.start("run-mission", mission, "--json") for _ in range(2)]
    answers = [runner.communicate(timeout=60) for runner in runners]

    assert [runner.returncode for runner in runners] == [0, 0], answers
    assert [json.loads(out)["state"] for out, _ in answers] == ["succeeded"] * 2
    assert [call["to"] for call in shell.rang()] == CALLED
    watching = [err for _, err in answers if "watching it" in err]
    worked = [err for _, err in answers if "Assistant created" in err and "watching" not in err]
    assert len(watching) <= 1  # where one was done before the other began, nobody watched
    assert len(worked) + len(watching) >= 1


def test_a_watcher_goes_on_when_the_runner_is_killed(shell: Any) -> None:
    mission = shell.approved()
    shell.json("run-mission", mission, "--wait", "1s")
    faults = [{"on": "GET /ai/assistants/*/scheduled_events/*", "do": "500_before", "times": 3}]
    shell.post("/_sandbox/faults", {"faults": faults})

    first = shell.start("run-mission", mission)
    second = shell.start("run-mission", mission)
    with suppress(subprocess.TimeoutExpired):
        first.communicate(timeout=0.9)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=30)
    try:
        second.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        second.kill()
        pytest.fail("the watcher never took over")

    assert shell.json("mission-status", mission)["state"] == "succeeded"
    assert [call["to"] for call in shell.rang()] == CALLED
