"""Where a mission stands at a glance: steps, targets, money; made from its state. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.clock_words import their_clock
from telnyx_toolkit.comparison import row_headline
from telnyx_toolkit.model import Attempt, Target
from telnyx_toolkit.offers import offer_in
from telnyx_toolkit.spending import spent
from telnyx_toolkit.standing import Standing, standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.untrusted import one_line, quoted
from telnyx_toolkit.wording import money

_WORDS = 90
_OVER = {"completed", "skipped", "failed"}
_TIME = "%a %H:%M %Z"
#: What an attempt under way is doing, by its phase.
_UNDER_WAY = {
    "requested": "about to be scheduled",
    "sent": "being scheduled",
    "unknown": "no answer from Telnyx: being looked for",
    "ended": "over; fetching what was said",
}


@dataclass(frozen=True)
class Row:
    """One target.

    Attributes:
        now: What is happening, or what came of it: `rings Mon 09:03 CST`, `$62, confirmed`.
        tries: How often they were tried, of how often they may be; "" before the first.
        told: What they are told of in this call, or "".
        words: What they said last, quoted, or "".
        is_open: Something is under way with them.
        is_resolved: Nobody will reach out to them again.
    """

    name: str
    now: str
    tries: str
    told: str
    words: str
    is_open: bool
    is_resolved: bool


@dataclass(frozen=True)
class Board:
    """A mission at a glance.

    Attributes:
        title: Its name, id and state.
        steps: The steps in one line: `setup done, calls 1 of 3 done, compare pending`.
        rows: The targets shown, in the order of the brief.
        more: What is not shown of them, or "".
        money: What is spent or set aside, against the cap.
    """

    title: str
    steps: str
    rows: tuple[Row, ...]
    more: str
    money: str


def board(state: MissionState, most: int = 40) -> Board:
    """The mission at a glance.

    Args:
        state: What happened; it has been planned.
        most: So many targets are shown: what is under way first, then what is to come.
    """
    brief = Brief.model_validate(state.current)
    rows = [_row(brief, state, target) for target in state.targets]
    shown = _most_telling(rows, most)
    left_out = [row for row in rows if row not in shown]
    done = sum(row.is_resolved for row in left_out)
    return Board(
        title=f"{one_line(state.name)} ({state.mission_id}): {state.phase}",
        steps=_steps(state),
        rows=shown,
        more=f"and {len(left_out)} more, {done} of them done" if left_out else "",
        money=f"about {money(spent(state), 'USD')} of {money(brief.limits.spend_usd, 'USD')}",
    )


def _most_telling(rows: Sequence[Row], most: int) -> tuple[Row, ...]:
    """At most so many, in their order: those under way, else the next, else the last done."""

    def weight(place: int) -> tuple[bool, bool, int]:
        row = rows[place]
        return (not row.is_open, row.is_resolved, -place if row.is_resolved else place)

    kept = sorted(sorted(range(len(rows)), key=weight)[:most])
    return tuple(rows[place] for place in kept)


def _row(brief: Brief, state: MissionState, target: Target) -> Row:
    where = standing(brief, state, target.step_id)
    tries = state.attempts_at(target.step_id)
    latest = tries[-1] if tries else None
    is_open = latest is not None and latest.is_open
    now, words = _now(brief, state, target, where)
    return Row(
        name=one_line(target.name, 60),
        now=now,
        tries=f"try {len(tries)} of {brief.limits.attempts_per_target}" if tries else "",
        told=one_line(latest.leverage["text"]) if latest and latest.leverage else "",
        words=words,
        is_open=is_open,
        is_resolved=where.is_resolved,
    )


def _now(brief: Brief, state: MissionState, target: Target, where: Standing) -> tuple[str, str]:
    """What is happening with a target, and what they said last."""
    attempt = where.attempt
    if attempt is None:
        return _before_any(state, target), ""
    if attempt.is_open:
        return _under_way(attempt, target), ""
    if attempt.phase != "collected":
        return "a person must find out whether they were called", ""
    offer = offer_in(brief, state, attempt)
    said = offer.words if offer and offer.words else _last_said(attempt)
    headline = row_headline(brief, offer, where.outcome)
    later = "" if where.is_resolved or state.is_finished else "; to be tried again"
    return headline + later, quoted(said, _WORDS) if said else ""


def _before_any(state: MissionState, target: Target) -> str:
    if target.step_id in state.barred:
        return "on the do-not-call list"
    return "not called" if state.is_finished else "to come"


def _under_way(attempt: Attempt, target: Target) -> str:
    if attempt.awaits_reply:
        return "text delivered; waiting for an answer"
    if attempt.phase != "scheduled":
        return _UNDER_WAY.get(attempt.phase, attempt.phase)
    at = their_clock(attempt.scheduled_at, target, _TIME)
    return f"text goes out {at}" if attempt.channel == "sms" else f"rings {at}"


def _last_said(attempt: Attempt) -> str:
    theirs = [turn["text"] for turn in attempt.transcript if turn["role"] != "assistant"]
    return str(theirs[-1]) if theirs else ""


def _steps(state: MissionState) -> str:
    """The plan's steps in one line, those of targets counted."""
    of_targets = {target.step_id for target in state.targets}
    calls = [step for step in state.steps if step.step_id in of_targets]
    done = sum(step.status in _OVER for step in calls)
    told: list[str] = []
    for step in state.steps:
        if step.step_id not in of_targets:
            word = "done" if step.status == "completed" else step.status.replace("_", " ")
            told.append(f"{step.step_id} {word}")
        elif step is calls[0]:
            told.append(f"targets {done} of {len(calls)} done")
    return ", ".join(told)
