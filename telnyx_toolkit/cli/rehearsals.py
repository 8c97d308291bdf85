"""`rehearse-mission --runs`: a bar while it runs, and one page of what the runs say."""

import argparse
import os
import shlex
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from telnyx_toolkit.cli import print_document
from telnyx_toolkit.cli.inputs import arguments_of
from telnyx_toolkit.cli.printing import console
from telnyx_toolkit.distributions import figure_text
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from telnyx_toolkit.workers import collect_less

_BARS = " ▁▂▃▄▅▆▇█"
_TOLD_EVERY = 50
_INTERRUPTED = 130
_WIDTH = 24
_ENDS = ("min", "p10", "median", "p90", "max")
_PRICES = {"price", "total", "saving"}
_NAMES = {
    "calls": "calls",
    "texts": "texts",
    "minutes": "minutes talked",
    "cost_usd": "cost",
    "price": "price",
    "total": "total",
    "saving": "saving",
}


def rehearse_many(args: argparse.Namespace) -> int:
    """Rehearse the person's brief many times; 130 where it was stopped before its end."""
    arguments = arguments_of(args.tool, args)
    collect_less()
    out = console(stderr=True)
    out.print("Rehearsals on a virtual clock: nobody is called. Ctrl-C stops.", style="dim")
    with _watched(out) as progress:
        toolkit = Toolkit(
            Settings.from_environment(), progress=progress, processes=os.cpu_count() or 1
        )
        with closing(toolkit):
            document = TOOLS["rehearse_mission"](toolkit, arguments)
    if args.json:
        print_document(document)
    else:
        show(console(), document, args)
    return 0 if document["runs"] == document["asked"] else _INTERRUPTED


@contextmanager
def _watched(out: Console) -> Generator[Callable[[int, int], None]]:
    """A bar on a terminal; elsewhere a line now and then."""
    if not out.is_terminal:
        yield lambda done, of: _line(out, done, of)
        return
    columns = (TextColumn("Runs"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out, transient=True) as bar:
        task = bar.add_task("runs")
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _line(out: Console, done: int, of: int) -> None:
    if done % _TOLD_EVERY == 0 or done == of:
        out.print(f"{done} of {of} runs", style="dim", highlight=False)


def show(out: Console, document: Mapping[str, Any], args: argparse.Namespace) -> None:
    """The page."""
    for number, line in enumerate(document["summary"]):
        out.print(Text(line, "bold" if number == 0 else ""))
    show_warnings(out, document)
    out.print()
    out.print(_spreads(document))
    out.print()
    out.print(_ends(document))
    sample = document["sample"]
    out.print(Text(f"\nRun {sample['run']}, {sample['why']}: {sample['result_summary']}"))
    for line in sample["transcript"]:
        out.print(Text(f"  {line}", "dim"))
    if sample["left_out"]:
        out.print(Text(f"  … and {sample['left_out']} lines more.", "dim"))
    given = [(flag, vars(args)[flag]) for flag in ("brief", "mix", "callees", "start")]
    same = " ".join(f"--{flag} {shlex.quote(value)}" for flag, value in given if value)
    out.print(Text(f"\nThat run alone: telnyx-toolkit rehearse-mission {same} {sample['replay']}"))


def show_warnings(out: Console, document: Mapping[str, Any]) -> None:
    """What is amiss with the brief, and what to change."""
    for warning in document["warnings"]:
        out.print(Text(f"\n! {warning['message']}", "yellow"))
        out.print(Text(f"  {warning['fix']}"))


def _spreads(document: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    for name in _ENDS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("spread", no_wrap=True)
    finish = document["finish"]
    table.add_row("over by", *_times(finish["local"]), _bars(finish["histogram"]))
    for key, told in document["figures"].items():
        unit = {"cost_usd": "USD"}.get(key, document["unit"] if key in _PRICES else "")
        ends = [figure_text(told[name], unit) for name in _ENDS]
        table.add_row(_NAMES[key], *ends, _bars(told["histogram"]))
    return table


def _times(local: Mapping[str, str]) -> list[str]:
    """Instants by the called people's clocks, as short as they can be told from each other."""
    at = [datetime.fromisoformat(local[name]) for name in _ENDS]
    days = {one.date() for one in at}
    if len(days) == 1:
        return [f"{one:%H:%M}" for one in at]
    near = max(days) - min(days) < timedelta(days=7)
    return [one.strftime("%a %H:%M" if near else "%d %b") for one in at]


def _ends(document: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("how it stood with a target")
    table.add_column("people", justify="right")
    table.add_column("runs", justify="right")
    table.add_column("")
    table.add_column("for example")
    most = max((one["targets"] for one in document["outcomes"]), default=1)
    for one in document["outcomes"]:
        bar = "█" * max(1, round(_WIDTH * one["targets"] / most))
        name = one["outcome"].replace("_", " ")
        example = f"--replay {one['for_example']}"
        table.add_row(Text(name), str(one["targets"]), str(one["runs"]), bar, example)
    return table


def _bars(histogram: list[int]) -> str:
    most = max(histogram)
    return "".join(_BARS[-(-count * 8 // most)] for count in histogram)
