"""What a person typed, as a tool's arguments: files are read, structures never come by argv."""

import argparse
import sys
from pathlib import Path
from typing import Any

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.tool import Tool


def arguments_of(tool: Tool, args: argparse.Namespace) -> dict[str, Any]:
    """The tool's arguments by name.

    Raises:
        InvalidInput: a file cannot be read or parsed.
    """
    given: dict[str, Any] = {}
    for parameter in tool.parameters:
        value = getattr(args, parameter.name)
        if parameter.kind == "file" and value is not None:
            value = read_document(value)
        if parameter.kind == "text" and value:
            value = read_text(value)
        given[parameter.name] = value
    return given


def read_document(name: str) -> Any:
    """The YAML or JSON in a file, or in standard input for `-`.

    Raises:
        InvalidInput: it cannot be read or parsed.
    """
    from telnyx_toolkit.brief_reader import load_document  # noqa: PLC0415 - slow to import

    return load_document(_read(name))


def read_text(name: str) -> str:
    """The text in a file, or in standard input for `-`.

    Raises:
        InvalidInput: it cannot be read, or is no UTF-8 text.
    """
    try:
        return _read(name).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InvalidInput(
            f"{name!r} is not UTF-8 text: {problem.reason} at byte {problem.start}.",
            fix="Save it as UTF-8, which spreadsheets offer as `CSV UTF-8`.",
        ) from problem


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).expanduser().read_bytes()
    except OSError as problem:
        raise InvalidInput(
            f"{name!r} cannot be read: {problem.strerror}.",
            fix="Give the path of a readable file, or - for standard input.",
        ) from problem
