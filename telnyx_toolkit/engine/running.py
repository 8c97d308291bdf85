"""Running a mission: round after round under its lease, or watching whoever holds it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from telnyx_toolkit.clock import is_too_late
from telnyx_toolkit.effect_watch import effect
from telnyx_toolkit.engine.desk import Desk, Kit
from telnyx_toolkit.engine.lease import working_on
from telnyx_toolkit.engine.rounds import advance
from telnyx_toolkit.errors import (
    ErrorResponse,
    LeaseHeld,
    NotReached,
    TelnyxError,
    WroteFirst,
)
from telnyx_toolkit.ledger import SOON
from telnyx_toolkit.state import MissionState

_NEVER = datetime.max.replace(tzinfo=UTC)
_PATIENCE = 5
_CONFLICTS = 20
_FIRST_PAUSE_S = 2.0
_WATCH = timedelta(seconds=1)


@dataclass(frozen=True)
class Round:
    """What one round of `advance` came to.

    Attributes:
        state: The mission after it.
        wake_at: When there is something to do again, UTC; None once nothing is left to do.
    """

    state: MissionState
    wake_at: datetime | None


def one_round(desk: Desk) -> Round:
    """Do everything that can be done now, and note when there is something to do again."""
    with effect("advance", desk.mission_id):
        wake_at = advance(desk)
    desk.kit.ledger.note_wake(desk.mission_id, wake_at)
    return Round(desk.state, wake_at)


def wake_now(desk: Desk) -> None:
    """Note that there is something to do: whoever comes first, a tick for instance, does it."""
    if not desk.state.is_finished:
        desk.kit.ledger.note_wake(desk.mission_id, SOON)


def run(kit: Kit, mission_id: str, wait: timedelta | None = None) -> Round:
    """Advance until the mission is over, or nothing more can happen within `wait`.

    Where another process has the lease, it is watched, and followed once it is gone.

    A passing fault of Telnyx is waited out a few times before it is raised; a network that is not
    there from the first is not waited for.

    Args:
        kit: What the engine works with.
        mission_id: Which mission.
        wait: How long the caller is ready to wait, by the clock on the wall; a sandbox's virtual
            clock runs through days in no time. None: until it is over.
    """
    until = kit.wall.now() + wait if wait is not None else _NEVER
    return under_lease_or_watching(kit, mission_id, until, lambda desk: _run(desk, until))


def under_lease_or_watching(
    kit: Kit, mission_id: str, until: datetime, work: Callable[[Desk], Round]
) -> Round:
    """Do the work under the mission's lease; watch its holder until it is free or `until`."""
    while True:
        try:
            with working_on(kit, mission_id) as desk:
                return work(desk)
        except LeaseHeld as held:
            if seen := _watch(kit, mission_id, held, until):
                return seen


def _watch(kit: Kit, mission_id: str, held: LeaseHeld, until: datetime) -> Round | None:
    """Show what the holder does; None once the lease may be had."""
    desk, finished = Desk(kit, mission_id), False
    kit.busy(held.holder, desk.state)
    while kit.wall.now() < until:
        kit.wall.sleep_until(min(until, kit.wall.now() + _WATCH))
        desk.refresh(announce=True)
        lease = kit.ledger.leases.of(mission_id)
        finished = desk.state.is_finished
        if lease is None or lease.expires_at <= kit.wall.now():
            return Round(desk.state, None) if finished else None
        if kit.runner.is_gone(lease.holder, lease.token):
            return None
    return Round(desk.state, kit.ledger.progress(mission_id).next_wake_at)


def _run(desk: Desk, until: datetime) -> Round:
    faults, conflicts, worked, kit = 0, 0, False, desk.kit
    while True:
        desk.refresh()
        try:
            done = one_round(desk)
            faults, worked = 0, True
        except WroteFirst:  # somebody asked for something: decide anew
            conflicts += 1
            if conflicts > _CONFLICTS:
                raise
            continue
        except TelnyxError as problem:
            faults += 1
            pause = kit.clock.now() + _pause(problem, faults)
            cut_off = isinstance(problem, NotReached) and not worked
            hopeless = cut_off or not problem.transient or faults > _PATIENCE
            if hopeless or is_too_late(kit.clock, kit.wall, pause, until):
                raise
            _rest(desk, pause)
            continue
        if desk.is_disturbed:
            continue
        if done.wake_at is None or is_too_late(kit.clock, kit.wall, done.wake_at, until):
            return done
        kit.rests(done.wake_at, done.state)
        _rest(desk, done.wake_at)


def _rest(desk: Desk, until: datetime) -> None:
    """Wait until then, or until somebody writes into the mission."""
    clock, wall = desk.kit.clock, desk.kit.wall
    if clock is not wall:  # a virtual clock: the wait takes no time
        clock.sleep_until(until)
        return
    while (now := clock.now()) < until:
        clock.sleep_until(min(until, now + desk.kit.look_every))
        if desk.kit.ledger.last_seq(desk.mission_id) != desk.state.seq:
            return
        desk.keep_lease()


def _pause(problem: TelnyxError, faults: int) -> timedelta:
    """How long to wait after so many faults in a row: what Telnyx asked for, if that is longer."""
    asked = problem.retry_after_s if isinstance(problem, ErrorResponse) else None
    return timedelta(seconds=max(_FIRST_PAUSE_S**faults, asked or 0.0))
