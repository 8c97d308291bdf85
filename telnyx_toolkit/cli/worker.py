"""`telnyx-toolkit worker`: moves the missions of a shared database on, until it is stopped."""

import argparse
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

from telnyx_toolkit.cli import print_document
from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import ConfigError, InvalidInput
from telnyx_toolkit.log_lines import LOG, logged
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.toolkit import Toolkit

_NEEDED = ("procrastinate", "psycopg", "telnyx_toolkit.worker")
_MOST_AT_ONCE, _LINES = 64, 1_000
_UNWELL = 1


def run_worker(args: argparse.Namespace) -> int:
    """Work until stopped, or say how the workers are.

    Raises:
        ConfigError: the ledger is a file, the database cannot be used, there is no key, or the
            libraries for it are not installed.
    """
    settings = Settings.from_environment()
    place = _place(settings)
    try:
        from telnyx_toolkit.worker.health import health  # noqa: PLC0415 - an extra
        from telnyx_toolkit.worker.process import Worker  # noqa: PLC0415
    except ModuleNotFoundError as problem:
        if not (problem.name or "").startswith(_NEEDED):
            raise
        raise _not_installed(problem.name or "") from problem
    if args.check:
        with closing(Toolkit(settings)) as toolkit:
            return _checked(args, health(toolkit, place))
    if not 1 <= args.concurrency <= _MOST_AT_ONCE:
        raise InvalidInput(f"--concurrency {args.concurrency} is not from 1 to {_MOST_AT_ONCE}.")
    settings.require_key()
    with closing(Toolkit(settings)) as toolkit:
        toolkit.ledger.wakes(1)  # whatever is wrong with the database is said before work begins
    told: deque[str] = deque(maxlen=_LINES)
    worker = Worker(
        place.reveal(), lambda: Toolkit(settings), args.concurrency, _teller(args, told)
    )
    with ExitStack() as stack:
        if not LOG.handlers:
            stack.enter_context(logged())
        worker.run()
    if args.json:
        print_document({"rounds": worker.rounds, "lines": list(told)})
    return 0


def _place(settings: Settings) -> DatabaseUrl:
    if settings.database is None:
        raise ConfigError(
            "Workers share missions by a Postgres database, and this ledger is a file.",
            fix="Set TELNYX_TOOLKIT_DATABASE_URL (docs/howto/many-hosts.md in the repository)."
            " On one machine have `telnyx-toolkit tick` run every two minutes, see"
            " `telnyx-toolkit setup`, or follow one mission: telnyx-toolkit run-mission MISSION",
            code="worker_needs_postgres",
        )
    return settings.database


def _not_installed(name: str) -> ConfigError:
    return ConfigError(
        f"Workers need something that is not installed: {name}.",
        fix="Install the toolkit from its repository, not from a skill registry's copy:"
        " uv tool install '.[distributed]', or: python -m pip install '.[distributed]'",
        code="worker_not_installed",
    )


def _teller(args: argparse.Namespace, told: "deque[str]") -> Callable[[str], None]:
    """Where the lines go that a tick would print: to standard output as they come."""

    def tell(line: str) -> None:
        if args.json:
            told.append(line)
        else:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    return tell


def _checked(args: argparse.Namespace, document: dict[str, Any]) -> int:
    if args.json:
        print_document(document)
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _in_words(document)))
    return 0 if document["ok"] else _UNWELL


def _in_words(document: dict[str, Any]) -> Iterator[str]:
    """How the workers are, for people: problems last, where they are seen."""
    database, workers = document["database"], document.get("workers")
    if database["reached"]:
        yield f"Ledger: {database['name']}, tables of version {database['schema']}"
    else:
        yield f"Ledger: {database['name']} cannot be reached"
    if workers:
        ago = workers["heard_of_s"]
        heard = "" if ago is None else f", the last heard of {ago} s ago"
        yield f"Workers: {workers['alive']} alive{heard}"
    if "due" in document:
        late = f", the longest for {document['overdue_s']} s" if document["due"] else ""
        then = f"; the next at {document['next_at']}" if document["next_at"] else ""
        yield f"Missions: {document['due']} due{late}{then}"
    yield from document["problems"]
    yield "All is well." if document["ok"] else "Missions are not being moved on."
