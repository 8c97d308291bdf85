"""Facts are appended once, in order, by one writer at a time, and stay: in a file, in Postgres."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from telnyx_toolkit.errors import LedgerConflict, UnknownMission
from telnyx_toolkit.ledger import Ledger, Place, Progress
from tests.unit.build import START
from tests.unit.ledgers import fact

Open = Callable[[], Ledger]


@pytest.fixture
def opened(place: Place) -> Iterator[Open]:
    ledgers: list[Ledger] = []

    def another() -> Ledger:
        ledgers.append(Ledger(place))
        return ledgers[-1]

    yield another
    for ledger in ledgers:
        ledger.close()


@pytest.fixture
def ledger(opened: Open) -> Ledger:
    return opened()


def test_facts_are_read_back_in_order(ledger: Ledger):
    facts = [fact(n) for n in (1, 2, 3)]
    for one in facts:
        ledger.append(one)

    assert ledger.events("m_example") == facts
    assert ledger.events("m_example", after=1) == facts[1:]
    assert ledger.events("m_example", after=3) == []


@pytest.mark.parametrize(
    "text",
    ["Joe's Catering", "日本語", "$62", "a\nb\r\n\t\x00", "👩\u200d🍳", '"; DROP TABLE events;'],
)
def test_words_survive_the_ledger(ledger: Ledger, text: str):
    data = {"text": text, "nested": [{text: [1, 2.5, None, True]}]}

    ledger.append(fact(1, data=data))

    assert ledger.events("m_example")[0].data == data


def test_half_an_emoji_in_an_insight_survives_the_ledger(ledger: Ledger):
    data = {"insight": {"notes": "Great \ud83d"}}

    ledger.append(fact(1, data=data))

    assert ledger.events("m_example")[0].data == data


def test_a_place_that_is_taken_is_not_overwritten(ledger: Ledger):
    ledger.append(fact(1, data={"by": "first"}))

    with pytest.raises(LedgerConflict, match="event 1 of mission m_example first"):
        ledger.append(fact(1, data={"by": "second"}))

    assert ledger.events("m_example") == [fact(1, data={"by": "first"})]


def test_two_processes_cannot_both_write_the_next_fact(opened: Open):
    here, there = opened(), opened()
    here.append(fact(1))
    there.append(fact(2))

    with pytest.raises(LedgerConflict):
        here.append(fact(2))
    here.append(fact(3))

    assert there.events("m_example") == here.events("m_example") == [fact(1), fact(2), fact(3)]


def test_a_key_is_unique_across_missions(ledger: Ledger):
    ledger.append(fact(1, "m_one"), key="brief:x")

    with pytest.raises(LedgerConflict):
        ledger.append(fact(1, "m_two"), key="brief:x")

    assert ledger.mission_with_key("brief:x") == "m_one"
    assert ledger.mission_with_key("brief:y") is None
    assert ledger.mission_ids() == ["m_one"]


def test_facts_without_a_key_do_not_disturb_each_other(ledger: Ledger):
    for n in (1, 2, 3):
        ledger.append(fact(n))

    assert len(ledger.events("m_example")) == 3


def test_missions_are_kept_apart_oldest_first(ledger: Ledger):
    for mission in ("m_b", "m_a", "m_c"):
        ledger.append(fact(1, mission))
    ledger.append(fact(2, "m_b"))

    assert ledger.mission_ids() == ["m_b", "m_a", "m_c"]
    assert [e.seq for e in ledger.events("m_b")] == [1, 2]


def test_an_unknown_mission_names_the_nearest(ledger: Ledger):
    ledger.append(fact(1, "m_0123456789ab"))

    with pytest.raises(UnknownMission) as caught:
        ledger.events("m_0123456789ac")

    assert caught.value.message == (
        "This ledger has no mission 'm_0123456789ac' (did you mean 'm_0123456789ab'?)."
    )
    assert "list-missions" in caught.value.fix


def test_what_is_written_outlives_the_process(opened: Open):
    first = opened()
    first.append(fact(1), key="k")
    first.note_mirrored("m_example", 1)
    first.close()

    second = opened()

    assert second.events("m_example") == [fact(1)]
    assert second.progress("m_example").mirrored_seq == 1


def test_progress_begins_at_nothing(ledger: Ledger):
    assert ledger.progress("m_example") == Progress(mirrored_seq=0, next_wake_at=None)


def test_progress_never_goes_back(ledger: Ledger):
    for seq in (3, 7, 5):
        ledger.note_mirrored("m_example", seq)

    assert ledger.progress("m_example").mirrored_seq == 7


def test_the_time_to_wake_may_move_either_way_and_be_dropped(ledger: Ledger):
    later, sooner = START + timedelta(hours=8), START
    for at in (later, sooner, None):
        ledger.note_wake("m_example", at)
        assert ledger.progress("m_example").next_wake_at == at


def test_waking_and_mirroring_do_not_disturb_each_other(ledger: Ledger):
    ledger.note_wake("m_example", START)
    ledger.note_mirrored("m_example", 4)
    ledger.note_wake("m_other", None)

    assert ledger.progress("m_example") == Progress(4, START)
    assert ledger.progress("m_other") == Progress(0, None)
