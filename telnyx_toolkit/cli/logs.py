"""`--log-format` and `--log-level`, which every command takes: a line of log for each effect."""

from collections.abc import Callable

from telnyx_toolkit.cli.arguments import Parser
from telnyx_toolkit.log_lines import FORMATS, LEVELS, logged

_OPTIONS = ("--log-format", "--log-level")


def with_logs(arguments: list[str], run: Callable[[list[str]], int]) -> int:
    """Run a command that was given one of these options, and log what it does.

    Raises:
        InvalidInput: there is no such format or level.
    """
    parser = Parser(prog="telnyx-toolkit", add_help=False, allow_abbrev=False)
    parser.add_argument("--log-format", choices=FORMATS, default="text")
    parser.add_argument("--log-level", choices=LEVELS, default="info")
    ours, others = _taken_out(arguments)
    args = parser.parse_args(ours)
    with logged(args.log_format, args.log_level):
        return run(others)


def _taken_out(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Our options with their values, and all else; whatever stands behind `--` is not ours."""
    ours: list[str] = []
    others: list[str] = []
    left = list(arguments)
    while left:
        argument = left.pop(0)
        if argument == "--":
            return ours, [*others, argument, *left]
        name, _, value = argument.partition("=")
        if name not in _OPTIONS:
            others.append(argument)
        else:
            ours += [argument] if value else [argument, *left[:1]]
            left = left if value else left[1:]
    return ours, others
