"""Missions whose reports are looked at: each shipped brief, and what is hard to show."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from telnyx_toolkit.model import Event
from telnyx_toolkit.rehearsal import rehearse
from telnyx_toolkit.report import report_document, report_page
from telnyx_toolkit.settings import TELNYX_URL, Settings
from telnyx_toolkit.tool_arguments import RehearseMission
from telnyx_toolkit.toolkit import Toolkit
from tests.conftest import Rig

Doc = dict[str, Any]
FIXTURES = Path(__file__).parents[2] / "fixtures"
MISSIONS = FIXTURES / "missions"
HOSTILE = "+13125550150"
_ORDER = "<script>alert(1)</script><img src=https://evil.example/p.png>\u202eyenom\u202c \x1b[31m"
_NAMES = ("<b>Grand</b> Banquets & \"Sons\" 'Ltd'", "<img src=x onerror=alert(1)>")


@dataclass(frozen=True)
class Report:
    """A report and what it must agree with.

    Attributes:
        document: The report as data.
        payload: The result as `summarize` gives it; None of a mission without one.
    """

    document: Doc
    payload: Doc | None

    def page(self) -> str:
        """The report as a page."""
        return report_page(self.document)


@cache
def report(name: str) -> Report:
    """The report of that name; each is made once."""
    return REPORTS[name]()


def _shipped(name: str) -> Doc:
    return yaml.safe_load((MISSIONS / f"{name}.yaml").read_text(encoding="utf-8"))


def _of(brief: Doc, callees: str = "") -> Report:
    """The report of the whole rehearsal of a brief."""
    answer, events = _rehearsed(brief, callees)
    at = events[-1].at
    return Report(report_document(events, at, is_rehearsal=True), answer["result_payload"])


def _rehearsed(brief: Doc, callees: str = "") -> tuple[Doc, Sequence[Event]]:
    toolkit = Toolkit(Settings(TELNYX_URL, Path("nowhere"), None))
    done = rehearse(toolkit, RehearseMission(brief=brief, callees=callees))
    return done.document, done.events


def _hostile() -> Report:
    """Strangers and a brief full of what would hurt a page that believes it."""
    brief = _shipped("catering")
    first, second, last = brief["targets"]
    hostile = {"name": _NAMES[0], "phone": HOSTILE, "timezone": "America/Chicago"}
    brief["targets"] = [first, hostile, {**second, "name": _NAMES[1]}, last]
    brief["name"] += f" {_ORDER[:-5]}"
    brief["details"] += " x" * 300
    with tempfile.TemporaryDirectory() as folder:
        callees = Path(folder) / "callees"
        shutil.copytree(FIXTURES / "callees", callees)
        told = yaml.safe_load((callees / "hostile.yaml").read_text(encoding="utf-8"))
        told["turns"][1]["callee"] = f"{_ORDER} {'W' * 3_000} {'and so on, ' * 90_000}"
        told["summary"] = _ORDER * 20
        (callees / "hostile.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
        return _of(brief, str(callees))


def _forty() -> Report:
    """Forty targets, of whom a few answer."""
    brief = _shipped("catering")
    more = [
        {
            "name": f"Caterer number {number} of the greater Chicago area",
            "phone": f"+1312555{number:04}",
            "timezone": "America/Chicago",
        }
        for number in range(104, 141)
    ]
    brief["targets"] = [*brief["targets"], *more]
    brief["limits"] = {**brief["limits"], "spend_usd": 60}
    return _of(brief)


def _until(kind: str, count: int) -> Report:
    """The catering mission as it stands after so many facts of a kind."""
    _, events = _rehearsed(_shipped("catering"))
    places = [n for n, event in enumerate(events) if event.kind == kind]
    some = events[: places[count - 1] + 1]
    return Report(report_document(some, some[-1].at + timedelta(minutes=1)), None)


def _cancelled() -> Report:
    """The catering mission, called off after its first call."""
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(Path(folder) / "home", FIXTURES / "accounts" / "default.yaml", ())
        with closing(rig.toolkit):
            mission = rig.approved(_shipped("catering"))
            while not any(event.kind == "attempt.collected" for event in rig.events):
                due = rig.toolkit.engine.advance(mission).wake_at
                rig.clock.sleep_until(due or rig.clock.now())
            rig.call("cancel_mission", mission_id=mission, reason="Lunch was called off.")
            rig.call("run_mission", mission_id=mission)
            answer = rig.call("summarize", mission_id=mission)
            events = rig.toolkit.ledger.events(mission)
    document = report_document(events, events[-1].at)
    return Report(document, answer["result_payload"])


REPORTS: dict[str, Callable[[], Report]] = {
    **{
        path.stem: (lambda name=path.stem: _of(_shipped(name)))
        for path in sorted(MISSIONS.glob("*.yaml"))
    },
    "hostile": _hostile,
    "forty": _forty,
    "unfinished": lambda: _until("attempt.collected", 1),
    "unapproved": lambda: _until("plan.made", 1),
    "cancelled": _cancelled,
}
