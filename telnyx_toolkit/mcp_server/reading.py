"""What can be read without calling a tool: the missions, how each stands, what it came to."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.mcp_server.offered import BRIEF
from telnyx_toolkit.nearest import did_you_mean
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from telnyx_toolkit.untrusted import clean_json
from telnyx_toolkit.views import QUOTED

Document = dict[str, Any]
MISSIONS = "telnyx-toolkit://missions"
JSON, YAML = "application/json", "application/yaml"
_LONGEST = 1_000_000

#: By address: name, what it is, its type.
RESOURCES: Mapping[str, tuple[str, str, str]] = {
    MISSIONS: ("missions", "Every mission of this ledger.", JSON),
    BRIEF: ("brief", "JSON Schema of a brief.", JSON),
    f"{BRIEF}/example": ("brief-example", "A brief that negotiates with three caterers.", YAML),
}
TEMPLATES: Mapping[str, tuple[str, str]] = {
    f"{MISSIONS}/{{id}}": ("mission", "Where a mission stands."),
    f"{MISSIONS}/{{id}}/report": ("report", "What it came to: in words, and with the proof."),
}


def read(uri: str) -> Callable[[Toolkit], Document]:
    """Gives `type` and `text` of what is at that address.

    The work raises InvalidInput where nothing is, UnknownMission where the ledger has it not.
    """

    def work(toolkit: Toolkit) -> Document:
        address = uri.rstrip("/")
        if found := _FIXED.get(address):
            return found(toolkit)
        mission, _, part = address.removeprefix(f"{MISSIONS}/").partition("/")
        if not address.startswith(f"{MISSIONS}/") or part not in {"", "report"}:
            near = did_you_mean(address, RESOURCES)
            raise InvalidInput(
                f"There is nothing at {uri!r}{near}.",
                fix=f"Read one of: {', '.join((*RESOURCES, *TEMPLATES))}",
            )
        return _json(_report(toolkit, mission) if part else _status(toolkit, mission))

    return work


def _missions(toolkit: Toolkit) -> Document:
    return _json(TOOLS["list_missions"](toolkit, {}))


def _status(toolkit: Toolkit, mission: str) -> Document:
    return TOOLS["mission_status"](toolkit, {"mission_id": mission})


def _report(toolkit: Toolkit, mission: str) -> Document:
    """The result as the ledger has it: of a mission that is not over, there is none yet."""
    state = toolkit.state(mission)
    return {
        "mission_id": mission,
        "state": state.phase,
        "final": state.is_finished,
        "about": f"Words, answers, remarks and notes in it: {QUOTED}",
        "result_summary": state.result_summary,
        "result_payload": state.result_payload,
    }


def _brief(_toolkit: Toolkit) -> Document:
    from telnyx_toolkit.brief import brief_schema  # noqa: PLC0415 - slow to import

    return _json(brief_schema())


def _example(_toolkit: Toolkit) -> Document:
    path = shipped("fixtures", "missions", "catering.yaml")
    return {"type": YAML, "text": path.read_text(encoding="utf-8")}


def _json(document: Document) -> Document:
    harmless = clean_json(document, _LONGEST)
    return {"type": JSON, "text": json.dumps(harmless, ensure_ascii=False, separators=(",", ":"))}


_FIXED: Mapping[str, Callable[[Toolkit], Document]] = {
    MISSIONS: _missions,
    BRIEF: _brief,
    f"{BRIEF}/example": _example,
}
