"""The published copy of the skill, as OpenClaw and the validators of the format read it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house.published import shaped_copy
from tests.npm import node
from tests.openclaw.clients import ROOT, OpenClaw
from tests.openclaw.installed import CLIENTS

pytestmark = pytest.mark.openclaw
NAME = "telnyx-toolkit"


def test_openclaw_shows_the_skill_as_ready_for_the_agent_and_the_person(
    make_openclaw: Callable[..., OpenClaw],
) -> None:
    openclaw = make_openclaw()

    skill = openclaw.json("skills", "info", NAME)

    assert skill["filePath"] == str(openclaw.workspace / "skills" / NAME / "SKILL.md")
    assert (skill["eligible"], skill["modelVisible"], skill["commandVisible"]) == (True,) * 3
    assert not any(skill["missing"].values())
    assert skill["primaryEnv"] == "TELNYX_API_KEY"


def test_openclaw_lists_the_skill_and_finds_nothing_missing(
    make_openclaw: Callable[..., OpenClaw],
) -> None:
    openclaw = make_openclaw()

    listed = {skill["name"]: skill for skill in openclaw.json("skills", "list")["skills"]}
    checked = openclaw.json("skills", "check")

    assert listed[NAME]["eligible"]
    assert listed[NAME]["source"] == "openclaw-workspace"
    assert NAME in checked["eligible"]
    assert NAME not in str(checked["missingRequirements"])


def test_openclaw_misses_the_program_that_the_skill_says_it_needs(
    make_openclaw: Callable[..., OpenClaw],
) -> None:
    openclaw = make_openclaw()
    openclaw.path = str(node().parent)

    skill = openclaw.json("skills", "info", NAME)

    assert not skill["eligible"]
    assert skill["missing"]["bins"] == ["uv"]


def test_a_skill_of_the_person_is_installed_from_the_folder_as_it_is(
    make_openclaw: Callable[..., OpenClaw], tmp_path: Path
) -> None:
    openclaw = make_openclaw(skill=False)
    copy = shaped_copy(ROOT, tmp_path / "downloaded")

    done = openclaw.run("skills", "install", str(copy))

    assert done.returncode == 0, done.stdout + done.stderr
    assert openclaw.json("skills", "info", NAME)["eligible"]


@pytest.mark.parametrize(
    "validator",
    [
        pytest.param(
            [str(Path(sys.executable).with_name("agentskills")), "validate"], id="agentskills"
        ),
        pytest.param(
            [
                sys.executable,
                str(CLIENTS.module("openclaw") / "skills/skill-creator/scripts/quick_validate.py"),
            ],
            id="openclaw's own",
        ),
    ],
)
def test_the_copy_passes_the_validators_of_the_format(validator: list[str], tmp_path: Path) -> None:
    copy = shaped_copy(ROOT, tmp_path)

    done = subprocess.run([*validator, str(copy)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "valid" in done.stdout.lower()
