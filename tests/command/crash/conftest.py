"""A stage on which missions are killed at named points: real processes, a server, a home each."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.ledger import Place
from telnyx_toolkit.ledger.check import check
from tests.run_log import facts

RUNNER = Path(__file__).parent / "runner.py"
Doc = dict[str, Any]
#: What differs between two runs that came to the same: ids, times, and how often a call that never
#: left was decided anew.
_OWN = {"conversation_id", "attempt_id", "attempts", "updated_at"}
TRIED = "points tried"


@dataclass(frozen=True)
class Ending:
    """What there is when a mission is over.

    Attributes:
        result: What `summarize` gave at last.
        passed: The points that the last life passed.
        deaths: How the earlier lives ended, as exit statuses.
        rang: Whom the sandbox really called, in order.
        placed: How many calls and texts the sandbox was asked for, and took.
        run: The run at Telnyx.
        steps: Its steps' statuses.
        log: Its events, oldest first.
        numbers: The account's numbers with all their settings.
        made: What is left at Telnyx of what a mission makes.
        problems: What is wrong with the ledger.
    """

    result: Doc
    passed: list[str]
    deaths: list[int]
    rang: list[str]
    placed: int
    run: Doc
    steps: dict[str, str]
    log: list[Doc]
    numbers: list[Doc]
    made: list[str]
    problems: list[Doc]

    @property
    def payload(self) -> Any:
        """The result without ids and times."""
        return _same(self.result["result_payload"])

    @property
    def turns(self) -> list[tuple[str, str | None]]:
        """How the log tells of the run's and the steps' turns, each once."""
        kinds = {"status_change", "step_started", "step_completed", "step_failed", "custom"}
        return [
            (fact["type"], fact["step_id"]) for fact in facts(self.log) if fact["type"] in kinds
        ]


@dataclass
class Stage:
    """Asks the template process for sandboxes and runs.

    Attributes:
        server: The Postgres that has the ledgers; None where each home has its own.
        undisturbed: As `play`, of a mission that nobody kills; each once.
    """

    template: "subprocess.Popen[str]"
    scratch: Path
    server: Any = None
    _shows: int = field(default=0)

    def __post_init__(self) -> None:
        self.undisturbed = cache(self.play)

    def play(self, mission: str, *deaths: str) -> Ending:
        """Run a mission to its end on a fresh sandbox and home, killed before at each of `deaths`.

        A death is the name of a point, or a rule for `strace -e inject=`.
        """
        with self._place() as place, self._sandbox() as url, self._database() as database:
            exits = [
                self._live(place, url, mission, die_at, life, database)
                for life, die_at in enumerate([*deaths, ""], start=1)
            ]
            assert exits.pop() == 0, f"{mission} does not end after {deaths}"
            return _ending(place, url, exits, database or place / "home")

    def count(self, mission: str, call: str) -> int:
        """How often an undisturbed mission makes a system call."""
        with self._place() as place, self._sandbox() as url:
            listed = place / "calls.txt"
            _traced(place, url, mission, "-o", str(listed), "-e", f"trace={call}")
            return sum(line.startswith(f"{call}(") for line in listed.read_text().splitlines())

    def _live(
        self,
        place: Path,
        url: str,
        mission: str,
        die_at: str,
        life: int,
        database: DatabaseUrl | None,
    ) -> int:
        if ":signal=" in die_at:
            call = die_at.partition(":")[0]
            rule = ("-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={die_at}")
            return _traced(place, url, mission, *rule)
        where = {"url": url, "home": str(place / "home"), "out": str(place / "out.json")}
        where["database"] = database.reveal() if database else ""
        return self._ask("run", mission=mission, die_at=die_at, life=life, **where)["exit"]

    @contextmanager
    def _place(self) -> Generator[Path]:
        self._shows += 1
        place = self.scratch / str(self._shows)
        place.mkdir()
        yield place
        shutil.rmtree(place)  # kept when something is wrong

    @contextmanager
    def _database(self) -> Generator[DatabaseUrl | None]:
        database = self.server and self.server.fresh()
        yield database
        if database:
            self.server.drop(database)

    @contextmanager
    def _sandbox(self) -> Generator[str]:
        started = self._ask("start")
        yield started["url"]
        self._ask("stop", pid=started["pid"])

    def _ask(self, do: str, **what: Any) -> Doc:
        assert self.template.stdin
        assert self.template.stdout
        self.template.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self.template.stdin.flush()
        answer = self.template.stdout.readline()
        assert answer, "the template process has died: run runner.py to see why"
        return json.loads(answer)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-point", action="store_true", help="Kill at points that are the same moment, too."
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.stats.get(kind, ())]
    tried = [n for report in reports for name, n in report.user_properties if name == TRIED]
    terminalreporter.write_line(f"Killed at {sum(tried)} points.")


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One template process for each worker."""
    command = [sys.executable, str(RUNNER), "--template"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as template:
        yield Stage(template, tmp_path_factory.mktemp("crash"))


@pytest.fixture(scope="session")
def stage_on_postgres(stage: Stage, postgres_server: Any) -> Stage:
    """The same, with ledgers in a database."""
    return replace(stage, server=postgres_server)


def _traced(place: Path, url: str, mission: str, *options: str) -> int:
    """Run a mission under strace; its exit status."""
    home = {"TELNYX_TOOLKIT_HOME": str(place / "home"), "TELNYX_API_KEY": "example"}
    return subprocess.run(
        ["strace", "-qq", *options, sys.executable, str(RUNNER), mission],
        env={**os.environ, **home, "TELNYX_BASE_URL": url},
        stdout=subprocess.DEVNULL,
        timeout=120,
        check=False,
    ).returncode


def _ending(place: Path, url: str, deaths: list[int], ledger: Place) -> Ending:
    told = json.loads((place / "out.json").read_text(encoding="utf-8"))
    headers = {"Authorization": "Bearer example"}
    with httpx.Client(base_url=url, headers=headers, trust_env=False) as client:

        def rows(path: str) -> Any:
            return client.get(path).json()["data"]

        (mission,) = rows("/ai/missions")
        (run,) = rows(f"/ai/missions/{mission['mission_id']}/runs")
        path = f"/ai/missions/{mission['mission_id']}/runs/{run['run_id']}"
        asked = rows("/_sandbox/requests")
        return Ending(
            result=told["result"],
            passed=told["passed"],
            deaths=deaths,
            rang=[call["to"] for call in rows("/_sandbox/calls")],
            placed=sum(_is_dial(request) for request in asked),
            run=rows(path),
            steps={step["step_id"]: step["status"] for step in rows(f"{path}/plan")},
            log=rows(f"{path}/events?page[size]=1000")[::-1],
            numbers=_same(rows("/phone_numbers?page[size]=250")),
            made=[
                *(row["name"] for row in rows("/ai/assistants")),
                *(row["friendly_name"] for row in rows("/texml_applications")),
                *(row["name"] for row in rows("/ai/conversations/insight-groups")),
                *(
                    row["name"]
                    for row in rows("/ai/conversations/insights")
                    if row["insight_type"] != "default"
                ),
            ],
            problems=check(ledger)["problems"],
        )


def _is_dial(request: Doc) -> bool:
    taken = request["method"] == "POST" and request["status"] < 300
    return taken and request["path"].endswith("/scheduled_events")


def _same(document: Any) -> Any:
    """Without what is each run's own."""
    if isinstance(document, dict):
        return {k: _same(v) for k, v in document.items() if k not in _OWN}  # pyright: ignore
    return [_same(part) for part in document] if isinstance(document, list) else document  # pyright: ignore
