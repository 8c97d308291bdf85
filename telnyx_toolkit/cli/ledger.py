"""`telnyx-toolkit ledger`: checks the ledger, exports it, imports an export, moves it."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from telnyx_toolkit.cli import print_document
from telnyx_toolkit.clock import SystemClock
from telnyx_toolkit.errors import ConfigError, InvalidInput
from telnyx_toolkit.ledger import LeaseRow, Ledger, Place
from telnyx_toolkit.ledger.check import check
from telnyx_toolkit.ledger.copying import carry
from telnyx_toolkit.ledger.export import Export
from telnyx_toolkit.ledger.files import aside, put
from telnyx_toolkit.ledger.opening import opened_to_read
from telnyx_toolkit.ledger.restore import read_copy, restore
from telnyx_toolkit.runner import LockedFiles
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.untrusted import one_line

Document = dict[str, Any]

_UNSOUND = 3
_OFTEN = 1_000
_TO_DATABASE = (
    "From now on TELNYX_TOOLKIT_DATABASE_URL must be set for whatever works on these missions:"
    " shells, timers, gateways, services."
)
_TO_FILE = (
    "From now on TELNYX_TOOLKIT_DATABASE_URL must not be set for whatever works on these missions:"
    " shells, timers, gateways, services."
)


def run_ledger(args: argparse.Namespace) -> int:
    """Run one of the four commands and return its exit status."""
    settings = Settings.from_environment()
    if args.verb == "copy":
        return _copy(args, settings)
    return _VERBS[args.verb](args, settings.ledger)


def _check(args: argparse.Namespace, place: Place) -> int:
    report = check(place)
    if args.json:
        print_document(report)
    else:
        _show_check(report)
    return 0 if report["ok"] else _UNSOUND


def _export(args: argparse.Namespace, place: Place) -> int:
    with closing(opened_to_read(place)) as db, db.still():
        made = Export(db, SystemClock().now(), args.mission)
        try:
            if args.out:
                _write_file(Path(args.out).expanduser(), made, replace=args.force)
            else:
                _print(made)
        except BrokenPipeError:
            raise
        except OSError as problem:
            raise _unwritten(args.out, problem) from problem
    if args.out:
        told = {"path": args.out, "missions": made.missions, "events": made.events}
        told["listings"] = made.listings
        _answer(args, told, f"{args.out} has {_amount(made.missions, made.events)}")
    return 0


def _print(made: Export) -> None:
    try:
        sys.stdout.writelines(made.lines())
        sys.stdout.flush()
    except OSError:
        # What is left in its buffer would be tried again at the end, and change the exit status.
        with suppress(OSError):
            sys.stdout.close()
        sys.stdout = sys.stderr
        raise


def _write_file(path: Path, made: Export, *, replace: bool) -> None:
    with aside(path) as new:
        with new.open("w", encoding="ascii") as file:
            file.writelines(made.lines())
        try:
            put(new, path, replace=replace)
        except FileExistsError as problem:
            raise InvalidInput(
                f"{str(path)!r} is there already, and was left as it is.",
                fix="Give another name, or add --force to replace it.",
                code="file_exists",
            ) from problem


def _import(args: argparse.Namespace, place: Place) -> int:
    copy = read_copy(_lines(args.file))
    done = restore(place, copy)
    told = {
        "missions": done.missions,
        "events_added": done.added,
        "events_skipped": done.skipped,
        "listings_added": done.listings,
        "exported_at": copy.exported_at,
        "note": f"What happened after {copy.exported_at} is not in this export: look at each"
        " unfinished mission at Telnyx before you run it again, or it may call somebody twice.",
    }
    added = f"{_amount(done.missions, done.added + done.skipped)}: {done.added} events added,"
    _answer(args, told, f"{added} {done.skipped} were there already.\n{told['note']}")
    return 0


def _copy(args: argparse.Namespace, settings: Settings) -> int:
    """Carry the ledger over; no address is on the command line, where others could read it."""
    if settings.database is None:
        raise ConfigError(
            "Which database? TELNYX_TOOLKIT_DATABASE_URL is not set.",
            fix="Set it for this command, as in docs/ledger.md; then give the command again.",
        )
    to_database = args.to == "database"
    places = (settings.home, settings.database)
    source, target = places if to_database else places[::-1]
    done = carry(source, target, SystemClock().now(), _is_gone, _tell)
    told = {
        "from": done.source,
        "to": done.target,
        "missions": done.facts.missions,
        "events_added": done.facts.added,
        "events_skipped": done.facts.skipped,
        "listings_added": done.facts.listings,
        "notices_added": done.notices,
        "set_aside": done.set_aside,
        "next": _TO_DATABASE if to_database else _TO_FILE,
    }
    copied = _amount(done.facts.missions, done.facts.added + done.facts.skipped)
    text = f"""{done.target} has {copied}: {done.facts.added} were added, {done.facts.skipped} were\
 there already.
The old ledger is now {done.set_aside}. Nothing uses it any more: keep it until you are sure.
{told["next"]}"""
    _answer(args, told, text)
    return 0


def _is_gone(place: Place, row: LeaseRow) -> bool:
    if isinstance(place, Path):
        return LockedFiles(place).is_gone(row.holder, row.token)
    with closing(Ledger(place)) as ledger:
        return ledger.signs is not None and ledger.signs.is_gone(row.holder, row.token)


def _tell(done: int, of: int) -> None:
    if done % _OFTEN == 0:
        sys.stderr.write(f"{done} of {of} events\n")


def _lines(name: str) -> Iterator[bytes]:
    try:
        if name == "-":
            yield from sys.stdin.buffer
            return
        with Path(name).expanduser().open("rb") as file:
            yield from file
    except OSError as problem:
        raise InvalidInput(
            f"{name!r} cannot be read: {problem.strerror}.",
            fix="Give the path of a readable file, or - for standard input.",
        ) from problem


def _unwritten(out: str | None, problem: OSError) -> ConfigError:
    where = repr(out) if out else "Standard output"
    return ConfigError(
        f"{where} cannot be written: {problem.strerror}. The export is not complete.",
        fix="Free space there, or give another place with --out.",
        code="output_unwritable",
    )


def _answer(args: argparse.Namespace, document: Document, text: str) -> None:
    if args.json:
        print_document(document)
    else:
        sys.stdout.write(f"{text}\n")


def _amount(missions: int, events: int) -> str:
    return f"{missions} mission{'s' * (missions != 1)} with {events} event{'s' * (events != 1)}"


def _database(report: Document) -> str:
    if report["sqlite_version"] is None:
        return f"Postgres {report['postgres_version'] or '-'}"
    return f"journal {report['journal_mode'] or '-'}, SQLite {report['sqlite_version']}"


def _show_check(report: Document) -> None:
    lines = [
        f"Ledger {report['path']}",
        f"  {_amount(report['missions'], report['events'])},"
        f" {report['do_not_call']} on the do-not-call list",
        f"  tables of version {report['schema_version'] or '-'}, {_database(report)}",
    ]
    for problem in report["problems"]:
        lines += [f"{problem['code']}: {problem['message']}", f"  fix: {problem['fix']}"]
    lines.append("Sound." if report["ok"] else "Not sound.")
    for line in lines:
        indent = "  " if line.startswith("  ") else ""
        sys.stdout.write(f"{indent}{one_line(line, 2_000)}\n")


_VERBS = {"check": _check, "export": _export, "import": _import}
