"""What one rehearsed run came to, in figures: small enough to be sent between processes. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_offers import Objective
from telnyx_toolkit.brief_strategies import Bound, folded
from telnyx_toolkit.model import Event, Json
from telnyx_toolkit.state import MissionState

#: Outcomes after which nobody had been spoken to.
UNREACHED = frozenset({"no-answer", "busy", "voicemail", "failed", "no-reply"})
UNTRIED = "not_called"
#: And after which somebody had, who was willing to.
_TALKED = frozenset({"answered", "quoted", "incomplete", "needs_review"})
#: A talk is cut off at a whole line of it: so near to the limit it was.
_A_LINE_S = 10


@dataclass(frozen=True)
class RunRecord:
    """One run that is over.

    Attributes:
        number: Which run, from 1.
        state: How the mission ended.
        finished_at: When it was over, UTC.
        calls: Dials; `texts` are messages sent.
        minutes: Talked with whoever, or whatever, answered.
        usd: What all of it costs, by the estimate.
        chosen: Whom the result recommends, or who confirmed; the first is the best.
        price, total, saving: Of the recommendation, where there is an objective.
        past_walk_away: Whether the recommendation is past the brief's own limit.
        offers: How many offers were proven and compare.
        outcomes: How it stands with each target at the end.
        refused: Why somebody was not called (again), by target: a policy's code.
        spoken: How many people were spoken to, and were willing to.
        told: How many of them answered each question.
        met: How many of those answers are what the brief must have, by field.
        denied: Yes/no questions to which whoever is recommended said no.
        cut: Talks that took as long as a call may.
        used_up: Targets whom no try reached, with all tries made.
    """

    number: int
    state: str
    finished_at: datetime
    calls: int
    texts: int
    minutes: float
    usd: float
    chosen: tuple[str, ...] = ()
    price: float | None = None
    total: float | None = None
    saving: float | None = None
    past_walk_away: bool = False
    offers: int = 0
    outcomes: Mapping[str, str] = field(default_factory=dict[str, str])
    refused: Mapping[str, str] = field(default_factory=dict[str, str])
    spoken: int = 0
    told: Mapping[str, int] = field(default_factory=dict[str, int])
    met: Mapping[str, int] = field(default_factory=dict[str, int])
    denied: tuple[str, ...] = ()
    cut: int = 0
    used_up: int = 0


def record_of(
    number: int, brief: Brief, state: MissionState, payload: Json, events: Iterable[Event]
) -> RunRecord:
    """The record of a run.

    Args:
        number: Which run it was.
        brief: As the person gave it: of all stages.
        state: How the mission ended.
        payload: Its result.
        events: Its facts, in order.
    """
    facts = tuple(events)
    rows: list[Json] = list(payload["targets"])
    made = [one for one in state.attempts if one.may_have_rung]
    calls = [one for one in made if one.channel == "call"]
    best: Json = payload["recommendation"] or {}
    chosen = tuple(_chosen(payload))
    most_s = brief.limits.minutes_per_call * 60 - _A_LINE_S
    tries = brief.limits.attempts_per_target
    return RunRecord(
        number=number,
        state=state.phase,
        finished_at=facts[-1].at,
        calls=len(calls),
        texts=len(made) - len(calls),
        minutes=sum(one.duration_s for one in calls) / 60,
        usd=float(payload["cost"]["estimated_usd"]),
        chosen=chosen,
        price=_figure(best.get("amount")),
        total=_figure(best.get("total")),
        saving=_figure(best.get("saving")),
        past_walk_away=bool(best.get("past_walk_away")),
        offers=sum(_counts(row["offer"]) for row in rows),
        outcomes={row["name"]: row["outcome"] for row in rows},
        refused=_refused(state, facts),
        spoken=sum(row["outcome"] in _TALKED for row in rows),
        told=_told(rows),
        met=_met(brief, rows),
        denied=tuple(_denied(chosen[:1], rows)),
        cut=sum(one.duration_s > most_s for one in calls),
        used_up=sum(r["outcome"] in UNREACHED and r["attempts"] >= tries for r in rows),
    )


def _told(rows: Iterable[Json]) -> dict[str, int]:
    """How many answered each question that was asked."""
    told: Counter[str] = Counter()
    for row in rows:
        told.update({name: value is not None for name, value in row["answers"].items()})
    return dict(told)


def _met(brief: Brief, rows: Sequence[Json]) -> dict[str, int]:
    return {
        name: sum(_meets(bound, row["answers"].get(name)) for row in rows)
        for name, bound in wanted_of(brief).items()
    }


def objectives_of(brief: Brief) -> list[Objective]:
    """Those of the brief and of its stages."""
    return [part.objective for part in (brief, *brief.stages) if part.objective]


def wanted_of(brief: Brief) -> dict[str, Bound]:
    """Every answer that has to be something for an offer or a target to count, by field."""
    wanted: dict[str, Bound] = {}
    for part in (brief, *brief.stages):
        for judge in (part.rubric, part.book):
            wanted |= judge.must if judge else {}
    for objective in objectives_of(brief):
        wanted |= {name: Bound(equals=value) for name, value in objective.like_for_like.items()}
    return wanted


def _chosen(payload: Json) -> Iterator[str]:
    if recommended := payload["recommendation"]:
        yield recommended["target"]
    ranking: Json = payload["ranking"] or {}
    booking: Json = payload["booking"] or {}
    yield from ranking.get("shortlist", ())
    if booked := booking.get("booked"):
        yield booked["target"]


def _counts(offer: Json | None) -> bool:
    return bool(offer and offer["confirmed"] and offer["comparable"])


def _refused(state: MissionState, events: Iterable[Event]) -> dict[str, str]:
    """Whom a rule kept from being called, and which: what was recorded last counts."""
    named = {target.step_id: target.name for target in (*state.former, *state.targets)}
    found = ((named.get(str(e.data.get("step_id"))), e.data.get("code")) for e in events)
    return {name: code for name, code in found if name and isinstance(code, str)}


def _denied(chosen: Iterable[str], rows: Iterable[Json]) -> Iterator[str]:
    by_name = {row["name"]: cast("Mapping[str, Any]", row["answers"]) for row in rows}
    for name in chosen:
        answers = by_name.get(name, {})
        yield from (question for question, value in answers.items() if value is False)


def _meets(bound: Bound, value: object) -> bool:
    if value is None:
        return False
    if isinstance(value, int | float) and not isinstance(value, bool):
        figure = Decimal(str(value))
        if bound.equals is not None:
            return figure == bound.equals
        low = bound.at_least is None or figure >= bound.at_least
        return low and (bound.at_most is None or figure <= bound.at_most)
    if isinstance(value, str) and isinstance(bound.equals, str):
        return folded(value) == folded(bound.equals)
    return value == bound.equals


def _figure(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
