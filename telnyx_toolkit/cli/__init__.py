"""The command line: parse, call one tool, print; no rule lives here."""

import sys
from collections.abc import Sequence
from typing import Any

from telnyx_toolkit.errors import ToolkitError, describe

_INTERRUPTED, _PIPE_CLOSED = 130, 141  # as a shell counts SIGINT and SIGPIPE
_BUG = 70
_STOPPED = "Stopped. What was done is in the ledger: the same command goes on."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; README.md says what it means."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    wants_json = "--json" in arguments
    try:
        return _run(arguments)
    except KeyboardInterrupt as stopped:
        _say(
            str(stopped) or "Stopped. Whatever was done is in the ledger: the same command goes on."
        )
        return _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone: nothing more can be said to it
        return _PIPE_CLOSED
    except ToolkitError as problem:
        return _fail(problem, problem.exit_code, wants_json)
    except Exception as problem:  # noqa: BLE001 - the one place where a surprise becomes a message
        return _fail(problem, _BUG, wants_json)


def _run(arguments: list[str]) -> int:
    if any(argument.startswith(("--log-format", "--log-level")) for argument in arguments):
        from telnyx_toolkit.cli.logs import with_logs  # noqa: PLC0415 - each command loads its own

        return with_logs(arguments, _command)
    return _command(arguments)


def _command(arguments: list[str]) -> int:
    from telnyx_toolkit.cli.parser import parsed  # noqa: PLC0415 - a mistake in it is told, too

    args = parsed(arguments)
    return args.run(args)


def print_document(document: Any) -> None:
    """One JSON document on standard output."""
    import json  # noqa: PLC0415 - not everything prints one

    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


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
