"""The arguments of the commands that are no tools, and what runs each; nothing is loaded for it."""

import argparse
from collections.abc import Callable, Mapping
from typing import NoReturn, Protocol

from telnyx_toolkit.errors import InvalidInput

_COPY_HELP = "That of TELNYX_TOOLKIT_DATABASE_URL, or the file under TELNYX_TOOLKIT_HOME."


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are errors like any other, not an exit from within."""

    def error(self, message: str) -> NoReturn:
        """Refuse bad arguments."""
        raise InvalidInput(message, fix=f"See {self.prog} --help")


def add_json(parser: Parser) -> None:
    """Add what nearly every command has."""
    parser.add_argument("--json", action="store_true", help="One JSON document on standard output.")


def _add_tick(parser: Parser) -> None:
    add_json(parser)
    told = "Go on that long while there is something to do, such as 90s; else one round."
    parser.add_argument("--for", dest="follow", default="", metavar="TIME", help=told)
    parser.set_defaults(run=_run_tick)


def _add_report(parser: Parser) -> None:
    add_json(parser)
    parser.add_argument("mission_id", metavar="MISSION", help="The mission's id.")
    parser.add_argument(
        "--format", choices=("html", "md", "csv", "json"), default="html", help="A page, or text."
    )
    parser.add_argument("--out", metavar="FILE", help="Where; - writes it to standard output.")
    parser.add_argument("--force", action="store_true", help="Replace FILE even if no report.")
    parser.add_argument("--numbers", action="store_true", help="Show telephone numbers whole.")
    parser.add_argument("--open", action="store_true", help="Show it in the browser.")
    parser.set_defaults(run=_run_report)


def _add_demo(parser: Parser) -> None:
    add_json(parser)
    parser.add_argument("--transcripts", action="store_true", help="Show every word spoken.")
    parser.set_defaults(run=_run_demo)


def _add_sandbox(parser: Parser) -> None:
    add_json(parser)
    parser.add_argument("--port", type=int, default=8787, help="0 takes any free one.")
    parser.add_argument("--host", default="127.0.0.1", help="A loopback address.")
    parser.add_argument("--account", metavar="FILE", help="The account; see fixtures/accounts.")
    parser.add_argument("--callees", metavar="DIR", help="Who answers; see fixtures/callees.")
    parser.add_argument("--start", metavar="TIME", help="Where its virtual clock begins.")
    parser.add_argument(
        "--clock", choices=("virtual", "system"), default="virtual", help="Whose time it keeps."
    )
    parser.set_defaults(run=_run_sandbox)


def _add_mcp(parser: Parser) -> None:
    parser.add_argument(
        "--tools",
        choices=("missions", "all"),
        default="missions",
        help="Which: those that missions need, or all.",
    )
    parser.set_defaults(run=_run_mcp)


def _add_serve(parser: Parser) -> None:
    add_json(parser)
    parser.add_argument("--host", default="127.0.0.1", help="A loopback address.")
    parser.add_argument("--port", type=int, default=8788, help="0 takes any free one.")
    parser.add_argument("--open", action="store_true", help="Open it in the browser.")
    parser.add_argument(
        "--any-host", action="store_true", help="Allow a --host that others can reach."
    )
    parser.set_defaults(run=_run_serve)


def _add_worker(parser: Parser) -> None:
    add_json(parser)
    parser.add_argument(
        "--concurrency", type=int, default=4, metavar="N", help="Missions worked on at once: 1-64."
    )
    parser.add_argument(
        "--check", action="store_true", help="Say how the workers are, and end: 0 if well, else 1."
    )
    parser.set_defaults(run=_run_worker)


def _add_ledger(parser: Parser) -> None:
    verbs = parser.add_subparsers(metavar="COMMAND", required=True)
    check = _add_verb(verbs, "check", "Say whether the ledger is sound; changes nothing.")
    check.set_defaults(run=_run_ledger, verb="check")
    export = _add_verb(verbs, "export", "Write the ledger out as JSON lines, to keep or to move.")
    export.add_argument("--mission", metavar="MISSION", help="Only this one.")
    export.add_argument("--out", metavar="FILE", help="A new file, instead of standard output.")
    export.add_argument("--force", action="store_true", help="Replace FILE if it is there.")
    export.set_defaults(run=_run_ledger, verb="export")
    restore = _add_verb(verbs, "import", "Put an export into the ledger: all of it, or nothing.")
    restore.add_argument("file", metavar="FILE", help="The export; - reads standard input.")
    restore.set_defaults(run=_run_ledger, verb="import")
    told = "Carry the whole ledger to Postgres or back; the old one is kept."
    move = _add_verb(verbs, "copy", told)
    move.add_argument("--to", required=True, choices=("database", "file"), help=_COPY_HELP)
    move.set_defaults(run=_run_ledger, verb="copy")


def _add_manifest(parser: Parser) -> None:
    add_json(parser)
    parser.add_argument("--check", action="store_true", help="Fail if one is out of date.")
    parser.set_defaults(run=_run_manifest)


def _add_setup(parser: Parser) -> None:
    verbs = parser.add_subparsers(metavar="SCHEDULER", required=True)
    for name, told in (
        ("openclaw", "A job of OpenClaw's scheduler, and our tools for its agents."),
        ("systemd", "A timer of your account, on Linux."),
        ("launchd", "An agent of your account, on macOS."),
    ):
        verb = _add_verb(verbs, name, told)
        verb.add_argument("--every", default="2m", metavar="TIME", help="How often: 30s to 1h.")
        verb.set_defaults(run=_run_setup, scheduler=name)
        if name == "openclaw":
            where = "Where its words go, such as telegram:12345."
            verb.add_argument("--notify", default="", metavar="ROUTE", help=where)
            verb.add_argument("--run", action="store_true", dest="does", help="Run them, too.")


class _Verbs(Protocol):
    """What `add_subparsers` gives; argparse has no public name for it."""

    def add_parser(self, name: str, *, help: str, description: str) -> Parser:
        """Add a subcommand."""
        ...


def _add_verb(verbs: _Verbs, name: str, told: str) -> Parser:
    """Add the second word of a command of two."""
    verb = verbs.add_parser(name, help=told, description=told)
    add_json(verb)
    return verb


def _run_tick(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.tick import run_tick  # noqa: PLC0415 - each command loads its own

    return run_tick(args)


def _run_report(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.report import run_report  # noqa: PLC0415 - slow to import

    return run_report(args)


def _run_demo(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.rehearsal import demo  # noqa: PLC0415 - slow to import

    return demo(args)


def _run_sandbox(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.sandbox import run_sandbox  # noqa: PLC0415 - slow to import

    return run_sandbox(args)


def _run_mcp(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.mcp import run_mcp  # noqa: PLC0415 - slow to import

    return run_mcp(args)


def _run_serve(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.serve import run_serve  # noqa: PLC0415 - slow to import

    return run_serve(args)


def _run_worker(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.worker import run_worker  # noqa: PLC0415 - an extra, slow to import

    return run_worker(args)


def _run_ledger(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.ledger import run_ledger  # noqa: PLC0415 - slow to import

    return run_ledger(args)


def _run_setup(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.scheduling import run_setup  # noqa: PLC0415 - seldom asked for

    return run_setup(args)


def _run_manifest(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.manifest import manifest  # noqa: PLC0415 - slow to import

    return manifest(args)


#: What adds its arguments to a parser, by command.
OURS: Mapping[str, Callable[[Parser], None]] = {
    "tick": _add_tick,
    "report": _add_report,
    "demo": _add_demo,
    "sandbox": _add_sandbox,
    "mcp": _add_mcp,
    "serve": _add_serve,
    "worker": _add_worker,
    "ledger": _add_ledger,
    "setup": _add_setup,
    "manifest": _add_manifest,
}
