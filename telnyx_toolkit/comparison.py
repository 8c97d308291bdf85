"""The comparison as data: one row for each target, in which every figure cites its words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from telnyx_toolkit.call_backs import call_back_notes
from telnyx_toolkit.evidence import claims
from telnyx_toolkit.figures import as_number
from telnyx_toolkit.model import Attempt, Json, Target
from telnyx_toolkit.offers import Offer, final_offers, offer_in
from telnyx_toolkit.permitted import CLOSING_MARGIN
from telnyx_toolkit.standing import Standing, standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.wording import label, money, said

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief


def rows(brief: Brief, state: MissionState) -> list[dict[str, Any]]:
    """A row for each target, in the order of the brief."""
    offers = {offer.step_id: offer for offer in final_offers(brief, state)}
    return [_row(brief, state, target, offers.get(target.step_id)) for target in state.targets]


def row_headline(brief: Brief, offer: Offer | None, outcome: str) -> str:
    """One line on how a call went, such as `$62, confirmed`, or `no-answer`."""
    if offer is None:
        return outcome.replace("_", " ")
    text = amount_text(brief, offer)
    if offer.status == "contradicted":
        return f"{text} claimed, {offer.why.partition(', not ')[0]}"
    if offer.gaps:
        return f"{text}, not comparable ({gaps_text(offer)})"
    return f"{text}, {'confirmed' if offer.confirmed else 'not confirmed by the transcript'}"


def figure(brief: Brief, offer: Offer | None) -> dict[str, Any] | None:
    """An offer as data; None where there is none."""
    if offer is None or brief.objective is None:
        return None
    language = brief.voice.language
    total = offer.total
    return {
        "target": offer.target_name,
        "amount": as_number(offer.amount),
        "currency": offer.currency,
        "text": amount_text(brief, offer),
        "per": label(brief.objective.field),
        "total": None if total is None else as_number(total),
        "total_text": "" if total is None else money(total, offer.currency, language),
        "total_made_of": total_words(brief, offer),
        "comparable": offer.is_comparable,
        "not_comparable_because": list(offer.gaps),
        "valid_until": offer.valid_until.isoformat() if offer.valid_until else None,
        "confirmed": offer.confirmed,
        "status": offer.status,
        "words": offer.words,
        "conversation_id": offer.conversation_id,
    }


def amount_text(brief: Brief, offer: Offer) -> str:
    """The figure of an offer, such as `$62`."""
    return money(offer.amount, offer.currency, brief.voice.language)


def gaps_text(offer: Offer) -> str:
    """Why an offer does not compare: `includes dessert: no; service fee percent: unknown`."""
    told = [f"{label(name)}: {said(offer.scope[name])}" for name in offer.differs]
    return "; ".join([*told, *(f"{label(name)}: unknown" for name in offer.unknown)])


def total_words(brief: Brief, offer: Offer) -> str:
    """How the total is made: `50 x $62 = $3,100; delivery fee $150; together $3,250`."""
    objective = brief.objective
    if objective is None or offer.total is None:
        return ""

    def text(amount: Decimal) -> str:
        return money(amount, offer.currency, brief.voice.language)

    quantity, top = objective.quantity, offer.on_top
    base = offer.amount * quantity
    parts = [f"{as_number(quantity)} x {text(offer.amount)} = {text(base)}"]
    if objective.minimum and top[objective.minimum] > base:
        parts.append(f"{label(objective.minimum)} {text(top[objective.minimum])}")
    for name, how in objective.fees.items():
        unit = {"percent": " %", "each": f" x {as_number(quantity)}", "once": ""}[how]
        value = str(as_number(top[name])) if how == "percent" else text(top[name])
        if top[name]:
            parts.append(f"{label(name)} {value}{unit}")
    return "; ".join(parts) + (f"; together {text(offer.total)}" if len(parts) > 1 else "")


def question_for(brief: Brief, name: str) -> str:
    """What to ask to learn a field, as the brief puts it."""
    return brief.collect[name].ask or label(name)


def _row(brief: Brief, state: MissionState, target: Target, offer: Offer | None) -> dict[str, Any]:
    where = standing(brief, state, target.step_id)
    tries = state.attempts_at(target.step_id)
    attempt = _telling(where, offer, tries)
    collected = attempt if attempt and attempt.phase == "collected" else None
    opening = offer_in(brief, state, collected, "opening") if collected else None
    step = state.step(target.step_id)
    return {
        "name": target.name,
        "step_id": target.step_id,
        "outcome": _outcome(where, offer),
        "headline": row_headline(brief, offer, where.outcome),
        "attempts": len(tries),
        "why_called": tries[-1].why if tries else "",
        "why_not_called": step.reason if step and not tries else "",
        "conversation_id": collected.conversation_id if collected else "",
        "opening": figure(brief, opening),
        "offer": figure(brief, offer),
        "told": _told(tries),
        "answers": _answers(brief, collected) if collected else {},
        "evidence": _evidence(brief, collected) if collected else [],
        "unknown": list(_unknown(brief, collected, offer)),
        "notes": [
            *_notes(brief, attempt, opening, offer),
            *call_back_notes(brief.calling, target, tries),
        ],
        "remark": collected.notes if collected else "",
    }


def _telling(where: Standing, offer: Offer | None, tries: Iterable[Attempt]) -> Attempt | None:
    """The try that the row is about: the one of the standing offer, else the latest."""
    made = (one for one in tries if offer and one.attempt_id == offer.attempt_id)
    return next(made, where.attempt)


def _outcome(where: Standing, offer: Offer | None) -> str:
    is_quote = where.outcome == "answered" and offer is not None and offer.confirmed
    return "quoted" if is_quote else where.outcome


def _told(tries: Iterable[Attempt]) -> Json | None:
    """The offer that was cited to a target last, and whether the assistant really spoke of it."""
    cited = [one for one in tries if one.leverage]
    if not cited or cited[-1].leverage is None:
        return None
    spoken = [str(t["text"]) for t in cited[-1].transcript if t["role"] == "assistant"]
    text = str(cited[-1].leverage["text"])
    return {**cited[-1].leverage, "spoken": any(text in line for line in spoken)}


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


def _unknown(brief: Brief, attempt: Attempt | None, offer: Offer | None) -> Iterable[str]:
    """What a comparison or the brief needs, and nobody told."""
    if attempt is None or not attempt.transcript:
        return ()
    claimed = claims(brief, attempt)
    required = [n for n, q in brief.collect.items() if q.required and claimed[n].value is None]
    return dict.fromkeys([*required, *(offer.unknown if offer else ())])


def _notes(
    brief: Brief, attempt: Attempt | None, opening: Offer | None, offer: Offer | None
) -> list[str]:
    notes: list[str] = []
    if opening and offer and opening.amount != offer.amount:
        gap = f", not comparable ({gaps_text(opening)})" if opening.differs else ""
        notes.append(f"opened at {amount_text(brief, opening)}{gap}")
    if attempt and attempt.leverage:
        notes.append(f"was told of {attempt.leverage['text']}")
    if offer and not offer.confirmed:
        end = ": to be reviewed" if offer.status == "contradicted" else ", so it is not ranked"
        notes.append(f"the figure is not borne out by the transcript ({offer.why}){end}")
    if offer and offer.confirmed and offer.doubts:
        names = ", ".join(label(name) for name in offer.doubts)
        notes.append(f"not ranked, since the transcript does not bear out: {names}")
    if attempt:
        notes += [*_slips(brief, attempt), *_about_the_call(attempt)]
    return notes


def _slips(brief: Brief, attempt: Attempt) -> list[str]:
    """What the assistant said though the brief forbids it."""
    spoken = " ".join(str(t["text"]) for t in attempt.transcript if t["role"] == "assistant")
    forbidden = [
        words for words in brief.mandate.never_say if words.casefold() in spoken.casefold()
    ]
    return [f'the assistant said "{words}", which the brief forbids' for words in forbidden]


def _about_the_call(attempt: Attempt) -> list[str]:
    notes: list[str] = []
    if attempt.phase == "unresolved":
        at = attempt.scheduled_at.strftime("%Y-%m-%d %H:%M UTC")
        notes.append(
            "Telnyx's answer was lost, and nobody was called again: check in the Telnyx portal,"
            f" among the assistant's scheduled events and conversations of {at}, whether it rang"
        )
    if (late := _lateness(attempt)) > CLOSING_MARGIN:
        notes.append(f"Telnyx rang {late.total_seconds() // 60:.0f} minutes after the time asked")
    if attempt.insight_problem:
        notes.append(attempt.insight_problem)
    return notes


def _lateness(attempt: Attempt) -> timedelta:
    """How long after its time Telnyx dialled; past the closing margin it may be out of hours."""
    if not attempt.dispatched_at:
        return timedelta(0)
    return datetime.fromisoformat(attempt.dispatched_at) - attempt.scheduled_at
