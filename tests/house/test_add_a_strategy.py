"""docs/howto/add-a-strategy.md, carried out on a copy of the package: two files, one mission."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "howto" / "add-a-strategy.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_RUN = """
import json, sys
from pathlib import Path
from telnyx_toolkit.cli.sandbox import START, make_sandbox
from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.telnyx import in_process
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS

clock = ManualClock(START)
sandbox = make_sandbox(clock)
settings = Settings("http://127.0.0.1/v2", Path("home").resolve(), ApiKey("example"))
toolkit = Toolkit(settings, clock=clock, transport=in_process(sandbox))
plan = TOOLS["plan_steps"](toolkit, {"brief": json.load(sys.stdin)})
yes = {"plan_hash": plan["plan_hash"], "approved_by": "Dana", "words": "Yes."}
ran = TOOLS["run_mission"](toolkit, {"mission_id": plan["mission_id"], **yes})
steps = {step.step_id: step.status for step in toolkit.state(plan["mission_id"]).steps}
toolkit.close()
json.dump({"state": ran["state"], "steps": steps, "payload": ran["result_payload"]}, sys.stdout)
"""


def _blocks() -> tuple[str, str, dict[str, Any]]:
    """The new module, the change of kinds.py, and the brief."""
    found = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert [language for language, _ in found] == ["python", "diff", "yaml"]
    (_, module), (_, change), (_, brief) = found
    return module, change, yaml.safe_load(brief)


def _applied(change: str, text: str) -> str:
    """The text with the change; its first line says where."""
    context, added = change.splitlines(keepends=True)
    assert (context[0], added[0]) == (" ", "+")
    assert text.count(context[1:]) == 1
    return text.replace(context[1:], context[1:] + added[1:])


def _files(folder: Path) -> dict[str, str]:
    paths = (folder / "telnyx_toolkit").rglob("*.py")
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in paths}


@pytest.mark.slow
def test_the_page_adds_a_strategy_in_two_files_and_its_mission_runs(tmp_path: Path) -> None:
    module, change, brief = _blocks()
    for name in ("telnyx_toolkit", "prompts", "fixtures"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    place = module.splitlines()[0].removeprefix("# ")
    (tmp_path / place).write_text(module, encoding="utf-8")
    kinds = tmp_path / "telnyx_toolkit" / "kinds.py"
    kinds.write_text(_applied(change, kinds.read_text(encoding="utf-8")), encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", _RUN],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        input=json.dumps(brief),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    ran = json.loads(done.stdout)
    here, there = _files(ROOT), _files(tmp_path)
    changed = {name for name in there if here.get(name) != there[name]}
    assert changed == {place, "telnyx_toolkit/kinds.py"}
    assert ran["state"] == "succeeded"
    assert ran["payload"]["strategy"] == "first_three"
    assert ran["payload"]["counts"]["answered"] == 3
    assert [ran["steps"][f"call-{n}"] for n in (1, 3, 4, 5)] == [
        *["completed"] * 3,
        "skipped",
    ]
    assert ran["steps"]["call-2"] == "skipped"


def test_the_page_changes_a_line_that_is_there() -> None:
    _, change, brief = _blocks()
    kinds = (ROOT / "telnyx_toolkit" / "kinds.py").read_text(encoding="utf-8")

    assert f'Kind("{brief["strategy"]}"' in _applied(change, kinds)
