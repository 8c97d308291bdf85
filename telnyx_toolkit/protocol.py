"""How one call is placed exactly once: what an answer means, and what comes next. Pure.

`engine/calling.py` does what is decided here; `tests/protocol` tries every order of faults on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol

from telnyx_toolkit.errors import ErrorResponse, NotReached, TelnyxError
from telnyx_toolkit.model import Attempt

#: Telnyx needs a moment until what it has accepted shows in its lists: a minute at the most.
SETTLE = timedelta(seconds=60)
#: Between the two looks in vain that prove that there is no call: long enough to prove it alone,
#: from sending over ringing to settling, should the clock have jumped ahead before the first.
AGAIN = timedelta(seconds=180)
#: The last look at a lost one before it rings: what is there twice can still be deleted.
EARLY = timedelta(seconds=60)
#: A request that stood still for longer, between ledger and socket, no longer leaves.
STALE = timedelta(seconds=10)
#: A clock that stands further than this before what it wrote itself was moved.
SKEW = timedelta(seconds=60)
#: An event that shows no end this long after its call must be over is given up.
STUCK = timedelta(minutes=30)
_UNPROCESSABLE = 422
_PENDING, _OVER = "pending", {"completed", "failed"}
_NEVER = datetime.max.replace(tzinfo=UTC)

#: executed: Telnyx has it. not_executed: no call will come of it. unknown: either.
#: key_misused: Telnyx has another request under this key, which is our mistake.
Verdict = Literal["executed", "not_executed", "unknown", "key_misused"]


class Listed(Protocol):
    """What is asked of a scheduled event, as Telnyx lists it."""

    @property
    def scheduled_event_id(self) -> str:
        """Telnyx's id of it."""
        ...

    @property
    def status(self) -> str:
        """`pending`, `in_progress`, `completed` or `failed`."""
        ...

    @property
    def call_status(self) -> str:
        """How it went on the phone; "" before."""
        ...

    @property
    def conversation_metadata(self) -> Mapping[str, Any]:
        """What was sent with it; ours has `attempt_id`."""
        ...

    @property
    def scheduled_at_fixed_datetime(self) -> datetime | None:
        """When it is to ring."""
        ...

    @property
    def created_at(self) -> datetime | None:
        """When Telnyx accepted it."""
        ...

    @property
    def dispatched_at(self) -> datetime | None:
        """When Telnyx dialled; None before."""
        ...


@dataclass(frozen=True)
class Mark:
    """Write `attempt.sent`: from now on the request may have left."""


@dataclass(frozen=True)
class Send:
    """Send these bytes under this key, once."""

    key: str
    content: bytes


@dataclass(frozen=True)
class Drop:
    """Write `attempt.abandoned`: no call came of it, and policy may decide anew."""

    reason: str


@dataclass(frozen=True)
class Unresolve:
    """Write `attempt.unresolved`: nobody calls this target again without a person."""

    reason: str


@dataclass(frozen=True)
class Look:
    """List the assistant's events; then see `after_list`."""


@dataclass(frozen=True)
class Ask:
    """Ask the account's conversations for it; then see `after_conversations`."""


@dataclass(frozen=True)
class Adopt:
    """Write `attempt.scheduled`: this event is the attempt's."""

    event_id: str


@dataclass(frozen=True)
class Prune:
    """Write `attempt.surplus`, delete these events, and look again."""

    event_ids: tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """Write `attempt.sought`: a look in vain that counts."""


@dataclass(frozen=True)
class Follow:
    """Get the event; then see `ending`."""


@dataclass(frozen=True)
class Wait:
    """Nothing now."""


def before_dial(attempt: Attempt, gone: timedelta) -> Mark | Send | Drop:
    """The next step of the process that decided on the attempt, up to the one request.

    Args:
        attempt: As the ledger has it.
        gone: Since `attempt.sent` was about to be written, by the machine's clock. A negative
            time is a clock that was moved: how long it really was is unknown.
    """
    if attempt.phase == "requested":
        return Mark()
    if attempt.phase != "sent" or abs(gone) > STALE:
        return Drop(f"never left: this machine stood still, or its clock moved, by {gone}")
    return Send(attempt.attempt_id, attempt.body.encode())


