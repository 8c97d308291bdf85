"""One runner per mission at a time: whoever works on it holds its lease, and nobody else does."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import wraps
from typing import ParamSpec, TypeVar

from telnyx_toolkit.effect_watch import about
from telnyx_toolkit.engine.desk import Desk, Kit
from telnyx_toolkit.errors import LeaseHeld, LeaseLost, ToolkitError, WroteFirst
from telnyx_toolkit.ledger import LeaseRow

#: A lease is prolonged when no more than this part of it is left: on Postgres three minutes of
#: five, which is still more than one request with all its repeats may take (170 s).
_ENOUGH = 0.6


class Lease:
    """The right to work on one mission, renewed while there is work.

    Expiry goes by the caller's clock, since a sandbox's clock runs through days in no time. If two
    machines' clocks differ by minutes, both may believe that they hold it: then the ledger's own
    uniqueness lets only one of them write, and nothing is sent that was not written before.
    """

    def __init__(self, kit: Kit, mission_id: str) -> None:
        self._kit = kit
        self._length = kit.ledger.leases.length
        until = kit.wall.now() + self._length
        self._row = LeaseRow(mission_id, kit.runner.name, kit.runner.token, until)

    def take(self) -> None:
        """Take it.

        Raises:
            LeaseHeld: somebody else has it.
        """
        self._row = replace(self._row, expires_at=self._kit.wall.now() + self._length)
        now_its = self._kit.ledger.leases.take(self._row, self._kit.wall.now(), self._is_gone)
        if now_its.token != self._row.token:
            raise LeaseHeld(
                f"Mission {now_its.mission_id} is being run by {now_its.holder}"
                f" (until {now_its.expires_at:%H:%M:%S} UTC at least).",
                holder=now_its.holder,
            )

    def keep(self, *, surely: bool = False) -> None:
        """Prolong it, if that is due.

        Args:
            surely: Look in any case whether it is still ours: what comes next cannot be undone.

        Raises:
            LeaseLost: somebody took it over meanwhile.
        """
        now = self._kit.wall.now()
        due = self._row.expires_at - now <= self._length * _ENOUGH
        if not (due or surely):
            return
        self._row = replace(self._row, expires_at=now + self._length)
        if not self._kit.ledger.leases.renew(self._row):
            raise LeaseLost(f"Another runner took over mission {self._row.mission_id}.")

    def release(self) -> None:
        """Give it back."""
        self._kit.ledger.leases.release(self._row)

    def _is_gone(self, other: LeaseRow) -> bool:
        return self._kit.runner.is_gone(other.holder, other.token)


_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")
_TIMES = 5


def decided_anew(verb: Callable[_Arguments, _Answer]) -> Callable[_Arguments, _Answer]:
    """The verb, begun again where another process wrote into the mission meanwhile.

    Every verb is idempotent: what it has done already it finds done.
    """

    @wraps(verb)
    def patiently(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Answer:
        for _ in range(_TIMES - 1):
            with suppress(WroteFirst):
                return verb(*args, **kwargs)
        return verb(*args, **kwargs)

    return patiently


@contextmanager
def working_on(kit: Kit, mission_id: str) -> Generator[Desk]:
    """The mission, for as long as its lease is held.

    Raises:
        UnknownMission: the ledger does not have it.
        LeaseHeld: somebody else works on it.
    """
    desk = Desk(kit, mission_id)
    lease = Lease(kit, mission_id)
    lease.take()
    try:
        desk.refresh()
        desk.lease = lease
        with about(mission_id):
            yield desk
    finally:
        with suppress(ToolkitError):  # else it expires, or is found to be a dead process's
            lease.release()
