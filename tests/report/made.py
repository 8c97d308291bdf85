"""Missions whose facts a report is made of: rehearsals of the shipped briefs, and hostile ones."""

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from telnyx_toolkit.model import Event
from telnyx_toolkit.rehearsal import rehearse
from telnyx_toolkit.report import report_document
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.tool_arguments import RehearseMission
from telnyx_toolkit.toolkit import Toolkit
from tests.conftest import FIXTURES

Doc = dict[str, Any]
BRIEFS = sorted(path.stem for path in (FIXTURES / "missions").glob("*.yaml"))
#: Everything that could be taken for markup, for orders to a terminal or a spreadsheet, or hide.
MARKUP = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>click</a>",
    "</details></section></main></body>",
    "</style><style>*{display:none}</style>",
    "<!-- -->",
    "]]><![CDATA[",
    "&lt;b&gt; &#x3c;i&#x3e; &amp;",
    "[click](javascript:alert(1)) ![x](https://evil.example/p.png) <https://evil.example>",
    "| a | b |\n|---|---|\n# Heading\n* item\n```\ncode",
    "{{target_name}} [[ 7*7 ]] {% raw %} [# x #]",
]
STEERING = [
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]0;title\x07",
    "\x9b2J",
    "\x00\x08\x7f",
    "\u202edekcatta\u202c \u2066x\u2069 \u200fy\u200e",
    "6\u200b6\u2060\ufeff\u00ad",
    "\U000e0041\U000e007f",
]
FORMULA = '=HYPERLINK("https://evil.example","x")'
NASTY = " ".join([*MARKUP, *STEERING])
#: Of a megabyte: what a client keeps of it is cut long before.
MONOLOGUE = "<b>I have a lot to say.</b> " * 38_000


@cache
def rehearsed(name: str) -> tuple[Event, ...]:
    """The facts of a rehearsal of a shipped brief."""
    return facts(brief_of(name))


def brief_of(name: str) -> Doc:
    return yaml.safe_load((FIXTURES / "missions" / f"{name}.yaml").read_text(encoding="utf-8"))


def facts(brief: Doc, callees: Path | None = None) -> tuple[Event, ...]:
    """The facts of a rehearsal of this brief."""
    arguments = RehearseMission(brief=brief, callees=str(callees or ""))
    with closing(Toolkit(Settings("http://127.0.0.1/v2", Path("/dev/null"), None))) as toolkit:
        return rehearse(toolkit, arguments).events


def document(events: Sequence[Event], **options: Any) -> Doc:
    """The report as of the last fact."""
    return report_document(events, events[-1].at, **options)


@cache
def reported(name: str) -> Doc:
    """The report of a rehearsal of a shipped brief; not to be changed."""
    return document(rehearsed(name))


def hostile_brief() -> Doc:
    """The catering brief with two who mean ill: on the phone and on a machine."""
    brief = brief_of("catering")
    others = [
        {"name": "Page Breakers", "phone": "+13125550194", "timezone": "America/Chicago"},
        {"name": "Machine", "phone": "+13125550195", "timezone": "America/Chicago"},
    ]
    return {**brief, "targets": [brief["targets"][0], *others]}


def hostile_texts() -> Doc:
    """The same questions, asked by text of one who means ill."""
    kept = {k: v for k, v in brief_of("catering").items() if k not in {"objective", "leverage"}}
    writers = {"name": "Writers", "phone": "+13125550196", "timezone": "America/Chicago"}
    return {**kept, "strategy": "sweep", "targets": [{**writers, "channel": "sms"}]}


def hostile_callees(folder: Path) -> Path:
    """The shipped callees, and those three, with hostile words in every field they control."""
    shutil.copytree(FIXTURES / "callees", folder)
    quote = f"It is $61 per person with dessert. {MARKUP[0]} {MARKUP[1]}"
    stage = {
        "price_per_person": {"value": 61, "words": quote},
        "includes_dessert": {"value": True, "words": "with dessert"},
        "service_fee_percent": {"value": 0, "words": "The fee is 0 percent"},
        "available": {"value": True, "words": "We are free that day"},
    }
    base: Doc = {"about": "Means ill.", "rings_s": 5, "seconds_per_line": 6}
    rest = "The fee is 0 percent. We are free that day."
    script = [
        {"agent": "{{greeting}}"},
        {"callee": NASTY},
        {"agent": "What is the price?"},
        {
            "callee": f"{quote}. {rest}",
            "learns": {"opening": stage, "answers": stage, "notes": FORMULA + NASTY},
        },
        {"callee": FORMULA},
        {"callee": MONOLOGUE},
        {"agent": "Thank you. Goodbye."},
    ]
    people: list[Doc] = [
        {**base, "name": "Page Breakers", "phone": "+13125550194", "attempts": ["answer"],
         "turns": script, "ends_by": "agent", "summary": NASTY + MONOLOGUE},
        {**base, "name": "Machine", "phone": "+13125550195", "attempts": ["voicemail"],
         "voicemail": NASTY + MONOLOGUE, "summary": NASTY},
        {**base, "name": "Writers", "phone": "+13125550196", "attempts": ["no-answer"],
         "sms_replies": [{"text": f"{NASTY} {quote}. {rest}", "learns": {"answers": stage}},
                         MONOLOGUE]},
    ]  # fmt: skip
    for person in people:
        path = folder / f"{person['phone'][1:]}.yaml"
        path.write_text(yaml.safe_dump(person, allow_unicode=False), encoding="utf-8")
    return folder


#: Texts of a fact by which the toolkit finds its way: they are never a stranger's.
_OURS = {
    *("brief", "brief_hash", "plan", "plan_hash", "base_url", "key", "body", "effect", "role"),
    *("attempt_id", "step_id", "scheduled_at", "channel", "phase", "amount", "total", "usd"),
    *(
        "reserved_usd",
        "cap_usd",
        "estimated_usd",
        "leverage",
        "status",
        "stage",
        "strategy",
        "shortlist",
        "source",
        "at",
    ),
}


def poisoned(events: Sequence[Event], text: str) -> list[Event]:
    """The same facts with `text` behind every text that a stranger or Telnyx could have written.

    Such a ledger cannot come about, since texts are cleaned before they are kept: a page that
    stands even this relies on nobody.
    """
    return [replace(event, data=_poison(event.data, text)) for event in events]


def _poison(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return value + text
    if isinstance(value, dict):
        pairs = cast("Doc", value)
        return {k: v if k in _OURS else _poison(v, text) for k, v in pairs.items()}
    if isinstance(value, list | tuple):
        return [_poison(inner, text) for inner in cast("list[Any]", value)]
    return value
