"""Several hosts with one ledger in Postgres: killed, or standing still, they call once."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.clock import ManualClock, SystemClock
from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from tests.command.conftest import ROOT, Shell
from tests.postgres import run

pytestmark = pytest.mark.postgres

OTHERS = ["+13125550120", "+13125550121", "+13125550122"]
CALLED = ["+13125550101", "+13125550102", "+13125550103"]
RUNNER = ROOT / "tests" / "command" / "crash" / "runner.py"
#: About as long as a whole run takes, in seconds.
LONGEST = 1.6
MOST_KILLS = 12


@pytest.fixture
def hosts(
    tmp_path: Path, sandbox_url: Callable[..., str], postgres: DatabaseUrl
) -> Callable[[int], list[Shell]]:
    """Each with a home of its own; they share the database, and Telnyx."""
    url = sandbox_url()
    where = {"TELNYX_TOOLKIT_DATABASE_URL": postgres.reveal()}
    return lambda many: [Shell(tmp_path / f"home-{n}", url, **where) for n in range(many)]


def _killed_at_random(shells: list[Shell], mission: str, dice: random.Random) -> int:
    """All run the mission, and one after another is killed and started again; how often."""
    running = [shell.start("run-mission", mission) for shell in shells]
    kills = 0
    while kills < MOST_KILLS:
        chosen = dice.randrange(len(shells))
        try:
            running[chosen].communicate(timeout=dice.uniform(0.1, LONGEST))
            break  # it is over, and those that watched see that
        except subprocess.TimeoutExpired:
            running[chosen].kill()
            running[chosen].communicate()
        running[chosen] = shells[chosen].start("run-mission", mission)
        kills += 1
    for process in running:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    return kills


@pytest.mark.parametrize(("many", "seed"), [(2, 1), (2, 2), (3, 3), (3, 4)])
def test_hosts_that_are_killed_at_random_make_exactly_three_calls(
    hosts: Callable[[int], list[Shell]], many: int, seed: int, record_property: Any
) -> None:
    shells = hosts(many)
    mission = shells[0].approved()

    record_property("kills", _killed_at_random(shells, mission, random.Random(seed)))

    shell = shells[-1]
    payload = shell.json("summarize", mission)["result_payload"]
    assert [call["to"] for call in shell.rang()] == CALLED
    assert [row["offer"]["amount"] for row in payload["targets"]] == [65, 62, 65]
    assert shell.ask("/ai/assistants")["data"] == []
    status = shell.json("mission-status", mission)
    path = f"/ai/missions/{status['telnyx_mission_id']}/runs/{status['run_id']}"
    assert shell.ask(path)["data"]["status"] == "succeeded"
    assert {step["status"] for step in shell.ask(f"{path}/plan")["data"]} == {"completed"}
    lines = shell.ask(f"{path}/events?page[size]=1000")["data"]
    keys = [line["idempotency_key"] for line in lines]
    assert len(keys) == len(set(keys))
    assert shell.json("ledger", "check")["ok"]


def test_ticks_of_three_hosts_carry_out_missions_once(
    hosts: Callable[[int], list[Shell]], tmp_path: Path
) -> None:
    shells = hosts(3)
    missions = [shells[0].approved(_survey(tmp_path, n)) for n in range(3)]
    states = set[str]()
    for _ in range(20):
        ticks = [shell.start("tick", "--for", "20m", "--json") for shell in shells]
        told = [tick.communicate(timeout=120) for tick in ticks]
        assert {tick.returncode for tick in ticks} == {0}, told
        states = {shells[0].json("mission-status", mission)["state"] for mission in missions}
        if states == {"succeeded"}:
            break

    assert states == {"succeeded"}
    rang = [call["to"] for call in shells[0].rang()]
    assert sorted(rang) == sorted(OTHERS)


def _survey(folder: Path, number: int) -> Path:
    phone = OTHERS[number]
    brief = {
        "name": f"Opening hours {number}",
        "goal": "When are they open on Saturday?",
        "on_behalf_of": "Dana Reyes",
        "strategy": "sweep",
        "targets": [{"name": "Hardware", "phone": phone, "timezone": "America/Chicago"}],
        "collect": {"open_until": {"type": "string", "required": True}},
    }
    path = folder / f"survey-{number}.json"
    path.write_text(json.dumps(brief), encoding="utf-8")
    return path


@pytest.fixture
def stopped(
    hosts: Callable[[int], list[Shell]],
) -> Iterator[Callable[[str], tuple["subprocess.Popen[str]", Shell]]]:
    """A host that runs the catering mission and stands still at a point."""
    started: list[subprocess.Popen[str]] = []

    def start(point: str) -> tuple["subprocess.Popen[str]", Shell]:
        (shell,) = hosts(1)
        process = subprocess.Popen(
            [sys.executable, str(RUNNER), "run", f"stop {point}"],
            env=shell.env,
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        return process, shell

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    "point",
    [
        "after append attempt.requested #1",
        "before append attempt.sent #2",
        "before append attempt.collected #2",
        "before append effect.requested #6",
        "before append effect.executed #7",
    ],
)
def test_f34_a_host_that_stood_still_past_its_lease_sends_nothing_when_it_wakes(
    stopped: Callable[[str], tuple["subprocess.Popen[str]", Shell]],
    postgres: DatabaseUrl,
    point: str,
) -> None:
    """A request that was on its way when the host stopped is held back by its own deadline."""
    process, shell = stopped(point)
    ((mission,),) = run(postgres.reveal(), "SELECT mission_id FROM telnyx_toolkit.leases")
    settings = Settings.from_environment(shell.env)
    later = ManualClock(SystemClock().now() + timedelta(minutes=6))
    with closing(Toolkit(settings, wall=later)) as other:
        assert TOOLS["run_mission"](other, {"mission_id": mission})["state"] == "succeeded"
    before = shell.ask("/_sandbox/requests")["data"]

    process.send_signal(signal.SIGCONT)
    process.communicate(timeout=60)

    after = shell.ask("/_sandbox/requests")["data"][len(before) :]
    changes = [request for request in after if request["method"] != "GET"]
    assert [r for r in changes if not r["path"].startswith("/_sandbox")] == []
    assert [call["to"] for call in shell.rang()] == CALLED
    with closing(Ledger(postgres)) as ledger:
        assert ledger.leases.of(mission) is None
