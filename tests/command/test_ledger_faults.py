"""F36, F37, F38, F47 by the command: one clear error, no call too many, and nothing lost."""

import json
import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.command.conftest import CATERING
from tests.command.limited import Done, bound_by_modes, without_larger_files
from tests.sampling import some
from tests.unit.ledgers import everything, filled, held, is_sound
from tests.unit.test_ledger_faults import DAMAGES

NOBODY = "http://127.0.0.1:9/v2"


def error_of(done: Done, status: int, code: str) -> dict[str, str]:
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    error: dict[str, str] = json.loads(done.stdout)["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["fix"]
    return error


@contextmanager
def modes(home: Path, directory: int, file: int) -> Generator[None]:
    """The home directory and the ledger with these mode bits."""
    (home / "ledger.db").chmod(file)
    home.chmod(directory)
    yield
    home.chmod(0o700)
    (home / "ledger.db").chmod(0o600)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ledger(home: Path) -> Path:
    return filled(home, size=2000)


@pytest.fixture
def shell(make_shell: Callable[..., Any], sandbox_url: Callable[..., str]) -> Any:
    return make_shell(sandbox_url())


@pytest.fixture
def offline(make_shell: Callable[..., Any]) -> Any:
    return make_shell(NOBODY)


def test_f36_a_run_on_a_full_disk_dials_nobody_and_goes_on_when_there_is_room(
    shell: Any, home: Path
) -> None:
    mission = shell.approved()
    before = list(everything(home / "ledger.db"))

    error = error_of(
        without_larger_files(shell, 0, "run-mission", mission, "--json"), 3, "ledger_unwritable"
    )

    assert "Nothing was written" in error["message"]
    assert list(everything(home / "ledger.db")) == before
    assert shell.rang() == []
    assert without_larger_files(shell, 0, "mission-status", mission).returncode == 0
    assert without_larger_files(shell, 0, "list-missions").returncode == 0
    assert shell.json("run-mission", mission)["state"] == "succeeded"
    assert len(shell.rang()) == 3


def _run_with_ever_more_room(shell: Any, home: Path, step: int) -> int:
    """How often a run stopped because its ledger could not grow, before it succeeded."""
    mission = shell.approved()
    limit, stops = (home / "ledger.db").stat().st_size, 0
    while (done := without_larger_files(shell, limit, "run-mission", mission, "--json")).returncode:
        error_of(done, 3, "ledger_unwritable")
        assert is_sound(home / "ledger.db")
        limit, stops = limit + step, stops + 1
        assert stops < 100
    assert [c["to"] for c in shell.rang()] == ["+13125550101", "+13125550102", "+13125550103"]
    payload = shell.json("summarize", mission)["result_payload"]
    assert [row["offer"]["amount"] for row in payload["targets"]] == [65, 62, 65]
    assert shell.ask("/ai/assistants")["data"] == []
    return stops


@pytest.mark.slow
def test_f36_a_disk_that_fills_up_at_any_moment_costs_no_call_and_no_result(
    shell: Any, home: Path
) -> None:
    assert _run_with_ever_more_room(shell, home, 4 * 1024) > 8


def test_f36_no_ledger_can_be_made_on_a_full_disk_and_none_is_left_half_made(
    offline: Any, home: Path
) -> None:
    error_of(without_larger_files(offline, 0, "list-missions", "--json"), 3, "ledger_unwritable")

    assert os.listdir(home) == []


@pytest.mark.parametrize(
    ("directory", "file"), some([(0o500, 0o600), (0o700, 0o400), (0o500, 0o400)], 3)
)
def test_f36_what_is_read_only_can_still_be_read(
    offline: Any, home: Path, ledger: Path, directory: int, file: int
) -> None:
    before = ledger.read_bytes()

    with modes(home, directory, file):
        for command in (("list-missions",), ("mission-status", "m_1"), ("ledger", "export")):
            done = bound_by_modes(offline, *command, "--json")
            assert (done.returncode, done.stderr) == (0, ""), done.stderr
            assert "m_1" in done.stdout

    assert ledger.read_bytes() == before
    assert os.listdir(home) == ["ledger.db"]


@pytest.mark.parametrize(("directory", "file"), some([(0o500, 0o600), (0o700, 0o400)], 2))
def test_f36_what_is_read_only_takes_no_fact_and_nothing_is_sent(
    shell: Any, home: Path, directory: int, file: int
) -> None:
    mission = shell.approved()
    before = (home / "ledger.db").read_bytes()
    asked = len(shell.ask("/_sandbox/requests")["data"])

    with modes(home, directory, file):
        done = bound_by_modes(shell, "run-mission", mission, "--json")

    error = error_of(done, 3, "ledger_unwritable")
    assert "writable" in error["fix"]
    assert (home / "ledger.db").read_bytes() == before
    sent = shell.ask("/_sandbox/requests")["data"][asked:]
    assert [r for r in sent if r["method"] != "GET"] == []


def test_f36_a_file_that_may_not_be_read_says_so(offline: Any, home: Path, ledger: Path) -> None:
    with modes(home, 0o700, 0o000):
        done = bound_by_modes(offline, "list-missions", "--json")

    assert "may not read" in error_of(done, 3, "configuration")["message"]
    assert is_sound(ledger)


def test_f38_an_older_ledger_that_is_read_only_is_read_as_it_is(
    offline: Any, home: Path, ledger: Path
) -> None:
    with closing(sqlite3.connect(ledger)) as db:
        db.executescript("DROP TABLE leases; PRAGMA user_version=1")
    before = ledger.read_bytes()

    with modes(home, 0o500, 0o400):
        done = bound_by_modes(offline, "list-missions", "--json")

    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["missions"]) == 2
    assert ledger.read_bytes() == before


