"""A stage on which missions are killed at named points: real processes, a real server, one home each."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

HERE = Path(__file__).parent
RUNNER = HERE / "runner.py"
Doc = dict[str, Any]
_KILLED = -9
#: What differs between two runs that came to the same: ids, times, and how often a call that never
#: left was decided anew.
_OWN = {"conversation_id", "attempts", "updated_at"}
_TRIED = "points tried"


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
        integrity: What SQLite says of the ledger.
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
    integrity: str

    @property
    def payload(self) -> Any:
        """The result without ids and times."""
        return _same(self.result["result_payload"])

    @property
    def turns(self) -> list[tuple[str, str | None]]:
        """How the log tells of the run's and the steps' turns, each once."""
        kinds = {"status_change", "step_started", "step_completed", "step_failed", "custom"}
        return [(line["type"], line["step_id"]) for line in self.log if line["type"] in kinds]


@dataclass
class Stage:
    """Asks the template process for sandboxes and runs."""

    template: "subprocess.Popen[str]"
    scratch: Path
    _shows: int = field(default=0)

    def __post_init__(self) -> None:
        self.undisturbed = cache(self.play)

    def play(self, mission: str, *deaths: str) -> Ending:
        """Run a mission to its end on a fresh sandbox and home, killed before at each of `deaths`."""
        self._shows += 1
        place = self.scratch / str(self._shows)
        place.mkdir()
        with self._sandbox() as url:
            exits = [
                self._ask("run", mission=mission, die_at=die_at, life=life, **_where(place, url))
                for life, die_at in enumerate([*deaths, ""], start=1)
            ]
            assert exits.pop() == {"exit": 0}, f"{mission} does not end after {deaths}"
            return _ending(place, url, [told["exit"] for told in exits])

    @contextmanager
    def _sandbox(self) -> Iterator[str]:
        started = self._ask("start")
        yield started["url"]
        self._ask("stop", pid=started["pid"])

    def _ask(self, do: str, **what: Any) -> Doc:
        assert self.template.stdin
        assert self.template.stdout
        self.template.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self.template.stdin.flush()
        return json.loads(self.template.stdout.readline())


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One template process for each worker."""
    command = [sys.executable, str(RUNNER), "--template"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as template:
        yield Stage(template, tmp_path_factory.mktemp("crash"))


def _where(place: Path, url: str) -> dict[str, str]:
    return {"url": url, "home": str(place / "home"), "out": str(place / "out.json")}


def _ending(place: Path, url: str, deaths: list[int]) -> Ending:
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
            integrity=_integrity(place / "home" / "ledger.db"),
        )


def _is_dial(request: Doc) -> bool:
    taken = request["method"] == "POST" and request["status"] < 300
    return taken and request["path"].endswith("/scheduled_events")


def _integrity(ledger: Path) -> str:
    with closing(sqlite3.connect(ledger)) as db:
        return db.execute("PRAGMA integrity_check").fetchone()[0]


def _same(document: Any) -> Any:
    """Without what is each run's own."""
    if isinstance(document, dict):
        return {k: _same(v) for k, v in document.items() if k not in _OWN}  # pyright: ignore
    return [_same(part) for part in document] if isinstance(document, list) else document  # pyright: ignore
