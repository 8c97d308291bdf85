"""The arguments of `tick`, which is read without those of any other command."""

import argparse
from typing import NoReturn

from telnyx_toolkit.errors import InvalidInput

TICK_SUMMARY = "Do what is due, once; print what changed, or NO_REPLY. For a scheduler."
JSON_HELP = "One JSON document on standard output."


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are errors like any other, not an exit from within."""

    def error(self, message: str) -> NoReturn:
        """Refuse bad arguments."""
        raise InvalidInput(message, fix=f"See {self.prog} --help")


def tick_parser() -> Parser:
    """What `telnyx-toolkit tick` takes."""
    parser = Parser(prog="telnyx-toolkit tick", description=TICK_SUMMARY)
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    add_tick_arguments(parser)
    return parser


def add_tick_arguments(parser: Parser) -> None:
    """The arguments of `tick`, without those that every command has."""
    parser.add_argument(
        "--for",
        dest="follow",
        default="",
        metavar="TIME",
        help="Go on that long while there is something to do, such as 90s; else one round.",
    )
