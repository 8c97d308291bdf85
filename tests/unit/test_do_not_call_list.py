"""The do-not-call list in the ledger: kept, found fast, exported, imported, brought up to date."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.errors import InvalidInput, LedgerDamaged, WroteFirst
from telnyx_toolkit.ledger import SCHEMA_VERSION, Ledger, Place
from telnyx_toolkit.ledger.check import check
from telnyx_toolkit.ledger.do_not_call import DoNotCall
from telnyx_toolkit.ledger.export import Export
from telnyx_toolkit.ledger.lines import sealed
from telnyx_toolkit.ledger.opening import opened_to_read
from telnyx_toolkit.ledger.restore import Restored, read_copy, restore
from telnyx_toolkit.ledger.schema import MIGRATIONS
from telnyx_toolkit.model import Event, Listing
from tests.unit.build import START
from tests.unit.ledgers import exported, fact, filled

A, B, C = "+13125550101", "+13125550102", "+13125550103"
Lines = list[bytes]


def add(phone: str, reason: str = "asked us", mission: str = "", minutes: int = 0) -> Listing:
    return Listing(phone, "add", reason, "Dana", START + timedelta(minutes=minutes), mission)


def remove(phone: str, minutes: int = 0) -> Listing:
    return Listing(phone, "remove", "may be called", "Dana", START + timedelta(minutes=minutes))


def written(home: Path, *listings: Listing) -> Path:
    with closing(Ledger(home)) as ledger:
        for one in listings:
            (ledger.do_not_call.add([one]) if one.action == "add" else None)
            (ledger.do_not_call.remove(one) if one.action == "remove" else None)
        return ledger.path


def phones(home: Path) -> list[str]:
    with closing(Ledger(home)) as ledger:
        return [one.phone for one in ledger.do_not_call.listed()]


def imported(home: Path, lines: Lines) -> Restored:
    return restore(home, read_copy(lines))


def resealed(documents: list[dict[str, Any]]) -> Lines:
    """Lines with these contents, sealed as they should be."""
    check, lines = "", Lines()
    for place, document in enumerate(documents):
        text, sealed_with = sealed({k: v for k, v in document.items() if k != "check"}, check)
        check = sealed_with if place else ""
        lines.append(f"{text}\n".encode())
    return lines


def test_the_last_entry_of_a_number_says_whether_it_is_on_the_list(place: Place):
    with closing(Ledger(place)) as ledger:
        table = ledger.do_not_call
        assert table.add([add(A), add(B)]) == 2
        assert table.remove(remove(A, 1))

        assert table.entry(A) is None
        assert table.entry(B) == add(B)
        assert table.entry(C) is None
        assert table.listed() == [add(B)]
        assert table.history(A) == [add(A), remove(A, 1)]
        assert table.add([add(A, "asked again", minutes=2)]) == 1
        assert table.entry(A) == add(A, "asked again", minutes=2)


def test_who_is_on_the_list_is_not_added_twice_and_who_is_not_is_not_removed(place: Place):
    with closing(Ledger(place)) as ledger:
        table = ledger.do_not_call
        assert table.add([add(A), add(A, "another reason"), add(B)]) == 2
        assert table.add([add(A, "later", minutes=5)]) == 0
        assert not table.remove(remove(C))

        assert table.history(A) == [add(A)]
        assert table.history(C) == []


def test_an_entry_is_written_with_its_fact_or_neither_is(place: Place):
    with closing(Ledger(place)) as ledger:
        ledger.append(fact(1), listing=add(A, mission="m_example"))
        with pytest.raises(WroteFirst):
            ledger.append(fact(1), listing=add(B))
        with pytest.raises(WroteFirst):
            ledger.append(fact(2), only_if=lambda: False, listing=add(C))

        assert ledger.do_not_call.listed() == [add(A, mission="m_example")]


def test_a_number_is_found_by_an_index_however_long_the_list(tmp_path: Path):
    path = written(tmp_path)
    asked = "EXPLAIN QUERY PLAN SELECT * FROM do_not_call WHERE phone = '+13125550101' ORDER BY id"

    with closing(sqlite3.connect(path)) as db:
        plan = [row[3] for row in db.execute(asked)]

    assert plan == ["SEARCH do_not_call USING INDEX do_not_call_phone (phone=?)"]


def test_an_export_and_an_import_carry_the_whole_history_to_another_home(tmp_path: Path):
    written(tmp_path / "here", add(A), add(B), remove(A, 1), add(C, "x", "m_1", 2))
    filled(tmp_path / "here")
    lines = exported(tmp_path / "here")

    assert imported(tmp_path / "there", lines) == Restored(2, added=6, listings=4)
    assert imported(tmp_path / "there", lines) == Restored(2, skipped=6, listings=0)

    assert phones(tmp_path / "there") == [B, C]
    assert exported(tmp_path / "there") == lines
    with closing(Ledger(tmp_path / "there")) as ledger:
        assert ledger.do_not_call.history(A) == [add(A), remove(A, 1)]
        assert ledger.do_not_call.entry(C) == add(C, "x", "m_1", 2)


def test_entries_of_the_same_instant_come_back_as_they_were(tmp_path: Path):
    written(tmp_path / "here", add(A), remove(A), add(A))

    imported(tmp_path / "there", exported(tmp_path / "here"))
    imported(tmp_path / "there", exported(tmp_path / "here"))

    assert phones(tmp_path / "there") == [A]
    assert exported(tmp_path / "there") == exported(tmp_path / "here")


def test_an_import_takes_nobody_off_the_list(tmp_path: Path):
    written(tmp_path / "here", add(A), add(B, "asked there"))
    written(tmp_path / "there", add(A), remove(A, 1), add(B), remove(B, 1), add(C))

    assert imported(tmp_path / "here", exported(tmp_path / "there")).listings == 2

    assert phones(tmp_path / "here") == [A, B, C]


def test_an_import_of_an_older_copy_brings_a_number_back_that_somebody_added_elsewhere(
    tmp_path: Path,
):
    written(tmp_path / "here", add(A), remove(A, 9))
    written(tmp_path / "there", add(A, "asked there", minutes=5))

    imported(tmp_path / "here", exported(tmp_path / "there"))

    assert phones(tmp_path / "here") == [A]


def test_one_mission_is_exported_with_who_asked_in_it(tmp_path: Path):
    filled(tmp_path)
    written(tmp_path, add(A, mission="m_1"), add(B, mission="m_2"), add(C))

    found = [json.loads(line) for line in exported(tmp_path, "m_2")]

    assert found[0]["listings"] == 1
    assert [d["phone"] for d in found if d["type"] == "listing"] == [B]


def test_more_entries_than_are_read_at_once_all_come_out(tmp_path: Path):
    numbers = [add(f"+1312555{n:04}") for n in range(450)]
    with closing(Ledger(tmp_path)) as ledger:
        ledger.do_not_call.add(numbers)

    found = [json.loads(line) for line in exported(tmp_path)[1:]]

    assert [d["phone"] for d in found] == [one.phone for one in numbers]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"action": "perhaps"}, "Line 2 .* has no usable 'action'"),
        ({"at": "yesterday"}, "Line 2 .* has no usable 'at'"),
        ({"phone": None}, "Line 2 .* has no usable 'phone'"),
        ({"mission_id": 7}, "Line 2 .* has no usable 'mission_id'"),
    ],
)
def test_an_entry_that_makes_no_sense_refuses_the_import(
    tmp_path: Path, changes: dict[str, Any], why: str
):
    written(tmp_path / "here", add(A))
    documents = [json.loads(line) for line in exported(tmp_path / "here")]

    with pytest.raises(InvalidInput, match=why):
        read_copy(resealed([documents[0], {**documents[1], **changes}]))


def test_an_entry_that_was_taken_out_of_an_export_is_noticed(tmp_path: Path):
    written(tmp_path, add(A), add(B))

    with pytest.raises(InvalidInput, match=r"Line 2 .* is the last one, and 1 more"):
        read_copy(exported(tmp_path)[:-1])


def test_an_export_from_before_there_was_a_list_is_taken_and_who_asked_in_it_is_listed(
    tmp_path: Path,
):
    with closing(Ledger(tmp_path / "here")) as ledger:
        for event in HEARD:
            ledger.append(fact(event["seq"], "m_old", event["data"]), None)
    documents = [json.loads(line) for line in exported(tmp_path / "here")]
    del documents[0]["listings"]
    for document, event in zip(documents[1:], HEARD, strict=False):
        document["kind"] = event["kind"]

    assert imported(tmp_path / "there", resealed(documents)).listings == 1
    assert imported(tmp_path / "there", resealed(documents)).listings == 0

    assert phones(tmp_path / "there") == [A]


#: What an older program recorded of one who asked not to be called again, and of one who did not.
HEARD: list[dict[str, Any]] = [
    {"seq": 1, "kind": "attempt.requested", "data": {"attempt_id": "a1", "phone": A}},
    {
        "seq": 2,
        "kind": "attempt.collected",
        "data": {"attempt_id": "a1", "insight": {"asked_not_to_be_called_again": True}},
    },
    {"seq": 3, "kind": "attempt.requested", "data": {"attempt_id": "a2", "phone": B}},
    {
        "seq": 4,
        "kind": "attempt.collected",
        "data": {"attempt_id": "a2", "insight": {"asked_not_to_be_called_again": False}},
    },
    {"seq": 5, "kind": "attempt.requested", "data": {"attempt_id": "a3"}},
    {"seq": 6, "kind": "attempt.collected", "data": {"attempt_id": "a3", "insight": None}},
]


@pytest.fixture
def of_version_2(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as db, db:
        for statements in MIGRATIONS[:2]:
            for statement in statements:
                db.execute(statement)
        for event in HEARD:
            row = ("m_old", event["seq"], event["kind"], START.isoformat(), None)
            data = json.dumps(event["data"])
            db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", (*row, data))
        last = ("m_old", 7, "attempt.collected", START.isoformat(), None, "{ broken")
        db.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", last)
        db.execute("PRAGMA user_version=2")
    path.chmod(0o600)
    return path


def test_f38_a_ledger_of_version_2_lists_who_asked_for_it_in_a_call(of_version_2: Path):
    with closing(Ledger(of_version_2.parent)) as ledger:
        (entry,) = ledger.do_not_call.listed()

    assert (entry.phone, entry.mission_id, entry.at) == (A, "m_old", START)
    assert entry.source == "mission m_old, attempt a1"
    with closing(sqlite3.connect(of_version_2)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        assert db.execute("SELECT count(*) FROM events").fetchone()[0] == 7


def test_f38_an_older_ledger_that_may_only_be_read_has_nobody_on_its_list(of_version_2: Path):
    with closing(opened_to_read(of_version_2.parent)) as db:
        assert Export(db, START).listings == 0
        table = DoNotCall(db)
        assert (table.listed(), table.entry(A), table.missions_calling()) == ([], None, [])


def test_a_check_counts_who_is_listed_and_finds_an_entry_that_cannot_be_read(tmp_path: Path):
    path = written(tmp_path, add(A), add(B), remove(B, 1))
    assert (check(tmp_path)["ok"], check(tmp_path)["do_not_call"]) == (True, 1)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE do_not_call SET at = 'yesterday' WHERE phone = ?", (A,))

    report = check(tmp_path)

    assert not report["ok"]
    (problem,) = report["problems"]
    assert problem["code"] == "do_not_call"
    assert f"the entry of {A} in the do-not-call list cannot be read" in problem["message"]
    with closing(Ledger(tmp_path)) as ledger, pytest.raises(LedgerDamaged, match="do-not-call"):
        ledger.do_not_call.entry(A)


def test_a_mission_is_found_that_calls_a_number_listed_after_the_last_look(tmp_path: Path):
    with closing(Ledger(tmp_path)) as ledger:
        for n, phone in enumerate((A, B), 1):
            data = {"attempt_id": f"a{n}", "phone": phone}
            ledger.append(Event(f"m_{n}", 1, "attempt.requested", START, data))
        ledger.do_not_call.add([add(C)])
        assert ledger.do_not_call.missions_calling() == []

        ledger.do_not_call.add([add(B)])
        assert ledger.do_not_call.missions_calling() == ["m_2"]
        ledger.do_not_call.add([add(A)])
        assert ledger.do_not_call.missions_calling() == ["m_1", "m_2"]

        over = {"attempt_id": "a2"}
        ledger.append(Event("m_2", 2, "attempt.abandoned", START, over))
        assert ledger.do_not_call.missions_calling() == ["m_1"]
