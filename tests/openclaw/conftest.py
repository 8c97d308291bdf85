"""The real OpenClaw, a scripted model, and our sandbox: all on this machine."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.openclaw.clients import ROOT, OpenClaw
from tests.openclaw.installed import CLIENTS

Doc = dict[str, Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All the tests of this folder need the clients, but those of the installation itself."""
    reason = CLIENTS.why_not()
    for item in items:
        if reason and item.get_closest_marker("openclaw"):
            item.add_marker(pytest.mark.skip(reason=reason))


class Telnyx:
    """The sandbox in a process of its own, and what happened there."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        self.process = process
        self.url = found[0]

    def rang(self) -> list[Doc]:
        """Every call that was placed, in order."""
        return httpx.get(f"{self.url}/_sandbox/calls", timeout=10).json()["data"]


@pytest.fixture
def telnyx() -> Iterator[Telnyx]:
    command = [sys.executable, "-m", "telnyx_toolkit", "sandbox", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)
    yield Telnyx(process)
    process.terminate()
    process.wait(timeout=10)
    if process.stdout:
        process.stdout.close()


@pytest.fixture
def make_openclaw(tmp_path: Path) -> Callable[..., OpenClaw]:
    def make(
        telnyx_url: str = "http://127.0.0.1:9/v2", model_url: str = "", skill: bool = True
    ) -> OpenClaw:
        account = {
            "TELNYX_API_KEY": "example",
            "TELNYX_BASE_URL": telnyx_url,
            "TELNYX_TOOLKIT_HOME": str(tmp_path / "ledger"),
        }
        openclaw = OpenClaw(tmp_path / "openclaw", account, model_url)
        if skill:
            openclaw.install_skill()
        return openclaw

    return make


@pytest.fixture
def brief_document(brief: str) -> Doc:
    """The brief as an agent gives it to a tool: JSON, which knows no dates."""
    return json.loads(json.dumps(yaml.safe_load(brief), default=str))


@pytest.fixture
def brief() -> str:
    return (ROOT / "fixtures" / "missions" / "catering.yaml").read_text(encoding="utf-8")
