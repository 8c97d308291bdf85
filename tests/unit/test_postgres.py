"""What only a server can do: be away, lose a connection, refuse, be upgraded while in use."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import (
    ConfigError,
    LedgerConflict,
    LedgerDamaged,
    LedgerUnreachable,
    LedgerUnwritable,
    ToolkitError,
)
from telnyx_toolkit.ledger import SCHEMA_VERSION, Ledger
from telnyx_toolkit.ledger.check import check
from telnyx_toolkit.ledger.export import Export
from telnyx_toolkit.ledger.opening import opened, opened_to_read
from telnyx_toolkit.ledger.postgres import PostgresDatabase
from telnyx_toolkit.ledger.postgres_schema import MIGRATIONS, Migration
from telnyx_toolkit.ledger.reading import ReadLedger
from telnyx_toolkit.ledger.restore import read_copy
from telnyx_toolkit.ledger.schema import writing
from tests.postgres import ROOT, Server, run
from tests.unit.ledgers import fact, filled

pytestmark = pytest.mark.postgres

#: So often it is looked for what comes a moment later.
MOST_LOOKS = 3_000_000
_END_OTHERS = """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()"""


@pytest.fixture
def ledger(postgres: DatabaseUrl) -> Iterator[Ledger]:
    with closing(Ledger(postgres, patience_s=1)) as ledger:
        ledger.append(fact(1))
        yield ledger


@pytest.fixture
def lose(postgres_server: Server, postgres: DatabaseUrl) -> Iterator[Any]:
    """A ledger behind something that loses the next commit, or the answer to it."""
    folder = postgres_server.folder
    command = [sys.executable, str(ROOT / "tests" / "postgres_proxy.py"), str(folder), str(folder)]
    pipe = subprocess.PIPE
    (folder / ".s.PGSQL.5433").unlink(missing_ok=True)
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as proxy, ExitStack() as end:
        assert proxy.stdin
        assert proxy.stdout
        assert proxy.stdout.readline() == "ready\n"
        place = DatabaseUrl.parse(postgres_server.url(postgres.database, port="5433"))
        ledger = end.enter_context(closing(Ledger(place, patience_s=1)))

        def losing(what: str) -> Ledger:
            assert proxy.stdin
            assert proxy.stdout
            proxy.stdin.write(f"{what}\n")
            proxy.stdin.flush()
            assert proxy.stdout.readline() == "told\n"
            return ledger

        yield losing
        proxy.stdin.close()


def is_there(place: DatabaseUrl) -> list[int]:
    return [seq for (seq,) in run(place.reveal(), "SELECT seq FROM telnyx_toolkit.events")]


@pytest.mark.parametrize(("what", "written"), [("before", []), ("after", [1])])
def test_f35_a_commit_nobody_heard_the_answer_to_is_not_repeated_and_what_is_there_counts(
    lose: Callable[[str], Ledger], postgres: DatabaseUrl, what: str, written: list[int]
):
    ledger = lose(what)

    with pytest.raises(LedgerUnreachable, match="Nobody heard whether") as caught:
        ledger.append(fact(1))

    assert caught.value.code == "ledger_unreachable"
    assert ledger.last_seq("m_example") == len(written)
    if written:
        with pytest.raises(LedgerConflict):
            ledger.append(fact(1))
    else:
        ledger.append(fact(1))
    assert is_there(postgres) == [1]


def test_a_connection_that_was_lost_between_two_uses_is_made_anew(
    ledger: Ledger, postgres: DatabaseUrl
):
    for use in (
        lambda: ledger.append(fact(2)),
        lambda: ledger.events("m_example"),
        lambda: ledger.append(fact(3), only_if=lambda: True),
        lambda: ledger.leases.of("m_example"),
    ):
        run(postgres.reveal(), _END_OTHERS)
        use()

    assert is_there(postgres) == [1, 2, 3]


def test_a_connection_that_is_lost_in_a_transaction_writes_nothing_and_says_so(
    ledger: Ledger, postgres: DatabaseUrl
):
    def lost() -> bool:
        run(postgres.reveal(), _END_OTHERS)
        return True

    with pytest.raises(LedgerUnreachable, match=r"was lost\. Nothing was written"):
        ledger.append(fact(2), only_if=lost)

    assert is_there(postgres) == [1]
    ledger.append(fact(2))
    assert is_there(postgres) == [1, 2]


def test_who_is_alone_is_waited_for_and_only_by_those_who_must_be(
    ledger: Ledger, postgres: DatabaseUrl
):
    with closing(opened(postgres)) as other, writing(other, alone=True):
        ledger.append(fact(2))
        with pytest.raises(LedgerConflict, match="locked for 1 seconds") as caught:
            ledger.append(fact(3), only_if=lambda: True)

    assert caught.value.code == "busy"
    ledger.append(fact(3), only_if=lambda: True)
    assert is_there(postgres) == [1, 2, 3]


def test_who_waited_to_be_alone_sees_what_the_one_before_wrote(
    ledger: Ledger, postgres: DatabaseUrl
):
    seen: list[int] = []

    def look() -> bool:
        seen.append(ledger.last_seq("m_other"))
        return True

    second = Thread(target=lambda: ledger.append(fact(2), only_if=look))
    with closing(opened(postgres)) as first, writing(first, alone=True):
        second.start()
        while not run(postgres.reveal(), "SELECT 1 FROM pg_locks WHERE NOT granted"):
            pass
        first.add_event(("m_other", 1, "agent.noted", "", None, "{}"), {})
    second.join()

    assert seen == [1]


def test_an_export_lacks_what_was_being_written_when_it_began(
    ledger: Ledger, postgres: DatabaseUrl
):
    with closing(opened_to_read(postgres)) as db, db.still():
        with closing(opened(postgres)) as slow, writing(slow):
            slow.add_event(("m_slow", 1, "agent.noted", fact(1).at.isoformat(), None, "{}"), {})
            ledger.append(fact(2))
            made = Export(db, fact(1).at)
        lines = [line.encode() for line in made.lines()]

    places = [(event["mission_id"], event["seq"]) for _, event in read_copy(lines).events]
    assert places == [("m_example", 1), ("m_example", 2)]


def test_every_commit_is_on_disk_before_it_is_answered(
    postgres_server: Server, postgres: DatabaseUrl
):
    postgres_server.run(
        "postgres", f"ALTER DATABASE {postgres.database} SET synchronous_commit=off"
    )
    stricter = f"ALTER DATABASE {postgres.database} SET synchronous_commit=remote_apply"

    with closing(opened(postgres)) as db:
        assert db.read("SHOW synchronous_commit") == [("on",)]
        assert db.read("SHOW default_transaction_isolation") == [("read committed",)]
    postgres_server.run("postgres", stricter)
    with closing(opened(postgres)) as db:
        assert db.read("SHOW synchronous_commit") == [("remote_apply",)]


def test_a_runner_is_gone_when_its_session_is_and_only_then(postgres: DatabaseUrl):
    with closing(Ledger(postgres)) as here, closing(Ledger(postgres)) as there:
        mine, yours = here.signs, there.signs
        assert mine is not None
        assert yours is not None
        assert yours.is_gone("host, process 1", "mine")
        mine.show_life("mine")
        assert not yours.is_gone("host, process 1", "mine")

        run(postgres.reveal(), _END_OTHERS)
        here.mission_ids()
        assert not yours.is_gone("host, process 1", "mine"), "it lives on, in another session"
        mine.end_life()
        assert yours.is_gone("host, process 1", "mine")
        mine.show_life("again")
        here.close()
        while not yours.is_gone("host, process 1", "again"):
            pass  # the server hears of it a moment later


def test_names_of_hosts_and_processes_say_nothing_of_who_lives(postgres: DatabaseUrl):
    with closing(Ledger(postgres)) as here, closing(Ledger(postgres)) as there:
        assert here.signs
        assert there.signs
        here.signs.show_life("one")
        assert there.signs.is_gone("host, process 1", "other")
        assert not there.signs.is_gone("host, process 1", "one")


_SERVE = """
import os
from tests.postgres import binaries, server
with server(binaries()) as running:
    print(running.folder, flush=True)
    os.read(0, 1)
