"""A tick: one bounded round of every mission that is due; another tick goes on where it stopped."""

from collections.abc import Callable
from datetime import datetime, timedelta

from telnyx_toolkit.announcing import announce
from telnyx_toolkit.clock import is_too_late
from telnyx_toolkit.errors import (
    ErrorResponse,
    LedgerConflict,
    LedgerUnwritable,
    PolicyDenied,
    TelnyxError,
    ToolkitBug,
    ToolkitError,
)
from telnyx_toolkit.notice_words import LONGEST, trouble
from telnyx_toolkit.ticks import Tick
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.untrusted import one_line

#: No mission is begun with after so long, so that a tick ends within a minute.
_PATIENCE = timedelta(seconds=40)
_AT_ONCE = 200
#: A passing trouble of Telnyx is told to people once it has lasted so long.
_HELD_BACK = timedelta(minutes=30)
#: That a plan waits for a yes is told with the plan.
_TOLD_BY_THE_PLAN = {"not_planned", "not_approved"}
#: Between two tries: of what may pass by itself, and from there on of what a person must mend.
_SOONEST, _LATEST, _AT_LAST = timedelta(minutes=2), timedelta(minutes=30), timedelta(hours=4)


def tick(toolkit: Toolkit, follow: timedelta = timedelta(0)) -> Tick:
    """Do what is due, and say what changed.

    Any number of ticks may run at once, late, or twice: a mission is worked on by one at a time.

    Args:
        toolkit: Its ledger is the one that is looked at.
        follow: How long to go on while there is something to do within that time.
    """
    done = Tick()
    parts: tuple[Callable[[], None], ...] = (
        lambda: _work(toolkit, follow, done),
        lambda: done.lines.extend(announce(toolkit)),
    )
    for part in parts:
        try:
            part()
        except LedgerConflict:
            continue  # somebody else writes, and the next tick finds what is left
        except ToolkitError as problem:
            done.problem = done.problem or problem
    return done


def _work(toolkit: Toolkit, follow: timedelta, done: Tick) -> None:
    ledger, wall = toolkit.ledger, toolkit.wall
    if not ledger.wakes(1):
        return
    until = wall.now() + follow
    stuck: set[str] = set()
    while True:
        for mission_id, at in ledger.wakes(_AT_ONCE):
            if wall.now() > until + _PATIENCE:
                return
            due = mission_id not in stuck and at <= toolkit.clock.now()
            if due and not move_on(toolkit, mission_id, done):
                stuck.add(mission_id)
        done.lines.extend(announce(toolkit))
        later = [at for mission_id, at in ledger.wakes(_AT_ONCE) if mission_id not in stuck]
        if not later or is_too_late(toolkit.clock, toolkit.wall, min(later), until):
            return
        toolkit.clock.sleep_until(min(later))


def move_on(toolkit: Toolkit, mission_id: str, done: Tick) -> bool:
    """One round of a mission; False if it cannot go on now.

    What keeps this mission from it is put on record with when to try again, and never raised.

    Raises:
        ConfigError: no mission can: there is no key, or the ledger takes nothing.
    """
    toolkit.settings.require_key()
    try:
        toolkit.live(mission_id).advance(mission_id)
    except LedgerConflict:
        return False  # another process works on it
    except LedgerUnwritable:
        raise
    except ToolkitError as problem:
        return _note(toolkit, mission_id, problem, done)
    except Exception as problem:  # noqa: BLE001 - one mission's surprise must not stop the others
        surprise = ToolkitBug(f"{type(problem).__name__}: {problem}")
        return _note(toolkit, mission_id, surprise, done)
    toolkit.ledger.notices.has_passed(mission_id)
    done.missions += [mission_id] * (mission_id not in done.missions)
    return True


def _note(toolkit: Toolkit, mission_id: str, problem: ToolkitError, done: Tick) -> bool:
    """Put on record that a mission is stuck, and when to try again."""
    ledger, now = toolkit.ledger, toolkit.clock.now()
    try:
        state = toolkit.state(mission_id)
    except ToolkitError as unreadable:  # then nothing can be put on record either
        done.lines.append(one_line(f"{mission_id}: {unreadable.message} {unreadable.fix}", LONGEST))
        ledger.note_wake(mission_id, now + _AT_LAST)
        return False
    known = ledger.notices.troubles(mission_id)
    if problem.code not in {*_TOLD_BY_THE_PLAN, *known}:
        passing = isinstance(problem, TelnyxError) and problem.transient
        told_from = toolkit.wall.now() + (_HELD_BACK if passing else timedelta(0))
        ledger.notices.add_passing(trouble(state, problem, now), told_from)
    lasted = now - min(known.values(), default=now)
    ledger.note_wake(mission_id, _again(problem, now, lasted))
    return False


def _again(problem: ToolkitError, now: datetime, lasted: timedelta) -> datetime | None:
    """When to try again: after as long as it has lasted, within bounds.

    None where only a command of a person's can change anything.
    """
    match problem:
        case PolicyDenied():
            return problem.until
        case TelnyxError() if problem.transient:
            asked = problem.retry_after_s if isinstance(problem, ErrorResponse) else None
            pause = min(max(lasted, _SOONEST), _LATEST)
            return now + max(pause, timedelta(seconds=asked or 0))
        case _:
            return now + min(max(lasted, _LATEST), _AT_LAST)
