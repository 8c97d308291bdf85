"""The pages of references/ that are made from the code: the brief, the tools, errors, rates."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from telnyx_toolkit.brief import brief_schema
from telnyx_toolkit.kinds import KINDS
from telnyx_toolkit.rate_file import load_rates
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.tool import Parameter, Tool
from telnyx_toolkit.tools import TOOLS

Doc = Mapping[str, Any]
#: What is made of each page: from these words on, to the end or to the next heading.
_MADE_FROM = {
    "brief.md": r"## The whole\n.*",
    "tools.md": r"\| command \| effect \|.*",
    "troubleshooting.md": r"\| code \| exit \|.*",
    "costs.md": r"\| what \| numbers of \|.*?\n(?=\n)",
}
#: The complete example of each strategy, by its file in fixtures/missions.
EXAMPLES = {name: f"{name}.yaml" for name in KINDS} | {"negotiate": "catering.yaml"}
_ERRORS_FILE = "error_codes.yaml"
_PACKAGE = Path(__file__).parent
_MINUTES = 10
_UNITS = {
    "minute": "one started minute of an answered call",
    "message": "one part (160 characters) of a text",
}


def reference_pages(root: Path, usage: Callable[[Tool], str]) -> dict[Path, str]:
    """Each of these pages with the content that it should have.

    Args:
        root: The clone; the pages are read from it, and the made part of each is replaced.
        usage: How a tool is called on the command line.
    """
    folder = root / "references"
    made = {
        "brief.md": _brief(),
        "tools.md": _tools(usage),
        "troubleshooting.md": _errors(),
        "costs.md": _rates(folder),
    }
    return {folder / name: _with(folder / name, parts) for name, parts in made.items()}


def error_codes() -> dict[str, Doc]:
    """Each error code with `exit` (a list of statuses), `means` and `fix`."""
    return yaml.safe_load((_PACKAGE / _ERRORS_FILE).read_text(encoding="utf-8"))


def _with(path: Path, parts: Iterable[str]) -> str:
    text = "\n".join(f"{part.rstrip()}\n" for part in parts)
    page = path.read_text(encoding="utf-8")
    return re.sub(_MADE_FROM[path.name], lambda _: text, page, count=1, flags=re.DOTALL)


def _brief() -> Iterator[str]:
    schema = brief_schema()
    parts = schema["$defs"]
    yield "## The whole\n\n" + _fields(schema, parts)
    for name, part in sorted(parts.items()):
        yield f"## {name}\n\n{part.get('description', '')}\n\n{_fields(part, parts)}"
    for strategy, file in EXAMPLES.items():
        text = shipped("fixtures", "missions", file).read_text(encoding="utf-8")
        yield f"## An example to {strategy}\n\n```yaml\n{text}```"


def _fields(part: Doc, parts: Doc) -> str:
    needed = part.get("required", [])
    rows = ["| field | is | if absent | means |", "|---|---|---|---|"]
    for name, field in part["properties"].items():
        absent = "needed" if name in needed else _default(field)
        there = parts.get(str(field.get("$ref")).rpartition("/")[2], {})
        means = field.get("description") or there.get("description", "")
        rows.append(f"| `{name}` | {_kind(field)} | {absent} | {means} |")
    return "\n".join(rows)


def _kind(field: Doc) -> str:
    """`text`, `1 to 5`, `one of a, b`, or the heading that says more."""
    if options := [o for o in field.get("anyOf", []) if o.get("type") != "null"]:
        kinds = list(dict.fromkeys(_kind(option) for option in options))
        return " or ".join(kinds[:1] if kinds[:1] == ["number"] else kinds)
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in field:
        return "one of " + ", ".join(f"`{value}`" for value in field["enum"])
    return _plain_kind(field)


def _plain_kind(field: Doc) -> str:
    match field.get("type"):
        case "array":
            return f"list of {_kind(field['items'])}"
        case "object":
            inside = [*field.get("patternProperties", {}).values()]
            return f"names, each with {_kind(inside[0])}" if inside else "names with numbers"
        case "string":
            named = {"date": "date", "date-time": "time"}.get(field.get("format", ""), "text")
            return f"{named}, at most {field['maxLength']}" if "maxLength" in field else named
        case "boolean":
            return "`true` or `false`"
        case kind:
            bounds = [field[key] for key in ("minimum", "maximum") if key in field]
            return f"{bounds[0]} to {bounds[1]}" if len(bounds) == len("ab") else str(kind)


def _default(field: Doc) -> str:
    default = field.get("default")
    if default in (None, "", [], {}) or isinstance(default, dict):
        return "-"
    return f"`{json.dumps(default)}`"


def _tools(usage: Callable[[Tool], str]) -> Iterator[str]:
    rows = ["| command | effect | approval | does |", "|---|---|---|---|"]
    for tool in TOOLS.values():
        approval = "needed" if tool.needs_approval else "-"
        name = f"[{tool.command}](#{tool.command})"
        rows.append(f"| {name} | {tool.effect.value} | {approval} | {tool.summary} |")
    yield "\n".join(rows)
    for tool in TOOLS.values():
        yield f"## {tool.command}\n\n```text\n{usage(tool)}\n```\n\n{_arguments(tool)}"


def _arguments(tool: Tool) -> str:
    lines = [f"- `{_shown(each)}`: {each.help}" for each in tool.parameters]
    return "\n".join(lines).replace("…", "...") or "No arguments."


def _shown(parameter: Parameter) -> str:
    return parameter.metavar if parameter.kind == "positional" else parameter.flag


def _errors() -> Iterator[str]:
    rows = ["| code | exit | means | do |", "|---|---|---|---|"]
    for code, told in error_codes().items():
        exits = ", ".join(str(status) for status in told["exit"]) or "-"
        rows.append(f"| `{code}` | {exits} | {told['means']} | {told['fix']} |")
    yield "\n".join(rows)


def _rates(folder: Path) -> Iterator[str]:
    """What a minute and a text cost, by the shipped prices."""
    card = load_rates(folder)  # no person's own prices lie there
    rows = ["| what | numbers of | USD | read on |", "|---|---|---|---|"]
    for kind, what in _UNITS.items():
        for region, rate in card.rates[kind].items():
            where = "any other country" if region == "other" else region
            rows.append(f"| {what} | {where} | {rate.usd} | {rate.as_of} |")
    minutes = Decimal(_MINUTES)
    dearest = card.rate("minute", "US").usd * minutes
    rows.append(f"| a call of {minutes} minutes that is answered | US | {dearest} | - |")
    yield "\n".join(rows)
