"""F38: an older ledger is brought up to date once, with all it holds; a newer one is left alone."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.ledger import SCHEMA_VERSION, Ledger, Progress
from telnyx_toolkit.ledger.schema import MIGRATIONS
from tests.unit.build import START
from tests.unit.ledgers import ROOT, everything, fact, is_sound

#: How version 1 made its file, and what a mission left in it.
VERSION_1 = """
CREATE TABLE events (
    mission_id TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    at         TEXT NOT NULL,
    key        TEXT UNIQUE,
    data       TEXT NOT NULL,
    PRIMARY KEY (mission_id, seq)
) STRICT;
CREATE TABLE progress (
    mission_id   TEXT PRIMARY KEY,
    mirrored_seq INTEGER NOT NULL DEFAULT 0,
    next_wake_at TEXT
) STRICT;
PRAGMA user_version=1;
INSERT INTO events VALUES
    ('m_a', 1, 'agent.noted', '2026-12-01T15:00:01+00:00', 'brief:a', '{"text":"Great \\ud83d"}'),
    ('m_a', 2, 'agent.noted', '2026-12-01T15:00:02.000007+00:00', NULL, '{"n":2}'),
    ('m_b', 1, 'agent.noted', '2026-12-01T15:00:03+00:00', NULL, '{"n":1}');
INSERT INTO progress VALUES ('m_a', 2, '2026-12-01T15:00:00+00:00'), ('m_b', 0, NULL);
"""

_OPEN = """
import json, sys
from contextlib import closing
from pathlib import Path
from telnyx_toolkit.ledger import Ledger
print("ready", flush=True)
sys.stdin.readline()
with closing(Ledger(Path(sys.argv[1]))) as ledger:
    print(json.dumps(ledger.mission_ids()))
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(VERSION_1)
    path.chmod(0o600)
    return path


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("PRAGMA user_version").fetchone()[0]


def tables(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as db:
        return dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))


def test_f38_a_ledger_of_version_1_keeps_its_missions_and_takes_new_facts(old: Path):
    before = list(everything(old))

    with closing(Ledger(old.parent)) as ledger:
        assert list(everything(old)) == before
        assert ledger.mission_ids() == ["m_a", "m_b"]
        assert ledger.events("m_a")[0].data == {"text": "Great \ud83d"}
        assert ledger.progress("m_a") == Progress(2, START)
        ledger.append(fact(3, "m_a"))

    assert version(old) == SCHEMA_VERSION
    assert is_sound(old)


def test_f38_a_new_ledger_and_one_brought_up_to_date_have_the_same_tables(
    old: Path, tmp_path: Path
):
    Ledger(old.parent).close()
    Ledger(tmp_path / "new").close()

    made = tables(tmp_path / "new" / "ledger.db")

    assert {k: v.split() for k, v in tables(old).items()} == {k: v.split() for k, v in made.items()}
    tables_now = {"events", "progress", "leases", "do_not_call", "notices", "deliveries"}
    tables_now |= {"snapshots"}
    assert made.keys() == tables_now
    assert made["leases"].endswith("STRICT")
    assert [name in made["leases"] for name in ("mission_id", "holder", "token", "expires_at")] == [
        True
    ] * 4


def test_f38_there_is_one_version_for_each_migration(old: Path):
    Ledger(old.parent).close()

    assert version(old) == SCHEMA_VERSION == len(MIGRATIONS)


@pytest.fixture
def openers(old: Path) -> Iterator[list["subprocess.Popen[str]"]]:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _OPEN, str(old.parent)],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(8)
    ]
    yield started
    for process in started:
        process.kill()
        process.communicate()


def test_f38_many_processes_bring_a_ledger_up_to_date_at_once_and_all_succeed(
    old: Path, openers: list["subprocess.Popen[str]"]
):
    before = list(everything(old))
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")  # so that none is done before the others look
        for process in openers:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in openers:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        db.execute("ROLLBACK")
    told = [process.communicate()[0] for process in openers]

    assert [json.loads(text) for text in told] == [["m_a", "m_b"]] * 8
    assert version(old) == SCHEMA_VERSION
    assert list(everything(old)) == before


def test_f38_a_ledger_that_a_newer_program_upgrades_meanwhile_takes_no_more_facts(old: Path):
    with closing(Ledger(old.parent)) as ledger:
        with closing(sqlite3.connect(old)) as db:
            db.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
        before = old.read_bytes()

        with pytest.raises(ConfigError, match="written by a newer telnyx-toolkit") as caught:
            ledger.append(fact(3, "m_a"))

    assert caught.value.code == "ledger_newer"
    assert old.read_bytes() == before


def test_f38_a_migration_that_fails_half_way_leaves_the_older_version(old: Path):
    with closing(sqlite3.connect(old)) as db:
        db.execute("CREATE VIEW leases AS SELECT 1")
    before = list(everything(old))

    with pytest.raises(sqlite3.OperationalError, match="leases already exists"):
        Ledger(old.parent)

    assert version(old) == 1
    assert list(everything(old)) == before