def judge(problem: TelnyxError | None) -> Verdict:
    """What became of the one request, from how it ended; None is an event with its id."""
    match problem:
        case None:
            return "executed"
        case NotReached():
            return "not_executed"
        case ErrorResponse(status=status) if status == _UNPROCESSABLE and _of_key(problem):
            return "key_misused"
        case ErrorResponse(may_have_happened=False):
            return "not_executed"
        case _:
            return "unknown"


def next_move(attempt: Attempt, now: datetime) -> Drop | Look | Follow | Wait:
    """What to do about an attempt that is found in the ledger, by whichever process."""
    match attempt.phase:
        case "requested":
            return Drop("never sent")
        case "sent" | "unknown":
            return Look()
        case "scheduled" if now >= attempt.scheduled_at:
            return Follow()
        case _:
            return Wait()


def after_list(attempt: Attempt, events: Sequence[Listed], now: datetime) -> Adopt | Prune | Ask:
    """What a look at all events of the assistant comes to.

    Of several with the attempt's id, the one that rings first stays. The others are deleted if
    they have not begun.
    """
    ours = [e for e in events if e.conversation_metadata.get("attempt_id") == attempt.attempt_id]
    if not ours:
        return Ask()
    first, *others = sorted(ours, key=_order)
    surplus = tuple(e.scheduled_event_id for e in others if e.status == _PENDING)
    if surplus and not (
        set(surplus) <= set(attempt.surplus) and now > attempt.scheduled_at + STUCK
    ):
        return Prune(surplus)
    return Adopt(first.scheduled_event_id)


def after_conversations(
    attempt: Attempt, talked: bool, now: datetime, *, strict: bool
) -> Wait | Count | Drop | Unresolve:
    """What it means that no event shows.

    Telnyx places no call for an instant that has passed. So once the attempt's instant and a
    settling time are over, and two looks found neither event nor conversation, there is no call.

    Args:
        attempt: As the ledger has it.
        talked: A conversation carries the attempt's id.
        now: The mission's time before the looks began, UTC: what they show is no newer.
        strict: The brief wants a person to decide instead.
    """
    if talked or now < attempt.scheduled_at + SETTLE:
        return Wait()  # it did ring, and the event will show; or it may yet come
    if attempt.looks == 0 or attempt.sought_at is None:
        return Count()
    if now < attempt.sought_at + AGAIN:
        return Wait()
    reason = "Telnyx has no such call: looked twice after its time"
    return Unresolve(reason) if strict or attempt.is_frozen else Drop(reason)


def due(attempt: Attempt, now: datetime) -> datetime:
    """When a look at an attempt whose answer was lost can next tell something new."""
    early = attempt.scheduled_at - EARLY
    if attempt.sought_at:
        return attempt.sought_at + AGAIN
    return early if now < early else attempt.scheduled_at + SETTLE


def ending(attempt: Attempt, event: Listed | None, now: datetime, longest: timedelta) -> str | None:
    """How a call ended, in Telnyx's word; None while it has not.

    Args:
        attempt: As the ledger has it.
        event: As Telnyx has it; None if it is gone, which somebody else did.
        now: The mission's time, UTC.
        longest: How long a call may take.
    """
    if event is None:  # it may have rung before it was deleted: nobody calls again
        return "unknown"
    if event.status in _OVER:
        if attempt.channel == "sms":  # `completed` means that it was delivered
            return "delivered" if event.status == "completed" else event.status
        return event.call_status or event.status
    return "unknown" if now > attempt.scheduled_at + longest + STUCK else None


def may_delete(event: Listed) -> bool:
    """Whether an event can still be taken back: Telnyx lets a call that has begun go on."""
    return event.status == _PENDING


def is_withdrawn(attempt: Attempt, now: datetime) -> bool:
    """Whether an event that is gone at `now` never rang: it went before its time."""
    return now < attempt.scheduled_at and not has_moved_back(attempt, now)


def has_moved_back(attempt: Attempt, now: datetime) -> bool:
    """Whether the clock stands before what it wrote itself, so that it tells nothing."""
    written = attempt.sought_at or attempt.requested_at
    return written is not None and now < written - SKEW


def _of_key(problem: ErrorResponse) -> bool:
    return "idempotency" in problem.message.lower()


def _order(event: Listed) -> tuple[bool, datetime, datetime, datetime, str]:
    return (
        event.status == _PENDING and event.dispatched_at is None,
        event.dispatched_at or _NEVER,
        event.scheduled_at_fixed_datetime or _NEVER,
        event.created_at or _NEVER,
        event.scheduled_event_id,
    )
