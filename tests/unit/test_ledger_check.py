"""A check of the ledger finds what is wrong with it, and changes nothing."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from telnyx_toolkit.errors import LedgerConflict
from telnyx_toolkit.ledger import SCHEMA_VERSION, Ledger
from telnyx_toolkit.ledger.check import check
from tests.unit.build import Story, make_brief
from tests.unit.ledgers import filled, held
from tests.unit.test_ledger_faults import DAMAGES

_CUT_OFF = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA cache_size=1")
db.execute("BEGIN IMMEDIATE")
for n in range(100):
    db.execute("INSERT INTO progress (mission_id) VALUES (?)", (str(n) * 3000,))
os._exit(0)
"""


def a_mission(home: Path) -> Path:
    with closing(Ledger(home)) as ledger:
        for event in Story(make_brief()).start().events:
            ledger.append(event)
        return ledger.path


def changed(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def test_a_sound_ledger_is_counted_and_found_sound(tmp_path: Path):
    path = a_mission(tmp_path)
    before = path.read_bytes()

    report = check(tmp_path)

    assert report["problems"] == []
    assert report["ok"]
    assert report["path"] == str(path)
    assert (report["missions"], report["events"]) == (1, 4)
    assert report["schema_version"] == report["newest_schema_version"] == SCHEMA_VERSION
    assert report["journal_mode"] == "delete"
    assert report["sqlite_version"] == sqlite3.sqlite_version
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["ledger.db"]


def test_a_ledger_of_an_older_version_is_sound_and_is_not_brought_up_to_date(tmp_path: Path):
    path = a_mission(tmp_path)
    changed(path, "DROP TABLE leases", "PRAGMA user_version=1")
    before = path.read_bytes()

    report = check(tmp_path)

    assert report["ok"]
    assert report["schema_version"] == 1
    assert path.read_bytes() == before


def test_where_there_is_no_ledger_none_is_made(tmp_path: Path):
    report = check(tmp_path / "home")

    assert not report["ok"]
    assert [p["code"] for p in report["problems"]] == ["ledger_missing"]
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("damage", DAMAGES)
def test_f37_every_damage_is_found(tmp_path: Path, damage: Callable[[Path], None]):
    path = filled(tmp_path, size=2000)
    damage(path)
    before = path.read_bytes() if path.is_file() else None

    report = check(tmp_path)

    assert not report["ok"]
    for problem in report["problems"]:
        assert problem["message"]
        assert "ledger import" in problem["fix"]
    assert (path.read_bytes() if path.is_file() else None) == before
    assert os.listdir(tmp_path) == ["ledger.db"]


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        ("DELETE FROM events WHERE seq = 2", "mission", "event 2 of mission m_example is missing"),
        ("DELETE FROM events WHERE seq = 1", "mission", "event 1 of mission m_example is missing"),
        ("UPDATE events SET data = '{' WHERE seq = 3", "mission", "event 3 of mission m_example"),
        ("UPDATE events SET data = '{}' WHERE seq = 1", "mission", "other data than expected"),
        ("UPDATE events SET data = '[]' WHERE seq = 1", "mission", "other data than expected"),
        ("UPDATE events SET kind = 'rumour' WHERE seq = 3", "mission", "unknown event: 'rumour'"),
        ("UPDATE events SET kind = 'run.started' WHERE seq = 2", "mission", "cannot follow"),
        ("INSERT INTO progress VALUES ('m_example', 5, NULL, 0)", "older_copy", "Telnyx was told"),
        ("PRAGMA journal_mode=WAL", "journal_mode", "two writers can corrupt"),
        (f"PRAGMA user_version={SCHEMA_VERSION + 1}", "ledger_newer", "newer telnyx-toolkit"),
    ],
)
def test_what_is_wrong_with_a_readable_ledger_is_said(
    tmp_path: Path, statement: str, code: str, words: str
):
    path = a_mission(tmp_path)
    changed(path, statement)

    report = check(tmp_path)

    assert [p["code"] for p in report["problems"]] == [code]
    assert words in report["problems"][0]["message"]
    assert report["problems"][0]["fix"]


def test_f37_a_page_that_belongs_to_nothing_is_found_though_every_mission_can_be_read(
    tmp_path: Path,
):
    path = filled(tmp_path)
    whole = bytearray(path.read_bytes())
    pages = int.from_bytes(whole[28:32], "big")
    whole[28:32] = (pages + 1).to_bytes(4, "big")
    path.write_bytes(bytes(whole) + bytes(4096))

    (problem,) = check(tmp_path)["problems"]

    assert problem["code"] == "integrity"
    assert "never used" in problem["message"]


def test_a_broken_mission_does_not_hide_the_next(tmp_path: Path):
    path = filled(tmp_path, missions=3)
    changed(path, "DELETE FROM events WHERE seq = 2 AND mission_id IN ('m_1', 'm_3')")

    messages = [p["message"] for p in check(tmp_path)["problems"]]

    assert len(messages) == 2
    assert "m_1" in messages[0]
    assert "m_3" in messages[1]


def test_a_file_that_others_may_read_is_not_sound(tmp_path: Path):
    path = filled(tmp_path)
    path.chmod(0o644)

    (problem,) = check(tmp_path)["problems"]

    assert problem["code"] == "ledger_unsafe"
    assert problem["fix"] == f"chmod go-rwx {path}"


def test_f36_a_write_that_was_cut_off_is_reported_and_the_next_command_undoes_it(tmp_path: Path):
    path = filled(tmp_path)
    subprocess.run([sys.executable, "-c", _CUT_OFF, str(path)], check=True)
    before = path.read_bytes()
    names = sorted(os.listdir(tmp_path))
    assert names == ["ledger.db", "ledger.db-journal"]

    (problem,) = check(tmp_path)["problems"]

    assert "its last write was cut off" in problem["message"]
    assert "list-missions" in problem["fix"]
    assert (path.read_bytes(), sorted(os.listdir(tmp_path))) == (before, names)
    with closing(Ledger(tmp_path)) as ledger:
        assert len(ledger.events("m_1")) == 3
    assert check(tmp_path)["ok"]


def test_f37_a_check_of_a_locked_ledger_is_busy_and_finds_nothing_wrong(tmp_path: Path):
    path = filled(tmp_path)

    with held(path, "BEGIN EXCLUSIVE"), pytest.raises(LedgerConflict, match="locked"):
        check(tmp_path, patience_s=0.05)
