"""A ledger moves from a file to Postgres and back, missions and all, and is used in one place."""

import json
import signal
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.clock import SystemClock
from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import LedgerDamaged
from telnyx_toolkit.ledger import LeaseRow, Ledger
from tests.postgres import run
from tests.unit.ledgers import exported, fact, filled
from tests.unit.test_ledger_contract import notice

pytestmark = pytest.mark.postgres
CALLED = ["+13125550101", "+13125550102", "+13125550103"]


@pytest.fixture
def offline(make_shell: Callable[..., Any], postgres: DatabaseUrl) -> Any:
    return make_shell("http://127.0.0.1:9/v2", TELNYX_TOOLKIT_DATABASE_URL=postgres.reveal())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def copied(shell: Any, to: str) -> Any:
    return shell.json("ledger", "copy", "--to", to)


def test_a_mission_that_began_in_a_file_ends_in_a_database_and_is_told_of_back_in_a_file(
    make_shell: Any, sandbox_url: Any, postgres: DatabaseUrl, home: Path
):
    shell = make_shell(sandbox_url())
    mission = shell.approved()
    for time in ("2026-11-23T15:00:30+00:00", "2026-11-23T15:12:00+00:00"):
        shell.post("/_sandbox/clock", {"advance_to": time})
        shell.json("run-mission", mission, "--wait", "0")
    begun = len(shell.rang())
    shell.env["TELNYX_TOOLKIT_DATABASE_URL"] = postgres.reveal()

    there = copied(shell, "database")

    assert 0 < begun < 3
    assert (there["missions"], there["events_skipped"]) == (1, 0)
    assert there["to"] == postgres.name
    assert not (home / "ledger.db").exists()
    assert Path(there["set_aside"]).exists()
    assert "TELNYX_TOOLKIT_DATABASE_URL must be set" in there["next"]
    assert shell.json("run-mission", mission)["state"] == "succeeded"
    summary = shell.json("summarize", mission)

    back = copied(shell, "file")
    del shell.env["TELNYX_TOOLKIT_DATABASE_URL"]

    assert back["from"] == postgres.name
    assert "must not be set" in back["next"]
    assert shell.json("summarize", mission) == summary
    assert [call["to"] for call in shell.rang()] == CALLED
    assert shell.json("ledger", "check")["ok"]


def test_what_is_carried_is_everything_and_the_old_one_takes_no_more(
    offline: Any, postgres: DatabaseUrl, home: Path
):
    filled(home)
    with closing(Ledger(home)) as old:
        old.append(fact(4, "m_1"), notices=[notice(1), notice(2)])
        old.notices.done_with("n_1", "chat", fact(1).at)
        old.notices.settle("n_2", fact(1).at)
        old.note_telling("m_1", 2, 4)
        before = exported(home)

        told = copied(offline, "database")

        assert (told["events_added"], told["notices_added"]) == (7, 2)
        with pytest.raises(LedgerDamaged, match="removed or replaced"):
            old.append(fact(5, "m_1"))
    assert exported(postgres) == before
    with closing(Ledger(postgres)) as new:
        assert new.progress("m_1").telling_seq == 4
        (waiting,) = new.notices.due(fact(9).at, 9)
        assert (waiting.notice.notice_id, waiting.done_by) == ("n_1", {"chat"})
        new.notices.settle("n_1", fact(1).at)

        copied(offline, "file")

        with pytest.raises(LedgerDamaged, match="carried away"):
            new.append(fact(5, "m_1"))
    assert exported(home) == before
    with closing(Ledger(home)) as again:
        assert again.progress("m_1").telling_seq == 4
        assert again.notices.due(fact(9).at, 9) == []


def test_a_copy_that_was_cut_off_at_its_end_goes_on(
    offline: Any, postgres: DatabaseUrl, home: Path
):
    filled(home)
    with closing(Ledger(home)) as old:
        old.append(fact(4, "m_2"), notices=[notice(1)])
    first = copied(offline, "database")
    Path(first["set_aside"]).rename(home / "ledger.db")
    with closing(Ledger(home)) as old:
        old.notices.settle("n_1", fact(1).at)
    with closing(Ledger(postgres)) as new:
        new.append(fact(4, "m_1"))

    again = copied(offline, "database")

    assert (again["events_added"], again["events_skipped"]) == (0, 7)
    with closing(Ledger(postgres)) as new:
        assert new.notices.due(fact(9).at, 9) == []
        assert len(new.events("m_1")) == 4


