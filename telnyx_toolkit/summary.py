"""The result as data: what came of it, in figures that cite the words that were spoken."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from telnyx_toolkit.booking import booking, confirmed
from telnyx_toolkit.brief import Brief
from telnyx_toolkit.choice import judge, next_steps, recommendation
from telnyx_toolkit.comparison import figure, rows
from telnyx_toolkit.model import Json
from telnyx_toolkit.offers import baseline
from telnyx_toolkit.ranking import ranking
from telnyx_toolkit.spending import card_of, spent
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.wording import money

SCHEMA_VERSION = 2
_ANSWERED = {"answered", "incomplete", "needs_review"}


def build_summary(brief: Brief, state: MissionState, status: str, now: datetime) -> dict[str, Any]:
    """The run's `result_payload`; docs/result.schema.json is its schema.

    Args:
        brief: What was asked.
        state: What happened.
        status: How the run ends (`succeeded`, `failed`, `cancelled`), or `running`.
        now: UTC; an offer that has run out by then is not recommended.

    `confirmation` is left empty: its words are a template's.
    """
    table = rows(brief, state)
    judge(brief, state, table, now)
    chosen = recommendation(brief, state, now)
    counts = _counts(table)
    special = {"ranking": ranking(brief, state), "booking": booking(brief, state)}
    return {
        "schema_version": SCHEMA_VERSION,
        "mission": state.name,
        "strategy": brief.strategy,
        "status": status,
        "headline": _headline(chosen, counts, state.cancel_reason, _first_words(special)),
        "recommendation": chosen,
        **special,
        "lines": special["ranking"]["lines"] if special["ranking"] else [],
        "baseline": figure(brief, baseline(brief, state)),
        "targets": table,
        "next_steps": next_steps(brief, state, chosen, table, special["booking"]),
        "confirmation": "",
        "stages": _stages(state),
        "counts": counts,
        "cost": _money_spent(brief, state),
        "narrative": state.narrative,
    }


def _stages(state: MissionState) -> list[Json]:
    """How the stages before this one ended."""
    keys = ("stage", "name", "shortlist", "run_id")
    return [
        {**{key: past[key] for key in keys}, "headline": past["result_payload"]["headline"]}
        for past in state.past
    ]


def status_of(brief: Brief, state: MissionState) -> str:
    """How a run ends that nobody cancelled.

    `succeeded` if anybody answered, or, where something was to be booked, confirmed; else `failed`.
    """
    if brief.kind.commits:
        return "succeeded" if confirmed(brief, state) else "failed"
    outcomes = {standing(brief, state, t.step_id).outcome for t in state.targets}
    return "succeeded" if outcomes & _ANSWERED else "failed"


def _counts(rows: list[dict[str, Any]]) -> dict[str, Any]:
    called = sum(row["attempts"] > 0 for row in rows)
    quoted = sum(row["outcome"] == "quoted" for row in rows)
    answered = sum(row["outcome"] in _ANSWERED | {"quoted"} for row in rows)
    review = sum(row["outcome"] == "needs_review" for row in rows)
    text = f"{quoted or answered} {'quoted' if quoted else 'answered'} of {called} called"
    text += f", {review} to review" if review else ""
    text += f", {len(rows) - called} not called" if called < len(rows) else ""
    return {
        "targets": len(rows),
        "called": called,
        "answered": answered,
        "quoted": quoted,
        "to_review": review,
        "text": text,
    }


def _money_spent(brief: Brief, state: MissionState) -> dict[str, Any]:
    """What it cost: by our estimate, and by Telnyx's records as far as they are there."""
    estimated = spent(state)
    reached = [a for a in state.attempts if a.call_status in {"completed", "delivered"}]
    known = [Decimal(a.cost_usd) for a in reached if a.cost_usd is not None]
    actual = sum(known, Decimal(0)) if known else None
    text = f"about {money(estimated, 'USD')} (estimate)"
    if actual is not None:
        part = f" for {len(known)} of {len(reached)} calls" if len(known) < len(reached) else ""
        text = f"{money(actual, 'USD')} by Telnyx's records{part}; {text}"
    return {
        "estimated_usd": str(estimated),
        "actual_usd": None if actual is None else str(actual),
        "actual_is_complete": bool(reached) and len(known) == len(reached),
        "cap_usd": str(brief.limits.spend_usd),
        "rates_as_of": card_of(state).oldest().isoformat() if state.plan else "",
        "text": text,
    }


def _first_words(special: Json) -> str:
    """What was booked, or who is on the shortlist: before all else."""
    return " ".join(str(part["headline"]) for part in special.values() if part)


def _headline(recommended: Json | None, counts: Json, cancel_reason: str | None, first: str) -> str:
    if cancel_reason is not None:
        cancelled = f"Cancelled: {cancel_reason or 'no reason given'}. {counts['text']}."
        return f"{cancelled} {first}".strip()
    if first:
        return first
    if recommended is None:
        return f"{counts['text']}."
    text = (
        f"Recommended: {recommended['target']}, {recommended['per']} {recommended['text']}"
        f" ({recommended['total_text']} for {recommended['quantity']})"
    )
    if recommended["saving"]:
        text += (
            f"; {recommended['saving_text']} saved against the baseline of"
            f" {recommended['baseline_text']} ({recommended['baseline_target']})"
        )
    if recommended["past_walk_away"]:
        text += "; past the walk-away figure, so better no deal"
    return text + "."
