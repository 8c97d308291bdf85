"""`python -m tests.bench`: every figure that has a budget, and some that explain them."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TextIO

from tests.bench.figures import Figure
from tests.bench.machine import machine
from tests.bench.table import as_document, broken, in_lines, in_page

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
#: What measures: one module for each, in the order of the table.
NAMES = ("cold", "rehearsals", "sweep", "events", "behind", "requests", "missions", "workers")

Source = Callable[[], Iterator[Figure]]


def main(
    argv: Sequence[str] | None = None,
    sources: Mapping[str, Source] | None = None,
    out: TextIO = sys.stdout,
    err: TextIO = sys.stderr,
) -> int:
    """Measure, print, and give the exit status: 1 where a budget is broken and `--check` given.

    Args:
        argv: The arguments.
        sources: Take the place of the modules that measure, by name.
        out: Takes the table, or the document.
        err: Told what is measured, and what is broken.
    """
    args = _parser().parse_args(argv)
    known = sources or {name: _source(name) for name in NAMES}
    chosen = {name: source for name, source in known.items() if args.only in name}
    if not chosen:
        err.write(f"Nothing is called {args.only!r}: {', '.join(known)}\n")
        return 2
    began = time.monotonic()
    found, skipped = _measured(chosen, err)
    took, about = time.monotonic() - began, machine()
    document = json.dumps(as_document(found, about, skipped, took), indent=2) + "\n"
    if args.json == "-":
        out.write(document)
    else:
        out.write("".join(f"{line}\n" for line in in_lines(found, about)))
        path = Path(args.json)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document, encoding="utf-8")
    if args.write_docs:
        page = in_page(PAGE.read_text(encoding="utf-8"), found, about)
        PAGE.write_text(page, encoding="utf-8")
    err.write(f"\nIt took {took:.0f} s.\n")
    failures = broken(found) if args.check else []
    err.write("".join(f"Broken: {failure}\n" for failure in failures))
    return 1 if failures else 0


def _measured(sources: Mapping[str, Source], err: TextIO) -> tuple[list[Figure], list[str]]:
    """The figures, and what could not be measured here."""
    found: list[Figure] = []
    skipped: list[str] = []
    for name, source in sources.items():
        err.write(f"{name} ...\n")
        err.flush()
        before = len(found)
        for one in source():
            err.write(f"  {one.name}: {one.value:.2f} {one.unit}\n")
            err.flush()
            found.append(one)
        if len(found) == before:
            skipped.append(name)
            err.write("  not measured here\n")
    return found, skipped


def _source(name: str) -> Source:
    """What measures it; nothing where this clone has no such module."""

    def figures() -> Iterator[Figure]:
        if Path(__file__).with_name(f"{name}.py").exists():
            yield from import_module(f"tests.bench.{name}").figures()

    return figures


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--check", action="store_true", help="Fail where a budget is broken.")
    parser.add_argument("--only", default="", metavar="WORD", help="What has it in its name.")
    parser.add_argument(
        "--json",
        default=str(ROOT / "build" / "bench.json"),
        metavar="PATH",
        help="Where the document goes; - prints it instead of the table.",
    )
    parser.add_argument(
        "--write-docs", action="store_true", help="Write the table of docs/performance.md anew."
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
