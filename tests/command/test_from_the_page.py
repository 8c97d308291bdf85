"""An agent that has read SKILL.md, and nothing else, runs a mission with what stands there."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.house.skill_page import SKILL, blocks, body

PAGE = body(SKILL.read_text(encoding="utf-8"))
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


@pytest.mark.parametrize("words", ["Yes, go ahead", 'Fine: "under $70", please'])
def test_the_page_is_enough_to_run_a_mission(shell: Any, tmp_path: Path, words: str) -> None:
    brief = tmp_path / "brief.yaml"
    brief.write_text(blocks(PAGE, "yaml")[0], encoding="utf-8")
    known = {"brief.yaml": str(brief), "WHO": "Dana", "THEIR WORDS": words}

    def give(command: str) -> dict[str, Any]:
        """Fill in what is in capitals, add --json as the page says, and read the one document."""
        given = [known.get(word, word) for word in shlex.split(command)[1:]]
        status, out, err = shell.here(*given, "--json")
        assert status == 0, err
        return json.loads(out)

    rehearse, plan_steps, run, summarize = _commands()
    assert give(rehearse)["result_payload"]["recommendation"]
    assert shell.rang() == []

    plan = give(plan_steps)
    assert plan["account_problems"] == []
    assert any("about $" in line for line in plan["summary"])
    known |= {"MISSION": plan["mission_id"], "HASH": plan["plan_hash"]}
    assert shell.rang() == []

    done = give(run)
    assert done["state"] == "succeeded"
    told = give(summarize)

    assert told["result_summary"].startswith("Recommended: ")
    named = re.findall(r"name: ([^,]+), phone", PAGE)
    assert {call["to"] for call in shell.rang()} == set(re.findall(r"\+1312555\d{4}", PAGE))
    assert any(name in told["result_summary"] for name in named)
    assert give(run)["state"] == "succeeded"  # always safe to repeat


def test_what_the_page_says_of_stopping_holds(shell: Any, tmp_path: Path) -> None:
    brief = tmp_path / "brief.yaml"
    brief.write_text(blocks(PAGE, "yaml")[0], encoding="utf-8")
    mission = shell.json("plan-steps", "--brief", str(brief))["mission_id"]
    (stop,) = re.findall(r"Stop: `telnyx-toolkit ([^`]+)`", " ".join(PAGE.split()))
    given = [mission if word == "MISSION" else word for word in shlex.split(stop)]

    assert shell.json(*given)["state"] == "cancelled"
    assert shell.here("run-mission", "m_nowhere", "--json")[0] == 4
    assert shell.json("list-missions", "--leftovers")["missions"] == []
