"""The command line: parse, call one tool, print; no rule lives here."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from telnyx_toolkit.cli.parser import build_parser
from telnyx_toolkit.errors import ToolkitError, describe

_INTERRUPTED = 130
_NO_RESULT = 1
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
        return 0
    except ToolkitError as problem:
        return _fail(problem, problem.exit_code, wants_json)
    except Exception as problem:  # noqa: BLE001 - the one place where a surprise becomes a message
        return _fail(problem, _BUG, wants_json)


def run_tool(args: argparse.Namespace) -> int:
    """Run the tool of a subcommand and print what it answers."""
    from telnyx_toolkit.cli import progress, show  # noqa: PLC0415 - rich is slow to import
    from telnyx_toolkit.cli.inputs import arguments_of  # noqa: PLC0415
    from telnyx_toolkit.settings import Settings  # noqa: PLC0415
    from telnyx_toolkit.toolkit import Toolkit  # noqa: PLC0415

    tool = args.tool
    given = arguments_of(tool, args)
    watcher = progress.watcher(tool.name, as_lines=args.json)
    toolkit = Toolkit(Settings.from_environment(), observe=watcher, rests=watcher.rests)
    try:
        with watcher:
            document = tool(toolkit, given)
    finally:
        toolkit.close()
    print_document(document) if args.json else show.show(tool.name, document)
    return _status(tool.name, document)


def print_document(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _status(tool_name: str, document: dict[str, Any]) -> int:
    """0 only when what was asked for has happened: a mission that failed did not run."""
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
