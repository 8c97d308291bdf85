"""With no network, every command that needs one says so within seconds, and loses nothing."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from telnyx_toolkit.cli.inputs import arguments_of
from telnyx_toolkit.cli.parser import parsed
from telnyx_toolkit.cli.sandbox import START, make_sandbox
from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.errors import NotReached
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.telnyx import in_process
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS

ROOT = Path(__file__).parents[2]
CATERING = ROOT / "fixtures" / "missions" / "catering.yaml"
WHO = "Lakefront Catering"
AT_MOST_S = 10
#: Answered from the ledger alone, or from a sandbox; whatever else there is talks to Telnyx.
LEDGER_ONLY = {
    "mission_status",
    "get_transcript",
    "list_missions",
    "do_not_call",
    "rehearse_mission",
}
LIVE = [name for name in TOOLS if name not in LEDGER_ONLY]
Doc = dict[str, Any]
App = Callable[[Any, Any], Any]


def _unplugged(_environ: Any, _start: Any) -> Any:
    raise httpx.ConnectError("nobody listens")


class Ledger:
    """A ledger whose missions live at an address where nobody listens any more."""

    def __init__(self, home: Path, base_url: str) -> None:
        self.home, self.base_url = home, base_url
        self.brief: Doc = yaml.safe_load(CATERING.read_text(encoding="utf-8"))
        self._clock = ManualClock(START)
        self.sandbox = make_sandbox(self._clock)

    def call(self, name: str, app: App | None = None, **arguments: Any) -> Doc:
        """Run one tool as if the sandbox were there, or with `app` in its place."""
        settings = Settings(self.base_url, self.home, ApiKey("example"))
        transport = in_process(app or self.sandbox)
        with closing(Toolkit(settings, clock=self._clock, transport=transport)) as toolkit:
            return TOOLS[name](toolkit, arguments)

    def created(self) -> str:
        return self.call("create_mission", brief=self.brief)["mission_id"]

    def planned(self) -> tuple[str, str]:
        mission = self.created()
        return mission, self.call("plan_steps", mission_id=mission)["plan_hash"]

    def approved(self) -> str:
        mission, plan_hash = self.planned()
        arguments: Doc = {"approved_by": "Dana", "words": "Yes, go ahead", "plan_hash": plan_hash}
        self.call("approve_plan", mission_id=mission, **arguments)
        return mission

    def until_they_open(self) -> None:
        """Time passes until calls are permitted."""
        self._clock.advance(40 * 60)

    def unheard(self) -> str:
        """A mission with a call whose answer got lost."""
        mission = self.approved()
        self._clock.advance(40 * 60)

        def deaf(environ: Any, start: Any) -> Any:
            answer = self.sandbox(environ, start)
            if environ["REQUEST_METHOD"] == "POST" and "scheduled" in environ["PATH_INFO"]:
                raise ConnectionResetError("the answer is lost")
            return answer

        self.call("schedule_call", deaf, mission_id=mission, target=WHO)
        return mission

    def ended(self) -> str:
        """A finished mission whose assistant was kept."""
        self.brief["keep"] = True
        mission = self.approved()
        self.call("run_mission", mission_id=mission)
        return mission

    def running(self) -> str:
        """A mission that has begun and waits for its hours."""
        mission = self.approved()
        self.call("run_mission", mission_id=mission, wait="5m")
        return mission

    def paused(self) -> str:
        """A mission that has begun and is paused."""
        mission = self.running()
        self.call("pause_mission", mission_id=mission, reason="lunch")
        return mission

    def recorded(self) -> str:
        """A finished mission that recorded its calls."""
        self.brief["record"] = True
        return self.ended()

    def texting(self) -> str:
        """An approved mission whose first target is reached by a text."""
        self.brief["strategy"] = "sweep"
        self.brief["targets"][0]["channel"] = "sms"
        return self.approved()

    def not_told(self, mission: str) -> str:
        """The mission, with a fact that Telnyx has not been told yet."""
        with suppress(NotReached):
            self.call("log_event", _unplugged, mission_id=mission, summary="Paid the deposit")
        return mission


def _approval(ledger: Ledger) -> list[str]:
    mission, plan_hash = ledger.planned()
    ledger.not_told(mission)  # the yes itself is for the ledger alone
    return [mission, "--plan-hash", plan_hash, "--approved-by", "Dana", "--words", "Yes"]


#: What each command is given, and the mission it needs to have something to ask Telnyx.
ARGUMENTS: dict[str, Callable[[Ledger], list[str]]] = {
    "check_account": lambda _: ["--brief", str(CATERING)],
    "create_mission": lambda _: ["--brief", str(CATERING)],
    "plan_steps": lambda ledger: [ledger.created()],
    "approve_plan": _approval,
    "run_mission": lambda ledger: [ledger.approved()],
    "summarize": lambda ledger: [ledger.not_told(ledger.ended())],
    "cancel_mission": lambda ledger: [ledger.approved(), "--reason", "plans changed"],
    "pause_mission": lambda ledger: [ledger.running(), "--reason", "lunch"],
    "resume_mission": lambda ledger: [ledger.paused()],
    "release_mission": lambda ledger: [ledger.ended()],
    "create_assistant": lambda ledger: [ledger.approved()],
    "assign_number": lambda ledger: [ledger.approved()],
    "schedule_call": lambda ledger: [ledger.approved(), "--target", WHO],
    "schedule_message": lambda ledger: [ledger.texting(), "--target", WHO],
    "get_recording": lambda ledger: [ledger.recorded(), "--target", WHO],
    "poll_call": lambda ledger: [ledger.unheard(), "--target", WHO],
    "log_event": lambda ledger: [ledger.planned()[0], "--summary", "Read three reviews"],
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with socket.socket() as held:  # bound, so that nobody takes the port; it never listens
        held.bind(("127.0.0.1", 0))
        yield Ledger(tmp_path / "home", f"http://127.0.0.1:{held.getsockname()[1]}/v2")


def _tells(status: int, out: str, err: str) -> None:
    assert status == 6, out + err
    error = json.loads(out)["error"]
    assert error["code"] == "not_reached"
    assert error["message"].endswith("(after 2 tries).")
    assert "network" in error["fix"]
    assert "Traceback" not in out + err


def test_every_tool_is_tried_or_answers_from_the_ledger() -> None:
    assert set(ARGUMENTS) | LEDGER_ONLY == set(TOOLS)


@pytest.mark.parametrize("name", LIVE)
def test_a_command_without_a_network_says_so_and_goes_on_when_it_is_back(
    make_shell: Any, ledger: Ledger, name: str
) -> None:
    command = [TOOLS[name].command, *ARGUMENTS[name](ledger), "--json"]
    started = time.monotonic()

    status, out, err = make_shell(ledger.base_url).here(*command)

    assert time.monotonic() - started < AT_MOST_S
    _tells(status, out, err)
    ledger.until_they_open()
    ledger.call(name, **arguments_of(TOOLS[name], parsed(command)))
    assert len(ledger.sandbox.world.missions) == (0 if name == "check_account" else 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", LIVE)
@pytest.mark.parametrize("as_json", [True, False])
def test_a_process_without_a_network_ends_within_seconds(
    make_shell: Any, ledger: Ledger, name: str, as_json: bool
) -> None:
    command = [TOOLS[name].command, *ARGUMENTS[name](ledger), *["--json"] * as_json]

    done = subprocess.run(
        [sys.executable, "-m", "telnyx_toolkit", *command],
        env={**os.environ, **make_shell(ledger.base_url).env},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=AT_MOST_S,
        check=False,
    )

    if as_json:
        _tells(done.returncode, done.stdout, done.stderr)
    else:
        assert done.returncode == 6, done.stderr
        assert "not_reached: " in done.stderr
        assert "\nfix: " in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["list_missions", "mission_status"])
def test_what_the_ledger_knows_needs_no_network(make_shell: Any, ledger: Ledger, name: str) -> None:
    given = [ledger.approved()] if name == "mission_status" else []

    status, out, err = make_shell(ledger.base_url).here(TOOLS[name].command, *given, "--json")

    assert status == 0, err
    assert json.loads(out)
