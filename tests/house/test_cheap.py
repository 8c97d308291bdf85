"""What is asked often is cheap: each command loads what it needs, and a bounded number of ours."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from telnyx_toolkit.cli.commands import COMMANDS
from tests.bench.stage import ended, under_way

ROOT = Path(__file__).parents[2]
#: Never loaded to help, to look, or to find out that nothing is due.
HEAVY = frozenset(
    {
        *("anyio", "asyncio", "babel", "click", "dateutil", "email", "filelock", "flask", "h11"),
        *("hashlib", "holidays", "http", "httpcore", "httpx", "jinja2", "logging", "mcp"),
        *("multiprocessing", "opentelemetry", "phonenumbers", "procrastinate", "psycopg"),
        *("pydantic", "pydantic_core", "rich", "secrets", "socket", "ssl", "subprocess"),
        *("tempfile", "tenacity", "tomllib", "trio", "urllib.request", "uuid", "waitress"),
        *("werkzeug", "yaml", "zoneinfo"),
    }
)
#: What a round of a mission may load of it, and what it never needs to talk to Telnyx.
OF_A_ROUND = frozenset(
    {
        *("anyio", "email", "h11", "hashlib", "http", "httpcore", "httpx", "logging"),
        *("pydantic", "pydantic_core", "secrets", "socket", "ssl", "subprocess"),
        *("tempfile", "tenacity", "urllib.request", "uuid", "zoneinfo"),
    }
)
#: So many modules of ours at most: one more is a decision, and not a slip.
LOADED = {"--help": 8, "--version": 7, "tick": 34, "list-missions": 50, "mission-status": 50}
MOST_OF_A_ROUND = 155
_PROBE = """
import json, sys
from telnyx_toolkit.__main__ import start
try:
    status = start()
except SystemExit as stop:
    status = stop.code
loaded = [name for name, module in sys.modules.items() if module is not None]
sys.stderr.write("\\n" + json.dumps({"status": status, "modules": loaded}))
"""


def loaded(home: Path, *command: str, url: str = "") -> set[str]:
    """What a process has loaded once it has run a command."""
    env = {"TELNYX_TOOLKIT_HOME": str(home), "TELNYX_API_KEY": "example"}
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, *command],
        env={**env, "TELNYX_BASE_URL": url} if url else env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told = json.loads(done.stderr.splitlines()[-1])
    assert not told["status"], done.stderr
    return set(told["modules"])


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "telnyx_toolkit"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A ledger with a finished mission and one that waits for long, and the first one's id."""
    folder = tmp_path_factory.mktemp("cheap")
    return folder, ended(folder)


@pytest.mark.parametrize("command", LOADED)
def test_what_is_asked_often_loads_nothing_heavy_and_little_of_ours(
    home: tuple[Path, str], command: str
) -> None:
    folder, mission = home
    more = [mission] if command == "mission-status" else []

    modules = loaded(folder, command, *more)

    assert modules & HEAVY == set()
    assert len(ours(modules)) <= LOADED[command], sorted(ours(modules))


def test_in_json_nothing_more_is_loaded(home: tuple[Path, str]) -> None:
    folder, mission = home
    words = ["get-transcript", mission, "--target", "call-1"]

    for command in (["list-missions"], ["mission-status", mission], words):
        assert loaded(folder, *command, "--json") & HEAVY == set()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_help_of_a_command_loads_nothing_of_what_the_command_needs(
    tmp_path: Path, command: str
) -> None:
    modules = loaded(tmp_path, command, "--help")

    assert modules & HEAVY - {"subprocess"} == set()
    assert {name for name in modules if name.startswith("telnyx_toolkit.engine")} == set()


def test_a_round_of_a_mission_loads_no_reader_of_speech_and_no_templates(tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9/v2"
    under_way(tmp_path, nobody)

    modules = loaded(tmp_path, "tick", url=nobody)

    assert "httpx" in modules
    assert modules & HEAVY <= OF_A_ROUND
    for part in ("bearing", "heard", "summary", "forecast", "rate_file", "notify", "simulator"):
        assert f"telnyx_toolkit.{part}" not in modules
    assert len(ours(modules)) <= MOST_OF_A_ROUND


def test_what_is_heavy_would_be_noticed(tmp_path: Path) -> None:
    modules = loaded(tmp_path, "do-not-call", "list")

    assert "rich" in modules & HEAVY
    assert len(ours(modules)) > LOADED["list-missions"]
