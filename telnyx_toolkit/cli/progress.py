"""Live progress: what happens in a mission, as it happens, on standard error."""

from datetime import datetime
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from telnyx_toolkit.cli.printing import console
from telnyx_toolkit.clock_words import Here, both_clocks
from telnyx_toolkit.model import Event
from telnyx_toolkit.progress_board import Board, Row, board
from telnyx_toolkit.progress_words import Teller
from telnyx_toolkit.state import MissionState

#: Lines of a terminal that are left to the facts above the board, and to the board's own frame.
_LEFT_FREE, _FEWEST = 9, 3


class Watcher(Teller):
    """Prints the notable facts; on a terminal there is a board of the mission below them.

    Args:
        out: Where it is shown.
        live: Whether there is a board.
        here: The clock of whoever watches; None where the mission's is virtual.
    """

    def __init__(self, out: Console, *, live: bool, here: Here | None = None) -> None:
        super().__init__(out.print, here)
        self._out, self._clock = out, here
        self._live = Live(console=out, auto_refresh=False, transient=True) if live else None
        self._next = ""

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._live:
            self._live.stop()

    def __call__(self, event: Event, state: MissionState) -> None:
        """Show one fact."""
        super().__call__(event, state)
        self._next = ""
        self.show(state)

    def rests(self, until: datetime, state: MissionState) -> None:
        """Show when there is something to do again."""
        super().rests(until, state)
        self._next = f"next {both_clocks(until, state.targets[0], self._clock)}"
        self.show(state)

    def begin(self, state: MissionState, at: datetime) -> None:
        """Show where a mission stands that others run; its last fact is of `at`, UTC."""
        self.takes_up(at)
        self.show(state)
        if not self._live and state.steps:
            told = board(state)
            self._out.print(told.title)
            for row in told.rows:
                self._out.print(f"  {row.name}: {row.now}")
            self._out.print(f"  {told.steps}; {told.money}")

    def idle(self, state: MissionState) -> None:
        """Say that something is due, and that nobody does it."""
        self._out.print(
            f"Nobody runs it at the moment: telnyx-toolkit run-mission {state.mission_id} goes on"
        )

    def show(self, state: MissionState) -> None:
        """Draw the board anew."""
        if self._live and state.steps:
            most = max(_FEWEST, self._out.height - _LEFT_FREE)
            self._live.update(_drawn(board(state, most), self._next), refresh=True)


def watcher(*, as_lines: bool) -> Watcher:
    """What shows progress on standard error.

    Args:
        as_lines: Plain lines even on a terminal.
    """
    out = console(stderr=True)
    return Watcher(out, live=has_board(out) and not as_lines, here=lambda at: at.astimezone())


def has_board(out: Console) -> bool:
    """Whether there is a terminal on which lines can be drawn anew."""
    return out.is_terminal and not out.is_dumb_terminal


def _drawn(told: Board, due: str) -> Group:
    table = Table(box=None, pad_edge=False, show_header=False, expand=False)
    for style in ("bold", "", "dim", "", "dim italic"):
        table.add_column(style=style, no_wrap=True, overflow="ellipsis")
    for row in told.rows:
        heard_of = f"told of {row.told}" if row.told else ""
        table.add_row(f"{_mark(row)} {row.name}", row.now, row.tries, heard_of, row.words)
    below = (f"  {told.more}" if told.more else "", f"{told.steps}; {told.money}", due)
    foot = [Text(line, style="dim", no_wrap=True) for line in below if line]
    return Group(Text(f"\n{told.title}", style="bold"), table, *foot)


def _mark(row: Row) -> str:
    if row.is_open:
        return ">"
    return "+" if row.is_resolved else " "
