"""What an agent does that has read SKILL.md: by shell, and by MCP.

Each looks at the conversation and takes the next step, as a model does: it finds the skill in the
list OpenClaw shows, the plan and its hash in what our tools gave, a yes in the person's words.
"""

import re
import shlex

from tests.openclaw.model import Conversation, Doc, Say, Use

SKILL = re.compile(r"<location>(\S*/telnyx-toolkit/SKILL\.md)</location>")
PLAN, RUN = "telnyx__plan_steps", "telnyx__run_mission"
SEARCH = "call businesses by phone, plan phone calls"
TASK = "Call three caterers for our lunch on 10 December, negotiate, and tell me who is best."
WORDS = "Yes, go ahead: $62 or less. That's fine!"
YES = f"My answer to your plan: {WORDS}"
_MISSION = re.compile(r"\bm_[0-9a-z]{8,}\b")
_HASH = re.compile(r"plan[-_]hash\W{1,6}([0-9a-f]{16,64})\b")
_OVER = re.compile(r"(?:state\W{1,6}|\(m_\w+\): )(?:succeeded|failed)\b")


class Shell:
    """Reads the skill, writes the brief, plans by command, and on the person's yes runs it."""

    def __init__(self, brief: str) -> None:
        self.brief = brief

    def __call__(self, conversation: Conversation) -> Say | Use:
        results = conversation.results
        told = "\n".join([*conversation.person, *(text for _, text in results)])
        if is_answered(conversation):
            return self._run(told, results)
        if not any(use.tool == "read" for use, _ in results):
            found = SKILL.search(conversation.system)
            return Use("read", {"path": found[1]}) if found else Say("There is no such skill.")
        if not any(use.tool == "write" for use, _ in results):
            return Use("write", {"path": "brief.yaml", "content": self.brief})
        if not _HASH.search(told):
            return command("plan-steps", "--brief", "brief.yaml")
        return Say(f"This is the plan; may I?\n{results[-1][1]}")

    def _run(self, told: str, results: list[tuple[Use, str]]) -> Say | Use:
        if results and _OVER.search(results[-1][1]):
            return Say(results[-1][1])
        approval = ("--plan-hash", _last(_HASH, told), "--approved-by", "Dana", "--words", WORDS)
        return command("run-mission", _last(_MISSION, told), *approval, "--wait", "10m")


class Mcp:
    """Knows only what our MCP server says: it looks for a tool, asks how to use it, plans, runs."""

    def __init__(self, brief: Doc) -> None:
        self.brief = brief

    def __call__(self, conversation: Conversation) -> Say | Use:
        results = conversation.results
        told = "\n".join([*conversation.person, *(text for _, text in results)])
        used = {use.tool for use, _ in results}
        if is_answered(conversation):
            return self._run(told, results)
        if "tool_search" not in used:
            return Use("tool_search", {"query": SEARCH})
        if "tool_describe" not in used and PLAN in told:
            return Use("tool_describe", {"id": PLAN})
        if not _HASH.search(told) and '"brief"' in told:
            return Use("tool_call", {"id": PLAN, "args": {"brief": self.brief}})
        return Say(f"This is the plan; may I?\n{results[-1][1]}")

    def _run(self, told: str, results: list[tuple[Use, str]]) -> Say | Use:
        if results and _OVER.search(results[-1][1]):
            return Say(results[-1][1])
        approval = {"plan_hash": _last(_HASH, told), "approved_by": "Dana", "words": WORDS}
        mission = {"mission_id": _last(_MISSION, told), **approval}
        return Use("tool_call", {"id": RUN, "args": mission})


def command(*words: str) -> Use:
    """Our command through the agent's shell: flat, one program and its arguments.

    It may take the two minutes that OpenClaw allows at most; after ten seconds, the usual limit, it
    would go on in the background, and its end would not be told.
    """
    line = shlex.join(["telnyx-toolkit", *words])
    return Use("exec", {"command": line, "yieldMs": 120_000})


def is_answered(conversation: Conversation) -> bool:
    """Whether the person has said yes to a plan."""
    return any(WORDS in text for text in conversation.person)


def _last(pattern: re.Pattern[str], text: str) -> str:
    found = list(pattern.finditer(text))
    assert found, text
    return found[-1][found[-1].lastindex or 0]
