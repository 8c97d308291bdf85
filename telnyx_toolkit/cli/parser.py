"""The subcommands: one for each tool, derived from its arguments, and a few of our own."""

import argparse
from typing import Protocol

from telnyx_toolkit import __version__
from telnyx_toolkit.cli.tick_parser import JSON_HELP, TICK_SUMMARY, Parser, add_tick_arguments
from telnyx_toolkit.environment import VARIABLES
from telnyx_toolkit.tool import Parameter, Tool
from telnyx_toolkit.tools import TOOLS

_LOGS = (
    "Every command takes --log-format text or json, for a line on standard error for each effect;\n"
    "with --log-level warning, for those that were not executed."
)
_TRY = "Try it without a key, a network or a cost: telnyx-toolkit demo"


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = Parser(
        prog="telnyx-toolkit",
        description="Give an agent a phone and a goal; get back answers it can prove.",
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"telnyx-toolkit {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for tool in TOOLS.values():
        _add_tool(commands, tool)
    _add_tick(commands)
    _add_report(commands)
    _add_demo(commands)
    _add_sandbox(commands)
    _add_mcp(commands)
    _add_serve(commands)
    _add_worker(commands)
    _add_ledger(commands)
    _add_setup(commands)
    _add_manifest(commands)
    return parser


def _epilog() -> str:
    width = max(len(variable.name) for variable in VARIABLES)
    lines = [f"  {variable.name:{width}}  {variable.about}" for variable in VARIABLES]
    return "\n".join(("environment:", *lines, "", _LOGS, "", _TRY))


class _Commands(Protocol):
    """What `add_subparsers` gives; argparse has no public name for it."""

    def add_parser(self, name: str, *, help: str, description: str) -> Parser:
        """Add a subcommand."""
        ...


def _add(commands: _Commands, name: str, summary: str) -> Parser:
    command = commands.add_parser(name, help=summary, description=summary)
    command.add_argument("--json", action="store_true", help=JSON_HELP)
    return command


def _add_tool(commands: _Commands, tool: Tool) -> None:
    command = _add(commands, tool.command, tool.summary)
    for parameter in tool.parameters:
        _add_parameter(command, parameter)
    if tool.name == "mission_status":
        told = "Stay, and show what happens until it is over or waits for a person."
        command.add_argument("--watch", action="store_true", help=told)
    run = _run_rehearsal if tool.name == "rehearse_mission" else _run_tool
    if tool.name == "rehearse_mission":
        command.add_argument("--report", metavar="FILE", help="Write its report there, as a page.")
    command.set_defaults(run=run, tool=tool)


def _add_parameter(command: Parser, parameter: Parameter) -> None:
    flag, metavar, told = parameter.flag, parameter.metavar, parameter.help
    match parameter.kind:
        case "positional" if parameter.required:
            command.add_argument(flag, metavar=metavar, help=told)
        case "positional":
            default = parameter.default
            command.add_argument(flag, nargs="?", default=default, metavar=metavar, help=told)
        case "wait":
            command.add_argument(flag, nargs="?", const="", default="", metavar=metavar, help=told)
        case "file" | "text":
            given = {} if parameter.required else {"default": parameter.default}
            command.add_argument(
                flag, required=parameter.required, metavar=metavar, help=told, **given
            )
        case "flag" if parameter.type is bool:
            command.add_argument(flag, action="store_true", help=told)
        case "flag":
            command.add_argument(
                flag,
                type=parameter.type,
                required=parameter.required,
                default=parameter.default,
                metavar=metavar,
                help=told,
            )


def _add_tick(commands: _Commands) -> None:
    add_tick_arguments(_add(commands, "tick", TICK_SUMMARY))


def _add_report(commands: _Commands) -> None:
    command = _add(commands, "report", "Write what came of a mission into a file to keep.")
    command.add_argument("mission_id", metavar="MISSION", help="The mission's id.")
    command.add_argument(
        "--format", choices=("html", "md", "csv", "json"), default="html", help="A page, or text."
    )
    command.add_argument("--out", metavar="FILE", help="Where; - writes it to standard output.")
    command.add_argument("--force", action="store_true", help="Replace FILE even if no report.")
    command.add_argument("--numbers", action="store_true", help="Show telephone numbers whole.")
    command.add_argument("--open", action="store_true", help="Show it in the browser.")
    command.set_defaults(run=_run_report)


def _add_demo(commands: _Commands) -> None:
    command = _add(commands, "demo", "Run the catering mission on the sandbox; no key, no cost.")
    command.add_argument("--transcripts", action="store_true", help="Show every word spoken.")
    command.set_defaults(run=_run_demo)


def _add_sandbox(commands: _Commands) -> None:
    command = _add(commands, "sandbox", "Serve a Telnyx of paper on this machine, until stopped.")
    command.add_argument("--port", type=int, default=8787, help="0 takes any free one.")
    command.add_argument("--host", default="127.0.0.1", help="A loopback address.")
    command.add_argument("--account", metavar="FILE", help="The account; see fixtures/accounts.")
    command.add_argument("--callees", metavar="DIR", help="Who answers; see fixtures/callees.")
    command.add_argument("--start", metavar="TIME", help="Where its virtual clock begins.")
    command.add_argument(
        "--clock", choices=("virtual", "system"), default="virtual", help="Whose time it keeps."
    )
    command.set_defaults(run=_run_sandbox)


def _add_mcp(commands: _Commands) -> None:
    summary = "Serve the tools to an agent over MCP, on standard input and output."
    command = commands.add_parser("mcp", help=summary, description=summary)
    command.add_argument(
        "--tools",
        choices=("missions", "all"),
        default="missions",
        help="Which: those that missions need, or all.",
    )
    command.set_defaults(run=_run_mcp)


def _add_serve(commands: _Commands) -> None:
    command = _add(commands, "serve", "Show all missions in a browser of this machine, live.")
    command.add_argument("--host", default="127.0.0.1", help="A loopback address.")
    command.add_argument("--port", type=int, default=8788, help="0 takes any free one.")
    command.add_argument("--open", action="store_true", help="Open it in the browser.")
    command.add_argument(
        "--any-host", action="store_true", help="Allow a --host that others can reach."
    )
    command.set_defaults(run=_run_serve)


def _add_worker(commands: _Commands) -> None:
    summary = "Move the missions of a shared database on, beside other workers, until stopped."
    command = _add(commands, "worker", summary)
    command.add_argument(
        "--concurrency", type=int, default=4, metavar="N", help="Missions worked on at once: 1-64."
    )
    command.add_argument(
        "--check", action="store_true", help="Say how the workers are, and end: 0 if well, else 1."
    )
    command.set_defaults(run=_run_worker)


def _add_ledger(commands: _Commands) -> None:
    summary = "Check the ledger, export it, or import an export."
    group = commands.add_parser("ledger", help=summary, description=summary)
    verbs = group.add_subparsers(metavar="COMMAND", required=True)
    check = _add(verbs, "check", "Say whether the ledger is sound; changes nothing.")
    check.set_defaults(run=_run_ledger, verb="check")
    export = _add(verbs, "export", "Write the ledger out as JSON lines, to keep or to move.")
    export.add_argument("--mission", metavar="MISSION", help="Only this one.")
    export.add_argument("--out", metavar="FILE", help="A new file, instead of standard output.")
    export.add_argument("--force", action="store_true", help="Replace FILE if it is there.")
    export.set_defaults(run=_run_ledger, verb="export")
    restore = _add(verbs, "import", "Put an export into the ledger: all of it, or nothing.")
    restore.add_argument("file", metavar="FILE", help="The export; - reads standard input.")
    restore.set_defaults(run=_run_ledger, verb="import")


def _add_manifest(commands: _Commands) -> None:
    command = _add(
        commands, "manifest", "Make the generated files of a clone anew, such as skill.yaml."
    )
    command.add_argument("--check", action="store_true", help="Fail if one is out of date.")
    command.set_defaults(run=_run_manifest)


def _add_setup(commands: _Commands) -> None:
    summary = "Show how to have `tick` called by OpenClaw, systemd or launchd."
    group = commands.add_parser("setup", help=summary, description=summary)
    verbs = group.add_subparsers(metavar="SCHEDULER", required=True)
    for name, told in (
        ("openclaw", "A job of OpenClaw's scheduler, and our tools for its agents."),
        ("systemd", "A timer of your account, on Linux."),
        ("launchd", "An agent of your account, on macOS."),
    ):
        command = _add(verbs, name, told)
        command.add_argument("--every", default="2m", metavar="TIME", help="How often: 30s to 1h.")
        command.set_defaults(run=_run_setup, scheduler=name)
        if name == "openclaw":
            where = "Where its words go, such as telegram:12345."
            command.add_argument("--notify", default="", metavar="ROUTE", help=where)
            command.add_argument("--run", action="store_true", dest="does", help="Run them, too.")


def _run_tool(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.running import run_tool  # noqa: PLC0415 - each command loads its own

    return run_tool(args)


def _run_rehearsal(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.rehearsal import rehearse  # noqa: PLC0415 - slow to import

    return rehearse(args)


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