@pytest.mark.slow
def test_f37_a_ledger_that_stays_locked_is_exit_status_five_after_a_while(
    shell: Any, home: Path
) -> None:
    mission = shell.approved()
    before = (home / "ledger.db").read_bytes()

    with held(home / "ledger.db", "BEGIN IMMEDIATE"):
        assert shell.json("mission-status", mission)["state"] == "approved"
        done = shell.run("run-mission", mission, "--json")

    assert "locked for 10 seconds" in error_of(done, 5, "busy")["message"]
    assert (home / "ledger.db").read_bytes() == before
    assert shell.rang() == []
    assert shell.json("run-mission", mission)["state"] == "succeeded"


@pytest.mark.parametrize("damage", some(DAMAGES, 3))
def test_f37_no_command_builds_over_a_damaged_ledger(
    offline: Any, home: Path, ledger: Path, damage: Callable[[Path], None]
) -> None:
    damage(ledger)
    before = ledger.read_bytes() if ledger.is_file() else None

    for command in (("list-missions",), ("create-mission", "--brief", str(CATERING))):
        status, out, err = offline.here(*command, "--json")
        error = json.loads(out)["error"]
        assert (status, error["code"]) == (3, "ledger_damaged"), out
        assert "telnyx-toolkit ledger check" in error["fix"]
        assert "telnyx-toolkit ledger import" in error["fix"]
        assert "Traceback" not in err

    assert (ledger.read_bytes() if ledger.is_file() else None) == before
    assert os.listdir(home) == ["ledger.db"]


def test_f47_a_symlinked_ledger_is_refused_by_every_command(
    offline: Any, ledger: Path, tmp_path: Path
) -> None:
    elsewhere = ledger.rename(tmp_path / "elsewhere.db")
    ledger.symlink_to(elsewhere)
    before = elsewhere.read_bytes()

    for command in (("list-missions",), ("ledger", "export"), ("mission-status", "m_1")):
        status, out, _ = offline.here(*command, "--json")
        assert (status, json.loads(out)["error"]["code"]) == (3, "ledger_unsafe")
    assert offline.here("ledger", "check")[0] == 3

    assert elsewhere.read_bytes() == before


@pytest.mark.parametrize("name", ["../../etc/x", "", "🎂", "\udcff", "m_1' OR '1'='1", "x" * 5000])
def test_f47_a_mission_of_any_name_is_looked_for_and_never_a_path(
    offline: Any, home: Path, ledger: Path, name: str
) -> None:
    for command in (("mission-status", name), ("ledger", "export", "--mission", name)):
        status, out, err = offline.here(*command, "--json")
        assert (status, json.loads(out)["error"]["code"]) == (4, "unknown_mission"), err

    assert os.listdir(home) == ["ledger.db"]
    assert is_sound(ledger)
