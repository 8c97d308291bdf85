"""Facts to append, and other processes that get in the way."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.ledger import Ledger, Place
from telnyx_toolkit.ledger.export import Export
from telnyx_toolkit.ledger.opening import opened_to_read
from telnyx_toolkit.model import Event
from tests.unit.build import START, Doc

ROOT = Path(__file__).parents[2]

_HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
for statement in sys.argv[2:]:
    db.execute(statement).fetchone()
print("held", flush=True)
sys.stdin.read()
db.close()
"""


def fact(seq: int, mission: str = "m_example", data: Doc | None = None) -> Event:
    at = START + timedelta(seconds=seq, microseconds=7)
    return Event(mission, seq, "agent.noted", at, {"n": seq} if data is None else data)


def filled(place: Place, missions: int = 2, facts: int = 3, size: int = 0) -> Path:
    """A ledger with that many missions; each fact is told with `size` more letters."""
    with closing(Ledger(place)) as ledger:
        for mission in range(1, missions + 1):
            for seq in range(1, facts + 1):
                data = {"n": seq, "words": "x" * size}
                key = f"brief:{mission}" if seq == 1 else None
                ledger.append(fact(seq, f"m_{mission}", data), key)
            ledger.note_mirrored(f"m_{mission}", facts - 1)
            ledger.note_wake(f"m_{mission}", START)
        return ledger.path


def exported(place: Place, mission: str | None = None) -> list[bytes]:
    """The lines of an export."""
    with closing(opened_to_read(place)) as db, db.still():
        return [line.encode("ascii") for line in Export(db, START, mission).lines()]


@contextmanager
def held(path: Path, *statements: str) -> Generator[None]:
    """Another process has run these statements on the file, and keeps what they locked."""
    command = [sys.executable, "-c", _HOLD, str(path), *statements]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        yield
        other.communicate()


def place_of(address: str) -> Place:
    """The place that `address_of` told another process."""
    return DatabaseUrl.parse(address) if address.startswith("postgresql:") else Path(address)


def address_of(place: Place) -> str:
    """What another process needs to find a place."""
    return place.reveal() if isinstance(place, DatabaseUrl) else str(place)


def told_by(code: str, *args: str, before: tuple[str, ...] = ()) -> Any:
    """The JSON that a process of its own prints, running `code` with `sys.argv[1:]`."""
    done = subprocess.run(
        [*before, sys.executable, "-c", code, *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def everything(path: Path) -> Iterator[tuple[Any, ...]]:
    """Every row of facts and of progress, as the first version had them."""
    with closing(sqlite3.connect(path)) as db:
        yield from db.execute("SELECT * FROM events ORDER BY rowid").fetchall()
        progress = "SELECT mission_id, mirrored_seq, next_wake_at FROM progress ORDER BY rowid"
        yield from db.execute(progress).fetchall()
