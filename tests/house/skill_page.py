"""Reads SKILL.md and the references: frontmatter, body, commands, briefs, links."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from telnyx_toolkit.cli.parser import parsed
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.tools import TOOLS

ROOT = Path(__file__).parents[2]
SKILL = ROOT / "SKILL.md"
REFERENCES = sorted((ROOT / "references").glob("*.md"))
PAGES = [SKILL, *REFERENCES]
OTHERS = {"demo", "sandbox", "ledger", "tick", "mcp", "serve", "setup", "report", "worker"}
COMMANDS = {tool.command for tool in TOOLS.values()} | OTHERS
#: How a token is reckoned.
CHARACTERS_A_TOKEN = 4
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)]+)\)")
_PATH = re.compile(r"(?:references|docs|fixtures|prompts|telnyx_toolkit)/[\w./-]+\w")
_PREFIX = re.compile(r"(?:uv run .*)?telnyx-toolkit ")


def frontmatter(text: str) -> dict[str, Any]:
    """What stands between the first two lines of three dashes."""
    return yaml.safe_load(text.split("---\n")[1])


def body(text: str) -> str:
    """What an agent reads after the frontmatter."""
    return text.split("---\n", 2)[2]


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of that language."""
    return [inside for kind, inside in _FENCE.findall(text) if kind == language]


def commands(text: str) -> Iterator[list[str]]:
    """Every command of ours in the page, as the arguments after the program's name.

    A code span that begins with a command's name and goes on counts too; `[--flag X]` of a usage
    line is taken as given.
    """
    lines = [line for kind in ("sh", "text") for b in blocks(text, kind) for line in b.splitlines()]
    spans = [" ".join(span.split()) for span in _SPAN.findall(_FENCE.sub("", text))]
    for line in lines + spans:
        bare = _PREFIX.sub("", line.strip())
        is_ours = bare != line.strip()
        first = bare.partition(" ")[0]
        if first in COMMANDS and (is_ours or " " in bare):
            yield shlex.split(re.sub(r"[\[\]]", "", bare.partition(" #")[0]))


def complaint(arguments: list[str]) -> str:
    """What the real command line says against it; "" where it takes it."""
    given = [_value(argument) for argument in arguments]
    try:
        parsed(given)
    except InvalidInput as problem:
        return f"{' '.join(arguments)}: {problem.message}"
    except SystemExit:  # --help, --version
        return ""
    return ""


def _value(argument: str) -> str:
    """A stand-in for a placeholder: a number, the first of several choices."""
    if argument == "NUMBER":
        return "1"
    return argument.partition("|")[0]


def paths(text: str) -> set[str]:
    """Every file of ours that the page names, in links or in words."""
    links = {link.partition("#")[0] for link in _LINK.findall(text)}
    named = {path.rstrip(".") for path in _PATH.findall(text)}
    return {path for path in links | named if path and "://" not in path}
