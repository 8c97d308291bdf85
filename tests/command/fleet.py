"""Missions on a Postgres, a sandbox with a number for each, and workers that come and go."""

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import yaml

from telnyx_toolkit.area_codes import TABLE
from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.ledger.postgres_schema import MIGRATIONS
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from tests.command.conftest import ROOT, Shell

Doc = dict[str, Any]
_OURS = ("646", "212", "718", "917")
#: Area codes of one zone, of one state each: enough for a number for everybody.
_AREAS = [
    code
    for row in TABLE.strip().splitlines()
    if row.startswith("US-") and "," not in row
    for code in row.rsplit("|", 1)[1].split()
    if code not in _OURS
]
#: What the next release adds to the tables.
_ADDITION = "ALTER TABLE progress ADD COLUMN newer BIGINT NOT NULL DEFAULT 0"
_OVER = {"succeeded", "failed", "cancelled"}


def options_of_sandbox(folder: Path) -> list[str]:
    """An account with a number for each mission, and only callees who answer at once."""
    people = folder / "callees"
    people.mkdir()
    shutil.copy(ROOT / "fixtures" / "callees" / "default.yaml", people)
    account = yaml.safe_load((ROOT / "fixtures" / "accounts" / "default.yaml").read_text("utf-8"))
    account["balance"] = {"balance": "9000.00", "available_credit": "9000.00"}
    numbers = [f"+1{area}55501{n:02d}" for area in _OURS for n in range(100)]
    account["numbers"] = [
        {"id": str(1293384261075740000 + n), "phone_number": phone, "status": "active"}
        for n, phone in enumerate(numbers)
    ]
    path = folder / "account.yaml"
    path.write_text(yaml.safe_dump(account), encoding="utf-8")
    return ["--account", str(path), "--callees", str(people)]


def next_release(folder: Path, *, bars_us: bool = False) -> Path:
    """A program like ours whose tables have one migration more.

    Args:
        folder: Where it is put.
        bars_us: Whether ours must not write into the tables once they are migrated.
    """
    for part in ("telnyx_toolkit", "prompts", "fixtures", "references"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    newest, ledger = MIGRATIONS[-1], folder / "telnyx_toolkit" / "ledger"
    to = newest.to + 1
    oldest = to if bars_us else newest.oldest
    with (ledger / "postgres_schema.py").open("a", encoding="utf-8") as file:
        file.write(f"MIGRATIONS += (Migration({to}, {oldest}, ({_ADDITION!r},)),)\n")
    path = ledger / "schema.py"
    known = path.read_text(encoding="utf-8")
    counts = "SCHEMA_VERSION = len(MIGRATIONS)"
    assert known.count(counts) == 1
    path.write_text(known.replace(counts, f"SCHEMA_VERSION = {to}"), encoding="utf-8")
    return folder


class Fleet:
    """Missions that some workers share.

    Args:
        folder: For their logs.
        place: Where the ledger is.
        url: The sandbox.
        level: The account's, as TELNYX_TOOLKIT_LEVEL has it.
    """

    def __init__(self, folder: Path, place: DatabaseUrl, url: str, level: str) -> None:
        self.folder, self.place, self.url = folder, place, url
        self.shell = Shell(folder, url, TELNYX_TOOLKIT_DATABASE_URL=place.reveal())
        self.shell.env["TELNYX_TOOLKIT_LEVEL"] = level
        self.toolkit = Toolkit(Settings.from_environment(self.shell.env))
        self.missions: list[str] = []
        self.workers: list[subprocess.Popen[str]] = []
        self._numbers = 0
        self._over = 0

    def add(self, missions: int, targets: int) -> None:
        """Missions, approved; every one of their targets has a number of its own."""
        for _ in range(missions):
            brief = {
                "name": f"Opening hours {len(self.missions)}",
                "goal": "When are they open on Saturday?",
                "on_behalf_of": "Dana Reyes",
                "strategy": "sweep",
                "targets": [self._target() for _ in range(targets)],
                "collect": {"open_until": {"type": "string", "required": True}},
                "limits": {"spend_usd": 90},
            }
            mission = self._do("create_mission", brief=brief)["mission_id"]
            plan = self._do("plan_steps", mission_id=mission)["plan_hash"]
            who = {"approved_by": "Dana", "words": "Yes, go ahead"}
            self._do("approve_plan", mission_id=mission, plan_hash=plan, **who)
            self.missions.append(mission)

    def _target(self) -> Doc:
        number, self._numbers = self._numbers, self._numbers + 1
        phone = f"+1{_AREAS[number // 100]}55501{number % 100:02d}"
        return {"name": f"Shop {number}", "phone": phone, "timezone": "America/Chicago"}

    def _do(self, tool: str, **arguments: Any) -> Doc:
        return TOOLS[tool](self.toolkit, arguments)

    def start(self, *arguments: str, program: Path = ROOT) -> "subprocess.Popen[str]":
        """One more worker, of our program or of another one."""
        number = len(self.workers)
        with (self.folder / f"worker-{number}.log").open("w", encoding="utf-8") as log:
            command = [sys.executable, "-m", "telnyx_toolkit", "worker", *arguments]
            logs = ["--log-format", "json", "--json"]
            worker = subprocess.Popen(
                [*command, *logs],
                env=self.shell.env,
                cwd=program,
                text=True,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.workers.append(worker)
        return worker

    def log(self, worker: "subprocess.Popen[str]") -> list[Doc]:
        path = self.folder / f"worker-{self.workers.index(worker)}.log"
        whole = path.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def left(self) -> bool:
        """Whether a mission is not over; those that are known to be are not looked at again."""
        while self.missions[self._over :]:
            if self.toolkit.state(self.missions[self._over]).phase not in _OVER:
                return True
            self._over += 1
        return False

    def until(self, done: Callable[[], bool], patience_s: float = 120) -> float:
        """Wait until it is so; how long that took, in seconds."""
        begun = time.monotonic()
        while not done():
            assert time.monotonic() - begun < patience_s, "it does not come to that"
            assert subprocess.run(["sleep", "0.1"], check=False).returncode == 0
        return time.monotonic() - begun

    def facts(self) -> int:
        return sum(self.toolkit.ledger.last_seq(mission) for mission in self.missions)

    def rang(self) -> list[Doc]:
        return httpx.get(f"{self.url}/_sandbox/calls", timeout=30).json()["data"]

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait(10)
            if worker.stdout:
                worker.stdout.close()
        self.toolkit.close()

    def require_all_is_well(self) -> None:
        """Every mission succeeded, and everybody's phone rang once and no more."""
        assert {self.toolkit.state(m).phase for m in self.missions} == {"succeeded"}
        assert set(Counter(call["to"] for call in self.rang()).values()) == {1}
        assert len(self.rang()) == self._numbers

    def most_at_once(self) -> int:
        """How many calls were under way at the busiest moment."""
        rang = [(call["dispatched_at"], call["ended_at"]) for call in self.rang()]
        return max(sum(begun <= at < ended for begun, ended in rang) for at, _ in rang)
