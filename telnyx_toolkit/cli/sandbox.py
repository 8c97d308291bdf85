"""`telnyx-toolkit sandbox`: serves the simulator on this machine."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from telnyx_toolkit.clock import Clock, ManualClock, SystemClock
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.rehearsal import START
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.simulator import Sandbox, serve


def make_sandbox(
    clock: Clock, account: str | None = None, callees: str | None = None, seed: int = 0
) -> Sandbox:
    """A sandbox with the shipped account and callees, or those given.

    Raises:
        InvalidInput: a file is missing or not usable.
    """
    return Sandbox(
        clock,
        account=Path(account) if account else shipped("fixtures", "accounts", "default.yaml"),
        callees=Path(callees) if callees else shipped("fixtures", "callees"),
        seed=seed,
    )


def run_sandbox(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    clock = SystemClock() if args.clock == "system" else ManualClock(_start(args.start))
    serve(make_sandbox(clock, args.account, args.callees), args.host, args.port, _announce)
    return 0


def _start(text: str | None) -> datetime:
    if text is None:
        return START
    try:
        given = datetime.fromisoformat(text)
    except ValueError as problem:
        raise InvalidInput(
            f"--start {text!r} is not a time, such as 2026-11-23T14:30Z"
        ) from problem
    if given.tzinfo is None:
        raise InvalidInput(f"--start {text!r} has no zone: add Z or an offset")
    return given


def _announce(url: str) -> None:
    sys.stdout.write(
        f"Sandbox at {url}\n"
        f"  export TELNYX_BASE_URL={url} TELNYX_API_KEY=example\n"
        "Nothing here reaches a telephone. Ctrl-C stops it.\n"
    )
    sys.stdout.flush()
