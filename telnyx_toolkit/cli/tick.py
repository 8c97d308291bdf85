"""The command `tick`: made to be run every few minutes by a scheduler that shows its output."""

import argparse
import sys
from contextlib import closing

from telnyx_toolkit.clock import SystemClock
from telnyx_toolkit.durations import duration
from telnyx_toolkit.errors import ToolkitBug, ToolkitError
from telnyx_toolkit.ledger import Ledger, has_ledger
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.ticks import Tick

#: What a scheduler of OpenClaw takes for silence.
QUIET = "NO_REPLY"
_LONGEST = 1_000


def run_tick(args: argparse.Namespace) -> int:
    """Do what is due, and print a line for each change; `NO_REPLY` where there is none.

    Nothing is written to standard error: whoever runs this shows it to a person. The status is not
    0 only where a person must mend something before any mission can go on.
    """
    done = _ticked(args)
    lines = done.lines + ([_told(done.problem)] if done.problem else [])
    if args.json:
        from telnyx_toolkit.cli import print_document  # noqa: PLC0415 - it imports this module

        problem = done.problem.as_dict()["error"] if done.problem else None
        print_document({"lines": lines, "missions": done.missions, "problem": problem})
    else:
        sys.stdout.write("\n".join(lines or [QUIET]) + "\n")
    return done.problem.exit_code if done.problem else 0


def _told(problem: ToolkitError) -> str:
    from telnyx_toolkit.untrusted import one_line  # noqa: PLC0415 - only trouble needs it

    fix = f" What to do: {problem.fix}" if problem.fix else ""
    return one_line(
        f"telnyx-toolkit cannot go on: {problem.message}{fix} ({problem.code})", _LONGEST
    )


def _ticked(args: argparse.Namespace) -> Tick:
    try:
        follow = duration(args.follow)
        settings = Settings.from_environment()
        if _is_idle(settings):
            return Tick()
        from telnyx_toolkit.ticking import tick  # noqa: PLC0415 - most ticks have nothing to do
        from telnyx_toolkit.toolkit import Toolkit  # noqa: PLC0415

        with closing(Toolkit(settings)) as toolkit:
            return tick(toolkit, follow) if follow else tick(toolkit)
    except ToolkitError as problem:
        return Tick(problem=problem)
    except Exception as problem:  # noqa: BLE001 - a surprise is told as everything else is
        return Tick(problem=ToolkitBug(f"{type(problem).__name__}: {problem}"))


def _is_idle(settings: Settings) -> bool:
    """Whether there is nothing to do and nothing to tell, found out without loading the rest."""
    if not has_ledger(settings.ledger):
        return True
    now = SystemClock().now()
    with closing(Ledger(settings.ledger)) as ledger:
        waiting = ledger.wakes(1)
        is_due = waiting and (settings.is_local or waiting[0][1] <= now)
        return not is_due and not ledger.notices.due(now, 1)
