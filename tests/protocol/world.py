"""A tiny Telnyx, a tiny ledger and a virtual clock, in which one call is to be placed.

All times are whole seconds from the present: passing time is a shift of everything, so that two
schedules that come to the same situation come to equal states.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from telnyx_toolkit import protocol
from telnyx_toolkit.errors import TelnyxError
from telnyx_toolkit.model import Attempt, AttemptPhase

NOW = datetime(2026, 12, 1, 15, tzinfo=UTC)
#: `policy.LEAD`; how long a client waits for an answer; how long a call takes.
LEAD, DEADLINE, TALK = 120, 20, 60
#: Telnyx shows what it has after a minute at most, and forgets a key after a day.
LAG, KEY_LIFE = 60, 86_400
#: A clock is wrong by so much, when it is.
JUMP = 3_600
#: Longer ago makes no difference to a rule of the protocol.
_SETTLE = int(protocol.SETTLE.total_seconds())
_AGAIN = int(protocol.AGAIN.total_seconds())
OPEN = {"requested", "sent", "unknown", "scheduled"}


@dataclass(frozen=True)
class Rules:
    """The protocol, function by function, so that a variant of each can be tried."""

    before_dial: Callable[[Attempt, timedelta], Any] = protocol.before_dial
    judge: Callable[[TelnyxError | None], str] = protocol.judge
    next_move: Callable[[Attempt, datetime], Any] = protocol.next_move
    after_list: Callable[[Attempt, Sequence[Any], datetime], Any] = protocol.after_list
    after_conversations: Callable[..., Any] = protocol.after_conversations
    due: Callable[[Attempt, datetime], datetime] = protocol.due
    has_moved_back: Callable[[Attempt, datetime], bool] = protocol.has_moved_back
    is_withdrawn: Callable[[Attempt, datetime], bool] = protocol.is_withdrawn


@dataclass(frozen=True)
class Setting:
    """What kind of world it is.

    Attributes:
        list_lag: For how many seconds a stale list hides an event.
        past_rings: Telnyx rings at once what is asked for an instant that has passed.
        cancel: A person may cancel the mission at any moment.
        strict: The brief is strict.
        pairs: A network may deliver a request twice, and Telnyx fail after accepting either.
        clock: The machine's clock may be moved.
    """

    list_lag: int = LAG
    past_rings: bool = False
    cancel: bool = False
    strict: bool = False
    pairs: bool = True
    clock: bool = True


class Try(NamedTuple):
    """An attempt in the ledger; times are the machine's, whose clock may be wrong."""

    phase: AttemptPhase = "requested"
    ring: int = 0
    written: int | None = None
    looks: int = 0
    sought: int | None = None
    was_sent: bool = False
    event: int = -1


class Call(NamedTuple):
    """A scheduled event at Telnyx."""

    attempt: int
    created: int
    ring: int
    rang: bool = False
    is_gone: bool = False


class Copy(NamedTuple):
    """A request, and in how many seconds it arrives."""

    attempt: int
    key: str
    ring: int
    arrives: int = 0


class State(NamedTuple):
    """Everything, at one moment.

    Attributes:
        at: Where the runner is in its program, with all that it has in memory.
        skew: How far the machine's clock is ahead of the true time.
        jumped: It was moved once already.
        keys: Those with a success of the last day.
        watched: Two copies were accepted: somebody is awake until the surplus is gone.
        bad: What happened that never may.
    """

    at: tuple[Any, ...] = ("start",)
    skew: int = 0
    jumped: bool = False
    tries: tuple[Try, ...] = ()
    calls: tuple[Call, ...] = (Call(-1, -LAG, -TALK, rang=True),)
    keys: tuple[str, ...] = ()
    copies: tuple[Copy, ...] = ()
    cancelled: bool = False
    watched: bool = False
    bad: str = ""


@dataclass(frozen=True)
class Listed:
    """A scheduled event as Telnyx lists it."""

    scheduled_event_id: str
    status: str
    conversation_metadata: dict[str, str]
    created_at: datetime | None
    scheduled_at_fixed_datetime: datetime | None
    dispatched_at: datetime | None = None
    call_status: str = ""


