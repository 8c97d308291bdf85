"""The result as data: a comparison in which every figure cites the words that were spoken."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.evidence import claims
from telnyx_toolkit.figures import as_number
from telnyx_toolkit.model import Attempt, Json, Target
from telnyx_toolkit.negotiation import Offer, baseline, best, final_offers, offer_in
from telnyx_toolkit.permitted import CLOSING_MARGIN
from telnyx_toolkit.spending import card_of, spent
from telnyx_toolkit.standing import Standing, standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.wording import label, money, said

SCHEMA_VERSION = 1
_ANSWERED = {"answered", "incomplete", "needs_review"}


def build_summary(brief: Brief, state: MissionState, status: str) -> dict[str, Any]:
    """The run's `result_payload`.

    Args:
        brief: What was asked.
        state: What happened.
        status: How the run ends (`succeeded`, `failed`, `cancelled`), or `running`.
    """
    rows = [_row(brief, state, target) for target in state.targets]
    recommended = _recommendation(brief, state)
    counts = _counts(rows)
    return {
        "schema_version": SCHEMA_VERSION,
        "mission": state.name,
        "strategy": brief.strategy,
        "status": status,
        "headline": _headline(recommended, counts, state.cancel_reason),
        "recommendation": recommended,
        "baseline": _figure(brief, baseline(brief, state)),
        "targets": rows,
        "counts": counts,
        "cost": _money_spent(brief, state),
    }


def status_of(brief: Brief, state: MissionState) -> str:
    """How a run ends that nobody cancelled: `succeeded` if anybody answered, else `failed`."""
    outcomes = {standing(brief, state, t.step_id).outcome for t in state.targets}
    return "succeeded" if outcomes & _ANSWERED else "failed"


def row_headline(brief: Brief, offer: Offer | None, outcome: str) -> str:
    """One line on how a call went, such as `$62, confirmed`, or `no-answer`."""
    if offer is None:
        return outcome.replace("_", " ")
    text = money(offer.amount, offer.currency, brief.voice.language)
    if offer.status == "contradicted":
        return f"{text} claimed, {offer.why.partition(', not ')[0]}"
    if not offer.is_comparable:
        return f"{text}, not comparable ({_scope(offer)})"
    return f"{text}, {'confirmed' if offer.confirmed else 'not confirmed by the transcript'}"


def _row(brief: Brief, state: MissionState, target: Target) -> dict[str, Any]:
    where = standing(brief, state, target.step_id)
    attempt = where.attempt
    collected = attempt if attempt and attempt.phase == "collected" else None
    offer = offer_in(brief, state, collected) if collected else None
    opening = offer_in(brief, state, collected, "opening") if collected else None
    tries = state.attempts_at(target.step_id)
    return {
        "name": target.name,
        "step_id": target.step_id,
        "outcome": _outcome(where, offer),
        "headline": row_headline(brief, offer, where.outcome),
        "attempts": len(tries),
        "conversation_id": collected.conversation_id if collected else "",
        "opening": _figure(brief, opening),
        "offer": _figure(brief, offer),
        "told": tries[-1].leverage if tries else None,
        "answers": _answers(brief, collected) if collected else {},
        "evidence": _evidence(brief, collected) if collected else [],
        "notes": _notes(brief, attempt, opening, offer),
        "remark": collected.notes if collected else "",
    }


def _outcome(where: Standing, offer: Offer | None) -> str:
    if where.outcome == "answered" and offer and offer.confirmed:
        return "quoted"
    return where.outcome


def _figure(brief: Brief, offer: Offer | None) -> dict[str, Any] | None:
    if offer is None:
        return None
    return {
        "target": offer.target_name,
        "amount": as_number(offer.amount),
        "currency": offer.currency,
        "text": money(offer.amount, offer.currency, brief.voice.language),
        "per": label(brief.objective.field) if brief.objective else "",
        "comparable": offer.is_comparable,
        "not_comparable_because": list(offer.gaps),
        "confirmed": offer.confirmed,
        "status": offer.status,
        "words": offer.words,
        "conversation_id": offer.conversation_id,
    }


def _answers(brief: Brief, attempt: Attempt) -> dict[str, Any]:
    found = claims(brief, attempt)
    return {
        name: as_number(claim.value) if isinstance(claim.value, Decimal) else claim.value
        for name, claim in found.items()
    }


def _evidence(brief: Brief, attempt: Attempt) -> list[dict[str, Any]]:
    return [
        {
            "field": name,
            "text": said(claim.value, brief.collect[name].unit, brief.voice.language),
            "words": claim.words,
            "confirmed": claim.confirmed,
            "status": claim.status,
            "why": claim.why,
            "conversation_id": attempt.conversation_id,
        }
        for name, claim in claims(brief, attempt).items()
        if claim.value is not None
    ]


def _notes(
    brief: Brief, attempt: Attempt | None, opening: Offer | None, offer: Offer | None
) -> list[str]:
    notes: list[str] = []
    if opening and offer and opening.amount != offer.amount:
        text = money(opening.amount, opening.currency, brief.voice.language)
        gap = "" if opening.is_comparable else f", not comparable ({_scope(opening)})"
        notes.append(f"opened at {text}{gap}")
    if attempt and attempt.leverage:
        notes.append(f"was told of {attempt.leverage['text']}")
    if offer and not offer.confirmed:
        end = ": to be reviewed" if offer.status == "contradicted" else ", so it is not ranked"
        notes.append(f"the figure is not borne out by the transcript ({offer.why}){end}")
    if offer and offer.confirmed and offer.doubts:
        names = ", ".join(label(name) for name in offer.doubts)
        notes.append(f"not ranked, since the transcript does not bear out: {names}")
    if attempt and attempt.phase == "unresolved":
        at = attempt.scheduled_at.strftime("%Y-%m-%d %H:%M UTC")
        notes.append(
            "Telnyx's answer was lost, and nobody was called again: check in the Telnyx portal,"
            f" among the assistant's scheduled events and conversations of {at}, whether it rang"
        )
    if attempt and (late := _lateness(attempt)) > CLOSING_MARGIN:
        notes.append(f"Telnyx rang {late.total_seconds() // 60:.0f} minutes after the time asked")
    if attempt and attempt.insight_problem:
        notes.append(attempt.insight_problem)
    return notes


def _lateness(attempt: Attempt) -> timedelta:
    """How long after its time Telnyx dialled; past the closing margin it may be out of hours."""
    if not attempt.dispatched_at:
        return timedelta(0)
    return datetime.fromisoformat(attempt.dispatched_at) - attempt.scheduled_at


def _scope(offer: Offer) -> str:
    return "; ".join(f"{label(name)}: {said(offer.scope[name])}" for name in offer.gaps)


def _recommendation(brief: Brief, state: MissionState) -> dict[str, Any] | None:
    chosen = best(brief, final_offers(brief, state))
    first = baseline(brief, state)
    if chosen is None or first is None or brief.objective is None:
        return None
    language, quantity = brief.voice.language, brief.objective.quantity
    saving = abs(first.amount - chosen.amount) * quantity
    total = chosen.amount * quantity
    return {
        **(_figure(brief, chosen) or {}),
        "quantity": as_number(quantity),
        "total": as_number(total),
        "total_text": money(total, chosen.currency, language),
        "saving": as_number(saving),
        "saving_text": money(saving, chosen.currency, language),
        "baseline_target": first.target_name,
        "baseline_text": money(first.amount, first.currency, language),
        "arithmetic": _arithmetic(brief, first, chosen, saving),
        **_against_mandate(brief, chosen),
    }


def _arithmetic(brief: Brief, first: Offer, chosen: Offer, saving: Decimal) -> str:
    language, currency = brief.voice.language, chosen.currency
    quantity = brief.objective.quantity if brief.objective else Decimal(1)
    high, low = sorted((first.amount, chosen.amount), reverse=True)
    return (
        f"({money(high, currency, language)} - {money(low, currency, language)})"
        f" x {as_number(quantity)} = {money(saving, currency, language)}"
    )


def _against_mandate(brief: Brief, chosen: Offer) -> dict[str, bool | None]:
    """Whether the best offer meets the target, and whether it is past the walk-away figure."""
    objective = brief.objective
    sign = -1 if objective and objective.maximize else 1
    target = objective.target if objective else None
    limit = objective.walk_away if objective else None
    return {
        "meets_target": None if target is None else sign * chosen.amount <= sign * target,
        "past_walk_away": None if limit is None else sign * chosen.amount > sign * limit,
    }


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


def _headline(recommended: Json | None, counts: Json, cancel_reason: str | None) -> str:
    if cancel_reason is not None:
        return f"Cancelled: {cancel_reason or 'no reason given'}. {counts['text']}."
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
