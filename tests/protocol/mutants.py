"""The protocol with one rule switched off each: variants of its pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from telnyx_toolkit import protocol as p
from telnyx_toolkit.errors import ErrorResponse, TelnyxError
from telnyx_toolkit.model import Attempt
from tests.protocol.world import Rules, Setting

_AGES = timedelta(days=365)


def _no_key(attempt: Attempt, gone: timedelta) -> Any:
    step = p.before_dial(attempt, gone)
    return replace(step, key="") if isinstance(step, p.Send) else step


def _sent_written_after(attempt: Attempt, gone: timedelta) -> Any:
    return p.before_dial(replace(attempt, phase="sent"), gone)


def _goes_however_late(attempt: Attempt, _gone: timedelta) -> Any:
    return p.before_dial(attempt, timedelta())


def _sends_again(key: Callable[[Attempt], str]) -> Callable[[Attempt, datetime], Any]:
    def next_move(attempt: Attempt, now: datetime) -> Any:
        move = p.next_move(attempt, now)
        again = isinstance(move, p.Look) and now < attempt.scheduled_at
        return p.Send(key(attempt), b"{}") if again else move

    return next_move


def _judges(*statuses: int) -> Callable[[TelnyxError | None], str]:
    def judge(problem: TelnyxError | None) -> str:
        if isinstance(problem, ErrorResponse) and problem.status in statuses:
            return "not_executed"
        return p.judge(problem)

    return judge


def _any_event(_attempt: Attempt, events: Sequence[p.Listed], _now: datetime) -> Any:
    latest = [e.scheduled_event_id for e in events][-1:]
    return p.Adopt(latest[0]) if latest else p.Ask()


def _keeps_both(attempt: Attempt, events: Sequence[p.Listed], now: datetime) -> Any:
    seen = p.after_list(attempt, events, now)
    if not isinstance(seen, p.Prune):
        return seen
    return p.Adopt(next(e.scheduled_event_id for e in events if _is_of(e, attempt)))


def _is_of(event: p.Listed, attempt: Attempt) -> bool:
    return event.conversation_metadata["attempt_id"] == attempt.attempt_id


def _one_look(attempt: Attempt, talked: bool, now: datetime, *, strict: bool) -> Any:
    move = p.after_conversations(attempt, talked, now, strict=strict)
    return p.Drop("looked once") if isinstance(move, p.Count) else move


def _looks_close_together(attempt: Attempt, talked: bool, now: datetime, *, strict: bool) -> Any:
    early = attempt.sought_at and attempt.sought_at - p.AGAIN + timedelta(seconds=20)
    return p.after_conversations(replace(attempt, sought_at=early), talked, now, strict=strict)


def _any_time_counts(attempt: Attempt, talked: bool, now: datetime, *, strict: bool) -> Any:
    past = replace(attempt, scheduled_at=now - _AGES)
    return p.after_conversations(past, talked, now, strict=strict)


def _deaf(attempt: Attempt, _talked: bool, now: datetime, *, strict: bool) -> Any:
    return p.after_conversations(attempt, False, now, strict=strict)


def _clock_is_right(_attempt: Attempt, _now: datetime) -> bool:
    return False


def _gone_is_withdrawn(_attempt: Attempt, _now: datetime) -> bool:
    return True


#: Lists lag by ten minutes, conversations by one; nothing else is out of the ordinary.
SLOW_LISTS = Setting(list_lag=600, pairs=False, clock=False)
#: Telnyx rings at once what is asked for an instant that has passed.
PAST_RINGS = Setting(past_rings=True, pairs=False, clock=False)


class Mutant(NamedTuple):
    """A protocol that lacks a rule, and the kind of world in which that shows."""

    rules: Rules
    setting: Setting = Setting()


MUTANTS: Mapping[str, Mutant] = {
    "no key": Mutant(Rules(before_dial=_no_key)),
    "sent again after an unknown, same key": Mutant(
        Rules(next_move=_sends_again(lambda attempt: attempt.attempt_id))
    ),
    "sent again after an unknown, new key": Mutant(
        Rules(next_move=_sends_again(lambda attempt: f"{attempt.attempt_id}-again"))
    ),
    "sent is written after the request": Mutant(Rules(before_dial=_sent_written_after)),
    "a 5xx means not executed": Mutant(Rules(judge=_judges(500))),
    "a 409 means not executed": Mutant(Rules(judge=_judges(409))),
    "events are not matched by attempt id": Mutant(Rules(after_list=_any_event)),
    "surplus events stay": Mutant(Rules(after_list=_keeps_both)),
    "one look is enough": Mutant(Rules(after_conversations=_one_look)),
    "the second look comes 20 s after the first": Mutant(
        Rules(after_conversations=_looks_close_together)
    ),
    "looks count before the ring time": Mutant(Rules(after_conversations=_any_time_counts)),
    "a clock that was moved back is believed": Mutant(
        Rules(has_moved_back=_clock_is_right), Setting(cancel=True)
    ),
    "whatever is gone was withdrawn in time": Mutant(
        Rules(is_withdrawn=_gone_is_withdrawn), Setting(cancel=True)
    ),
    "conversations are not asked": Mutant(Rules(after_conversations=_deaf), SLOW_LISTS),
    "a request leaves however late": Mutant(Rules(before_dial=_goes_however_late)),
}
