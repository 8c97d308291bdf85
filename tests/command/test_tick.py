"""The command `tick` as a scheduler runs it: real processes, and what they print."""

import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command.conftest import CATERING, ROOT, Shell

_BARE = "import json, sqlite3, urllib.request"
#: What an idle tick may take more than one and a half times the bare imports, in seconds.
_LEEWAY = 0.05


def test_a_tick_without_a_ledger_says_nothing_and_makes_none(make_shell: Any) -> None:
    shell = make_shell("http://127.0.0.1:9/v2")

    done = shell.run("tick")

    assert (done.returncode, done.stdout, done.stderr) == (0, "NO_REPLY\n", "")
    assert not Path(shell.env["TELNYX_TOOLKIT_HOME"]).exists()


def test_a_tick_with_nothing_to_do_needs_no_server_and_no_key(make_shell: Any) -> None:
    shell = make_shell("http://127.0.0.1:9/v2", TELNYX_API_KEY="")
    shell.here("list-missions")

    done = shell.run("tick")

    assert (done.returncode, done.stdout, done.stderr) == (0, "NO_REPLY\n", "")


def test_ticks_run_a_mission_and_say_each_change_on_a_line(shell: Shell) -> None:
    mission = shell.approved()

    status, out, err = shell.here("tick", "--for", "60s")

    lines = out.splitlines()
    assert (status, err) == (0, "")
    assert lines[0].startswith("Corporate catering quotes: started, with 3 to reach")
    assert lines[-1].startswith("Corporate catering quotes: done. Recommended: Chicago Grill Co")
    assert shell.json("mission-status", mission)["state"] == "succeeded"
    assert len(shell.rang()) == 3
    assert shell.here("tick") == (0, "NO_REPLY\n", "")


def test_a_sandbox_that_is_ahead_of_the_machine_is_asked_what_time_it_is(
    tmp_path: Path, sandbox_url: Callable[..., str]
) -> None:
    shell = Shell(tmp_path / "home", sandbox_url("--start", "2031-03-05T14:30:00Z"))
    brief = yaml.safe_load(CATERING.read_text(encoding="utf-8"))
    del brief["calling"]["finish_by"]
    path = tmp_path / "brief.yaml"
    path.write_text(yaml.safe_dump(brief), encoding="utf-8")
    mission = shell.approved(path)
    shell.here("tick")
    shell.post("/_sandbox/clock", {"advance_to": "2031-03-05T15:30:00Z"})

    shell.here("tick")

    assert shell.json("mission-status", mission)["attempts"]


def test_a_tick_in_json_says_the_same(shell: Shell) -> None:
    mission = shell.approved()

    document = shell.json("tick", "--for", "60s")

    assert document["missions"] == [mission]
    assert document["problem"] is None
    assert "done. Recommended" in document["lines"][-1]
    assert shell.json("tick")["lines"] == []


def test_what_run_mission_printed_no_tick_prints_again(shell: Shell) -> None:
    mission = shell.approved()
    shell.json("run-mission", mission)

    assert shell.here("tick") == (0, "NO_REPLY\n", "")


@pytest.mark.parametrize("at_once", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_ticks_at_once_call_everybody_once_and_tell_everything_once(
    shell: Shell, at_once: int
) -> None:
    mission = shell.approved()

    started = [shell.start("tick", "--for", "60s") for _ in range(at_once)]
    told = [process.communicate(timeout=60) for process in started]
    shell.run("tick", "--for", "60s")

    assert [err for _, err in told] == [""] * at_once
    assert len(shell.rang()) == 3
    assert shell.json("mission-status", mission)["state"] == "succeeded"
    lines = [line for out, _ in told for line in out.splitlines() if line != "NO_REPLY"]
    assert len(lines) == len(set(lines))


@pytest.mark.slow
def test_ticks_killed_at_any_moment_are_made_up_for_by_later_ones(shell: Shell) -> None:
    mission = shell.approved()
    database = Path(shell.env["TELNYX_TOOLKIT_HOME"]) / "ledger.db"
    for facts in range(12, 80, 6):
        process = shell.start("tick", "--for", "60s")
        while process.poll() is None and _facts(database) < facts:
            os.sched_yield()
        process.kill()
        process.communicate()

    for _ in range(3):
        shell.run("tick", "--for", "60s")

    assert shell.json("mission-status", mission)["state"] == "succeeded"
    assert len(shell.rang()) == 3


def _facts(database: Path) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        found = db.execute("SELECT count(*) FROM events").fetchone()[0]
    db.close()
    return found


@pytest.mark.slow
def test_an_idle_tick_costs_little_more_than_python_itself(
    make_shell: Callable[..., Shell],
) -> None:
    shell = make_shell("https://api.telnyx.com/v2")
    shell.run("list-missions")
    env = {k: v for k, v in shell.env.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def seconds(*command: str) -> float:
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, *command], env=env, cwd=ROOT, check=True, capture_output=True
        )
        return time.perf_counter() - began

    idle, bare = ("-m", "telnyx_toolkit", "tick"), ("-c", _BARE)
    seconds(*idle)
    pairs = [(seconds(*idle), seconds(*bare)) for _ in range(21)]

    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    sys.stdout.write(f"idle tick {ours * 1000:.0f} ms, bare imports {theirs * 1000:.0f} ms\n")
    assert ours <= 1.5 * theirs + _LEEWAY
