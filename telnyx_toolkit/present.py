"""A mission's present state: of its facts, or of a copy and the facts that came since."""

from collections.abc import Iterable

from telnyx_toolkit.ledger import Ledger, Snapshot
from telnyx_toolkit.model import Event
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.transitions import fold

#: A copy is made anew once so many facts came since, and more where there is much to copy.
ENOUGH = 256


def present(ledger: Ledger, mission_id: str) -> MissionState:
    """The state of a mission, as its facts have it.

    Raises:
        UnknownMission: the ledger does not have it.
        LedgerDamaged: its facts cannot be read.
    """
    return found(ledger, mission_id)[0]


def found(ledger: Ledger, mission_id: str) -> tuple[MissionState, int]:
    """The same, and the last fact that was taken from a copy; 0 where none was used.

    A copy is a mere beginning: one that another program wrote, that is damaged, or that does not
    fit the facts, is passed over.
    """
    start = _copied(ledger, mission_id)
    known = start.seq if start else 0
    return fold(_facts(ledger, mission_id, known), start), known


def copy_if_due(ledger: Ledger, state: MissionState, since: int) -> int:
    """Copy a state that has gone on since that fact, if that pays.

    Returns the fact from which it counts then.
    """
    if state.seq - since <= ENOUGH + len(state.attempts) // 2:
        return since
    copy(ledger, state)
    return state.seq


def copy(ledger: Ledger, state: MissionState) -> None:
    """Keep a copy of the state, if it can be written."""
    from telnyx_toolkit.state_text import STAMP, written  # noqa: PLC0415 - most leave none

    ledger.snapshots.put(state.mission_id, Snapshot(state.seq, STAMP, written(state)))


def _copied(ledger: Ledger, mission_id: str) -> MissionState | None:
    if (known := ledger.snapshots.of(mission_id)) is None:
        return None
    from telnyx_toolkit.state_text import DAMAGED, STAMP, read  # noqa: PLC0415 - most have none

    if known.stamp != STAMP:
        return None
    try:
        state = read(known.content)
    except DAMAGED:
        return None
    last = next(iter(ledger.walk(mission_id, after=known.seq - 1)), None)
    is_of_it = (state.mission_id, state.seq) == (mission_id, known.seq)
    return state if is_of_it and last is not None and last.at == state.last_at else None


def _facts(ledger: Ledger, mission_id: str, after: int) -> Iterable[Event]:
    """What came since. Where there is nothing at all, the ledger says what is wrong."""
    if after or ledger.last_seq(mission_id):
        return ledger.walk(mission_id, after)
    return ledger.events(mission_id)
