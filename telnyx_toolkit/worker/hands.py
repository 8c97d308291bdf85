"""What a worker does for missions: each thread with a toolkit of its own, and so its own lease."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue

from telnyx_toolkit.announcing import announce
from telnyx_toolkit.ledger import SOON
from telnyx_toolkit.ticking import move_on
from telnyx_toolkit.ticks import Tick
from telnyx_toolkit.toolkit import Toolkit

#: So many due missions are looked at in one sweep; the others are seen in the next.
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Due:
    """A mission that has something to do, and since when, UTC."""

    mission_id: str
    since: datetime


@dataclass(frozen=True)
class Found:
    """What a look at the ledger found.

    Attributes:
        due: What is due, the longest overdue first.
        next_at: When the next is, of those that are not; None where none waits.
    """

    due: list[Due]
    next_at: datetime | None


class Hands:
    """Toolkits to work with, one for each thread: a ledger's connection belongs to one at a time.

    The lease of a mission belongs to a toolkit, so that two threads of a process exclude each other
    as two processes do.

    Args:
        make: Makes a toolkit.
        count: How many threads work at once.
    """

    def __init__(self, make: Callable[[], Toolkit], count: int) -> None:
        self._all = [make() for _ in range(count)]
        self._free: SimpleQueue[Toolkit] = SimpleQueue()
        for toolkit in self._all:
            self._free.put(toolkit)
        self.keeps_virtual_time = self._all[0].clock is not self._all[0].wall

    def round(self, mission_id: str) -> datetime | None:
        """One round of a mission, if it is due; when to wake it again, None for never.

        Raises:
            ConfigError: the ledger takes nothing.
        """
        toolkit = self._free.get()
        try:
            at = toolkit.ledger.progress(mission_id).next_wake_at
            if at is None or at > toolkit.clock.now():
                return at
            move_on(toolkit, mission_id, Tick())
            return toolkit.ledger.progress(mission_id).next_wake_at
        finally:
            self._free.put(toolkit)

    def announce(self) -> list[str]:
        """Tell people what there is to tell; the lines that no way was set up for."""
        toolkit = self._free.get()
        try:
            return announce(toolkit)
        finally:
            self._free.put(toolkit)

    def look(self) -> Found:
        """What is due in the ledger."""
        toolkit = self._free.get()
        try:
            now, waiting = toolkit.clock.now(), toolkit.ledger.wakes(_AT_ONCE)
            due = [Due(mission_id, at) for mission_id, at in waiting if at <= now]
            later = [at for _, at in waiting if at > now]
            return Found(due, min(later, default=None))
        finally:
            self._free.put(toolkit)

    def unheld(self, missions: list[Due]) -> list[Due]:
        """Those that nobody works on, or only somebody who is gone."""
        toolkit = self._free.get()
        try:
            return [one for one in missions if not _is_held(toolkit, one.mission_id)]
        finally:
            self._free.put(toolkit)

    def wait_for(self, instant: datetime) -> None:
        """Move a sandbox's virtual clock on: nothing is due before then."""
        toolkit = self._free.get()
        try:
            toolkit.clock.sleep_until(instant)
        finally:
            self._free.put(toolkit)

    def close(self) -> None:
        """Release every connection and every lease."""
        for toolkit in self._all:
            toolkit.close()


def _is_held(toolkit: Toolkit, mission_id: str) -> bool:
    lease = toolkit.ledger.leases.of(mission_id)
    if lease is None or lease.expires_at <= toolkit.wall.now():
        return False
    return not toolkit.runner.is_gone(lease.holder, lease.token)


def overdue_s(due: list[Due], now: datetime) -> float:
    """Seconds that the longest is overdue; of one that is to be done at once nobody knows."""
    since = [one.since for one in due if one.since != SOON]
    return max(((now - one).total_seconds() for one in since), default=0.0)
