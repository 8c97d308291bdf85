"""Every surface of a tool says the same, because all are derived from one definition."""

import importlib
import re
from pathlib import Path

import pytest
import yaml

from telnyx_toolkit.cli.parser import build_parser
from telnyx_toolkit.manifest import command_form, skill, stale
from telnyx_toolkit.prompts import VARIABLE_DEFAULTS
from telnyx_toolkit.tools import TOOLS

ROOT = Path(__file__).parents[2]
ASKED_FOR = {
    "check_account", "rehearse_mission", "create_mission", "plan_steps", "approve_plan",
    "create_assistant", "assign_number", "schedule_call", "schedule_message", "poll_call",
    "run_mission", "mission_status", "get_transcript", "get_recording",
    "list_missions", "cancel_mission", "pause_mission", "resume_mission", "release_mission",
    "log_event", "summarize", "do_not_call",
}  # fmt: skip


def test_the_tools_are_those_that_were_asked_for() -> None:
    assert set(TOOLS) == ASKED_FOR


def test_generated_files_are_up_to_date() -> None:
    assert stale(ROOT) == []


def test_every_tool_is_a_subcommand_that_explains_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for tool in TOOLS.values():
        with pytest.raises(SystemExit):
            build_parser().parse_args([tool.command, "--help"])
        shown = _letters(capsys.readouterr().out)
        assert _letters(tool.summary) in shown
        for parameter in tool.parameters:
            assert _letters(parameter.help) in shown


def _letters(text: str) -> str:
    """Help is wrapped at any place: compare without the white space."""
    return "".join(text.split())


def test_skill_yaml_names_functions_and_templates_that_exist() -> None:
    written = yaml.safe_load((ROOT / "skill.yaml").read_text(encoding="utf-8"))

    assert written == skill()
    for tool in written["tools"]:
        module, _, name = tool["entrypoint"].partition(":")
        assert callable(getattr(importlib.import_module(module), name))
        assert tool["arguments"]["type"] == "object"
    for template in written["templates"].values():
        assert (ROOT / template["file"]).exists()


def test_skill_yaml_describes_every_template_and_no_variable_is_left_without_a_value() -> None:
    described = skill()["templates"]

    files = {template["file"] for template in described.values()}
    shipped = [*(ROOT / "prompts").glob("*.j2"), *(ROOT / "prompts" / "en").glob("*.j2")]

    assert files == {path.relative_to(ROOT).as_posix() for path in shipped}
    assert described["greeting"]["variables"] == ["brief"]
    for name in files:
        text = (ROOT / name).read_text(encoding="utf-8")
        left = set(re.findall(r"\{\{\s*(\w+)\s*\}\}", text))
        ours = {variable for variable in left if not variable.startswith("telnyx_")}
        assert ours <= set(VARIABLE_DEFAULTS)


def test_an_optional_argument_is_in_brackets_and_a_needed_one_is_not() -> None:
    assert command_form(TOOLS["plan_steps"]).startswith("telnyx-toolkit plan-steps [MISSION] [--br")
    assert command_form(TOOLS["get_transcript"]).endswith("get-transcript MISSION --target TEXT")
    assert command_form(TOOLS["cancel_mission"]).endswith("MISSION --reason TEXT")


def test_the_skill_page_has_the_frontmatter_that_registries_accept() -> None:
    text = (ROOT / "SKILL.md").read_text(encoding="utf-8")
    front = yaml.safe_load(text.split("---")[1])

    assert set(front) == {"name", "description", "license", "metadata"}
    assert front["name"] == "telnyx-toolkit"
    assert len(front["description"]) <= 160
    assert front["license"] == "MIT-0"
    assert len(text.split("---", 2)[2].splitlines()) <= 150


def test_every_environment_variable_that_is_read_is_declared() -> None:
    code = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "telnyx_toolkit").rglob("*.py"))
    text = (ROOT / "SKILL.md").read_text(encoding="utf-8")
    front = yaml.safe_load(text.split("---")[1])
    declared = {v["name"] for v in front["metadata"]["openclaw"]["envVars"]}

    assert set(re.findall(r'env\.get\("(TELNYX_\w+)"', code)) == declared


def test_every_command_in_the_readme_exists() -> None:
    commands = {tool.command for tool in TOOLS.values()} | {
        *("demo", "sandbox", "ledger", "setup", "manifest"),
    }
    for page in ("README.md", "SKILL.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for name in re.findall(r"telnyx-toolkit ([a-z]+(?:-[a-z]+)*)(?= |`|$)", text):
            assert name in commands, f"{page}: {name}"


def test_every_file_that_the_readme_names_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:docs|fixtures|prompts)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name
