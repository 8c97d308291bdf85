"""`telnyx-toolkit report`: what came of a mission, as a file that people keep."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from telnyx_toolkit.cli import print_document
from telnyx_toolkit.clock import SystemClock
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.ledger.reading import ReadLedger
from telnyx_toolkit.model import Event
from telnyx_toolkit.report import report_document, report_page
from telnyx_toolkit.report.files import default_path, write_report
from telnyx_toolkit.report.markdown import report_markdown
from telnyx_toolkit.report.table import report_table
from telnyx_toolkit.settings import Settings

Document = dict[str, Any]


def run_report(args: argparse.Namespace) -> int:
    """Write the report of a mission, and say where; the ledger is only read."""
    settings = Settings.from_environment()
    if args.open and args.out == "-":
        raise InvalidInput("--open needs a file, and --out - writes none.")
    with closing(ReadLedger(settings.ledger)) as ledger:
        events = ledger.events(args.mission_id)
    now = max(SystemClock().now(), events[-1].at)
    text = _FORMATS[args.format](report_document(events, now, numbers=args.numbers))
    if args.out == "-":
        sys.stdout.write(text)
        return 0
    default = default_path(settings.home, args.mission_id, args.format)
    path = (Path(args.out).expanduser() if args.out else default).absolute()
    size = write_report(path, text, force=args.force)
    told = {"mission_id": args.mission_id, "format": args.format, "path": str(path), "bytes": size}
    if args.json:
        print_document(told)
    else:
        sys.stdout.write(f"Report: {path}\n{path.as_uri()}\n")
    if args.open:
        _open(path)
    return 0


def write_rehearsal(path: Path, events: Sequence[Event]) -> None:
    """Write the page of a rehearsal, whose facts no ledger has.

    Raises:
        ToolkitError: the file cannot be written, or something else is there.
    """
    document = report_document(events, events[-1].at, is_rehearsal=True)
    write_report(path, report_page(document))


def _open(path: Path) -> None:
    """Show the file in the person's browser, as far as there is one."""
    import webbrowser  # noqa: PLC0415 - seldom asked for

    if not webbrowser.open(path.as_uri()):
        sys.stderr.write("No browser was found here: open the file above in one yourself.\n")


def _as_json(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


_FORMATS: Mapping[str, Callable[[Document], str]] = {
    "html": report_page,
    "md": report_markdown,
    "csv": report_table,
    "json": _as_json,
}
