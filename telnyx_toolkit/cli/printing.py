"""What people read is printed here: as plain lines at once, or by rich, which is slow to import."""

import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.console import Console

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_STYLES = {"bold": _BOLD, "dim": _DIM}


class Out(Protocol):
    """Takes what is printed; a console of rich's is one, too."""

    def print(self, text: str, /, *, style: str | None = None) -> None:
        """Print a line, or several: `bold`, `dim`, or as it is."""
        ...


class Lines:
    """Standard output, line by line; a style only shows on a terminal."""

    def __init__(self) -> None:
        known = os.name == "posix" and "NO_COLOR" not in os.environ
        self._has_styles = known and sys.stdout.isatty()

    def print(self, text: str, /, *, style: str | None = None) -> None:
        """Print a line, or several."""
        if style and self._has_styles:
            text = f"{_STYLES[style]}{text}{_PLAIN}"
        sys.stdout.write(f"{text}\n")


def console(stderr: bool = False) -> "Console":
    """A console that prints what it is given: no markup, no emoji codes, no guessed colours."""
    from rich.console import Console  # noqa: PLC0415 - slow to import

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows as lines, with each column as wide as its widest cell."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """How many columns of a terminal it takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - few need it

    wide = sum(east_asian_width(character) in {"W", "F"} for character in text)
    return len(text) + wide - sum(combining(character) > 0 for character in text)
