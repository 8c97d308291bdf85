"""What the ledger says, read again for every page; only what is new is reckoned."""

from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from telnyx_toolkit.errors import LedgerDamaged, ToolkitBug, ToolkitError
from telnyx_toolkit.ledger import LeaseRow, Ledger, Place, Progress
from telnyx_toolkit.ledger.reading import ReadLedger
from telnyx_toolkit.model import Event
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.transitions import fold

#: How long a page waits for another process's lock, in seconds: a commit takes far less.
_PATIENCE_S = 1.0
T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """One mission as the ledger has it now.

    Attributes:
        last_at: When its latest fact was recorded, by the mission's clock, UTC.
    """

    state: MissionState
    last_at: datetime
    progress: Progress
    lease: LeaseRow | None = None


@dataclass(frozen=True)
class Unreadable:
    """A mission whose facts make no sense; the others do."""

    mission_id: str
    problem: ToolkitError


class Shelf:
    """Reads the ledger at a place; nothing is made or changed there, and nothing kept locked.

    Whatever is asked of it, a ledger that is absent, busy or damaged raises as `Ledger` does.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lock = Lock()
        self._read: dict[str, tuple[MissionState, datetime]] = {}
        self._made: dict[tuple[str, str], tuple[int, Any]] = {}
        self._ledger: object = None

    def all(self) -> list[Known | Unreadable]:
        """Every mission, oldest first."""
        with self._opened() as ledger:
            return [self._row(ledger, mission_id) for mission_id in ledger.mission_ids()]

    def one(self, mission_id: str) -> Known:
        """One mission, and who runs it.

        Raises:
            UnknownMission: the ledger does not have it.
        """
        with self._opened() as ledger:
            state, last_at = self._state(ledger, mission_id)
            progress, lease = ledger.progress(mission_id), ledger.leases.of(mission_id)
            return Known(state, last_at, progress, lease)

    def events(self, mission_id: str) -> list[Event]:
        """All facts of a mission."""
        with self._opened() as ledger:
            return ledger.events(mission_id)

    def once(self, name: str, state: MissionState, make: Callable[[], T]) -> T:
        """What `make` gives, made once for a mission as it stands; only the latest is kept."""
        found = self._made.get((name, state.mission_id))
        if found and found[0] == state.seq:
            return found[1]
        made = make()
        self._made[name, state.mission_id] = state.seq, made
        return made

    def _row(self, ledger: Ledger, mission_id: str) -> Known | Unreadable:
        try:
            state, last_at = self._state(ledger, mission_id)
        except (LedgerDamaged, ToolkitBug) as problem:
            return Unreadable(mission_id, problem)
        return Known(state, last_at, ledger.progress(mission_id))

    def _state(self, ledger: Ledger, mission_id: str) -> tuple[MissionState, datetime]:
        known = self._read.get(mission_id)
        events = ledger.events(mission_id, after=known[0].seq if known else 0)
        if known and not events:
            return known
        found = fold(events, known[0] if known else None), events[-1].at
        if not found[0].brief:
            raise LedgerDamaged(f"The ledger has no brief of mission {mission_id}.")
        self._read[mission_id] = found
        return found

    @contextmanager
    def _opened(self) -> Generator[Ledger]:
        """The ledger, by one thread at a time."""
        with self._lock, closing(ReadLedger(self._place, _PATIENCE_S)) as ledger:
            if (which := ledger.identity()) != self._ledger:  # what was read is of no use
                self._ledger = which
                self._read.clear()
                self._made.clear()
            yield ledger
