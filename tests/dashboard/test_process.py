"""The real command, as a process of its own beside others."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command.conftest import Shell
from tests.dashboard.conftest import Browser

_WITHOUT = """
import sys
sys.modules["flask"] = None
from telnyx_toolkit.cli import main
sys.exit(main(["serve", "--port", "0"]))
"""
_LOADED = """
import sys
from telnyx_toolkit.cli import main
assert main(["list-missions", "--json"]) == 0
sys.exit(",".join(name for name in ("flask", "waitress", "werkzeug") if name in sys.modules))
"""
Start = Callable[..., "tuple[subprocess.Popen[str], Browser]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `serve` and opens the address that it prints."""
    started: list[tuple[subprocess.Popen[str], Browser]] = []

    def run(shell: Shell, *options: str) -> "tuple[subprocess.Popen[str], Browser]":
        process = shell.start("serve", "--port", "0", "--json", *options)
        assert process.stdout
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        browser = Browser(json.loads(line)["url"])
        browser.enter()
        started.append((process, browser))
        return process, browser

    yield run
    for process, browser in started:
        browser.client.close()
        process.kill()
        process.communicate()


@pytest.fixture
def lonely(tmp_path: Path) -> Shell:
    """A shell whose Telnyx nobody answers for."""
    return Shell(tmp_path / "home", "http://127.0.0.1:9/v2")


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_with_success(lonely: Shell, start: Start, end: signal.Signals) -> None:
    process, browser = start(lonely)
    assert browser.get("/live.js").status_code == 200

    process.send_signal(end)
    out, err = process.communicate(timeout=20)

    assert process.returncode == 0
    assert out == ""
    assert err.strip() == "The dashboard has stopped. Missions go on without it."


def test_it_says_where_it_is_and_what_the_address_is_worth(lonely: Shell) -> None:
    process = lonely.start("serve", "--port", "0")
    assert process.stdout

    lines = [process.stdout.readline() for _ in range(2)]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)

    assert lines[0].startswith("Dashboard: http://127.0.0.1:")
    assert "/?token=" in lines[0]
    assert "approve" in lines[1]


def test_nothing_of_a_request_is_written_anywhere(lonely: Shell, start: Start) -> None:
    process, browser = start(lonely)
    for path in ("/", "/live.js", "/nowhere", "/missions/x"):
        browser.get(path)
    browser.client.get("/", params={"token": "x"})

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)

    assert browser.server_token not in out + err
    assert err.strip() == "The dashboard has stopped. Missions go on without it."


@pytest.mark.parametrize("host", ["192.0.2.1", "example.com", "0.0.0.0", "::"])  # noqa: S104
def test_an_address_that_others_reach_is_refused(lonely: Shell, host: str) -> None:
    status, _, err = lonely.here("serve", "--port", "0", "--host", host)

    assert status == 2
    assert "ssh -L" in err
    assert "--any-host" in err


def test_an_address_that_others_reach_comes_with_a_warning(lonely: Shell, start: Start) -> None:
    process, browser = start(lonely, "--host", "0.0.0.0", "--any-host")  # noqa: S104

    assert browser.origin.startswith("http://127.0.0.1:")
    assert browser.get("/live.js").status_code == 200
    assert browser.get("/live.js", Host="192.0.2.1:8788").status_code == 200
    assert browser.get("/live.js", Host="rebound.example.com").status_code == 403
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert "Warning: others on the network can reach this dashboard" in err


def test_a_browser_that_is_opened_is_given_an_address_that_is_good_once(
    tmp_path: Path, start: Start
) -> None:
    given, opener = tmp_path / "given", tmp_path / "opener.py"
    opener.write_text(f"import pathlib, sys; pathlib.Path({str(given)!r}).write_text(sys.argv[1])")
    browser_command = f"{sys.executable} {opener} %s"
    shell = Shell(tmp_path / "home", "http://127.0.0.1:9/v2", BROWSER=browser_command)

    _, browser = start(shell, "--open")

    browser.get("/live.js")  # it serves, so the browser was opened
    once = given.read_text()
    assert once.startswith(browser.origin)
    assert once != browser.url
    assert [browser.client.get(once).status_code for _ in range(2)] == [303, 403]


def test_a_port_that_is_taken_is_refused(lonely: Shell, start: Start) -> None:
    _, browser = start(lonely)
    port = browser.origin.rpartition(":")[2]

    status, _, err = lonely.here("serve", "--port", port)

    assert status == 2
    assert "--port" in err


def test_without_its_library_the_command_says_how_to_get_it(lonely: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT],
        env=lonely.env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 3
    assert done.stderr.startswith("dashboard_not_installed: The dashboard needs a library")
    assert "fix: Install" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_other_command_loads_the_library(lonely: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], env=lonely.env, capture_output=True, check=False
    )

    assert done.stderr == b"\n"


def test_what_another_process_does_shows_while_it_does_it(shell: Shell, start: Start) -> None:
    mission = shell.approved()
    _, browser = start(shell)
    path = f"/missions/{mission}"
    assert "approved" in browser.text(path)

    seen: list[str] = []
    runner = shell.start("run-mission", mission)
    while not _has_ended(runner, within_s=0.1):
        seen.append(_live(browser, path))
    runner.communicate()

    assert runner.returncode == 0
    assert len(set(seen)) > 5
    assert any("Run now by" in page for page in seen)
    final = _live(browser, path)
    assert 'data-whole="report"' in final
    assert "Chicago Grill Co" in final
    assert "succeeded" in browser.text("/")


def test_a_yes_in_the_dashboard_lets_the_command_begin(shell: Shell, start: Start) -> None:
    brief = str(Path(__file__).parents[2] / "fixtures" / "missions" / "catering.yaml")
    plan: dict[str, Any] = shell.json("plan-steps", "--brief", brief)
    mission = plan["mission_id"]
    _, browser = start(shell)

    answer = browser.ask_for("approve", mission, approved_by="Dana", words="Yes, go ahead")

    assert answer.status_code == 303
    assert shell.json("mission-status", mission)["state"] == "approved"
    assert shell.rang() == []
    assert browser.ask_for("cancel", mission, reason="Off").status_code == 303
    assert shell.json("mission-status", mission)["state"] == "cancelled"


def _has_ended(process: "subprocess.Popen[str]", within_s: float) -> bool:
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def _live(browser: Browser, path: str) -> str:
    """What the page's script would put in place of what is shown."""
    return browser.see(path).partition('<div id="live"')[2].partition("</main>")[0]
