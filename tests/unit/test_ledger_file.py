"""A ledger's file: private, whole, and never from the future."""

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.ledger import SCHEMA_VERSION, Ledger
from tests.unit.ledgers import fact


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "state" / "telnyx-toolkit"


def test_nobody_else_may_read_the_ledger(home: Path):
    with closing(Ledger(home)) as ledger:
        path = ledger.path

    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.parent == home


def test_a_commit_is_on_disk_and_not_in_a_side_file(home: Path):
    ledger = Ledger(home)
    ledger.append(fact(1))

    with closing(sqlite3.connect(ledger.path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert [p.name for p in home.iterdir()] == ["ledger.db"]
    ledger.close()


def test_f38_a_ledger_from_the_future_is_refused_untouched(home: Path):
    ledger = Ledger(home)
    ledger.append(fact(1))
    with closing(sqlite3.connect(ledger.path)) as db:
        db.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    ledger.close()
    before = ledger.path.read_bytes()

    with pytest.raises(ConfigError, match="written by a newer telnyx-toolkit") as caught:
        Ledger(home)

    assert ledger.path.read_bytes() == before
    assert caught.value.fix == "Upgrade telnyx-toolkit; the ledger was not touched."


def a_file_in_place_of_the_directory(home: Path) -> None:
    home.parent.mkdir(parents=True)
    home.write_text("not a directory")


def a_file_in_place_of_the_parent(home: Path) -> None:
    home.parent.write_text("not a directory")


@pytest.mark.parametrize(
    "spoil",
    [
        a_file_in_place_of_the_directory,
        a_file_in_place_of_the_parent,
    ],
)
def test_a_home_that_cannot_be_used_is_a_setting_to_correct(
    spoil: Callable[[Path], None], home: Path
):
    spoil(home)

    with pytest.raises(ConfigError, match="cannot be opened") as caught:
        Ledger(home)

    assert str(home / "ledger.db") in caught.value.message
    assert "TELNYX_TOOLKIT_HOME" in caught.value.fix
