"""Running one tool for the command line: watched where that takes long, then its answer shown."""

import argparse
from contextlib import closing
from typing import Any

from telnyx_toolkit.cli import print_document
from telnyx_toolkit.cli.inputs import arguments_of
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.toolkit import Toolkit

_NO_RESULT = 1
_NOT_READY = 6


def run_tool(args: argparse.Namespace) -> int:
    """Run the tool of a subcommand and print what it answers."""
    tool, settings = args.tool, Settings.from_environment()
    follows = vars(args).get("watch", False)
    if not (tool.watched or follows):
        return _status(tool.name, _quiet(args, settings))
    try:
        document = (_followed if follows else _watched)(args, settings)
    except KeyboardInterrupt as stopped:
        from telnyx_toolkit.cli.watching import ways_back  # noqa: PLC0415 - seldom needed

        raise KeyboardInterrupt(ways_back(args.mission_id)) from stopped
    return _status(tool.name, document)


def _quiet(args: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    with closing(Toolkit(settings)) as toolkit:
        return _answer(args, toolkit, args.tool(toolkit, arguments_of(args.tool, args)))


def _watched(args: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    from telnyx_toolkit.cli import progress  # noqa: PLC0415 - rich and pydantic are slow to import

    watcher = progress.watcher(as_lines=args.json)
    toolkit = Toolkit(settings, observe=watcher, rests=watcher.rests, busy=watcher.busy)
    with closing(toolkit):
        with watcher:
            document = args.tool(toolkit, arguments_of(args.tool, args))
        return _answer(args, toolkit, document)


def _followed(args: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    from telnyx_toolkit.cli.watching import follow  # noqa: PLC0415 - as above

    with closing(Toolkit(settings)) as toolkit:
        follow(toolkit, args.mission_id, as_lines=args.json)
        return _answer(args, toolkit, args.tool(toolkit, arguments_of(args.tool, args)))


def _answer(args: argparse.Namespace, toolkit: Toolkit, document: dict[str, Any]) -> dict[str, Any]:
    """Print what a tool answers; what has been printed needs no further telling."""
    if args.json:
        print_document(document)
    else:
        from telnyx_toolkit.cli.show import show  # noqa: PLC0415 - rich is slow to import

        show(args.tool.name, document)
    if not args.tool.effect.only_looks:
        toolkit.answered(document)
    return document


def _status(tool_name: str, document: dict[str, Any]) -> int:
    """0 only when what was asked for has happened: a mission that failed did not run."""
    if tool_name == "check_account":
        return 0 if document["ok"] else _NOT_READY
    failed = tool_name == "run_mission" and document["state"] in {"failed", "cancelled"}
    return _NO_RESULT if failed else 0
