"""Answers and errors in words: short, for people and for clients without structured output."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from telnyx_toolkit.errors import describe
from telnyx_toolkit.tool import Tool
from telnyx_toolkit.untrusted import clean, clean_json, quoted

Document = Mapping[str, Any]
_COMMAND = re.compile(r"telnyx-toolkit ([a-z]+(?:-[a-z]+)+|summarize)\b(?: (m_\w+|MISSION))?")
_FLAG = re.compile(r" --([a-z]+(?:-[a-z]+)*)")
_VALUE = re.compile(r""" ("[^"]*"|'[^']*'|[\w+-]+(?:\.\w+)*)""")
_ANY_FLAG = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
#: What takes the place of a tool that is not offered, with arguments of the same names.
_IN_ITS_PLACE = {"create_mission": "plan_steps", "approve_plan": "run_mission"}
_ERROR_LIMIT = 4_000
_TURN, _ROW = 2_000, 200


def text_of(tool: Tool, document: Document) -> str:
    """The answer of a tool, in words; a payload is not told again."""
    tell = _TELLERS.get(tool.name, _as_it_is)
    return "\n".join(line for line in tell(document) if line)


def error_of(problem: BaseException, tools: Mapping[str, Tool]) -> dict[str, Any]:
    """The error document, harmless, which names tools where a command would be named."""
    told: dict[str, Any] = clean_json(describe(problem), _ERROR_LIMIT)
    error = told["error"]
    error["message"] = in_tools(error["message"], tools)
    error["fix"] = in_tools(error["fix"], tools)
    return told


def error_text(document: Document) -> str:
    """`code: message`, and in a line of its own what to do."""
    error = document["error"]
    fix = f"\nfix: {error['fix']}" if error["fix"] else ""
    return clean(f"{error['code']}: {error['message']}{fix}", _ERROR_LIMIT)


def in_tools(text: str, tools: Mapping[str, Tool]) -> str:
    """`text`, with each command that is a tool here written as a call of it.

    `telnyx-toolkit run-mission m_1 --wait 10m` becomes `run_mission(mission_id=m_1, wait=10m)`;
    a flag that stands alone becomes the argument's name.
    """
    told, at = "", 0
    while found := _COMMAND.search(text, at):
        name = found[1].replace("-", "_")
        tool = tools.get(name) or tools.get(_IN_ITS_PLACE.get(name, ""))
        told += text[at : found.start()]
        at = found.end()
        if tool is None:
            told += found[0]
            continue
        arguments, at = _arguments(tool, text, at)
        if found[2]:
            arguments = {"mission_id": found[2], **arguments}
        shown = ", ".join(f"{name}={value}" for name, value in arguments.items())
        told += f"{tool.name}({shown})"
    told += text[at:]
    if "telnyx-toolkit " in told:
        return told
    return _ANY_FLAG.sub(lambda flag: flag[1].replace("-", "_"), told)


def _arguments(tool: Tool, text: str, at: int) -> tuple[dict[str, str], int]:
    """The flags of a command that stand at this place, and where they end."""
    kinds = {parameter.name: parameter.type for parameter in tool.parameters}
    arguments: dict[str, str] = {}
    while flag := _FLAG.match(text, at):
        name = flag[1].replace("-", "_")
        value = None if kinds.get(name) is bool else _VALUE.match(text, flag.end())
        arguments[name] = value[1] if value else "true"
        at = value.end() if value else flag.end()
    return arguments, at


def _status(status: Document) -> Iterator[str]:
    yield f"{quoted(status['name'])} ({status['mission_id']}): {status['state']}"
    if runner := status["runner"]:
        yield f"Being run by {runner}."
    if due := status["next_due_at"]:
        yield f"Nothing to do before {due}; nothing needs to run until then."
    yield status["result_summary"]
    yield f"next: {status['next']}" if status["next"] else ""


def _plan(plan: Document) -> Iterator[str]:
    yield from plan["summary"]
    yield from _problems(plan["account_problems"])
    yield f"next: {plan['next']}"


def _rehearsal(rehearsal: Document) -> Iterator[str]:
    yield rehearsal["about"]
    yield from rehearsal.get("summary", ())
    yield from _problems(rehearsal["warnings"])
    yield rehearsal.get("result_summary", "")
    yield f"next: {rehearsal['next']}"


def _account(account: Document) -> Iterator[str]:
    yield "Ready to call." if account["ok"] else "Not ready to call."
    yield from _problems(account["problems"])
    free = [number["phone_number"] for number in account["numbers"] if number["free"]]
    yield f"Free numbers: {', '.join(free) or 'none'}"


def _problems(problems: list[Document]) -> Iterator[str]:
    for problem in problems:
        yield f"{problem['code']}: {problem['message']} fix: {problem['fix']}"


def _summary(summary: Document) -> Iterator[str]:
    yield "" if summary["final"] else "Not over yet; so far:"
    yield summary["result_summary"]


def _transcript(view: Document) -> Iterator[str]:
    yield view["about"]
    for turn in view["transcript"]:
        yield f"{turn['role']}: {quoted(turn['text'], _TURN)}"
    if not view["transcript"]:
        yield "Nobody has answered yet."


def _missions(listed: Document) -> Iterator[str]:
    for row in listed["missions"]:
        due = f", next due {row['next_due_at']}" if row["next_due_at"] else ""
        left = f", left at Telnyx: {', '.join(row['leftovers'])}" if row["leftovers"] else ""
        yield f"{row['mission_id']} {quoted(row['name'], _ROW)}: {row['state']}{due}{left}"
    if not listed["missions"]:
        yield "No missions."


def _as_it_is(document: Document) -> Iterator[str]:
    yield json.dumps(document, ensure_ascii=False, separators=(",", ":"))


_TELLERS: Mapping[str, Callable[[Document], Iterator[str]]] = {
    "check_account": _account,
    "rehearse_mission": _rehearsal,
    "plan_steps": _plan,
    "summarize": _summary,
    "get_transcript": _transcript,
    "list_missions": _missions,
    **dict.fromkeys(
        (
            "create_mission",
            "approve_plan",
            "run_mission",
            "mission_status",
            "cancel_mission",
            "pause_mission",
            "resume_mission",
            "release_mission",
        ),
        _status,
    ),
}
