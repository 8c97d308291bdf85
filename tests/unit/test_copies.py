"""A copy of a mission's state spares reading its facts, and is never believed over them."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from telnyx_toolkit import (
    attempt_transitions,
    model,
    packed,
    rows,
    stage_transitions,
    stages,
    state,
    state_text,
    transitions,
)
from telnyx_toolkit.ledger import Ledger, Snapshot
from telnyx_toolkit.ledger.check import check
from telnyx_toolkit.model import Event
from telnyx_toolkit.present import ENOUGH, copy, copy_if_due, found, present
from telnyx_toolkit.state_text import STAMP, written
from telnyx_toolkit.transitions import fold
from tests.unit.build import called, quote

#: The digest of what a copy depends on, for the present `STAMP`: where one changes, so must both.
HELD = ("2", "2dadc06eaef9")
_FOLDED = (
    attempt_transitions,
    model,
    packed,
    rows,
    stage_transitions,
    stages,
    state,
    state_text,
    transitions,
)


def a_ledger(home: Path) -> tuple[Ledger, str, list[Event]]:
    """A ledger with one mission in which somebody was called."""
    ledger, events = Ledger(home), called([quote(65), quote(62)]).events
    for event in events:
        ledger.append(event)
    return ledger, events[0].mission_id, events


def test_the_stamp_is_another_one_wherever_the_fold_is() -> None:
    text = b"".join(Path(str(part.__file__)).read_bytes() for part in _FOLDED)
    digest = hashlib.sha256(text).hexdigest()[:12]
    assert (STAMP, digest) == HELD, "raise STAMP in state_text.py, then hold both here"


def test_a_copy_is_begun_with_and_only_what_came_since_is_read(tmp_path: Path) -> None:
    ledger, mission, events = a_ledger(tmp_path)
    with closing(ledger):
        copy(ledger, fold(events[:-3]))
        assert found(ledger, mission) == (fold(events), len(events) - 3)


@pytest.mark.parametrize(
    ("more", "stamp", "cut"),
    [
        (0, "another program", None),
        (0, STAMP, -7),
        (0, STAMP, 0),
        (-1, STAMP, None),
        (900, STAMP, None),
    ],
    ids=["another stamp", "cut off", "empty", "of another fact", "of facts that are not there"],
)
def test_a_copy_that_cannot_be_used_is_passed_over(
    tmp_path: Path, more: int, stamp: str, cut: int | None
) -> None:
    ledger, mission, events = a_ledger(tmp_path)
    whole = fold(events)
    with closing(ledger):
        ledger.snapshots.put(mission, Snapshot(whole.seq + more, stamp, written(whole)[:cut]))
        assert found(ledger, mission) == (whole, 0)


def test_a_copy_of_facts_of_another_time_is_passed_over(tmp_path: Path) -> None:
    ledger, mission, events = a_ledger(tmp_path)
    last = events[-1]
    other = Event(mission, last.seq, last.kind, last.at + timedelta(seconds=1), last.data)
    with closing(ledger):
        copy(ledger, fold([*events[:-1], other]))
        assert found(ledger, mission) == (fold(events), 0)


def test_a_copy_is_made_once_enough_happened(tmp_path: Path) -> None:
    ledger, mission, _ = a_ledger(tmp_path)
    with closing(ledger):
        whole = present(ledger, mission)
        assert copy_if_due(ledger, whole, 0) == 0
        assert ledger.snapshots.of(mission) is None
        assert copy_if_due(ledger, whole, whole.seq - 2 * ENOUGH) == whole.seq
        kept = ledger.snapshots.of(mission)
        assert kept is not None
        assert kept.seq == whole.seq


def test_a_ledger_that_takes_no_copy_is_no_trouble(tmp_path: Path) -> None:
    ledger, mission, events = a_ledger(tmp_path)
    ledger.close()
    with closing(Ledger(tmp_path, patience_s=0.0)) as hasty:
        with closing(sqlite3.connect(hasty.path)) as other:
            other.execute("BEGIN IMMEDIATE")
            copy(hasty, fold(events))
        assert hasty.snapshots.of(mission) is None
        assert present(hasty, mission) == fold(events)


def test_the_check_tells_of_a_copy_that_is_unlike_the_facts(tmp_path: Path) -> None:
    ledger, mission, events = a_ledger(tmp_path)
    whole = fold(events)
    with closing(ledger):
        copy(ledger, whole)
    assert check(tmp_path)["problems"] == []

    wrong = whole.with_costs({whole.attempts[0].attempt_id: "9.99"})
    with closing(Ledger(tmp_path)) as again:
        copy(again, wrong)
    (problem,) = check(tmp_path)["problems"]
    assert problem["code"] == "snapshot"
    assert mission in problem["message"]
