"""An agent that has read SKILL.md, and nothing else, runs a mission with what stands there."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.house.skill_page import SKILL, blocks, body

PAGE = body(SKILL.read_text(encoding="utf-8"))
_NEXT = re.compile(r"^Next: telnyx-toolkit run-mission (m_\w+) --plan-hash (\w+) ", re.MULTILINE)
_STEPS = PAGE.partition("## Five steps")[2].partition("\n## ")[0]


def _commands() -> list[str]:
    """The commands of the five steps, in order; what is not one is a word about one."""
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", _STEPS)]
    return [span for span in spans if span.startswith("telnyx-toolkit ")]


def test_the_steps_are_few_and_each_is_written_out() -> None:
    assert [command.split()[1] for command in _commands()] == [
        "rehearse-mission",
        "plan-steps",
        "run-mission",
        "summarize",
    ]


def _facts(shell: Any, mission: str) -> list[dict[str, Any]]:
    lines = shell.here("ledger", "export", "--mission", mission)[1].splitlines()
    return [doc for line in lines if (doc := json.loads(line))["type"] == "event"]


@pytest.mark.parametrize("words", ["Yes, go ahead", 'Fine: "under $70", that\'s it'])
def test_the_page_is_enough_to_run_a_mission(shell: Any, tmp_path: Path, words: str) -> None:
    brief = tmp_path / "brief.yaml"
    brief.write_text(blocks(PAGE, "yaml")[0], encoding="utf-8")
    known = {"brief.yaml": str(brief), "WHO": "Dana", "THEIR WORDS": words}

    def give(command: str) -> str:
        """Fill in what is in capitals, and read what it prints."""
        given = [known.get(word, word) for word in shlex.split(command)[1:]]
        status, out, err = shell.here(*given)
        assert status == 0, err
        return out

    rehearse, plan_steps, run, summarize = _commands()
    assert "Recommended: " in give(rehearse)
    assert shell.rang() == []

    plan = give(plan_steps)
    assert "The account is not ready" not in plan
    assert "about $" in plan
    (mission, plan_hash) = _NEXT.findall(plan)[0]
    known |= {"MISSION": mission, "HASH": plan_hash}
    assert shell.rang() == []

    done = give(run)
    assert done.startswith(f"Corporate catering quotes ({mission}): succeeded")
    assert done.endswith(give(summarize))

    named = re.findall(r"name: ([^,]+), phone", PAGE)
    assert {call["to"] for call in shell.rang()} == set(re.findall(r"\+1312555\d{4}", PAGE))
    assert any(f"Recommended: {name}" in done for name in named)
    assert give(run) == done  # always safe to repeat
    (approved,) = [e for e in _facts(shell, mission) if e["kind"] == "plan.approved"]
    assert approved["data"]["words"] == words


def test_what_the_page_says_of_stopping_holds(shell: Any, tmp_path: Path) -> None:
    brief = tmp_path / "brief.yaml"
    brief.write_text(blocks(PAGE, "yaml")[0], encoding="utf-8")
    mission = shell.json("plan-steps", "--brief", str(brief))["mission_id"]
    (stop,) = re.findall(r"Stop: `telnyx-toolkit ([^`]+)`", " ".join(PAGE.split()))
    given = [mission if word == "MISSION" else word for word in shlex.split(stop)]

    assert shell.json(*given)["state"] == "cancelled"
    assert shell.here("run-mission", "m_nowhere", "--json")[0] == 4
    assert shell.json("list-missions", "--leftovers")["missions"] == []
