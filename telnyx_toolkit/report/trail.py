"""The trail of a mission: every fact of its ledger in a line, and each yes that it was given."""

from collections.abc import Iterable, Sequence
from typing import Any

from telnyx_toolkit.model import Event
from telnyx_toolkit.progress_words import line_of
from telnyx_toolkit.report.safe import Wording
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.transitions import fold

Doc = dict[str, Any]
#: Which of a fact's fields say what it is about, where no words are made of it.
_TELLING = ("effect", "step_id", "reason", "status", "stage", "plan_hash", "approved_by", "summary")
_LINE = 300


def trail(events: Sequence[Event], wording: Wording) -> list[Doc]:
    """Every fact, oldest first: `seq`, `at` (UTC), `kind` and a `line` about it."""
    lines: list[Doc] = []
    state: MissionState | None = None
    for event in events:
        state = fold([event], state)
        line = " ".join(wording.text(line_of(event, state) or _plain(event), _LINE).split())
        at = event.at.strftime("%Y-%m-%d %H:%M:%S")
        lines.append({"seq": event.seq, "at": f"{at} UTC", "kind": event.kind, "line": line})
    return lines


def approvals(events: Iterable[Event], wording: Wording) -> list[Doc]:
    """Each yes, and with which words, for which plan: `at`, `approved_by`, `words`, `plan_hash`."""
    return [
        {
            "at": event.at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            "approved_by": wording.text(event.data["approved_by"]),
            "words": wording.text(event.data["words"]),
            "plan_hash": event.data["plan_hash"],
        }
        for event in events
        if event.kind == "plan.approved"
    ]


def notes(events: Iterable[Event], wording: Wording) -> list[Doc]:
    """What the agent noted in its own words: `at`, `type` and `summary`."""
    return [
        {
            "at": event.at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            "type": wording.text(str(event.data["type"])),
            "summary": wording.text(str(event.data["summary"])),
        }
        for event in events
        if event.kind == "agent.noted"
    ]


def _plain(event: Event) -> str:
    """A fact in its own terms, such as `plan approved: approved by Dana`."""
    told = [
        f"{name.replace('_', ' ')} {event.data[name]}" for name in _TELLING if event.data.get(name)
    ]
    what = event.kind.replace(".", " ")
    return f"{what}: {'; '.join(told)}" if told else what
