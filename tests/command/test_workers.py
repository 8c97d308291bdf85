"""Workers on one Postgres: they share missions, are killed, stopped, upgraded and cut off."""

import json
import os
import random
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.clock import SystemClock
from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.levels import level_named
from tests.command.fleet import Fleet, next_release, options_of_sandbox

Doc = dict[str, Any]
#: How many missions of how many targets, for the long one; more by hand.
MISSIONS = int(os.environ.get("WORKERS_MISSIONS", "12"))
TARGETS = int(os.environ.get("WORKERS_TARGETS", "5"))


@pytest.fixture
def make_fleet(
    tmp_path: Path, postgres: DatabaseUrl, sandbox_url: Callable[..., str]
) -> Iterator[Callable[..., Fleet]]:
    """Only callees who answer, so that each is called once."""
    fleets: list[Fleet] = []
    options = options_of_sandbox(tmp_path)

    def make(level: str = "level-2") -> Fleet:
        url = sandbox_url(*options)
        fleets.append(Fleet(tmp_path, postgres, url, level))
        return fleets[-1]

    yield make
    for fleet in fleets:
        fleet.close()


@pytest.mark.postgres
def test_three_workers_share_missions_ring_each_phone_once_and_stop_when_told(
    make_fleet: Callable[..., Fleet],
) -> None:
    fleet = make_fleet()
    fleet.add(MISSIONS, TARGETS)
    workers = [fleet.start() for _ in range(3)]

    fleet.until(lambda: not fleet.left(), 30 + 2 * MISSIONS * TARGETS)

    fleet.require_all_is_well()
    assert fleet.most_at_once() <= level_named("level-2").pace.at_once
    fleet.until(lambda: not fleet.toolkit.ledger.notices.due(SystemClock().now(), 1))
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    documents = [json.loads(worker.communicate(timeout=25)[0]) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert all(document["rounds"] for document in documents)
    told = [line for document in documents for line in document["lines"]]
    assert sum("done" in line for line in told) == MISSIONS  # each by one of them


@pytest.mark.postgres
def test_an_hours_cap_holds_exactly_over_all_workers(make_fleet: Callable[..., Fleet]) -> None:
    fleet = make_fleet("paid")  # ten an hour
    fleet.add(8, 4)
    for _ in range(3):
        fleet.start()

    fleet.until(lambda: not fleet.left(), 120)

    fleet.require_all_is_well()
    rang = sorted(datetime.fromisoformat(call["dispatched_at"]) for call in fleet.rang())
    most = max(sum(at <= other < at + timedelta(hours=1) for other in rang) for at in rang)
    assert most == 10


@pytest.mark.postgres
def test_what_a_killed_worker_worked_on_goes_on_elsewhere_within_fifteen_seconds(
    make_fleet: Callable[..., Fleet],
) -> None:
    fleet, random_ = make_fleet(), random.Random(7)
    fleet.add(6, 6)
    for _ in range(3):
        fleet.start()
    fleet.until(lambda: bool(fleet.rang()))
    longest = 0.0

    for _ in range(4):
        if not fleet.left():
            break
        victim = random_.choice([w for w in fleet.workers if w.poll() is None])
        fleet.until(lambda victim=victim: _holds(fleet, victim.pid) or not fleet.left())
        victim.send_signal(signal.SIGKILL)
        victim.wait(10)
        before = fleet.facts()
        went_on = fleet.until(lambda before=before: fleet.facts() > before or not fleet.left(), 15)
        longest = max(longest, went_on)
        fleet.start()

    fleet.until(lambda: not fleet.left())
    fleet.require_all_is_well()
    assert longest < 15


def _holds(fleet: Fleet, process: int) -> bool:
    """Whether a process is in the middle of a round."""
    leases = [fleet.toolkit.ledger.leases.of(mission) for mission in fleet.missions]
    return any(lease and lease.holder.endswith(f"process {process}") for lease in leases)


@pytest.mark.postgres
def test_the_mission_of_a_killed_worker_is_taken_over_by_the_one_that_is_left(
    make_fleet: Callable[..., Fleet],
) -> None:
    fleet = make_fleet()
    fleet.add(1, 6)
    first = fleet.start("--concurrency", "1")
    fleet.until(lambda: _holds(fleet, first.pid))
    fleet.start("--concurrency", "1")
    fleet.until(lambda: _holds(fleet, first.pid) or not fleet.left())
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    before = fleet.facts()

    assert fleet.until(lambda: fleet.facts() > before or not fleet.left(), 30) < 15
    fleet.until(lambda: not fleet.left())
    fleet.require_all_is_well()


@pytest.mark.postgres
def test_the_alarm_clocks_tables_may_be_dropped_at_any_moment(
    make_fleet: Callable[..., Fleet],
) -> None:
    from telnyx_toolkit.worker.alarm import SCHEMA  # noqa: PLC0415 - an extra
    from tests.postgres import run  # noqa: PLC0415

    fleet = make_fleet()
    fleet.add(4, 4)
    workers = [fleet.start(), fleet.start()]
    fleet.until(lambda: bool(fleet.rang()))

    run(fleet.place.reveal(), f"DROP SCHEMA {SCHEMA} CASCADE")

    fleet.until(lambda: not fleet.left())
    fleet.require_all_is_well()
    assert [worker.poll() for worker in workers] == [None, None]


@pytest.mark.postgres
def test_workers_of_the_next_release_take_over_one_by_one_and_nothing_is_lost(
    make_fleet: Callable[..., Fleet], tmp_path: Path
) -> None:
    fleet, newer = make_fleet(), next_release(tmp_path / "newer")
    fleet.add(6, 6)
    ours = [fleet.start(), fleet.start()]
    fleet.until(lambda: bool(fleet.rang()))
    before = _version(fleet)

    theirs = [fleet.start(program=newer)]
    fleet.until(lambda: _version(fleet) > before)
    fleet.until(lambda: _has_worked(fleet, theirs[0]))
    assert [worker.poll() for worker in ours] == [None, None]
    for worker in ours:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(25) == 0
        theirs.append(fleet.start(program=newer))

    fleet.until(lambda: not fleet.left())
    fleet.require_all_is_well()
    assert [worker.poll() for worker in theirs] == [None, None, None]
    logged = [line for worker in fleet.workers for line in fleet.log(worker)]
    assert [line for line in logged if line["level"] == "error"] == []


@pytest.mark.postgres
def test_a_worker_that_is_too_old_for_the_tables_ends_and_a_newer_one_goes_on(
    make_fleet: Callable[..., Fleet], tmp_path: Path
) -> None:
    fleet, newer = make_fleet(), next_release(tmp_path / "newer", bars_us=True)
    fleet.add(3, 6)
    old = fleet.start()
    fleet.until(lambda: bool(fleet.rang()))

    fleet.start(program=newer)
    out, _ = old.communicate(timeout=60)

    assert (old.returncode, json.loads(out)["error"]["code"]) == (3, "ledger_newer")
    fleet.until(lambda: not fleet.left())
    fleet.require_all_is_well()


def _has_worked(fleet: Fleet, worker: "subprocess.Popen[str]") -> bool:
    return any("mission" in line for line in fleet.log(worker))


def _version(fleet: Fleet) -> int:
    from tests.postgres import run  # noqa: PLC0415

    return run(fleet.place.reveal(), "SELECT version FROM telnyx_toolkit.tables_version")[0][0]


@pytest.mark.postgres
def test_a_check_says_whether_somebody_works(make_fleet: Callable[..., Fleet]) -> None:
    fleet = make_fleet()
    alone, out, _ = fleet.shell.here("worker", "--check", "--json")
    document = json.loads(out)
    assert (alone, document["ok"], document["workers"]["alive"]) == (1, False, 0)
    assert "No worker is alive" in document["problems"][0]
    assert document["database"]["reached"]

    nobody = fleet.shell.here("worker", "--check")[1]
    assert "Workers: 0 alive\n" in nobody
    assert nobody.endswith("Missions are not being moved on.\n")

    worker = fleet.start()
    fleet.until(lambda: fleet.shell.here("worker", "--check")[0] == 0)
    assert "Workers: 1 alive, the last heard of " in fleet.shell.here("worker", "--check")[1]

    worker.send_signal(signal.SIGINT)
    assert worker.wait(25) == 0
    events = [line.get("event") for line in fleet.log(worker)]
    assert events == ["worker started", "worker stops", "worker stopped"]
    assert fleet.shell.here("worker", "--check")[0] == 1


@pytest.mark.postgres
def test_a_database_that_is_not_there_is_said_without_its_password(make_shell: Any) -> None:
    url = "postgresql://toolkit:example-secret@127.0.0.1:9/ledger"
    shell = make_shell("http://127.0.0.1:9/v2", TELNYX_TOOLKIT_DATABASE_URL=url)

    checked, out, err = shell.here("worker", "--check", "--json")
    started = shell.here("worker")

    assert (checked, json.loads(out)["database"]["reached"]) == (1, False)
    assert started[0] == 3
    assert "127.0.0.1:9/ledger" in out + started[2]
    assert "example-secret" not in out + err + "".join(map(str, started))


def test_a_ledger_in_a_file_has_no_workers_and_the_error_says_what_to_use(make_shell: Any) -> None:
    shell = make_shell("http://127.0.0.1:9/v2")

    status, out, err = shell.here("worker", "--json")

    assert (status, json.loads(out)["error"]["code"]) == (3, "worker_needs_postgres")
    assert "tick" in err
    assert "run-mission" in err


@pytest.mark.postgres
def test_concurrency_is_bounded(make_fleet: Callable[..., Fleet]) -> None:
    fleet = make_fleet()

    with closing(fleet.toolkit):
        assert fleet.shell.here("worker", "--concurrency", "0")[0] == 2
        assert fleet.shell.here("worker", "--concurrency", "65")[0] == 2
