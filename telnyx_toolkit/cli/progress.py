"""Live progress: what happens in a mission, as it happens, on standard error."""

from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from telnyx_toolkit.cli.show import console
from telnyx_toolkit.model import Attempt, Event
from telnyx_toolkit.progress_words import Teller
from telnyx_toolkit.state import MissionState


class Watcher(Teller):
    """Prints the notable facts, and a table of targets on a terminal."""

    def __init__(self, out: Console, *, live: bool) -> None:
        super().__init__(out.print)
        self._live = Live(console=out, auto_refresh=False) if live else None

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
        if self._live and state.steps:
            self._live.update(Group(_board(state)), refresh=True)


def watcher(*, as_lines: bool) -> Watcher:
    """What shows progress on standard error.

    Args:
        as_lines: Plain lines even on a terminal.
    """
    out = console(stderr=True)
    return Watcher(out, live=out.is_terminal and not as_lines)


def _board(state: MissionState) -> Table:
    """Every target with its state."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for target in state.targets:
        tries = state.attempts_at(target.step_id)
        step = state.step(target.step_id)
        table.add_row(
            Text(target.name, style="bold"),
            step.status.replace("_", " ") if step else "",
            _now(tries[-1]) if tries else "",
        )
    return table


def _now(attempt: Attempt) -> str:
    words = {"scheduled": "on its way", "ended": "collecting what was said", "collected": "done"}
    return words.get(attempt.phase, attempt.phase)
