"""Somebody follows `docs/tutorial.md` word by word, on a sandbox."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "tutorial.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("telnyx-toolkit ")
]


@pytest.fixture
def give(shell: Any, tmp_path: Path) -> Any:
    """Gives a command of the page, with what stands in capitals filled in."""
    brief = tmp_path / "brief.yaml"
    (written,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    brief.write_text(written, encoding="utf-8")
    known = {"brief.yaml": str(brief), "200": "3"}

    def command(words: str, **more: str) -> str:
        known.update(more)
        given = [known.get(word, word) for word in shlex.split(words)[1:]]
        status, out, err = shell.here(*given)
        assert status == 0, err
        return out

    return command


def test_the_page_leads_from_a_rehearsal_to_a_report(give: Any, shell: Any) -> None:
    rehearse, many, plan, run, watch, report = COMMANDS

    assert "Recommended: North Branch Plumbing" in give(rehearse)
    assert "--runs" in many
    assert "of 3 runs" in give(many)
    assert shell.rang() == []

    planned = give(plan)
    assert "about $" in planned
    mission, plan_hash = re.findall(r"run-mission (m_\w+) --plan-hash (\w+) ", planned)[0]
    done = give(run, MISSION=mission, HASH=plan_hash)
    assert "Recommended: North Branch Plumbing" in done
    assert {call["to"] for call in shell.rang()} == set(re.findall(r"\+1312555\d{4}", PAGE))

    assert "succeeded" in give(watch)
    (path,) = re.findall(r"^Report: (.+\.html)$", give(report), re.MULTILINE)
    assert "North Branch Plumbing" in Path(path).read_text(encoding="utf-8")


def test_every_page_that_the_tutorial_names_is_there() -> None:
    root = Path(__file__).parents[2]
    named = re.findall(r"`((?:docs|references)/[\w/-]+\.md|[A-Z]+\.md)`", PAGE)

    assert named
    assert [name for name in named if not (root / name).is_file()] == []
