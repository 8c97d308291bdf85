"""The generated files: skill.yaml, the brief's schema, and the tool tables, all from TOOLS."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from telnyx_toolkit import __version__
from telnyx_toolkit.brief import brief_schema
from telnyx_toolkit.environment import VARIABLES
from telnyx_toolkit.languages import languages_in
from telnyx_toolkit.mcp_server.offered import MISSIONS
from telnyx_toolkit.prompts import VARIABLE_DEFAULTS, Prompts, file_of
from telnyx_toolkit.reference_pages import reference_pages
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.result_schema import result_schema
from telnyx_toolkit.tool import Tool
from telnyx_toolkit.tools import TOOLS

_TABLE = re.compile(r"\| command \| does \|\n(?:\|.*\n)+")
_HEAD = (
    "# Generated from telnyx_toolkit/tools.py by `make manifest`; a test fails when it is stale.\n"
)
_TEMPLATES = (
    "assistant",
    "greeting",
    "message",
    "insight_answers",
    "insight_summary",
    "variables",
    "summary",
    "confirmation",
)


def generated(root: Path) -> dict[Path, str]:
    """Every generated file of a clone with the content that it should have.

    Args:
        root: The clone; files with a tool table are read from it, the rest of them stays.
    """
    files = {
        root / "skill.yaml": _HEAD + _yaml(skill()),
        root / "docs" / "brief.schema.json": json.dumps(brief_schema(), indent=2) + "\n",
        root / "docs" / "result.schema.json": json.dumps(result_schema(), indent=2) + "\n",
    }
    files |= reference_pages(root, command_form)
    readme = root / "README.md"
    files[readme] = _TABLE.sub(lambda _: tool_table(), readme.read_text(encoding="utf-8"))
    return files


class _Plain(yaml.SafeDumper):
    """Writes each thing out where it stands, without references to others."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's name
        """Always."""
        return True


def _yaml(document: Any) -> str:
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)


def stale(root: Path) -> list[Path]:
    """The generated files whose content is not what it should be."""
    return [
        path
        for path, content in generated(root).items()
        if not path.exists() or path.read_text(encoding="utf-8") != content
    ]


def skill() -> dict[str, Any]:
    """The content of skill.yaml."""
    return {
        "$schema": "docs/skill.schema.json",
        "name": "telnyx-toolkit",
        "version": __version__,
        "description": "Phone missions on Telnyx: call, negotiate, compare, recommend, with proof.",
        "license": "MIT-0",
        "command": "telnyx-toolkit",
        "entrypoints": {
            "command": "telnyx_toolkit.__main__:start",
            "tools": "telnyx_toolkit.tools:TOOLS",
            "toolkit": "telnyx_toolkit.toolkit:Toolkit",
        },
        "mcp": {"command": "telnyx-toolkit mcp", "tools": list(MISSIONS)},
        "brief": "docs/brief.schema.json",
        "environment": [variable._asdict() for variable in VARIABLES],
        "templates": {
            name: {"file": f"prompts/{file_of(name)}", "variables": Prompts().needs(name)}
            for name in _TEMPLATES
        },
        "languages": list(languages_in(shipped("prompts"))),
        "dynamic_variables": dict(VARIABLE_DEFAULTS),
        "tools": [entry(tool) for tool in TOOLS.values()],
    }


def entry(tool: Tool) -> dict[str, Any]:
    """One tool of skill.yaml."""
    return {
        "name": tool.name,
        "description": tool.summary,
        "entrypoint": f"telnyx_toolkit.tools:{tool.name}",
        "command": command_form(tool),
        "effect": tool.effect.value,
        "needs_approval": tool.needs_approval,
        "idempotent": tool.idempotent,
        "destroys": tool.destroys,
        "local": tool.local,
        "arguments": tool.schema(),
        "results": tool.results(),
    }


def command_form(tool: Tool) -> str:
    """How the tool is called on the command line, optional parts in brackets."""
    parts = [f"telnyx-toolkit {tool.command}"]
    for parameter in tool.parameters:
        if parameter.kind == "positional":
            name = parameter.metavar
            parts.append(name if parameter.required else f"[{name}]")
            continue
        part = f"{parameter.flag} {parameter.metavar}".strip()
        parts.append(part if parameter.required else f"[{part}]")
    return " ".join(parts)


def tool_table() -> str:
    """The tools as a Markdown table."""
    rows = ["| command | does |", "|---|---|"]
    rows += [f"| `{_short(tool)}` | {tool.summary} |" for tool in TOOLS.values()]
    return "\n".join(rows) + "\n"


def _short(tool: Tool) -> str:
    return command_form(tool).removeprefix("telnyx-toolkit ").replace("|", "\\|")


def write(files: Mapping[Path, str]) -> None:
    """Write the generated files."""
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")
