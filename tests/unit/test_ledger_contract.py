"""Leases, notices, waking, traffic, exports: the same in a file and in Postgres."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any, TypeVar

import pytest

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import (
    InvalidInput,
    LedgerConflict,
    LedgerDamaged,
    LedgerUnwritable,
    UnknownMission,
)
from telnyx_toolkit.ledger import SOON, LeaseRow, Ledger, Place, Progress
from telnyx_toolkit.ledger.check import check
from telnyx_toolkit.ledger.database import Closed
from telnyx_toolkit.ledger.export import Export
from telnyx_toolkit.ledger.opening import opened, opened_to_read
from telnyx_toolkit.ledger.reading import ReadLedger
from telnyx_toolkit.ledger.restore import Restored, read_copy, restore
from telnyx_toolkit.model import Event, Listing
from telnyx_toolkit.notices import Notice
from tests.unit.build import START, Doc
from tests.unit.ledgers import exported, fact, filled

A, B = "+13125550101", "+13125550102"
MANY = 8
T = TypeVar("T")
LATER = START + timedelta(minutes=5)
MINE = LeaseRow("m_1", "here, process 1", "mine", LATER)
YOURS = LeaseRow("m_1", "there, process 2", "yours", LATER + timedelta(minutes=5))


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with closing(Ledger(place)) as ledger:
        yield ledger


def at_once(place: Place, do: Callable[[Ledger, int], T]) -> list[T]:
    """What many come to that begin at the same time, each with a connection of its own."""
    ledgers = [Ledger(place) for _ in range(MANY)]
    ready = Barrier(MANY)
    came_to: list[T] = []

    def begin(number: int) -> None:
        ready.wait()
        came_to.append(do(ledgers[number], number))

    threads = [Thread(target=begin, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for ledger in ledgers:
        ledger.close()
    return came_to


def never(_row: LeaseRow) -> bool:
    return False


def test_a_lease_is_one_holders_until_it_is_given_back(ledger: Ledger):
    leases = ledger.leases
    assert leases.of("m_1") is None

    assert leases.take(MINE, START, never) == MINE
    assert leases.take(YOURS, START, never) == MINE
    assert leases.of("m_1") == MINE
    leases.release(YOURS)
    assert leases.of("m_1") == MINE
    leases.release(MINE)
    assert leases.of("m_1") is None
    assert leases.take(YOURS, START, never) == YOURS


def test_a_lease_is_prolonged_by_its_holder_alone(ledger: Ledger):
    longer = replace(MINE, expires_at=LATER + timedelta(hours=1))
    assert not ledger.leases.renew(MINE)
    ledger.leases.take(MINE, START, never)

    assert not ledger.leases.renew(YOURS)
    assert ledger.leases.renew(longer)

    assert ledger.leases.of("m_1") == longer


def test_a_lease_that_expired_or_whose_holder_is_gone_is_anybodys(ledger: Ledger):
    leases = ledger.leases
    leases.take(MINE, START, never)
    asked: list[LeaseRow] = []

    def gone(row: LeaseRow) -> bool:
        asked.append(row)
        return True

    assert leases.take(YOURS, START, gone) == YOURS
    assert asked == [MINE]
    assert leases.take(MINE, YOURS.expires_at, never) == MINE
    assert not leases.renew(YOURS)


@pytest.mark.parametrize("was_held", [False, True])
def test_of_many_that_take_a_lease_at_once_one_has_it(place: Place, was_held: bool):
    if was_held:
        with closing(Ledger(place)) as ledger:
            ledger.leases.take(replace(MINE, expires_at=START), START, never)

    def take(ledger: Ledger, number: int) -> tuple[str, str]:
        wanted = LeaseRow("m_1", f"host, process {number}", f"token {number}", LATER)
        return wanted.token, ledger.leases.take(wanted, START, never).token

    told = at_once(place, take)

    assert len({holder for _, holder in told}) == 1
    assert sum(wanted == holder for wanted, holder in told) == 1


def test_of_many_that_write_the_next_fact_at_once_one_does(place: Place):
    def write(ledger: Ledger, number: int) -> bool:
        try:
            ledger.append(fact(1, data={"by": number}), key="k")
        except LedgerConflict:
            return False
        return True

    assert sum(at_once(place, write)) == 1


def test_what_must_hold_when_nobody_else_writes_holds_however_many_do(place: Place):
    with closing(Ledger(place)) as ledger:
        ledger.append(fact(1, "m_other"))

    def dial(ledger: Ledger, number: int) -> bool:
        def is_free() -> bool:
            return len(ledger.traffic(START).dials) < 3

        mission = f"m_{number}"
        ledger.append(fact(1, mission))  # of others that hold no lock
        try:
            ledger.append(dialled(2, mission, phone=A), only_if=is_free)
        except LedgerConflict:
            return False
        return True

    assert sum(at_once(place, dial)) == 3


def test_a_number_that_is_listed_while_it_is_dialled_is_either_not_dialled_or_known_to_be(
    place: Place,
):
    def list_or_dial(ledger: Ledger, number: int) -> tuple[int, bool]:
        pair = number // 2
        mission, phone = f"m_{pair}", f"+1312555{pair:04}"
        if number % 2:
            ledger.do_not_call.add([Listing(phone, "add", "asked", "Dana", START)])
            return pair, mission in ledger.do_not_call.missions_calling()
        try:
            ledger.append(
                dialled(1, mission, phone=phone),
                only_if=lambda: ledger.do_not_call.entry(phone) is None,
            )
        except LedgerConflict:
            return pair, False
        return pair, True

    told = at_once(place, list_or_dial)

    assert len({*told}) == MANY // 2, "what was dialled is what whoever listed it found"


def dialled(seq: int, mission: str, **data: Any) -> Event:
    known = {
        "attempt_id": f"a_{mission}",
        "scheduled_at": LATER.isoformat(),
        "busy_until": (LATER + timedelta(minutes=9)).isoformat(),
        "server": "http://127.0.0.1/v2",
        "channel": "call",
    }
    at = START + timedelta(seconds=seq)
    return Event(mission, seq, "attempt.requested", at, {**known, **data})


def ended(seq: int, mission: str, kind: str = "attempt.ended", **data: Any) -> Event:
    at = LATER + timedelta(seconds=seq)
    return Event(mission, seq, kind, at, {"attempt_id": f"a_{mission}", **data})


def test_traffic_is_told_whatever_words_the_facts_hold(ledger: Ledger):
    odd = {"words": "half of it: \ud83d, nothing: \x00"}
    for event in (
        dialled(1, "m_1", phone=A, **odd),
        dialled(1, "m_2", phone=B, channel="sms", busy_until=None),
        dialled(1, "m_3", phone=A, channel=None, server=None),
        ended(2, "m_1", limited=True, **odd),
        ended(2, "m_2", "attempt.abandoned", limited=False),
    ):
        ledger.append(event)

    dials = {dial.attempt_id: dial for dial in ledger.traffic(START).dials}

    assert [dials[f"a_m_{n}"].phone for n in (1, 2, 3)] == [A, B, A]
    assert [dials[f"a_m_{n}"].channel for n in (1, 2, 3)] == ["call", "sms", "call"]
    assert [dials[f"a_m_{n}"].is_over for n in (1, 2, 3)] == [True, False, False]
    assert [dials[f"a_m_{n}"].is_void for n in (1, 2, 3)] == [False, True, False]
    assert dials["a_m_1"].limited_at == LATER + timedelta(seconds=2)
    assert dials["a_m_2"].busy_until == LATER
    assert dials["a_m_3"].server == ""
    assert not list(ledger.traffic(START + timedelta(days=2)).dials)


def test_missions_that_call_a_listed_number_are_named_until_the_call_is_over(ledger: Ledger):
    for mission, phone in (("m_b", A), ("m_a", A), ("m_c", B)):
        ledger.append(dialled(1, mission, phone=phone))
    assert ledger.do_not_call.missions_calling() == []

    ledger.do_not_call.add([Listing(A, "add", "asked", "Dana", START)])
    assert ledger.do_not_call.missions_calling() == ["m_b", "m_a"]
    ledger.append(ended(2, "m_b", "attempt.collected"))
    assert ledger.do_not_call.missions_calling() == ["m_a"]


def test_missions_wait_for_instants_the_longest_overdue_first(ledger: Ledger):
    instants = {
        "m_late": START + timedelta(microseconds=1),
        "m_next": START,
        "m_now": SOON,
        "m_same": START,
    }
    for mission, instant in instants.items():
        ledger.note_wake(mission, instant)
    ledger.note_wake("m_never", None)

    order = ["m_now", "m_next", "m_same", "m_late"]
    assert ledger.wakes(9) == [(mission, instants[mission]) for mission in order]
    assert [mission for mission, _ in ledger.wakes(2)] == order[:2]


def notice(number: int, **data: Any) -> Notice:
    return Notice(f"n_{number}", "m_1", "completed", START, f"Done — {number}", data)


def test_a_notice_is_written_with_its_fact_and_told_by_each_way_once(ledger: Ledger):
    ledger.append(fact(1), notices=[notice(1), notice(2)])
    with pytest.raises(LedgerConflict):
        ledger.append(fact(1), notices=[notice(3)])
    ledger.append(fact(2), notices=[notice(1)])
    table = ledger.notices
    table.done_with("n_1", "chat", START)
    table.done_with("n_1", "hook", START)
    table.done_with("n_1", "hook", START)
    table.refused("n_2", LATER)

    assert [w.notice for w in table.due(START, 9)] == [notice(1)]
    first, second = table.due(LATER, 9)
    assert (first.done_by, first.tries) == ({"chat", "hook"}, 0)
    assert (second.done_by, second.tries) == (set(), 1)
    assert [w.notice.notice_id for w in table.due(LATER, 1)] == ["n_1"]
    table.settle("n_1", LATER)
    assert [w.notice.notice_id for w in table.due(LATER, 9)] == ["n_2"]
    table.answer("m_1")
    assert table.due(LATER, 9)[0].answered


def test_a_trouble_is_told_unless_it_has_passed(ledger: Ledger):
    ledger.notices.add_passing(notice(1, code="telnyx_503"), LATER)

    assert ledger.notices.due(START, 9) == []
    assert ledger.notices.troubles("m_1") == {"telnyx_503": START}
    ledger.notices.has_passed("m_1")
    assert ledger.notices.due(LATER, 9) == []
    assert ledger.notices.troubles("m_1") == {}


def test_of_many_that_claim_a_notice_at_once_one_tells_it(place: Place):
    with closing(Ledger(place)) as ledger:
        ledger.append(fact(1), notices=[notice(1)])

    told = at_once(place, lambda ledger, _: ledger.notices.claim("n_1", START, LATER))

    assert sum(told) == 1
    with closing(Ledger(place)) as ledger:
        assert not ledger.notices.claim("n_1", START, LATER)
        assert ledger.notices.claim("n_1", LATER, LATER + timedelta(hours=1))


WORDS = ["日本語", "a\nb\r\n\t\x00\u2028", "👩\u200d🍳", "Great \ud83d", '"},{"check":"', "\\u0041"]


def story(place: Place) -> list[bytes]:
    """A ledger with everything in it that an export holds; its export."""
    filled(place)
    with closing(Ledger(place)) as ledger:
        numbers = [1, 1.0, 1e300, -0.0, 2**60, 0.1, True, None]
        for seq, text in enumerate(WORDS, 1):
            ledger.append(fact(seq, "m_words", {"text": text, text: numbers}))
        ledger.append(dialled(4, "m_1", phone=A))
        insight = {"asked_not_to_be_called_again": True}
        heard = ended(5, "m_1", "attempt.collected", insight=insight)
        ledger.append(heard, listing=Listing(A, "add", "asked", "m_1", START, "m_1"))
        ledger.do_not_call.remove(Listing(A, "remove", "may be", "Dana", LATER))
        ledger.do_not_call.add([Listing(B, "add", "a letter", "Dana", START)])
    return exported(place)


def imported(place: Place, lines: Sequence[bytes]) -> Restored:
    return restore(place, read_copy(lines))


def test_an_export_comes_back_to_the_letter_and_a_second_import_changes_nothing(
    place: Place, tmp_path: Any
):
    lines = story(tmp_path / "here")

    done = imported(place, lines)

    assert (done.missions, done.added, done.skipped) == (3, 14, 0)
    assert done.listings == 4, "removals of who asked in a call are heard again"
    there = exported(place)
    assert [x for x in map(json.loads, there) if x["type"] != "listing"][1:] == [
        x for x in map(json.loads, lines) if x["type"] != "listing"
    ][1:]
    assert imported(place, lines) == Restored(3, added=0, skipped=14, listings=0)
    assert exported(place) == there
    imported(tmp_path / "back", there)
    assert exported(tmp_path / "back") == there


def test_one_mission_is_exported_with_what_is_its_own(place: Place):
    story(place)

    found: list[Doc] = [json.loads(line) for line in exported(place, "m_1")]

    assert [d["type"] for d in found] == ["header", *["event"] * 5, "progress", "listing"]
    assert {d["mission_id"] for d in found[1:]} == {"m_1"}
    with pytest.raises(UnknownMission, match="did you mean"):
        exported(place, "m_11")
    with pytest.raises(UnknownMission):
        exported(place, "\udcff\x00")


def test_an_import_that_contradicts_one_fact_changes_nothing(place: Place, tmp_path: Any):
    lines = story(tmp_path / "here")
    with closing(Ledger(place)) as ledger:
        ledger.append(fact(1, "m_2", {"n": 1, "words": "other"}), "brief:2")
    before = exported(place)

    with pytest.raises(InvalidInput, match="event 1 of mission m_2 is another one") as caught:
        imported(place, lines)

    assert caught.value.code == "import_conflict"
    assert exported(place) == before


def test_an_import_with_a_key_that_another_mission_has_changes_nothing(place: Place, tmp_path: Any):
    lines = story(tmp_path / "here")
    with closing(Ledger(place)) as ledger:
        ledger.append(fact(1, "m_own"), "brief:2")
    before = exported(place)

    with pytest.raises(InvalidInput, match="has a key that another mission's event has"):
        imported(place, lines)

    assert exported(place) == before


def test_what_is_written_while_an_export_is_read_is_not_in_it(place: Place):
    filled(place)
    with closing(opened_to_read(place)) as db, db.still():
        made = Export(db, START)
        coming = made.lines()
        first = next(coming)
        with closing(Ledger(place)) as ledger:
            ledger.append(fact(4, "m_1"))
        rest = list(coming)

    assert read_copy(line.encode() for line in [first, *rest])
    assert len(rest) == made.events + 2 == 8


def test_a_ledger_that_is_only_read_is_read_whole_and_takes_nothing(place: Place):
    filled(place)

    with closing(ReadLedger(place)) as ledger:
        assert len(ledger.events("m_1")) == 3
        assert ledger.mission_ids() == ["m_1", "m_2"]
        with pytest.raises(LedgerUnwritable, match="cannot be written"):
            ledger.append(fact(4, "m_1"))
        with pytest.raises(LedgerUnwritable, match="cannot be written"):
            ledger.do_not_call.add([Listing(A, "add", "asked", "Dana", START)])
    with closing(Ledger(place)) as ledger:
        assert len(ledger.events("m_1")) == 3


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        ("UPDATE events SET data = '{' WHERE seq = 2", "mission", "cannot be read"),
        ("UPDATE events SET at = 'noon' WHERE seq = 2", "mission", "cannot be read"),
        ("DELETE FROM events WHERE seq = 2", "mission", "is missing"),
        ("UPDATE progress SET mirrored_seq = 9", "older_copy", "Telnyx was told"),
    ],
)
def test_a_row_that_is_damaged_is_found_and_named(
    place: Place, statement: str, code: str, words: str
):
    filled(place, missions=1)
    changed(place, statement)

    (problem, *_) = [p for p in check(place)["problems"] if words in p["message"]]

    assert problem["code"] == code
    if code == "mission":
        with closing(Ledger(place)) as ledger, pytest.raises(LedgerDamaged, match=words):
            ledger.events("m_1")


def test_a_fact_is_not_written_behind_a_gap(place: Place):
    filled(place, missions=1)
    changed(place, "DELETE FROM events WHERE seq > 1")

    with closing(Ledger(place)) as ledger, pytest.raises(LedgerDamaged, match="event 2"):
        ledger.append(fact(4, "m_1"))


def changed(place: Place, statement: str) -> None:
    """Somebody else has changed it, by other means."""
    with closing(opened(place)) as db, db.transaction():
        db.execute(statement)


def test_a_closed_ledger_answers_nothing(ledger: Ledger):
    ledger.close()

    for ask in (ledger.mission_ids, lambda: ledger.append(fact(1))):
        with pytest.raises(Closed):
            ask()


def test_a_check_counts_what_is_there_and_changes_nothing(place: Place):
    story(place)
    before = exported(place)

    report = check(place)

    assert (report["missions"], report["events"], report["do_not_call"]) == (3, 14, 1)
    assert report["schema_version"] == report["newest_schema_version"]
    is_server = isinstance(place, DatabaseUrl)
    assert (report["sqlite_version"] is None, report["postgres_version"] is None) == (
        is_server,
        not is_server,
    )
    assert exported(place) == before


def test_a_batch_of_facts_that_was_begun_stays_the_same(ledger: Ledger):
    assert ledger.note_telling("m_example", 0, 3) == 3
    assert ledger.note_telling("m_example", 0, 5) == 3

    ledger.note_mirrored("m_example", 3)

    assert ledger.note_telling("m_example", 3, 5) == 5


def test_who_is_behind_with_telling_does_not_begin_a_batch_anew(ledger: Ledger):
    ledger.note_telling("m_example", 0, 3)
    ledger.note_mirrored("m_example", 3)

    assert ledger.note_telling("m_example", 0, 7) == 3
    assert ledger.progress("m_example") == Progress(3, None, 3)


def test_how_many_missions_want_attention_soon_is_counted(ledger: Ledger):
    for mission, at in (("m_1", SOON), ("m_2", START), ("m_3", START + timedelta(hours=9))):
        ledger.note_wake(mission, at)
    ledger.note_wake("m_4", None)

    assert ledger.waking(START + timedelta(minutes=3)) == 2
