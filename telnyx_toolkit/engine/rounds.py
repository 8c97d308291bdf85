"""One bounded round of a mission: observe, decide, check, act, record."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from telnyx_toolkit.effect_watch import about
from telnyx_toolkit.engine.barring import bar, bar_others, take_back
from telnyx_toolkit.engine.borrowing import give_back
from telnyx_toolkit.engine.calling import schedule_call
from telnyx_toolkit.engine.collecting import collect
from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.finishing import close_steps, conclude, finish, withdraw_all
from telnyx_toolkit.engine.following import follow, seek
from telnyx_toolkit.engine.opening import post_plan
from telnyx_toolkit.engine.outbox import flush
from telnyx_toolkit.engine.setting_up import set_up
from telnyx_toolkit.engine.stages import end, open_next
from telnyx_toolkit.engine.starting import start
from telnyx_toolkit.errors import PolicyDenied
from telnyx_toolkit.model import Attempt
from telnyx_toolkit.policy import Defer
from telnyx_toolkit.protocol import due
from telnyx_toolkit.strategies import Action, Call, Finish, Wait, next_actions
from telnyx_toolkit.unresolved import unresolved

#: Between two looks at a call that is under way.
POLL = timedelta(seconds=10)
#: Between two looks for the insights of a call that has ended: most come within seconds, and the
#: next call waits for them; those that take longer are asked for less often.
SOON_SCORED, LATE_SCORED = timedelta(seconds=3), timedelta(seconds=30)
_SCORED_SOON_UNTIL = timedelta(minutes=1)
#: Between two looks for the answer to a text message.
REPLY_POLL = timedelta(minutes=5)
#: Who wants attention within this time may want a line; and by how many pauses of `POLL` a mission
#: lets others ask first, at most.
_CROWD_WITHIN, _MOST_PAUSES = timedelta(minutes=3), 18
#: Phases in which nobody knows yet what became of the request.
LOST = frozenset({"requested", "sent", "unknown"})


def advance(desk: Desk) -> datetime | None:
    """Do everything that can be done now; say when there is something to do again.

    Raises:
        PolicyDenied: there is no valid approval.
        TelnyxError: Telnyx refused or did not answer; what was recorded stays true.
    """
    bar_others(desk.kit, but=desk.mission_id)
    if desk.state.is_finished:
        return conclude(desk)
    if desk.state.cancel_reason is not None:
        return _cancel(desk)
    if desk.state.phase == "paused":
        return _pause(desk)
    if desk.state.phase == "shortlisted":
        return open_next(desk)
    start(desk)
    bar(desk)
    set_up(desk)
    flush(desk)
    for attempt in desk.state.open_attempts:
        observe(desk, attempt.attempt_id)
    close_steps(desk)
    flush(desk)
    return _next_calls(desk)


def _next_calls(desk: Desk) -> datetime | None:
    """Place every call that may be placed now; finish when none is left."""
    waits: list[datetime] = []
    refused: set[str] = set()
    no_line = False  # nobody can be called before the last wait is over, but texts can go out
    while True:
        call, later = _first(desk, refused, only_texts=no_line)
        if isinstance(call, Finish):
            return _finish(desk, call)
        if call is None:
            due = [*waits, *later, *(_due(desk, a) for a in desk.state.open_attempts)]
            return min(due) if due else _finish(desk, Finish())
        refused.add(call.step_id)
        try:
            placed = schedule_call(desk, call.step_id, call.why)
        except PolicyDenied as denied:
            bar(desk)
            desk.move_step(call.step_id, "skipped", reason=denied.message, code=denied.code)
            flush(desk)
            continue
        if isinstance(placed, Defer):
            waits.append(_turn(desk, placed))
            no_line |= placed.for_all
            if not placed.for_all:
                people = unresolved(desk.brief, desk.state)
                people.put_off(call.step_id, desk.kit.clock.now(), placed.until)
        flush(desk)


def _turn(desk: Desk, placed: Defer) -> datetime:
    """When to ask again: for a line the less often, the more missions wait for one.

    However many they are, somebody asks every few seconds.
    """
    if placed.code != "calls_at_once":
        return placed.until
    now = desk.kit.clock.now()
    crowd = desk.kit.ledger.waking(now + _CROWD_WITHIN) // desk.kit.pace.at_once
    return placed.until + POLL * min(crowd, _MOST_PAUSES)


def _first(
    desk: Desk, refused: Collection[str], *, only_texts: bool
) -> tuple[Call | Finish | None, list[datetime]]:
    """What is wanted first and was not refused in this round, and until when others wait."""
    if only_texts and not desk.brief.sends_texts:
        return None, []
    waits: list[datetime] = []
    for action in wanted(desk):
        match action:
            case Finish():
                return action, waits
            case Wait(until):
                waits += [until] if until else []
            case Call(step_id) if step_id not in refused:
                if not only_texts or desk.state.target(step_id).channel == "sms":
                    return action, waits
            case _:
                pass
    return None, waits


def _finish(desk: Desk, done: Finish) -> datetime | None:
    """Withdraw what nobody needs any more; finish once nothing is under way."""
    if due := _wind_down(desk):
        return due
    return end(desk, done.why)


def observe(desk: Desk, attempt_id: str) -> None:
    """Look once at an attempt, as far as it can come in one look."""
    with about(desk.mission_id, attempt_id):
        _observe(desk, attempt_id)


def _observe(desk: Desk, attempt_id: str) -> None:
    attempt = desk.state.attempt(attempt_id)
    if attempt.phase in LOST:
        seek(desk, attempt)
    take_back(desk, attempt_id)
    attempt = desk.state.attempt(attempt_id)
    if attempt.phase == "scheduled" and desk.kit.clock.now() >= attempt.scheduled_at:
        follow(desk, attempt)
        attempt = desk.state.attempt(attempt_id)
    if attempt.phase == "ended":
        collect(desk, attempt)
        bar_others(desk.kit, but=desk.mission_id)  # they may have asked not to be called again


def _due(desk: Desk, attempt: Attempt) -> datetime:
    """When to look at an attempt again."""
    now = desk.kit.clock.now()
    if attempt.phase in LOST:
        return max(due(attempt, now), now + POLL)
    if attempt.awaits_reply:
        return max(now, attempt.scheduled_at) + REPLY_POLL
    if attempt.phase == "ended" and attempt.ended_at is not None:
        fresh = now < attempt.ended_at + _SCORED_SOON_UNTIL
        return now + (SOON_SCORED if fresh else LATE_SCORED)
    return max(now, attempt.scheduled_at) + POLL


def wanted(desk: Desk) -> Iterable[Action]:
    """What the strategy wants now, in the order in which it wants it."""
    return next_actions(desk.brief, desk.state, desk.kit.clock.now())


def is_over(desk: Desk) -> Finish | None:
    """The strategy's wish to finish, if it wants no further call and none is under way."""
    if desk.state.open_attempts:
        return None
    return next((action for action in wanted(desk) if isinstance(action, Finish)), None)


def _cancel(desk: Desk) -> datetime | None:
    """Wind down, then finish as cancelled."""
    if desk.state.run_id and desk.state.plan:
        post_plan(desk, [*desk.state.plan.document["steps"]])  # its steps are about to be skipped
    if due := _wind_down(desk):
        return due
    finish(desk)
    return conclude(desk)


def _pause(desk: Desk) -> datetime | None:
    """Wind down, then return the number: somebody may need it before the mission goes on."""
    if due := _wind_down(desk):
        return due
    give_back(desk)
    flush(desk)
    return None


def _wind_down(desk: Desk) -> datetime | None:
    """Follow what has rung, withdraw what has not; say when to look again, None if all is over."""
    for attempt in desk.state.open_attempts:
        observe(desk, attempt.attempt_id)  # finds lost ones first: they are to be withdrawn too
    withdraw_all(desk)
    close_steps(desk)
    flush(desk)
    return min((_due(desk, attempt) for attempt in desk.state.open_attempts), default=None)
