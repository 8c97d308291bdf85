"""`rehearse-mission` and `demo`: a brief on a sandbox in this process; no network, no key."""

import argparse
import os
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from rich.console import Console

from telnyx_toolkit.cli import print_document
from telnyx_toolkit.cli.inputs import arguments_of, read_document
from telnyx_toolkit.cli.printing import console
from telnyx_toolkit.cli.progress import Watcher, has_board
from telnyx_toolkit.cli.rehearsals import rehearse_many, show_warnings
from telnyx_toolkit.cli.report import write_rehearsal
from telnyx_toolkit.cli.result import show_result
from telnyx_toolkit.cli.show import show_plan, show_transcript
from telnyx_toolkit.errors import InvalidInput, ToolkitError
from telnyx_toolkit.model import Event
from telnyx_toolkit.progress_words import clock_text
from telnyx_toolkit.report.files import default_path
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.settings import TELNYX_URL, Settings, home_of
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from telnyx_toolkit.untrusted import one_line
from telnyx_toolkit.views import plan_view

_LONGEST = 1_000
_DEMO = ("fixtures", "missions", "catering.yaml")


def rehearse(args: argparse.Namespace) -> int:
    """Rehearse the person's brief; show what happens and what came of it."""
    if args.runs != 1:
        if args.report:
            raise InvalidInput(
                "A report is of one run, and there are many.",
                fix="Give --replay N with --report, where N is one of the runs.",
            )
        return rehearse_many(args)
    page = Path(args.report).expanduser().absolute() if args.report else None
    document = _rehearsed(args, Settings.from_environment(), arguments_of(args.tool, args), page)
    if not args.json:
        console().print(f"\nTo do it for real: {document['next']}")
    return 0


def demo(args: argparse.Namespace) -> int:
    """Rehearse the shipped catering brief, whatever the environment says."""
    settings = Settings(TELNYX_URL, Path(os.devnull), None)
    brief = read_document(str(shipped(*_DEMO)))
    _rehearsed(args, settings, {"brief": brief, "transcripts": args.transcripts}, _demo_page())
    if not args.json:
        console().print("\nYour own: see README.md, 'Your first mission'.")
    return 0


def _demo_page() -> Path | None:
    """Where the demo's report goes; None where nobody knows where the person's home is."""
    with suppress(RuntimeError):
        return default_path(home_of(os.environ), "demo", "html").absolute()
    return None


def _rehearsed(
    args: argparse.Namespace,
    settings: Settings,
    arguments: Mapping[str, Any],
    page: Path | None = None,
) -> dict[str, Any]:
    out = console(stderr=args.json)
    audience = _Audience(out, shows_plans=not args.json)
    out.print("A rehearsal on a virtual clock: nobody is called.\n", style="dim")
    with closing(Toolkit(settings, observe=audience, rests=audience.rests)) as toolkit, audience:
        document = TOOLS["rehearse_mission"](toolkit, arguments)
    told = _report(audience, page) if page else ""
    if args.json:
        print_document(document)
        out.print(told)
        return document
    for spoken in document["transcripts"]:
        show_transcript(out, spoken)
    out.print()
    show_result(out, document["result_payload"])
    show_warnings(out, document)
    out.print(f"\n{told}" if told else "")
    return document


def _report(audience: "_Audience", page: Path) -> str:
    """Write the page, and say where it is, or why it is nowhere: the rehearsal has been shown."""
    try:
        write_rehearsal(page, audience.events)
    except ToolkitError as problem:
        return one_line(f"No report was written: {problem.message}", _LONGEST)
    return f"Report: {page}\n{page.as_uri()}"


class _Audience(Watcher):
    """Watches, and sees each plan before it is approved."""

    def __init__(self, out: Console, *, shows_plans: bool) -> None:
        super().__init__(out, live=shows_plans and has_board(out))
        self._console, self._shows_plans = out, shows_plans
        self.events: list[Event] = []

    def __call__(self, event: Event, state: MissionState) -> None:
        """Show one fact."""
        if event.kind == "mission.drafted":
            self.events.clear()  # of several runs, the last
        self.events.append(event)
        if event.kind == "plan.made" and self._shows_plans:
            show_plan(self._console, {**plan_view(state), "account_problems": [], "next": ""})
        if event.kind == "plan.approved":
            at = clock_text(event.at, state)
            self._console.print(
                f"\n{at}  Approved by the rehearsal itself; for real, a person must"
            )
        super().__call__(event, state)
