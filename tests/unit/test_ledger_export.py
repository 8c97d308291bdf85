"""An export holds every fact; an import brings back all of it, or changes nothing and says why."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.errors import InvalidInput, LedgerConflict, LedgerDamaged, UnknownMission
from telnyx_toolkit.ledger import Ledger, Progress
from telnyx_toolkit.ledger.export import Export
from telnyx_toolkit.ledger.lines import sealed
from telnyx_toolkit.ledger.opening import opened_to_read
from telnyx_toolkit.ledger.restore import Restored, read_copy, restore
from tests.unit.build import START
from tests.unit.ledgers import everything, exported, fact, filled, held

Lines = list[bytes]


def imported(home: Path, lines: Lines) -> Restored:
    return restore(home, read_copy(lines))


def rewritten(lines: Lines, number: int, **changes: Any) -> Lines:
    """As somebody would who knows how lines are sealed."""
    check, made = "", Lines()
    for n, line in enumerate(lines, 1):
        document = json.loads(line)
        document.pop("check")
        text, sealed_with = sealed({**document, **(changes if n == number else {})}, check)
        check = sealed_with if n > 1 else ""
        made.append(f"{text}\n".encode())
    return made


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """A header, two missions with three facts each, and their progress."""
    filled(tmp_path / "here")
    return exported(tmp_path / "here")


def test_the_first_line_says_what_it_is_and_every_fact_follows_in_order(lines: Lines):
    documents = [json.loads(line) for line in lines]
    header, events, progress = documents[0], documents[1:7], documents[7:]

    assert header["type"] == "header"
    assert (header["version"], header["events"], header["progress"]) == (1, 6, 2)
    assert header["toolkit_version"]
    assert header["exported_at"] == START.isoformat()
    places = [(e["mission_id"], e["seq"]) for e in events]
    assert places == [(m, n) for m in ("m_1", "m_2") for n in (1, 2, 3)]
    assert {e["type"] for e in events} == {"event"}
    assert events[0]["key"] == "brief:1"
    assert events[1]["key"] is None
    assert events[1]["kind"] == "agent.noted"
    assert events[1]["at"] == fact(2).at.isoformat()
    assert events[1]["data"] == {"n": 2, "words": ""}
    assert [(p["mirrored_seq"], p["next_wake_at"]) for p in progress] == [
        (2, START.isoformat())
    ] * 2


def test_facts_of_missions_that_ran_together_come_back_in_the_order_they_were_written(
    tmp_path: Path,
):
    with closing(Ledger(tmp_path / "here")) as ledger:
        for seq in (1, 2):
            for mission in ("m_b", "m_a"):
                ledger.append(fact(seq, mission))

    imported(tmp_path / "there", exported(tmp_path / "here"))

    with closing(Ledger(tmp_path / "there")) as ledger:
        assert ledger.mission_ids() == ["m_b", "m_a"]
    assert exported(tmp_path / "there") == exported(tmp_path / "here")


@pytest.mark.parametrize(
    "text",
    ["日本語", "a\nb\r\n\t\x00\u2028", "👩\u200d🍳", "Great \ud83d", '"},{"check":"', "\\u0041"],
)
def test_an_import_of_an_export_is_the_same_ledger_to_the_letter(tmp_path: Path, text: str):
    numbers = [1, 1.0, 1e300, -0.0, 2**60, 0.1, True, None]
    with closing(Ledger(tmp_path / "here")) as ledger:
        ledger.append(fact(1, data={"text": text, text: numbers, "check": "mine"}))

    done = imported(tmp_path / "there", exported(tmp_path / "here"))

    assert done == Restored(missions=1, added=1, skipped=0)
    assert list(everything(tmp_path / "there" / "ledger.db")) == list(
        everything(tmp_path / "here" / "ledger.db")
    )
    assert exported(tmp_path / "there") == exported(tmp_path / "here")


def test_more_facts_than_are_read_at_once_all_come_out(tmp_path: Path):
    path = filled(tmp_path, missions=1, facts=1)
    rows = [("m_1", n, "agent.noted", START.isoformat(), None, "{}") for n in range(2, 652)]
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", rows)

    found = [json.loads(line).get("seq") for line in exported(tmp_path)]

    assert found == [None, *range(1, 652), None]


def test_one_mission_can_be_exported_alone(tmp_path: Path):
    filled(tmp_path)

    found = [json.loads(line) for line in exported(tmp_path, "m_2")]

    assert {d["mission_id"] for d in found[1:]} == {"m_2"}
    assert len(found) == 5
    with pytest.raises(UnknownMission, match="did you mean"):
        exported(tmp_path, "m_3")
    with pytest.raises(UnknownMission):
        exported(tmp_path, "\udcff")


def test_what_is_written_while_an_export_is_read_is_not_in_it_and_is_not_held_up(tmp_path: Path):
    filled(tmp_path)
    with closing(opened_to_read(tmp_path)) as db:
        made = Export(db, START)
        coming = made.lines()
        first = next(coming)
        with closing(Ledger(tmp_path, patience_s=0)) as ledger:
            ledger.append(fact(4, "m_1"))
        rest = list(coming)

    assert read_copy(line.encode() for line in [first, *rest])
    assert len(rest) == made.events + 2 == 8


def test_an_export_of_a_fact_that_cannot_be_read_says_which(tmp_path: Path):
    path = filled(tmp_path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE events SET data = '{' WHERE mission_id = 'm_2' AND seq = 3")

    with pytest.raises(LedgerDamaged, match="event 3 of mission m_2 cannot be read"):
        exported(tmp_path)


def test_an_import_adds_what_is_missing_and_skips_what_is_there(tmp_path: Path, lines: Lines):
    with closing(Ledger(tmp_path / "there")) as ledger:
        ledger.append(fact(1, "m_2", {"n": 1, "words": ""}), "brief:2")
        ledger.append(fact(1, "m_own"))

    assert imported(tmp_path / "there", lines) == Restored(missions=2, added=5, skipped=1)
    before = list(everything(tmp_path / "there" / "ledger.db"))
    assert imported(tmp_path / "there", lines) == Restored(missions=2, added=0, skipped=6)
    assert list(everything(tmp_path / "there" / "ledger.db")) == before
    with closing(Ledger(tmp_path / "there")) as ledger:
        assert ledger.mission_ids() == ["m_2", "m_own", "m_1"]


def test_an_import_into_a_ledger_that_went_on_takes_nothing_back(tmp_path: Path, lines: Lines):
    later = START + timedelta(microseconds=1)
    with closing(Ledger(tmp_path / "here")) as ledger:
        ledger.append(fact(4, "m_1"))
        ledger.note_mirrored("m_1", 4)
        ledger.note_wake("m_1", later)
        ledger.note_wake("m_2", None)

        assert imported(tmp_path / "here", lines) == Restored(missions=2, added=0, skipped=6)

        assert len(ledger.events("m_1")) == 4
        assert ledger.progress("m_1") == Progress(4, later)
        assert ledger.progress("m_2") == Progress(2, START)


def another_fact(ledger: Ledger) -> None:
    ledger.append(fact(1, "m_2", {"n": 1, "words": "other"}), "brief:2")


def the_same_fact_at_another_time(ledger: Ledger) -> None:
    same = fact(2, "m_2", {"n": 1, "words": ""})
    ledger.append(type(same)("m_2", 1, same.kind, same.at, same.data), "brief:2")


def the_same_fact_with_another_key(ledger: Ledger) -> None:
    ledger.append(fact(1, "m_2", {"n": 1, "words": ""}), "brief:9")


def the_key_in_another_mission(ledger: Ledger) -> None:
    ledger.append(fact(1, "m_own"), "brief:2")


@pytest.mark.parametrize(
    "write",
    [
        another_fact,
        the_same_fact_at_another_time,
        the_same_fact_with_another_key,
        the_key_in_another_mission,
    ],
)
def test_a_different_fact_at_the_same_place_refuses_everything(
    tmp_path: Path, lines: Lines, write: Callable[[Ledger], None]
):
    with closing(Ledger(tmp_path / "there")) as ledger:
        write(ledger)
    before = (tmp_path / "there" / "ledger.db").read_bytes()

    with pytest.raises(InvalidInput, match=r"Line 5 .*: event 1 of mission m_2") as caught:
        imported(tmp_path / "there", lines)

    assert caught.value.code == "import_conflict"
    assert "Nothing was imported." in caught.value.message
    assert (tmp_path / "there" / "ledger.db").read_bytes() == before


def test_a_file_that_is_cut_anywhere_is_refused_and_no_ledger_is_made(tmp_path: Path, lines: Lines):
    whole = b"".join(lines)
    for end in range(len(whole) - 1):
        with pytest.raises(InvalidInput, match=r"^Line \d of the export ") as caught:
            imported(tmp_path / "there", whole[:end].splitlines(keepends=True))
        number = max(1, len(whole[:end].splitlines()))
        assert f"Line {number} " in caught.value.message
    assert not (tmp_path / "there").exists()


def test_a_letter_that_is_changed_anywhere_is_noticed_in_its_line(lines: Lines):
    for number, line in enumerate(lines, 1):
        for place in range(0, len(line) - 1, 3):
            letter = b"0" if line[place : place + 1] != b"0" else b"1"
            changed = line[:place] + letter + line[place + 1 :]
            with pytest.raises(InvalidInput, match=f"^Line {number} of the export "):
                read_copy([*lines[: number - 1], changed, *lines[number:]])


@pytest.mark.parametrize("number", range(1, 10))
def test_a_line_that_is_taken_out_or_told_twice_is_noticed(lines: Lines, number: int):
    without = [*lines[: number - 1], *lines[number:]]
    twice = [*lines[:number], *lines[number - 1 :]]

    with pytest.raises(InvalidInput, match="Line "):
        read_copy(without)
    with pytest.raises(InvalidInput, match="Line "):
        read_copy(twice)


def test_two_lines_that_changed_places_are_noticed(lines: Lines):
    swapped = [*lines[:3], lines[4], lines[3], *lines[5:]]

    with pytest.raises(InvalidInput, match=r"^Line 4 of the export was changed"):
        read_copy(swapped)


@pytest.mark.parametrize(
    ("number", "changes", "why"),
    [
        (1, {"format": "diary"}, "Line 1 .* is not the header"),
        (1, {"version": 2}, "Line 1 .* another version's export: upgrade"),
        (1, {"events": 5}, "Line 9 .* is the last one"),
        (1, {"events": "6"}, "Line 1 .* has no usable 'events'"),
        (2, {"type": "rumour"}, "Line 2 .* 'rumour', which is neither"),
        (3, {"seq": 3}, "Line 3 .* holds event 3 of mission m_1, behind event 1"),
        (3, {"seq": True}, "Line 3 .* has no usable 'seq'"),
        (3, {"at": "2026-12-01T15:00:00"}, "Line 3 .* has no usable 'at'"),
        (3, {"at": "yesterday"}, "Line 3 .* has no usable 'at'"),
        (3, {"kind": None}, "Line 3 .* has no usable 'kind'"),
        (3, {"key": "\ud83d"}, "Line 3 .* has no usable 'key'"),
        (3, {"data": [1]}, "Line 3 .* has no usable 'data'"),
        (8, {"mirrored_seq": 2**63}, "Line 8 .* has no usable 'mirrored_seq'"),
        (8, {"mirrored_seq": -1}, "Line 8 .* has no usable 'mirrored_seq'"),
        (8, {"next_wake_at": 7}, "Line 8 .* has no usable 'next_wake_at'"),
    ],
)
def test_a_line_that_is_well_sealed_and_makes_no_sense_is_refused_all_the_same(
    lines: Lines, number: int, changes: dict[str, Any], why: str
):
    assert rewritten(lines, 0) == lines

    with pytest.raises(InvalidInput, match=why):
        read_copy(rewritten(lines, number, **changes))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[1]\n", b"{}\n", b"Dear diary\n"])
def test_a_file_that_is_no_export_is_told_so(content: bytes):
    with pytest.raises(InvalidInput, match="Line 1 of the export") as caught:
        read_copy(content.splitlines(keepends=True))

    assert "ledger export" in caught.value.fix


def test_f37_an_import_while_the_ledger_is_locked_changes_nothing(tmp_path: Path, lines: Lines):
    path = filled(tmp_path / "there", missions=1, facts=1)
    before = path.read_bytes()

    with held(path, "BEGIN IMMEDIATE"), pytest.raises(LedgerConflict, match="locked"):
        restore(tmp_path / "there", read_copy(lines), patience_s=0.05)

    assert path.read_bytes() == before
