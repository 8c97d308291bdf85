"""What the shipped callees say is believed: their own figures and answers are borne out."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml

from telnyx_toolkit.bearing import Call
from telnyx_toolkit.brief_parts import AnswerType, Question
from telnyx_toolkit.evidence import claim_of
from telnyx_toolkit.heard import heard
from tests.conftest import FIXTURES

Doc = dict[str, Any]
SPANISH = {"taqueria-la-esquina", "speaks-spanish"}
CALLEES = sorted((FIXTURES / "callees").glob("*.yaml"))


def _claims(callee: Doc) -> Iterator[tuple[str, str, Doc, list[Doc]]]:
    """Each claim with its stage, and what was said up to the line that has its words."""
    lines: list[Doc] = []
    waiting: list[tuple[str, str, Doc]] = []
    for turn in callee.get("turns", ()):
        role = "assistant" if "agent" in turn else "user"
        text = turn.get("agent") or turn.get("callee")
        if not text:
            continue
        lines.append({"role": role, "text": " ".join(text.split()), "at": ""})
        for stage in ("answers", "opening"):
            told = turn.get("learns", {}).get(stage, {})
            waiting += [(stage, name, claim) for name, claim in told.items()]
        for stage, name, claim in list(waiting):
            if role == "user" and claim["words"] in lines[-1]["text"]:
                waiting.remove((stage, name, claim))
                yield stage, name, claim, list(lines)


def _kind(value: object) -> AnswerType:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "string"


@pytest.mark.parametrize("path", CALLEES, ids=lambda path: path.stem)
def test_what_a_callee_means_is_confirmed(path: Any) -> None:
    callee: Doc = yaml.safe_load(path.read_text(encoding="utf-8"))
    language = "es-MX" if path.stem in SPANISH else "en-US"
    doubtful: list[str] = []
    for stage, name, claim, lines in _claims(callee):
        turns = heard(lines, dots=path.stem in SPANISH)
        call = Call(turns, language, date(2026, 11, 23), is_final=stage == "answers")
        unit = "USD" if {"price", "rate"} & set(name.split("_")) else ""
        told = claim_of(call, name, Question(type=_kind(claim["value"]), unit=unit), claim)
        if not told.confirmed:
            doubtful.append(f"{stage} {name} {claim['value']}: {told.why}")

    assert doubtful == []
