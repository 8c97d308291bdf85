"""Watching a mission: from the process that runs it, from another one, and leaving it."""

import signal
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from tests.command.conftest import Shell


def _first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stderr
    return process.stderr.readline()


def test_another_process_sees_what_happens_and_ends_with_the_mission(shell: Any) -> None:
    mission = shell.approved()
    watching = shell.start("mission-status", mission, "--watch")
    title = _first_line(watching)

    shell.json("run-mission", mission)
    out, err = watching.communicate(timeout=30)

    assert watching.returncode == 0
    assert title == f"Corporate catering quotes ({mission}): approved\n"
    assert "Chicago Grill Co: $62, confirmed" in err
    assert "Mission succeeded" in err
    assert "Recommended: Chicago Grill Co" in out


def test_watching_as_json_gives_one_document_and_the_lines_beside_it(shell: Any) -> None:
    mission = shell.approved()
    shell.json("run-mission", mission)

    assert shell.json("mission-status", mission, "--watch")["state"] == "succeeded"


def test_watching_a_mission_that_waits_for_a_person_ends_at_once(shell: Any) -> None:
    mission = shell.json("create-mission", "--brief", "fixtures/missions/catering.yaml")

    status, out, _ = shell.here("mission-status", mission["mission_id"], "--watch")

    assert status == 0
    assert "plan-steps" in out


def test_watching_an_unknown_mission_is_a_clear_error(shell: Any) -> None:
    status, _, err = shell.here("mission-status", "m_000000000000", "--watch")

    assert status == 4
    assert "has no mission" in err


def test_who_stops_watching_is_told_how_to_come_back(shell: Any) -> None:
    mission = shell.approved()
    watching = shell.start("mission-status", mission, "--watch")
    _first_line(watching)

    watching.send_signal(signal.SIGINT)
    _, err = watching.communicate(timeout=30)

    assert watching.returncode == 130
    assert f"telnyx-toolkit mission-status {mission} --watch" in err
    assert f"telnyx-toolkit run-mission {mission}" in err
    assert shell.json("run-mission", mission)["state"] == "succeeded"


@pytest.mark.parametrize("command", [("run-mission",), ("run-mission", "--json")])
def test_stopping_the_runner_stops_no_mission(
    command: tuple[str, ...], make_shell: Callable[..., Shell], sandbox_url: Callable[..., str]
) -> None:
    shell = make_shell(sandbox_url("--clock", "system"))
    mission = shell.approved()
    running = shell.start(*command[:1], mission, *command[1:])
    assert running.stderr
    while "Borrowed the number" not in running.stderr.readline():
        assert running.poll() is None

    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)

    assert running.returncode == 130
    assert f"go on:  telnyx-toolkit run-mission {mission}" in err
    assert shell.json("mission-status", mission)["state"] in {"running", "waiting"}
    assert shell.json("mission-status", mission)["runner"] is None
