"""Every surface of a tool says the same, because all are derived from one definition."""

import importlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from telnyx_toolkit.cli.commands import COMMANDS, TOOLS_IN_LINES
from telnyx_toolkit.cli.parser import parsed
from telnyx_toolkit.environment import VARIABLES
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.manifest import command_form, skill, stale
from telnyx_toolkit.prompts import VARIABLE_DEFAULTS
from telnyx_toolkit.tool import Effect
from telnyx_toolkit.tools import TOOLS

ROOT = Path(__file__).parents[2]
ASKED_FOR = {
    "check_account", "rehearse_mission", "create_mission", "plan_steps", "approve_plan",
    "create_assistant", "assign_number", "schedule_call", "schedule_message", "poll_call",
    "run_mission", "mission_status", "get_transcript", "get_recording",
    "list_missions", "cancel_mission", "pause_mission", "resume_mission", "release_mission",
    "log_event", "summarize", "do_not_call",
}  # fmt: skip
OURS = {
    "demo", "sandbox", "mcp", "ledger", "manifest", "setup", "tick", "report", "serve", "worker",
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
            parsed([tool.command, "--help"])
        shown = _letters(capsys.readouterr().out)
        assert _letters(tool.summary) in shown
        for parameter in tool.parameters:
            assert _letters(parameter.help) in shown


def test_the_help_tells_of_every_command_and_of_each_tool_what_the_tool_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert dict(TOOLS_IN_LINES) == {tool.command: tool.summary for tool in TOOLS.values()}
    assert set(COMMANDS) == set(TOOLS_IN_LINES) | OURS

    with pytest.raises(SystemExit):
        parsed(["--help"])

    shown = _letters(capsys.readouterr().out)
    assert [name for name, said in COMMANDS.items() if _letters(name + said) not in shown] == []


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_other_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed([name, "--help"])

    assert _letters(COMMANDS[name]) in _letters(capsys.readouterr().out)


def test_a_command_that_is_not_there_is_named_with_the_nearest_one() -> None:
    with pytest.raises(InvalidInput, match=r"no command 'tik' .did you mean 'tick'"):
        parsed(["tik", "--json"])
    with pytest.raises(InvalidInput, match="required: COMMAND"):
        parsed([])
    with pytest.raises(InvalidInput, match="The command comes first"):
        parsed(["--", "tick"])


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


def test_every_environment_variable_that_is_read_is_declared() -> None:
    ours = [p for p in (ROOT / "telnyx_toolkit").rglob("*.py") if "simulator" not in p.parts]
    code = "".join(p.read_text(encoding="utf-8") for p in ours)
    read = set(re.findall(r'env(?:iron)?\.get\(\s*"([A-Z_]+)"', code))
    text = (ROOT / "SKILL.md").read_text(encoding="utf-8")
    front = yaml.safe_load(text.split("---")[1])
    shown = {v["name"]: v["required"] for v in front["metadata"]["openclaw"]["envVars"]}

    assert read - {"HOME", "PATH"} == {v.name for v in VARIABLES}
    assert shown == {v.name: v.required for v in VARIABLES if v.name.startswith("TELNYX_")}
    assert not re.search(r"getenv|environ\[", code)
    assert [v.name for v in VARIABLES if v.secret] == [
        "TELNYX_API_KEY",
        "TELNYX_TOOLKIT_DATABASE_URL",
    ]


def test_skill_yaml_fits_its_published_schema() -> None:
    schema = json.loads((ROOT / "docs" / "skill.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)
    written = yaml.safe_load((ROOT / "skill.yaml").read_text(encoding="utf-8"))

    assert _faults(check, written) == []
    assert schema["$defs"]["effect"]["enum"] == [effect.value for effect in Effect]
    for tool in written["tools"]:
        for key in tool:
            without = {**written, "tools": [{k: v for k, v in tool.items() if k != key}]}
            assert _faults(check, without), f"a tool without {key}"
    assert _faults(check, {**written, "surprise": 1})
    assert _faults(check, {**written, "version": "new"})


def test_the_schemas_in_skill_yaml_are_schemas() -> None:
    for tool in skill()["tools"]:
        for side in ("arguments", "results"):
            Draft202012Validator.check_schema(tool[side])
            references = re.findall(r"'\$ref': '([^']+)'", str(tool[side]))
            assert all((ROOT / reference).exists() for reference in references)


def test_skill_yaml_has_no_address_of_numbers_and_no_shorthand() -> None:
    text = (ROOT / "skill.yaml").read_text(encoding="utf-8")

    assert not re.search(r"\d+\.\d+\.\d+\.\d+", text)
    assert not re.search(r"(^|\s)[&*]id\d", text)


def _faults(check: Draft202012Validator, document: object) -> list[str]:
    found: Iterable[ValidationError] = check.iter_errors(document)  # pyright: ignore
    return [fault.message for fault in found]


def test_every_command_in_the_readme_exists() -> None:
    commands = {tool.command for tool in TOOLS.values()} | OURS
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"telnyx-toolkit ([a-z]+(?:-[a-z]+)*)(?= |`|$)", text):
        assert name in commands, name


def test_every_file_that_the_readme_names_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:docs|fixtures|prompts)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name
