"""The arguments of the subcommands: of the one that is used, read without those of any other."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from telnyx_toolkit import __version__
from telnyx_toolkit.cli.arguments import OURS, Parser, add_json
from telnyx_toolkit.cli.commands import COMMANDS
from telnyx_toolkit.errors import InvalidInput

if TYPE_CHECKING:
    from telnyx_toolkit.tool import Parameter, Tool

_PROGRAM = "telnyx-toolkit"
_LOGS = (
    "Every command takes --log-format text or json, for a line on standard error for each effect;\n"
    "with --log-level warning, for those that were not executed."
)
_TRY = "Try it without a key, a network or a cost: telnyx-toolkit demo"


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments of a subcommand, and as `run` the function that carries it out.

    Raises:
        InvalidInput: they make no sense.
        SystemExit: all that was asked for was help or the version, which is printed.
    """
    asks = not {"-h", "--help"}.isdisjoint(arguments)
    name = arguments[0] if arguments else ""
    if name not in COMMANDS:
        _read_without_command(name, arguments, asks)
    parser = _parser(f"{_PROGRAM} {name}", COMMANDS[name], asks)
    _add_arguments(parser, name)
    return parser.parse_args(arguments[1:])


def _read_without_command(name: str, arguments: Sequence[str], asks: bool) -> NoReturn:
    """Print the help or the version, or say what is wrong."""
    if name and not name.startswith("-"):
        from telnyx_toolkit.nearest import did_you_mean  # noqa: PLC0415 - seldom needed

        near = did_you_mean(name, COMMANDS)
        raise InvalidInput(f"There is no command {name!r}{near}.", fix=f"See {_PROGRAM} --help")
    told = "Give an agent a phone and a goal; get back answers it can prove."
    parser = _parser(_PROGRAM, told, asks)
    parser.usage = f"{_PROGRAM} [-h] [--version] COMMAND ..."
    parser.epilog = _epilog() if asks else None
    parser.add_argument("--version", action="version", version=f"{_PROGRAM} {__version__}")
    parser.add_argument("command", metavar="COMMAND", help=argparse.SUPPRESS)
    parser.parse_args(arguments)
    parser.error("The command comes first.")


def _epilog() -> str:
    from shutil import get_terminal_size  # noqa: PLC0415 - slow to import
    from textwrap import wrap  # noqa: PLC0415

    from telnyx_toolkit.environment import VARIABLES  # noqa: PLC0415

    lines = ["commands:"]
    width = max(map(len, COMMANDS))
    room = max(get_terminal_size().columns - width - 6, 30)
    for name, told in COMMANDS.items():
        first, *rest = wrap(told, room)
        lines += [f"  {name:{width}}  {first}", *(f"{'':{width}}    {more}" for more in rest)]
    width = max(len(variable.name) for variable in VARIABLES)
    lines += ["", "environment:"]
    lines += [f"  {variable.name:{width}}  {variable.about}" for variable in VARIABLES]
    return "\n".join((*lines, "", _LOGS, "", _TRY))


def _parser(program: str, told: str, asks: bool) -> Parser:
    """A parser that knows its help; how wide the terminal is takes long to find out."""
    formatter = argparse.RawDescriptionHelpFormatter if asks else _unseen
    return Parser(prog=program, description=told, formatter_class=formatter)


def _unseen(prog: str) -> argparse.HelpFormatter:
    return argparse.HelpFormatter(prog, width=80)


def _add_arguments(parser: Parser, command: str) -> None:
    if command in OURS:
        OURS[command](parser)
    else:
        _add_tool(parser, _tool(command.replace("-", "_")))


def _tool(name: str) -> "Tool":
    from telnyx_toolkit.looking import LOOKING  # noqa: PLC0415 - each command loads its own

    if name in LOOKING:
        return LOOKING[name]
    from telnyx_toolkit.tools import TOOLS  # noqa: PLC0415

    return TOOLS[name]


def _add_tool(parser: Parser, tool: "Tool") -> None:
    add_json(parser)
    for parameter in tool.parameters:
        _add_parameter(parser, parameter)
    if tool.name == "mission_status":
        told = "Stay, and show what happens until it is over or waits for a person."
        parser.add_argument("--watch", action="store_true", help=told)
    if tool.name == "rehearse_mission":
        parser.add_argument("--report", metavar="FILE", help="Write its report there, as a page.")
    run = _run_rehearsal if tool.name == "rehearse_mission" else _run_tool
    parser.set_defaults(run=run, tool=tool)


def _add_parameter(command: Parser, parameter: "Parameter") -> None:
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


def _run_tool(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.running import run_tool  # noqa: PLC0415 - each command loads its own

    return run_tool(args)


def _run_rehearsal(args: argparse.Namespace) -> int:
    from telnyx_toolkit.cli.rehearsal import rehearse  # noqa: PLC0415 - slow to import

    return rehearse(args)
