"""The demo as a moving picture of a terminal: an SVG with styles of its own and nothing else.

rich can draw one, but its letters come from somewhere else, and it does not move.
"""

import html
import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from telnyx_toolkit.cli import main

_COLUMNS = 100
_LETTER, _LINE, _MARGIN, _BAR = 8.4, 20, 18, 34
_AT = re.compile(r"[A-Z][a-z]{2} \d\d:\d\d:\d\d [A-Z]{3,4}")
#: What of the demo is shown: whole parts, and what of them tells most.
_LEFT_OUT = re.compile(
    r"Mission started|Assistant created|Assistant removed|Number returned|Next: Mon|call completed"
    r"|Said first|^The best offer|^Done |^Plan |^Stop |^Goal|    conversation|service fee"
)
_WINNER = "Chicago Grill Co"
_STYLES = """
svg { color-scheme: dark; }
rect.screen { fill: #14171b; } .dots { fill: #3a4049; }
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  fill: #e8e6e1; white-space: pre; }
.dim { fill: #a9b0ba; } .bold { font-weight: 700; } .good { fill: #6fd3ae; }
.chosen { fill: #6fd3ae; font-weight: 700; } .said { fill: #ffd479; }
@media (prefers-reduced-motion: no-preference) {
  g { animation: shown 1ms linear backwards; }
  @keyframes shown { from { opacity: 0; } }
}
"""


@dataclass(frozen=True)
class Line:
    """One line of the terminal.

    Attributes:
        pause_s: How long the line before it stands alone, in seconds.
        style: Which class of the styles it has.
    """

    text: str
    pause_s: float
    style: str = ""


def recorded_lines() -> list[Line]:
    """The most telling lines of the demo, as it prints them now."""
    return [
        Line("$ telnyx-toolkit demo", 0.3, "bold"),
        *(line for part in _parts(_demo()) for line in part),
        Line("", 0.8),
        Line("Report: reports/demo.html", 0, "bold"),
    ]


def _demo() -> str:
    """What `telnyx-toolkit demo` prints where there is no terminal."""
    out = StringIO()
    with TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch, redirect_stdout(out):
        patch.setenv("TELNYX_TOOLKIT_HOME", str(Path(home) / "toolkit"))
        patch.setenv("COLUMNS", str(_COLUMNS))
        assert main(["demo"]) == 0
    return out.getvalue()


def _parts(printed: str) -> Iterator[list[Line]]:
    lines = [line.rstrip() for line in printed.splitlines()]
    shown = [line for line in lines[: lines.index("What to do now:")] if not _LEFT_OUT.search(line)]
    for part in "\n".join(shown).split("\n\n"):
        told = part.strip("\n").split("\n")
        if told[0].startswith("What was said"):
            told = [told[0], *(line for line in told if line.startswith(f"  {_WINNER}"))]
        if told != [""]:
            yield [Line("", 0.6), *(line for row in told for line in _styled(row))]


def _styled(row: str) -> Iterator[Line]:
    """A line as one or more of the terminal's, broken between words."""
    is_event = bool(_AT.match(row))
    indent = " " * (len(row) - len(row.lstrip()) + 2 + 15 * is_event)
    for piece in textwrap.wrap(row, _COLUMNS, subsequent_indent=indent) or [""]:
        yield Line(piece, 0.5 if is_event else 0.12, _style(row))


def _style(row: str) -> str:
    if row.startswith(("Recommended", f" {_WINNER} *")):
        return "chosen"
    if " confirmed - " in row:
        return "good"
    if row.startswith((f"  {_WINNER}: ", "  Not ")):
        return "said" if _WINNER in row else "dim"
    if row.startswith("Corporate") or row == "What was said:":
        return "bold"
    return "" if not row.startswith(("A rehearsal", " ─", " Target")) else "dim"


def recording(lines: Sequence[Line]) -> str:
    """The SVG in which these lines appear one after the other."""
    width = round(2 * _MARGIN + _COLUMNS * _LETTER)
    height = _BAR + _LINE * len(lines) + _MARGIN
    at_s, drawn = 0.0, list[str]()
    for number, line in enumerate(lines):
        at_s += line.pause_s
        if line.text:
            drawn.append(_drawn(line, _BAR + _LINE * number + 14, at_s))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}" role="img" aria-labelledby="title">',
            '<title id="title">A terminal in which telnyx-toolkit demo runs a mission</title>',
            f"<style>{_STYLES}</style>",
            f'<rect class="screen" width="{width}" height="{height}" rx="10"/>',
            *(f'<circle class="dots" cx="{x}" cy="17" r="6"/>' for x in (22, 42, 62)),
            *drawn,
            "</svg>\n",
        ]
    )


def _drawn(line: Line, y: int, at_s: float) -> str:
    """One line, as wide as its letters would be in any of the fonts."""
    text = line.text.lstrip()
    x = _MARGIN + (len(line.text) - len(text)) * _LETTER
    style = f' class="{line.style}"' if line.style else ""
    width = f'textLength="{len(text) * _LETTER:.1f}" lengthAdjust="spacingAndGlyphs"'
    shown = html.escape(text, quote=False)
    return (
        f'<g style="animation-delay: {at_s:.2f}s">'
        f'<text{style} x="{x:.1f}" y="{y}" {width} xml:space="preserve">{shown}</text></g>'
    )