def instant(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


@cache
def attempt_of(number: int, known: Try) -> Attempt:
    return Attempt(
        attempt_id=str(number),
        step_id="call-1",
        body="{}",
        scheduled_at=instant(known.ring),
        leverage=None,
        reserved_usd="0",
        phase=known.phase,
        requested_at=None if known.written is None else instant(known.written),
        looks=known.looks,
        sought_at=None if known.sought is None else instant(known.sought),
    )


def listed(state: State, number: int) -> Listed:
    call = state.calls[number]
    over = call.rang and call.ring + TALK <= 0
    return Listed(
        f"e{number}",
        "completed" if over else "in_progress" if call.rang else "pending",
        {"attempt_id": str(call.attempt)},
        instant(call.created),
        instant(call.ring),
        instant(call.ring) if call.rang else None,
    )


def latest(state: State) -> Try:
    return state.tries[-1]


def changed(state: State, **news: Any) -> State:
    """The same with news of the latest attempt; what is over needs no times."""
    after = latest(state)._replace(**news)
    if after.phase == "scheduled":
        after = after._replace(looks=0, sought=None)
    elif after.phase not in OPEN:
        after = Try(after.phase, was_sent=True)
    if after.phase == "abandoned" and not state.copies and len(state.calls) == 1:
        return state._replace(tries=(), keys=())  # as if it had never been
    return state._replace(tries=(*state.tries[:-1], after))


def accept(state: State, setting: Setting, copy: Copy, *, keeps: bool) -> State | None:
    """Telnyx takes in one copy of a request; None if it refuses it.

    Args:
        state: Before.
        setting: What kind of Telnyx it is.
        copy: What arrives.
        keeps: It is a success, which is replayed under its key; an error never is.
    """
    if copy.key in state.keys:
        return state
    if copy.ring <= 0 and not setting.past_rings:
        return None
    keys = (*state.keys, copy.key) if copy.key and keeps else state.keys
    calls = (*state.calls, Call(copy.attempt, 0, max(copy.ring, 0)))
    return _ring(state._replace(calls=calls, keys=keys))


def pass_time(state: State, setting: Setting, seconds: int) -> State:
    """Let time go by: late copies arrive, phones ring."""
    while seconds > 0:
        due = [c.arrives for c in state.copies] + [c.ring for c in state.calls if not _is_idle(c)]
        step = min([seconds, *(d for d in due if d > 0)])
        state, seconds = _ring(_shift(state, step, setting.list_lag)), seconds - step
        for copy in [c for c in state.copies if c.arrives <= 0]:
            state = accept(state, setting, copy, keeps=True) or state
            state = state._replace(copies=tuple(c for c in state.copies if c is not copy))
    return state


def _is_idle(call: Call) -> bool:
    return call.rang or call.is_gone


def _ring(state: State) -> State:
    calls = tuple(c._replace(rang=True) if _rings(c) else c for c in state.calls)
    if calls == state.calls:
        return state
    bad = state.bad
    for before, after in zip(state.calls, calls, strict=True):
        known = state.tries[after.attempt]
        if before != after and not known.was_sent:
            bad = "a call rang that the ledger does not know of"
        if before != after and known.phase == "abandoned":
            bad = "a call rang that was given up"
    if sum(c.rang for c in calls) > 2:  # one is the bystander's
        bad = "the same person was called twice"
    return state._replace(calls=calls, bad=bad)


def _rings(call: Call) -> bool:
    return call.ring <= 0 and not _is_idle(call)


def _shift(state: State, by: int, lag: int) -> State:
    """Move the present on; what nothing can tell apart any more becomes equal."""
    back = 0 if state.jumped and state.skew <= 0 else JUMP  # how far the clock may yet go back
    low = min(state.skew, 0) - back
    return state._replace(
        tries=tuple(_aged(t, by, low) for t in state.tries),
        calls=tuple(
            Call(
                c.attempt,
                max(c.created - by, -lag),
                max(c.ring - by, -TALK) if c.rang else c.ring - by,
                c.rang,
                c.is_gone,
            )
            for c in state.calls
        ),
        keys=() if by >= KEY_LIFE else state.keys,
        copies=tuple(Copy(c.attempt, c.key, c.ring - by, c.arrives - by) for c in state.copies),
    )


def _aged(known: Try, by: int, low: int) -> Try:
    if known.phase not in OPEN:
        return known
    return Try(
        known.phase,
        max(known.ring - by, low - _SETTLE),
        None if known.written is None else max(known.written - by, low - _AGAIN),
        known.looks,
        None if known.sought is None else max(known.sought - by, low - _AGAIN),
        known.was_sent,
        known.event,
    )
