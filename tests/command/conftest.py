"""A sandbox over HTTP on this machine, and the real command in processes of its own."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import httpx
import pytest

from telnyx_toolkit.cli import main
from telnyx_toolkit.tools import TOOLS
from tests.results import held

ROOT = Path(__file__).parents[2]
CATERING = ROOT / "fixtures" / "missions" / "catering.yaml"
Doc = dict[str, Any]


class Shell:
    """Runs the command with a home, a key and a server of its own."""

    def __init__(self, home: Path, base_url: str, **env: str) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TELNYX_")}
        self.env = {
            **kept,
            "TELNYX_TOOLKIT_HOME": str(home),
            "TELNYX_BASE_URL": base_url,
            "TELNYX_API_KEY": "example",
            **env,
        }
        self.base_url = base_url

    def start(self, *args: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "telnyx_toolkit", *args],
            env=self.env,
            cwd=ROOT,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *args: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "telnyx_toolkit", *args],
            env=self.env,
            cwd=ROOT,
            text=True,
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
        )

    def here(self, *args: str) -> tuple[int, str, str]:
        """As `run`, within this process: the exit status, standard output and error."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            for name in [n for n in os.environ if n.startswith("TELNYX_")]:
                patch.delenv(name)
            for name, value in self.env.items():
                patch.setenv(name, value)
            with redirect_stdout(out), redirect_stderr(err):
                status = main(args)
        return status, out.getvalue(), err.getvalue()

    def json(self, *args: str) -> Doc:
        status, out, err = self.here(*args, "--json")
        assert status == 0, err
        return _held(args[0], json.loads(out))

    def approved(self, brief: Path = CATERING) -> str:
        mission = self.json("create-mission", "--brief", str(brief))["mission_id"]
        plan_hash = self.json("plan-steps", mission)["plan_hash"]
        self.json(
            "approve-plan",
            mission,
            "--plan-hash",
            plan_hash,
            "--approved-by",
            "Dana",
            "--words",
            "Yes, go ahead: $62 or less!",
        )
        return mission

    def ask(self, path: str) -> Any:
        key = {"Authorization": "Bearer example"}
        return httpx.get(f"{self.base_url}{path}", headers=key, timeout=10).json()

    def post(self, path: str, body: Doc) -> Any:
        return httpx.post(f"{self.base_url}{path}", json=body, timeout=10).json()

    def rang(self) -> list[Doc]:
        return self.ask("/_sandbox/calls")["data"]


def _held(command: str, document: Doc) -> Doc:
    """What a tool said, once it fits the tool's schema."""
    tool = TOOLS.get(command.replace("-", "_"))
    return held(tool, document) if tool else document


@pytest.fixture
def sandbox_url() -> Iterator[Callable[..., str]]:
    """Starts `telnyx-toolkit sandbox` and gives its base URL."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str) -> str:
        command = [sys.executable, "-m", "telnyx_toolkit", "sandbox", "--port", "0", *options]
        process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        return found[0]

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout:
            process.stdout.close()


@pytest.fixture
def shell(tmp_path: Path, sandbox_url: Callable[..., str]) -> Shell:
    return Shell(tmp_path / "home", sandbox_url())


@pytest.fixture
def make_shell(tmp_path: Path) -> Callable[..., Shell]:
    def make(base_url: str, **env: str) -> Shell:
        return Shell(tmp_path / "home", base_url, **env)

    return make