"""


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_server_of_the_tests_is_gone_with_them_however_they_end(
    by: signal.Signals, postgres: DatabaseUrl
):
    del postgres  # it is skipped where there is none
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", _SERVE]
    tests = subprocess.Popen(
        command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
    )
    assert tests.stdout
    folder = Path(tests.stdout.readline().decode().strip())
    assert (folder / ".s.PGSQL.5432").exists()

    os.killpg(tests.pid, by)
    tests.communicate()

    looks = 0
    while folder.exists() and looks < MOST_LOOKS:  # whoever looks after it ends the server first
        looks += 1
    assert not folder.exists()


# What can be wrong with a server.


def elsewhere(place: DatabaseUrl, old: str, new: str) -> DatabaseUrl:
    return DatabaseUrl.parse(place.reveal().replace(old, new, 1))


def test_a_server_that_does_not_run_is_not_reached():
    place = DatabaseUrl.parse("postgresql://dana:s3cret@127.0.0.1:1/calls?connect_timeout=2")

    with pytest.raises(
        LedgerUnreachable, match=r"127\.0\.0\.1:1/calls' cannot be reached"
    ) as caught:
        Ledger(place)

    assert caught.value.exit_code == 3
    assert "s3cret" not in str(caught.value.as_dict())
    assert [p["code"] for p in check(place)["problems"]] == ["ledger_unreachable"]


def test_a_wrong_password_is_a_setting_to_correct_and_is_not_shown(
    postgres_server: Server, postgres: DatabaseUrl
):
    with postgres_server.asking_for_passwords():
        postgres_server.run("postgres", "CREATE USER dana PASSWORD 'the right one'")
        user, words = "dana:s3cret%21@", ["s3cret", "the right one"]
        wrong = elsewhere(postgres, "toolkit@", user)
        with pytest.raises(ConfigError, match="does not let this user in") as caught:
            Ledger(wrong)
        with pytest.raises(ConfigError, match="wants a password, and none is given") as none:
            Ledger(elsewhere(postgres, "toolkit@", "dana@"))

    assert caught.value.code == none.value.code == "database_refused"
    told = f"{caught.value.as_dict()} {caught.value!r}"
    assert not [word for word in words if word in told]


def test_an_address_that_the_library_refuses_is_not_shown_either():
    place = DatabaseUrl.parse("postgresql://dana:s3cret%zz@127.0.0.1:1/calls")

    with pytest.raises(ToolkitError, match="percent-encoded") as caught:
        Ledger(place)

    assert "s3cret" not in str(caught.value.as_dict())


def test_a_database_that_does_not_exist_is_named(postgres: DatabaseUrl):
    with pytest.raises(ConfigError, match=r"There is no database .*/missing'") as caught:
        Ledger(elsewhere(postgres, f"/{postgres.database}", "/missing"))

    assert "createdb" in caught.value.fix


@pytest.fixture
def guest(postgres_server: Server, postgres: DatabaseUrl) -> Iterator[DatabaseUrl]:
    """The database, for somebody who may look around in it."""
    postgres_server.run("postgres", "CREATE USER guest")
    yield elsewhere(postgres, "toolkit@", "guest@")
    postgres_server.run(postgres.database, "DROP OWNED BY guest")
    postgres_server.run("postgres", "DROP OWNED BY guest", "DROP USER guest")


def test_a_user_who_may_make_no_tables_is_told_what_to_ask_for(
    guest: DatabaseUrl, postgres: DatabaseUrl
):
    with pytest.raises(LedgerUnwritable, match="permission denied for database") as caught:
        Ledger(guest)

    assert f"GRANT CREATE ON DATABASE {postgres.database}" in caught.value.fix
    run(postgres.reveal(), "CREATE SCHEMA telnyx_toolkit AUTHORIZATION guest")
    with closing(Ledger(guest)) as ledger:
        ledger.append(fact(1))


def test_a_user_who_may_only_read_reads(guest: DatabaseUrl, postgres: DatabaseUrl):
    filled(postgres)
    with pytest.raises(ConfigError, match="cannot be read: permission denied"):
        ReadLedger(guest)
    run(
        postgres.reveal(),
        "GRANT USAGE ON SCHEMA telnyx_toolkit TO guest",
        "GRANT SELECT ON ALL TABLES IN SCHEMA telnyx_toolkit TO guest",
    )

    with closing(Ledger(guest)) as ledger:
        assert len(ledger.events("m_1")) == 3
        with pytest.raises(LedgerUnwritable, match="permission denied"):
            ledger.append(fact(4, "m_1"))


def test_a_database_without_a_ledger_is_not_made_one_by_looking(postgres: DatabaseUrl):
    with pytest.raises(ConfigError, match="There is no ledger") as caught:
        opened_to_read(postgres)

    assert caught.value.code == "ledger_missing"
    assert [p["code"] for p in check(postgres)["problems"]] == ["ledger_missing"]
    assert run(postgres.reveal(), "SELECT to_regnamespace('telnyx_toolkit')") == [(None,)]


def test_a_schema_of_our_name_with_something_else_in_it_is_left_alone(postgres: DatabaseUrl):
    made = ("CREATE SCHEMA telnyx_toolkit", "CREATE TABLE telnyx_toolkit.events (guests INT)")
    run(postgres.reveal(), *made)

    with pytest.raises(LedgerDamaged, match="already exists"):
        Ledger(postgres)

    assert run(postgres.reveal(), "SELECT guests FROM telnyx_toolkit.events") == []


def test_a_database_that_cannot_hold_all_letters_is_refused(postgres_server: Server):
    made = "CREATE DATABASE narrow TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'"
    postgres_server.run("postgres", made)

    with pytest.raises(ConfigError, match="keeps text in LATIN1"):
        Ledger(DatabaseUrl.parse(postgres_server.url("narrow")))

    postgres_server.run("postgres", "DROP DATABASE narrow")


def test_a_server_that_confirms_what_it_has_not_written_is_not_sound(
    postgres_server: Server, postgres: DatabaseUrl
):
    filled(postgres)
    with postgres_server.set("fsync", "off"):
        (problem,) = check(postgres)["problems"]
    assert problem["code"] == "not_durable"
    assert "fsync" in problem["message"]


def test_a_library_that_is_not_installed_is_named(postgres: DatabaseUrl):
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from telnyx_toolkit.ledger import Ledger\n"
        "from telnyx_toolkit.database_url import DatabaseUrl\n"
        "from telnyx_toolkit.errors import ConfigError\n"
        "try: Ledger(DatabaseUrl.parse(sys.argv[1]))\n"
        "except ConfigError as problem: print(problem.code, problem.fix)\n"
    )
    command = [sys.executable, "-c", code, postgres.reveal()]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.startswith("postgres_not_installed ")
    assert "[postgres]" in done.stdout


# A newer program, and an older one beside it.

ADDS = Migration(SCHEMA_VERSION + 1, MIGRATIONS[-1].oldest, ("CREATE TABLE more (n INT)",))
CHANGES = replace(ADDS, oldest=SCHEMA_VERSION + 1)


def newer(place: DatabaseUrl, migration: Migration) -> PostgresDatabase:
    """The session of a program that knows one more migration."""
    return PostgresDatabase(place, migrations=(*MIGRATIONS, migration))


def test_f38_tables_are_of_the_version_that_a_file_has(postgres: DatabaseUrl, tmp_path: Path):
    with closing(opened(postgres)) as db, closing(opened(tmp_path)) as file:
        assert db.version() == file.version() == SCHEMA_VERSION
        listed = "SELECT table_name FROM information_schema.tables WHERE table_schema = ?"
        tables = {name for (name,) in db.read(listed, ("telnyx_toolkit",))}
        files = "SELECT name FROM sqlite_master WHERE type = 'table'"
        assert tables - {"tables_version"} == {name for (name,) in file.read(files)}
        for name in tables - {"tables_version"}:
            asked = "SELECT column_name FROM information_schema.columns WHERE table_name = ?"
            columns = {column for (column,) in db.read(asked, (name,))}
            of_file = file.read(f"SELECT name FROM pragma_table_info('{name}')")  # noqa: S608
            assert {column for (column,) in of_file} <= columns


def test_what_is_compared_or_sorted_is_so_by_code_point_whatever_the_servers_language(
    postgres: DatabaseUrl,
):
    with closing(opened(postgres)) as db:
        asked = "SELECT table_name, column_name FROM information_schema.columns WHERE"
        asked += " table_schema = ? AND data_type = 'text' AND collation_name IS NULL"
        found = db.read(asked, ("telnyx_toolkit",))

    words = {"action", "data", "holder", "kind", "reason", "stamp", "text", "via"}
    assert {column for _, column in found} <= words
    assert ("events", "kind") not in found


def test_f38_an_older_program_goes_on_beside_a_migration_that_only_adds(
    ledger: Ledger, postgres: DatabaseUrl
):
    with closing(newer(postgres, ADDS)) as db:
        db.upgrade()
        assert db.version() == SCHEMA_VERSION + 1

    ledger.append(fact(2))
    with closing(Ledger(postgres)) as another:
        another.append(fact(3), only_if=lambda: True)
    assert is_there(postgres) == [1, 2, 3]


def test_f38_an_older_program_stops_at_once_where_it_must_not_write_any_more(
    ledger: Ledger, postgres: DatabaseUrl
):
    with closing(newer(postgres, CHANGES)) as db:
        db.upgrade()

    with pytest.raises(ConfigError, match="written by a newer telnyx-toolkit") as caught:
        ledger.append(fact(2))
    with pytest.raises(ConfigError, match="written by a newer telnyx-toolkit"):
        Ledger(postgres)

    assert caught.value.code == "ledger_newer"
    assert is_there(postgres) == [1]


def test_f38_a_migration_waits_for_who_writes_and_who_writes_next_knows_of_it(
    ledger: Ledger, postgres: DatabaseUrl
):
    with closing(newer(postgres, CHANGES)) as db, closing(opened(postgres)) as writer:
        hurried = PostgresDatabase(postgres, 0.1, migrations=(*MIGRATIONS, CHANGES))
        with closing(hurried), writing(writer), pytest.raises(LedgerConflict, match="locked"):
            hurried.upgrade()
        db.upgrade()
    with pytest.raises(ConfigError, match="newer"):
        ledger.append(fact(2))


def test_f38_a_migration_that_fails_leaves_everything_as_it_was(
    ledger: Ledger, postgres: DatabaseUrl
):
    broken = replace(CHANGES, statements=(*CHANGES.statements, "CREATE TABLE events (n INT)"))
    with closing(newer(postgres, broken)) as db:
        with pytest.raises(LedgerDamaged, match="already exists"):
            db.upgrade()
        assert db.version() == SCHEMA_VERSION
        assert not db.understands("SELECT n FROM more")

    ledger.append(fact(2))
    assert is_there(postgres) == [1, 2]


def test_f38_many_processes_that_open_an_empty_database_at_once_make_one_ledger(
    postgres: DatabaseUrl,
):
    code = (
        "import sys; from contextlib import closing\n"
        "from telnyx_toolkit.ledger import Ledger\n"
        "from telnyx_toolkit.database_url import DatabaseUrl\n"
        "sys.stdin.readline()\n"
        "with closing(Ledger(DatabaseUrl.parse(sys.argv[1]))) as ledger:\n"
        "    print(ledger.mission_ids())\n"
    )
    command = [sys.executable, "-c", code, postgres.reveal()]
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=pipe) for _ in range(6)
    ]
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate() for process in started]

    assert told == [("[]\n", "")] * 6
