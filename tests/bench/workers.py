"""How many missions a second 1, 2 and 4 workers move on, on one Postgres and one machine."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from tests.bench.figures import Figure
from tests.command.fleet import ROOT, Fleet, options_of_sandbox
from tests.postgres import Server, binaries, server

_MISSIONS, _TARGETS = 8, 3
_COUNTS = (1, 2, 4)
_NOTE = "the sandbox, Postgres and all workers share this machine's cores; virtual time"


def figures() -> Iterator[Figure]:
    """A figure for each number of workers; none where no Postgres can be started here."""
    found = binaries()
    if found is None:
        sys.stderr.write("workers: no Postgres that can be started here\n")
        return
    with server(found) as postgres:
        for count in _COUNTS:
            took_s, rounds = _measured(postgres, count)
            name = f"workers: missions with {count}"
            yield Figure(name, _MISSIONS / took_s, "missions a second", None, _NOTE)
            yield Figure(f"workers: rounds with {count}", rounds / took_s, "rounds a second")


def _measured(postgres: Server, count: int) -> tuple[float, int]:
    """Seconds from the first round to the last, by the workers' own logs, and how many."""
    place = postgres.fresh()
    with (
        tempfile.TemporaryDirectory() as name,
        _sandbox(Path(name)) as url,
        closing(Fleet(Path(name), place, url, "level-2")) as fleet,
    ):
        fleet.add(_MISSIONS, _TARGETS)
        workers = [fleet.start() for _ in range(count)]
        fleet.until(lambda: not fleet.left(), 300)
        fleet.require_all_is_well()
        lines = [line for worker in workers for line in fleet.log(worker)]
    rounds = [line["at"] for line in lines if line.get("effect") == "advance"]
    first, last = (datetime.fromisoformat(at) for at in (min(rounds), max(rounds)))
    postgres.drop(place)
    return (last - first).total_seconds(), len(rounds)


@contextmanager
def _sandbox(folder: Path) -> Generator[str]:
    options = options_of_sandbox(folder)
    command = [sys.executable, "-m", "telnyx_toolkit", "sandbox", "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        yield found[0]
        process.terminate()