@pytest.mark.parametrize("where", ["source", "target"])
def test_nothing_is_copied_while_somebody_runs_a_mission(
    offline: Any, postgres: DatabaseUrl, home: Path, where: str
):
    filled(home)
    now = SystemClock().now()
    with closing(Ledger(home if where == "source" else postgres)) as ledger:
        if ledger.signs:
            ledger.signs.show_life("token")
        row = LeaseRow("m_1", "elsewhere, process 7", "token", now + timedelta(minutes=4))
        ledger.leases.take(row, now, lambda _: False)

        status, out, _ = offline.here("ledger", "copy", "--to", "database", "--json")

    error = json.loads(out)["error"]
    assert (status, error["code"]) == (5, "busy")
    assert "elsewhere, process 7" in error["message"]
    assert (home / "ledger.db").exists()
    with closing(Ledger(postgres)) as ledger:
        assert ledger.mission_ids() == []


def test_a_lease_of_a_process_that_is_gone_holds_nobody_up(
    make_shell: Any, sandbox_url: Any, postgres: DatabaseUrl
):
    shell = make_shell(sandbox_url(), TELNYX_TOOLKIT_DATABASE_URL=postgres.reveal())
    mission = shell.approved()
    faults = [{"on": "GET /ai/assistants/*/scheduled_events/*", "do": "500_before", "times": 3}]
    shell.post("/_sandbox/faults", {"faults": faults})
    runner = shell.start("run-mission", mission)
    while not run(postgres.reveal(), "SELECT 1 FROM telnyx_toolkit.leases"):
        pass
    runner.send_signal(signal.SIGKILL)
    runner.communicate()

    assert copied(shell, "file")["missions"] == 1


def test_a_contradiction_leaves_both_as_they_were(offline: Any, postgres: DatabaseUrl, home: Path):
    filled(home)
    with closing(Ledger(postgres)) as there:
        there.append(fact(1, "m_2", {"other": True}))
    before = exported(postgres)

    status, out, _ = offline.here("ledger", "copy", "--to", "database", "--json")

    assert (status, json.loads(out)["error"]["code"]) == (2, "import_conflict")
    assert exported(postgres) == before
    assert (home / "ledger.db").exists()


def test_a_ledger_that_is_not_there_is_not_copied_and_none_is_made(
    offline: Any, postgres: DatabaseUrl, home: Path
):
    for to in ("database", "file"):
        status, out, _ = offline.here("ledger", "copy", "--to", to, "--json")
        assert (status, json.loads(out)["error"]["code"]) == (3, "ledger_missing")

    assert not home.exists()
    assert run(postgres.reveal(), "SELECT to_regnamespace('telnyx_toolkit')") == [(None,)]


def test_a_copy_needs_the_address_in_the_environment(make_shell: Any, home: Path):
    filled(home)

    status, _, err = make_shell("http://127.0.0.1:9/v2").here("ledger", "copy", "--to", "database")

    assert status == 3
    assert "TELNYX_TOOLKIT_DATABASE_URL is not set" in err


def test_check_export_and_import_work_on_a_database_and_name_no_password(
    offline: Any, postgres: DatabaseUrl, tmp_path: Path
):
    filled(postgres)
    offline.env["TELNYX_TOOLKIT_DATABASE_URL"] = postgres.reveal().replace("@", ":s3cret@", 1)
    out = tmp_path / "export.jsonl"
    told = [
        offline.here(*command)
        for command in (
            ("ledger", "check"),
            ("ledger", "check", "--json"),
            ("ledger", "export", "--out", str(out)),
            ("ledger", "import", str(out)),
            ("list-missions", "--json"),
            ("mission-status", "m_3"),
        )
    ]

    assert [status for status, _, _ in told] == [0, 0, 0, 0, 0, 4]
    text = "\n".join(part for _, *parts in told for part in parts)
    assert postgres.name in text
    assert "Postgres 1" in text
    assert "s3cret" not in text
    assert "6 were there already" in text
