"""The command line: parse, call one tool, print; no rule lives here."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from telnyx_toolkit.cli.inputs import arguments_of
from telnyx_toolkit.cli.parser import build_parser
from telnyx_toolkit.errors import ToolkitError, describe
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.toolkit import Toolkit

#: Tools that take long enough for somebody to watch.
_WATCHED = {"run_mission", "cancel_mission", "pause_mission"}
_INTERRUPTED, _PIPE_CLOSED = 130, 141  # as a shell counts SIGINT and SIGPIPE
_NO_RESULT = 1
_NOT_READY = 6
_BUG = 70


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; README.md says what it means."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    wants_json = "--json" in arguments
    try:
        args = build_parser().parse_args(arguments)
        return args.run(args)
    except KeyboardInterrupt:
        _say("Stopped watching. The mission is safe in the ledger: run the same command to go on.")
        return _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone: nothing more can be said to it
        return _PIPE_CLOSED
    except ToolkitError as problem:
        return _fail(problem, problem.exit_code, wants_json)
    except Exception as problem:  # noqa: BLE001 - the one place where a surprise becomes a message
        return _fail(problem, _BUG, wants_json)


def run_tool(args: argparse.Namespace) -> int:
    """Run the tool of a subcommand and print what it answers."""
    tool, settings = args.tool, Settings.from_environment()
    document = (_watched if tool.name in _WATCHED else _quiet)(args, settings)
    if args.json:
        print_document(document)
    else:
        from telnyx_toolkit.cli.show import show  # noqa: PLC0415 - rich is slow to import

        show(tool.name, document)
    return _status(tool.name, document)


def _quiet(args: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    with closing(Toolkit(settings)) as toolkit:
        return args.tool(toolkit, arguments_of(args.tool, args))


def _watched(args: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    from telnyx_toolkit.cli import progress  # noqa: PLC0415 - rich and pydantic are slow to import

    watcher = progress.watcher(as_lines=args.json)
    toolkit = Toolkit(settings, observe=watcher, rests=watcher.rests, busy=watcher.busy)
    with closing(toolkit), watcher:
        return args.tool(toolkit, arguments_of(args.tool, args))


def print_document(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _status(tool_name: str, document: dict[str, Any]) -> int:
    """0 only when what was asked for has happened: a mission that failed did not run."""
    if tool_name == "check_account":
        return 0 if document["ok"] else _NOT_READY
    failed = tool_name == "run_mission" and document["state"] in {"failed", "cancelled"}
    return _NO_RESULT if failed else 0


def _fail(problem: BaseException, status: int, wants_json: bool) -> int:
    document = describe(problem)
    if wants_json:
        print_document(document)
    error = document["error"]
    _say(f"{error['code']}: {error['message']}" + (f"\nfix: {error['fix']}" * bool(error["fix"])))
    return status


def _say(text: str) -> None:
    from telnyx_toolkit.untrusted import clean  # noqa: PLC0415 - only trouble needs it

    sys.stderr.write(clean(text, 4_000) + "\n")
