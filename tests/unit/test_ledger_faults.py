"""F36, F37, F47: a disk that does not take it, a lock that stays, a file that is no ledger."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from telnyx_toolkit.errors import ConfigError, LedgerConflict, LedgerDamaged, LedgerUnwritable
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.ledger.sqlite_faults import explained
from tests.unit.ledgers import everything, fact, filled, held, is_sound, told_by

_AT_EVERY_LIMIT = """
import json, resource, sys
from pathlib import Path
from telnyx_toolkit.errors import LedgerUnwritable
from telnyx_toolkit.ledger import Ledger
from tests.unit.ledgers import fact
ledger = Ledger(Path(sys.argv[1]))
written, refused = 0, []
for limit in range(0, 128 * 1024, 1024):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        ledger.append(fact(written + 1, data={"words": "x" * 5_000}))
        written += 1
    except LedgerUnwritable as problem:
        refused.append([problem.code, problem.message, problem.fix])
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert written == 0 or len(ledger.events("m_example")) == written
print(json.dumps({"written": written, "refused": refused}))
"""

_OLDER_ON_A_FULL_DISK = """
import json, resource, sys
from pathlib import Path
from telnyx_toolkit.errors import LedgerUnwritable
from telnyx_toolkit.ledger import Ledger
from tests.unit.ledgers import fact
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
ledger = Ledger(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
told = {"events": len(ledger.events("m_1"))}
try:
    ledger.append(fact(4, "m_1"))
except LedgerUnwritable as problem:
    told["code"] = problem.code
print(json.dumps(told))
"""

_ON_A_FULL_DISK = """
import json, os, sys
from pathlib import Path
from telnyx_toolkit.errors import LedgerUnwritable
from telnyx_toolkit.ledger import Ledger
from tests.unit.ledgers import fact, is_sound
home, room, size = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
ledger = Ledger(home / "state")
ledger.append(fact(1))
filler = home / "filler"
with filler.open("wb", buffering=0) as file:
    try:
        while True:
            file.write(bytes(4096))
    except OSError:
        pass
    file.truncate(file.tell() - room)
told = {"code": "", "message": "", "fix": ""}
try:
    ledger.append(fact(2, data={"words": "x" * size}))
except LedgerUnwritable as problem:
    told = problem.as_dict()["error"]
try:
    Ledger(home / "another")
except LedgerUnwritable as problem:
    told["new"] = problem.code
left = [p.name for p in (home / "another").iterdir()]
other = Ledger(home / "state")
kept = [len(one.events("m_example")) for one in (ledger, other)]
filler.unlink()
ledger.append(fact(2))
print(json.dumps({**told, "kept": kept, "left": left, "after": len(other.events("m_example")),
                  "sound": is_sound(ledger.path)}))
"""

_SMALL_DISK = (
    "unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=256k tmpfs "$0" && exec "$@"',
)  # fmt: skip


def _small_disks() -> bool:
    """Whether this system lets anybody mount a disk that only they see."""
    if not shutil.which("unshare"):
        return False
    tried = ("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
    return not subprocess.run(tried, capture_output=True, check=False).returncode


def test_f36_a_file_that_cannot_grow_at_any_limit_loses_and_invents_nothing(tmp_path: Path):
    told = told_by(_AT_EVERY_LIMIT, str(tmp_path))

    assert told["written"] > 5
    assert len(told["refused"]) > 10
    for code, message, fix in told["refused"]:
        assert code == "ledger_unwritable"
        assert "the system could not write to the disk (disk I/O error" in message
        assert "Nothing was written" in message
        assert "limit on file sizes" in fix
    assert is_sound(tmp_path / "ledger.db")


@pytest.mark.skipif(not _small_disks(), reason="this system does not let a user mount a disk")
@pytest.mark.parametrize(
    ("room", "size"), [(0, 10), (4096, 10), (65_536, 200_000)], ids=["journal", "file", "commit"]
)
def test_f36_a_full_disk_refuses_a_fact_and_keeps_the_rest(tmp_path: Path, room: int, size: int):
    before = (*_SMALL_DISK, str(tmp_path))

    told = told_by(_ON_A_FULL_DISK, str(tmp_path), str(room), str(size), before=before)

    assert told["code"] == "ledger_unwritable"
    assert "the disk is full (database or disk is full" in told["message"]
    assert told["fix"].startswith("Free some space")
    assert told["kept"] == [1, 1]
    assert told["after"] == 2
    assert told["sound"]
    if not room:
        assert told["new"] == "ledger_unwritable"
        assert told["left"] == []


def test_f36_an_older_ledger_on_a_full_disk_is_read_as_it_is_and_takes_no_fact(tmp_path: Path):
    path = filled(tmp_path)
    with closing(sqlite3.connect(path)) as db:
        db.executescript("DROP TABLE leases; PRAGMA user_version=1")
    before = path.read_bytes()

    told = told_by(_OLDER_ON_A_FULL_DISK, str(tmp_path))

    assert told == {"events": 3, "code": "ledger_unwritable"}
    assert path.read_bytes() == before


def test_f36_a_full_disk_is_told_apart_from_a_lock(tmp_path: Path):
    path = filled(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(sqlite3.OperationalError) as full:
            db.execute("INSERT INTO progress (mission_id) VALUES (?)", ("x" * 50_000,))
        with held(path, "BEGIN IMMEDIATE"), pytest.raises(sqlite3.OperationalError) as busy:
            db.execute("BEGIN IMMEDIATE")

    told = [explained(caught.value, path, 1, writing=True) for caught in (full, busy)]

    assert isinstance(told[0], LedgerUnwritable)
    assert isinstance(told[1], LedgerConflict)
    assert "locked" not in told[0].message
    assert "the disk is full" not in told[1].message


@pytest.mark.parametrize(
    ("name", "read", "written"),
    [
        ("SQLITE_BUSY", "busy", "busy"),
        ("SQLITE_LOCKED", "busy", "busy"),
        ("SQLITE_FULL", "", "ledger_unwritable"),
        ("SQLITE_READONLY_DIRECTORY", "configuration", "ledger_unwritable"),
        ("SQLITE_READONLY_DBMOVED", "ledger_damaged", "ledger_damaged"),
        ("SQLITE_CANTOPEN", "configuration", "ledger_unwritable"),
        ("SQLITE_PERM", "configuration", "ledger_unwritable"),
        ("SQLITE_IOERR_FSYNC", "ledger_damaged", "ledger_unwritable"),
        ("SQLITE_IOERR_READ", "ledger_damaged", "ledger_unwritable"),
        ("SQLITE_CORRUPT", "ledger_damaged", "ledger_damaged"),
        ("SQLITE_NOTADB", "ledger_damaged", "ledger_damaged"),
        ("SQLITE_ERROR", "", ""),
        ("SQLITE_CONSTRAINT_UNIQUE", "", ""),
    ],
)
def test_every_error_of_sqlite_has_one_meaning(name: str, read: str, written: str):
    problem = sqlite3.OperationalError("it says")
    problem.sqlite_errorcode, problem.sqlite_errorname = getattr(sqlite3, name), name

    for writing, code in ((False, read), (True, written)):
        told = explained(problem, Path("ledger.db"), 1, writing=writing)
        assert (told.code if told else "") == code
        assert told is None or (told.fix and "ledger.db" in told.message)


def test_f37_a_lock_that_stays_is_busy_and_nothing_is_written(tmp_path: Path):
    path = filled(tmp_path)
    with closing(Ledger(tmp_path, patience_s=0.05)) as ledger:
        with held(path, "BEGIN IMMEDIATE"):
            assert len(ledger.events("m_1")) == 3
            with pytest.raises(LedgerConflict, match=r"locked for 0\.05 seconds") as caught:
                ledger.append(fact(4, "m_1"))
        assert (caught.value.code, caught.value.exit_code) == ("busy", 5)
        assert len(ledger.events("m_1")) == 3
        ledger.append(fact(4, "m_1"))


def test_f37_a_file_that_is_wholly_locked_cannot_be_read_either_and_says_busy(tmp_path: Path):
    path = filled(tmp_path)
    with closing(Ledger(tmp_path, patience_s=0.05)) as ledger, held(path, "BEGIN EXCLUSIVE"):
        with pytest.raises(LedgerConflict, match="locked"):
            ledger.events("m_1")
        with pytest.raises(LedgerConflict, match="locked"):
            Ledger(tmp_path, patience_s=0.05)


def test_f37_a_reader_that_keeps_reading_makes_the_commit_fail_and_it_is_undone(tmp_path: Path):
    path = filled(tmp_path)
    with closing(Ledger(tmp_path, patience_s=0.05)) as ledger:
        with held(path, "BEGIN", "SELECT * FROM events"):
            for _ in range(2):
                with pytest.raises(LedgerConflict, match="locked"):
                    ledger.append(fact(4, "m_1"))
            assert len(ledger.events("m_1")) == 3
        ledger.append(fact(4, "m_1"))
        assert len(ledger.events("m_1")) == 4


def nothing_at_all(path: Path) -> None:
    path.write_bytes(b"")


def a_diary(path: Path) -> None:
    path.write_text("Dear diary, today nobody answered the phone. " * 50)


def half_of_it(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def its_first_page_overwritten(path: Path) -> None:
    path.write_bytes(os.urandom(4096) + path.read_bytes()[4096:])


def every_later_page_overwritten(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\x5a" * (len(whole) - 4096))


def another_programs_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, title TEXT)")


def an_empty_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("VACUUM")


def another_programs_first_version(path: Path) -> None:
    another_programs_database(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version=1")


def without_its_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version=0")


def a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = [
    nothing_at_all,
    a_diary,
    half_of_it,
    its_first_page_overwritten,
    every_later_page_overwritten,
    another_programs_database,
    an_empty_database,
    another_programs_first_version,
    without_its_version,
    a_directory,
]


def _read_all(home: Path) -> None:
    with closing(Ledger(home)) as ledger:
        for mission in ("m_1", "m_2"):
            ledger.events(mission)


@pytest.mark.parametrize("damage", DAMAGES)
def test_f37_a_file_that_is_no_ledger_is_refused_and_left_as_it_is(
    tmp_path: Path, damage: Callable[[Path], None]
):
    path = filled(tmp_path, size=2000)
    damage(path)
    before = path.read_bytes() if path.is_file() else None

    with pytest.raises(LedgerDamaged) as caught:
        _read_all(tmp_path)

    assert (caught.value.code, caught.value.exit_code) == ("ledger_damaged", 3)
    assert str(path) in caught.value.message
    assert "telnyx-toolkit ledger check" in caught.value.fix
    assert "telnyx-toolkit ledger import" in caught.value.fix
    assert (path.read_bytes() if path.is_file() else None) == before
    assert os.listdir(tmp_path) == ["ledger.db"]


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [("data", "{not json", "cannot be read"), ("at", "yesterday", "cannot be read")],
)
def test_f37_a_fact_that_cannot_be_read_is_named(tmp_path: Path, column: str, value: str, why: str):
    path = filled(tmp_path)
    with closing(sqlite3.connect(path)) as db:
        change = f"UPDATE events SET {column} = ? WHERE mission_id = 'm_1' AND seq = 2"  # noqa: S608
        db.execute(change, (value,))
        db.commit()

    with closing(Ledger(tmp_path)) as ledger, pytest.raises(LedgerDamaged, match=why) as caught:
        ledger.events("m_1")

    assert "event 2 of mission m_1" in caught.value.message


def test_f37_a_missing_fact_is_named(tmp_path: Path):
    path = filled(tmp_path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM events WHERE mission_id = 'm_1' AND seq = 2")
        db.commit()

    with closing(Ledger(tmp_path)) as ledger:
        with pytest.raises(LedgerDamaged, match="event 2 of mission m_1 is missing"):
            ledger.events("m_1")
        assert len(ledger.events("m_2")) == 3


def test_f37_a_ledger_that_is_replaced_while_it_is_open_takes_no_more_facts(tmp_path: Path):
    path = filled(tmp_path / "here")
    other = filled(tmp_path / "there", missions=1, facts=1)
    with closing(Ledger(path.parent)) as ledger:
        other.replace(path)
        before = list(everything(path))

        with pytest.raises(LedgerDamaged, match="removed or replaced while"):
            ledger.append(fact(4, "m_1"))
        path.unlink()
        with pytest.raises(LedgerDamaged, match="removed or replaced while"):
            ledger.append(fact(4, "m_1"))

    assert len(before) == 2
    assert not path.exists()


def test_f37_an_older_copy_put_in_its_place_does_not_get_a_gap(tmp_path: Path):
    path = filled(tmp_path)
    older = path.read_bytes()
    with closing(Ledger(tmp_path)) as ledger:
        for seq in (4, 5):
            ledger.append(fact(seq, "m_1"))
        path.write_bytes(older)

        with pytest.raises(LedgerDamaged, match="event 4 of mission m_1 was there and is gone"):
            ledger.append(fact(6, "m_1"))

    assert len(list(everything(path))) == 8


def test_f47_a_ledger_that_is_a_link_is_refused_and_what_it_names_is_left_alone(tmp_path: Path):
    home, diary = tmp_path / "home", tmp_path / "diary"
    home.mkdir(mode=0o700)
    diary.write_text("Dear diary")
    (home / "ledger.db").symlink_to(diary)

    with pytest.raises(ConfigError, match="is a symbolic link") as caught:
        Ledger(home)

    assert (caught.value.code, caught.value.exit_code) == ("ledger_unsafe", 3)
    assert caught.value.fix.startswith("Remove the link")
    assert diary.read_text() == "Dear diary"


def test_f47_a_link_to_nowhere_makes_no_file_there(tmp_path: Path):
    (tmp_path / "ledger.db").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ConfigError, match="is a symbolic link"):
        Ledger(tmp_path)

    assert os.listdir(tmp_path) == ["ledger.db"]


def test_f47_a_home_that_is_a_link_is_refused_and_names_where_it_leads(tmp_path: Path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(ConfigError, match="is a symbolic link") as caught:
        Ledger(tmp_path / "link")

    assert str(tmp_path / "real") in caught.value.fix
    assert os.listdir(tmp_path / "real") == []


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o703])
def test_f47_a_home_that_everybody_may_write_to_is_refused(tmp_path: Path, mode: int):
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(mode)

    with pytest.raises(ConfigError, match="everybody may write to it") as caught:
        Ledger(home)

    assert caught.value.code == "ledger_unsafe"
    assert os.listdir(home) == []
