"""`telnyx-toolkit demo`: the catering mission on a sandbox in this process; no network, no key."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from rich.console import Console

from telnyx_toolkit.cli import print_document
from telnyx_toolkit.cli.progress import Watcher
from telnyx_toolkit.cli.result import show_result
from telnyx_toolkit.cli.sandbox import START, make_sandbox
from telnyx_toolkit.cli.show import console, show
from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.telnyx import in_process
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS

_WORDS = "Go ahead (this is a demonstration)."


def demo(args: argparse.Namespace) -> int:
    """Plan, approve and run the shipped catering mission; show what happens and what came of it."""
    out = console(stderr=args.json)
    with tempfile.TemporaryDirectory(prefix="telnyx-toolkit-demo-") as home:
        clock = ManualClock(START)
        sandbox, watcher = make_sandbox(clock), Watcher(out, live=False)
        toolkit = Toolkit(
            Settings("http://127.0.0.1/v2", Path(home), ApiKey("example")),
            clock=clock,
            transport=in_process(sandbox),
            new_id=_ids(),
            observe=watcher,
            rests=watcher.rests,
        )
        try:
            result = _run(toolkit, out, args)
        finally:
            toolkit.close()
    if args.json:
        print_document(result)
    return 0


def _run(toolkit: Toolkit, out: Console, args: argparse.Namespace) -> dict[str, Any]:
    from telnyx_toolkit.cli.inputs import read_document  # noqa: PLC0415 - slow to import

    quiet = args.json
    out.print("A rehearsal on a virtual clock: nobody is called.\n", style="dim")
    brief = read_document(str(shipped("fixtures", "missions", "catering.yaml")))
    mission = TOOLS["create_mission"](toolkit, {"brief": brief})["mission_id"]
    plan = TOOLS["plan_steps"](toolkit, {"mission_id": mission})
    if not quiet:
        show("plan_steps", plan)
        out.print()
    approval = {"plan_hash": plan["plan_hash"], "approved_by": "demo", "words": _WORDS}
    TOOLS["approve_plan"](toolkit, {"mission_id": mission, **approval})
    TOOLS["run_mission"](toolkit, {"mission_id": mission})
    result = TOOLS["summarize"](toolkit, {"mission_id": mission})
    if not quiet:
        if args.transcripts:
            _show_transcripts(toolkit, mission, plan)
        out.print()
        show_result(out, result["result_payload"])
        sys.stdout.write("\nYour own: see README.md, 'Your first mission'.\n")
    return {**result, "plan": plan}


def _show_transcripts(toolkit: Toolkit, mission: str, plan: dict[str, Any]) -> None:
    for call in plan["calls"]:
        target = {"mission_id": mission, "target": call["target"]}
        show("get_transcript", TOOLS["get_transcript"](toolkit, target))


def _ids() -> Callable[[], str]:
    """Ids that are the same in every run."""
    numbers = Random(0)  # noqa: S311 - repeatable on purpose; nothing depends on their secrecy
    return lambda: str(UUID(int=numbers.getrandbits(128), version=4))
