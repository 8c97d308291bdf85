"""The runner of one call: what may happen at each step of its program, and what each costs.

A step gives its ways to go on. The first is what happens without a fault; each other one says how
many faults it takes. The decisions are the protocol's own (`Rules`); only the doing is played here.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from telnyx_toolkit import protocol as p
from telnyx_toolkit.errors import ErrorResponse, NoResponse, TelnyxError
from tests.protocol.world import (
    DEADLINE,
    JUMP,
    LAG,
    LEAD,
    OPEN,
    TALK,
    Copy,
    Rules,
    Setting,
    State,
    Try,
    accept,
    attempt_of,
    changed,
    instant,
    latest,
    listed,
    pass_time,
)

#: Everything takes a multiple of ten seconds, or no time.
POLL = 10
TEN_MINUTES, LONG = 600, 90_000


class Way(NamedTuple):
    """One way to go on from a step."""

    name: str
    cost: int
    state: State


START = ("start",)


class Runner:
    """The ways from each state, under these rules, in this kind of world."""

    def __init__(self, rules: Rules, setting: Setting) -> None:
        self._rules, self._setting = rules, setting
        # The rules are pure and know only distances in time, so each question is asked once.
        self._next = cache(rules.next_move)
        self._due = cache(rules.due)
        self._withdrawn = cache(rules.is_withdrawn)
        self._before = cache(rules.before_dial)
        self._talks = cache(rules.after_conversations)
        self._steps = {
            "start": self._start,
            "write": self._write,
            "dial": self._dial,
            "post": self._post,
            "list": self._list,
            "talks": self._ask,
            "delete": self._delete,
            "get": self._get,
            "sleep": self._sleep,
        }

    def ways(self, state: State, faults: int) -> Iterator[Way]:
        """Every way on from here with so many faults left; none once the intent is settled."""
        step = self._steps[state.at[0]]
        for way in step(state, *state.at[1:]):
            if way.cost <= faults:
                yield way
        if faults and state.at != ("done",):
            yield from self._mishaps(state)

    # What can happen at every step.

    def _mishaps(self, state: State) -> Iterator[Way]:
        if state.at != START:
            yield Way("killed", 1, self._pass(state, POLL, *START))
        if not state.watched:
            yield Way("stands still for 10 min", 1, self._still(state, TEN_MINUTES))
            yield Way("stands still for 25 h", 1, self._still(state, LONG))
            yield from self._clock(state)
        if self._setting.cancel and not state.cancelled:
            yield Way("a person cancels", 1, state._replace(cancelled=True))

    def _clock(self, state: State) -> Iterator[Way]:
        if state.skew:
            yield Way("the clock is put right", 1, self._moved(state, -state.skew))
        elif self._setting.clock and not state.jumped:
            yield Way("the clock jumps ahead by 1 h", 1, self._moved(state, JUMP))
            yield Way("the clock jumps back by 1 h", 1, self._moved(state, -JUMP))

    def _still(self, state: State, seconds: int) -> State:
        state = pass_time(state, self._setting, seconds)
        return _remembering(_noticing(state, seconds), seconds)

    def _moved(self, state: State, by: int) -> State:
        return _noticing(state._replace(skew=state.skew + by, jumped=True), by)

    def _pass(self, state: State, seconds: int, *at: Any) -> State:
        return pass_time(state, self._setting, seconds)._replace(at=at)

    # The program.

    def _start(self, state: State) -> Iterator[Way]:
        known = state.tries[-1] if state.tries else None
        if known is None or known.phase == "abandoned":
            yield Way("", 0, _done(state) if state.cancelled else _to(state, "write", "requested"))
        elif known.phase not in OPEN:
            yield Way("", 0, _done(state))
        else:
            yield Way("", 0, self._follow_up(state, known))

    def _follow_up(self, state: State, known: Try) -> State:
        move = self._next(attempt_of(len(state.tries) - 1, known), instant(state.skew))
        match move:
            case p.Drop():
                return _to(state, "write", "abandoned")
            case p.Look():
                return _to(state, "list", False, state.skew)
            case p.Follow():
                return _to(state, "get", "end")
            case p.Send():
                return _to(state, "post", move.key)
            case _ if state.cancelled and known.phase == "scheduled" and not self._is_back(state):
                return _to(state, "get", "withdraw")
            case _:
                return _to(state, "sleep", max(known.ring - state.skew, POLL))

    def _write(self, state: State, kind: str, then: tuple[Any, ...] = START) -> Iterator[Way]:
        """One durable fact: killed before it, or (at the next step) after it."""
        if kind == "requested":
            written = state.skew if self._setting.cancel else None  # only a withdrawal asks for it
            new = Try("requested", ring=state.skew + LEAD, written=written)
            state = state._replace(tries=(*state.tries, new))
            yield Way("", 0, state._replace(at=("dial", 0)))
        elif kind == "sent":
            state = changed(state, phase="sent", was_sent=True)
            yield Way("", 0, state._replace(at=then))
        elif kind == "sought":
            state = changed(state, looks=latest(state).looks + 1, sought=state.skew)
            yield Way("", 0, state._replace(at=then))
        else:
            bad = state.bad
            if kind == "abandoned" and any(_rang(state)):
                bad = "a call that rang was given up"
            yield Way("", 0, changed(state, phase=kind)._replace(at=then, bad=bad))

    def _dial(self, state: State, gone: int) -> Iterator[Way]:
        step = self._before(self._attempt(state), timedelta(seconds=gone))
        if isinstance(step, p.Mark):
            yield Way("", 0, _to(state, "write", "sent", ("dial", gone)))
        elif isinstance(step, p.Drop):
            yield Way("", 0, _to(state, "write", "abandoned"))
        else:
            yield Way("", 0, _to(state, "post", step.key))
            late = self._before(self._attempt(state), timedelta(seconds=TEN_MINUTES))
            frozen = state
            if isinstance(late, p.Send):
                frozen = self._later(state, late.key, TEN_MINUTES)
            yield Way("freezes for 10 min, another takes over", 1, frozen._replace(at=START))

    def _post(self, state: State, key: str) -> Iterator[Way]:
        copy = Copy(len(state.tries) - 1, key, latest(state).ring)
        done = accept(state, self._setting, copy, keeps=True)
        failed = accept(state, self._setting, copy, keeps=False) or state
        lost = NoResponse("no answer")
        if done is None:
            yield Way("POST is refused", 0, self._refused(state))
        else:
            again = accept(done, self._setting, copy, keeps=True) or done
            pair = accept(failed, self._setting, copy, keeps=False) or failed
            yield Way("POST", 0, self._heard(done, None, 0))
            yield Way("POST delivered twice", 1, self._heard(again, None, 0))
            yield Way("POST answered 409 to a copy", 1, self._heard(done, _status(409), 0))
            paired = self._heard(pair, _status(500), 0)._replace(watched=True)
            if self._setting.pairs and not state.jumped:
                yield Way("POST delivered twice, 500 after both", 2, paired)
            yield Way("POST done, answer lost", 1, self._heard(done, lost, DEADLINE))
            yield Way("POST done, answered with HTML", 1, self._heard(done, lost, 0))
            yield Way("POST answered 500, done", 1, self._heard(failed, _status(500), 0))
        yield Way("POST lost", 1, self._heard(state, lost, DEADLINE))
        yield Way("POST answered 500, not done", 1, self._heard(state, _status(500), 0))
        yield Way("POST answered 429", 1, self._heard(state, _status(429), 0))
        for late in (30, 90):
            underway = self._later(state, key, DEADLINE + late)
            yield Way(f"POST arrives {late} s late", 1, self._heard(underway, lost, DEADLINE))

    def _refused(self, state: State) -> State:
        """For an instant that has passed; a clock that is behind is then put right by a person."""
        mended = state._replace(skew=0) if state.skew < 0 else state
        return self._heard(mended, _status(400), 0)

    def _heard(self, state: State, problem: TelnyxError | None, seconds: int) -> State:
        """The answer, as the runner has it in memory; what it writes is the next step."""
        phase = {"executed": "scheduled", "not_executed": "abandoned"}.get(
            self._rules.judge(problem), "unknown"
        )
        event = len(state.calls) - 1 if phase == "scheduled" else -1
        if phase == "unknown" and latest(state).phase == "unknown":
            return self._pass(state, seconds, *START)
        at = ("write", phase, START)
        if latest(state).phase == "requested":
            at = ("write", "sent", at)
        state = self._pass(state, seconds, *at)
        return changed(state, event=event) if event >= 0 else state

    def _list(self, state: State, again: bool, asked: int) -> Iterator[Way]:
        fresh = {n for n, c in enumerate(state.calls) if c.created > -self._setting.list_lag}
        yield Way("LIST", 0, self._listed(state, again, asked, set()))
        if any(not state.calls[n].is_gone for n in fresh):
            yield Way("LIST is stale", 1, self._listed(state, again, asked, fresh))
        yield Way("LIST fails", 1, self._pass(state, POLL, *START))

    def _listed(self, state: State, again: bool, asked: int, hidden: set[int]) -> State:
        shown = [n for n, c in enumerate(state.calls) if not c.is_gone and n not in hidden]
        events = [listed(state, n) for n in shown]
        seen = self._rules.after_list(self._attempt(state), events, instant(asked))
        match seen:
            case p.Adopt(event_id):
                state = changed(state, event=int(event_id[1:]))
                return self._pass(state, 0, "write", "scheduled")
            case p.Prune(event_ids) if not again:
                left = tuple(int(event_id[1:]) for event_id in event_ids)
                return self._pass(state, 0, "delete", left, "prune")
            case p.Prune():
                return self._pass(state, POLL, *START)
            case _:
                return self._pass(state, 0, "talks", asked)

    def _ask(self, state: State, asked: int) -> Iterator[Way]:
        rang = [c for c in state.calls if c.rang and c.attempt == len(state.tries) - 1]
        yield Way("CONVERSATIONS", 0, self._asked(state, asked, bool(rang)))
        if rang and all(c.ring > -LAG for c in rang):
            yield Way("CONVERSATIONS is stale", 1, self._asked(state, asked, False))
        yield Way("CONVERSATIONS fails", 1, self._pass(state, POLL, *START))

    def _asked(self, state: State, asked: int, talked: bool) -> State:
        move = self._talks(
            self._attempt(state), talked, instant(asked), strict=self._setting.strict
        )
        match move:
            case p.Drop():
                return self._pass(state, 0, "write", "abandoned")
            case p.Unresolve():
                return self._pass(state, 0, "write", "unresolved")
            case p.Count():
                return self._pass(state, 0, "write", "sought", ("sleep", None))
            case _:
                return self._pass(state, 0, "sleep", None)

    def _delete(self, state: State, left: tuple[int, ...], why: str) -> Iterator[Way]:
        if not left:
            yield Way("", 0, _to(state, "list", True, state.skew))
            return
        gone = _deleted(state, left[0])
        onward = ("delete", left[1:], why) if why == "prune" else ("get", "withdrawn")
        yield Way("DELETE", 0, self._pass(gone, 0, *onward))
        yield Way("DELETE lost", 1, self._pass(state, POLL, *START))
        yield Way("DELETE done, answer lost", 1, self._pass(gone, POLL, *START))

    def _get(self, state: State, why: str) -> Iterator[Way]:
        if why == "withdrawn":
            yield Way("", 0, self._withdraw(state))
            return
        call = state.calls[latest(state).event]
        yield Way("GET", 0, self._got(state, why, None if call.is_gone else call.rang))
        yield Way("GET fails", 1, self._pass(state, POLL, *START))

    def _got(self, state: State, why: str, rang: bool | None) -> State:
        event = latest(state).event
        if why == "withdraw":
            if rang is None:
                return self._withdraw(state)
            at = ("sleep", POLL) if rang else ("delete", (event,), why)
            return self._pass(state, 0, *at)
        over = rang is None or listed(state, event).status == "completed"
        at = ("write", "ended") if over else ("sleep", TALK)
        return self._pass(state, 0, *at)

    def _withdraw(self, state: State) -> State:
        if self._withdrawn(self._attempt(state), instant(state.skew)):
            return _to(state, "write", "abandoned")
        return _to(state, "sleep", POLL)

    def _sleep(self, state: State, seconds: int | None) -> Iterator[Way]:
        if seconds is None:
            until = self._due(self._attempt(state), instant(state.skew))
            seconds = int((until - instant(state.skew)).total_seconds())
        yield Way("", 0, self._pass(state, max(seconds, POLL), *START))

    def _later(self, state: State, key: str, seconds: int) -> State:
        """A copy of the request arrives so much later, unless it will be refused then."""
        copy = Copy(len(state.tries) - 1, key, latest(state).ring, seconds)
        if copy.ring <= seconds and not self._setting.past_rings:
            return state
        return state._replace(copies=(*state.copies, copy))

    def _is_back(self, state: State) -> bool:
        return self._rules.has_moved_back(self._attempt(state), instant(state.skew))

    def _attempt(self, state: State) -> Any:
        return attempt_of(len(state.tries) - 1, latest(state))


def judged(state: State, setting: Setting) -> str:
    """What is wrong once the runner has nothing left to do, or will be later; "" if nothing is."""
    state = pass_time(state, setting, LONG)
    if not state.tries:
        return state.bad
    rang = sum(_rang(state))
    if rang and latest(state).phase not in {"ended", "unresolved"}:
        return state.bad or "a call rang, and its outcome was lost"
    if latest(state).phase == "ended" and not rang and not setting.cancel:
        return state.bad or "the outcome is that of another call"
    return state.bad


def _rang(state: State) -> Iterator[bool]:
    return (c.rang for c in state.calls if c.attempt == len(state.tries) - 1)


def _to(state: State, *at: Any) -> State:
    return state._replace(at=at)


def _done(state: State) -> State:
    return state._replace(at=("done",))


def _deleted(state: State, number: int) -> State:
    calls = list(state.calls)
    calls[number] = calls[number]._replace(is_gone=True)
    return state._replace(calls=tuple(calls))


def _remembering(state: State, seconds: int) -> State:
    """A look counts for the moment before it, however late its answer is read."""
    if state.at[0] in {"list", "talks"}:
        return state._replace(at=(*state.at[:-1], state.at[-1] - seconds))
    return state


def _noticing(state: State, seconds: int) -> State:
    """A process on its way to the socket sees how far its clock went since `attempt.sent`."""
    if state.at[0] == "dial":
        return state._replace(at=("dial", state.at[1] + seconds))
    if state.at[0] == "write" and state.at[1] == "sent" and state.at[2][0] == "dial":
        return state._replace(at=("write", "sent", ("dial", state.at[2][1] + seconds)))
    return state


def _status(status: int) -> ErrorResponse:
    return ErrorResponse(f"answered {status}", status=status)
