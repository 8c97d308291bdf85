"""`rehearse-mission` and `demo`: a brief on a sandbox in this process; no network, no key."""

import argparse
import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from rich.console import Console

from telnyx_toolkit.cli import print_document
from telnyx_toolkit.cli.inputs import arguments_of, read_document
from telnyx_toolkit.cli.progress import Watcher
from telnyx_toolkit.cli.rehearsals import rehearse_many
from telnyx_toolkit.cli.show import console, show_plan, show_result, show_transcript
from telnyx_toolkit.model import Event
from telnyx_toolkit.progress_words import clock_text
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.settings import TELNYX_URL, Settings
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from telnyx_toolkit.views import plan_view

_DEMO = ("fixtures", "missions", "catering.yaml")


def rehearse(args: argparse.Namespace) -> int:
    """Rehearse the person's brief; show what happens and what came of it."""
    if args.runs != 1:
        return rehearse_many(args)
    document = _rehearsed(args, Settings.from_environment(), arguments_of(args.tool, args))
    if not args.json:
        console().print(f"\nTo do it for real: {document['next']}")
    return 0


def demo(args: argparse.Namespace) -> int:
    """Rehearse the shipped catering brief, whatever the environment says."""
    settings = Settings(TELNYX_URL, Path(os.devnull), None)
    brief = read_document(str(shipped(*_DEMO)))
    _rehearsed(args, settings, {"brief": brief, "transcripts": args.transcripts})
    if not args.json:
        console().print("\nYour own: see README.md, 'Your first mission'.")
    return 0


def _rehearsed(
    args: argparse.Namespace, settings: Settings, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    out = console(stderr=args.json)
    audience = _Audience(out, shows_plans=not args.json)
    out.print("A rehearsal on a virtual clock: nobody is called.\n", style="dim")
    with closing(Toolkit(settings, observe=audience, rests=audience.rests)) as toolkit:
        document = TOOLS["rehearse_mission"](toolkit, arguments)
    if args.json:
        print_document(document)
        return document
    for spoken in document["transcripts"]:
        show_transcript(out, spoken)
    out.print()
    show_result(out, document["result_payload"])
    return document


class _Audience(Watcher):
    """Watches, and sees each plan before it is approved."""

    def __init__(self, out: Console, *, shows_plans: bool) -> None:
        super().__init__(out, live=False)
        self._console, self._shows_plans = out, shows_plans

    def __call__(self, event: Event, state: MissionState) -> None:
        """Show one fact."""
        if event.kind == "plan.made" and self._shows_plans:
            show_plan(self._console, {**plan_view(state), "account_problems": [], "next": ""})
        if event.kind == "plan.approved":
            at = clock_text(event.at, state)
            self._console.print(
                f"\n{at}  Approved by the rehearsal itself; for real, a person must"
            )
        super().__call__(event, state)
