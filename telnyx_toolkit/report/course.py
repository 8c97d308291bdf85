"""The course of a negotiation: what each call opened at, was told of, and ended at."""

from collections.abc import Sequence
from typing import Any

from telnyx_toolkit.comparison import amount_text
from telnyx_toolkit.figures import as_number
from telnyx_toolkit.model import Attempt
from telnyx_toolkit.offers import Offer, baseline, offer_in
from telnyx_toolkit.report.safe import Wording
from telnyx_toolkit.report.stage import StageView
from telnyx_toolkit.wording import label, money

Doc = dict[str, Any]


def course(stages: Sequence[StageView], found: Sequence[Doc], wording: Wording) -> Doc | None:
    """The offers of every call in which one was made, in the order of the calls.

    Args:
        stages: Of the mission.
        found: Its calls, as the report has them.
        wording: How texts leave.

    Returns:
        `per`, `currency`, `lines` (`baseline`, `target`, `walk-away`, each with `amount` and
        `text`) and `series`; None where the mission compares no offers.
    """
    priced = [stage for stage in stages if stage.brief.objective]
    if not priced:
        return None
    last = priced[-1]
    objective = last.brief.objective
    assert objective  # noqa: S101 - for the type checker; asked for above
    currency = last.brief.collect[objective.field].unit
    by_id = {call["attempt_id"]: call for call in found}
    series = [
        one
        for stage in priced
        for attempt in stage.attempts
        if (one := _one(stage, attempt, by_id[attempt.attempt_id], wording))
    ]
    return {
        "per": label(objective.field),
        "less_is_better": objective.sign > 0,
        "currency": currency,
        "language": last.brief.voice.language,
        "lines": _lines(last, wording),
        "series": series,
    }


def _lines(stage: StageView, wording: Wording) -> list[Doc]:
    objective = stage.brief.objective
    assert objective  # noqa: S101 - for the type checker; stages without one are left out
    first = baseline(stage.brief, stage.state)
    currency = stage.brief.collect[objective.field].unit
    known = [
        ("baseline", first.amount if first else None, first.target_name if first else ""),
        ("target", objective.target, ""),
        ("walk-away", objective.walk_away, ""),
    ]
    return [
        {
            "name": name,
            "amount": as_number(amount),
            "text": money(amount, currency, stage.brief.voice.language),
            "of": wording.text(of),
        }
        for name, amount, of in known
        if amount is not None
    ]


def _one(stage: StageView, attempt: Attempt, call: Doc, wording: Wording) -> Doc | None:
    brief, state = stage.brief, stage.state
    final = offer_in(brief, state, attempt)
    opening = offer_in(brief, state, attempt, "opening")
    if final is None and opening is None:
        return None
    told = call["told"]
    return {
        "call": call["number"],
        "step_id": attempt.step_id,
        "target": call["target"],
        "local": call["local"],
        "opening": _point(stage, opening, call, wording),
        "told": {"amount": float(told["amount"]), "text": told["text"]} if told else None,
        "final": _point(stage, final, call, wording),
    }


def _point(stage: StageView, offer: Offer | None, call: Doc, wording: Wording) -> Doc | None:
    if offer is None or stage.brief.objective is None:
        return None
    field = stage.brief.objective.field
    return {
        "amount": as_number(offer.amount),
        "text": amount_text(stage.brief, offer),
        "comparable": offer.is_comparable,
        "confirmed": offer.confirmed,
        "words": wording.text(offer.words),
        "quote": quote_in(call, field, offer.stage),
    }


def quote_in(call: Doc, field: str, stage: str = "answers") -> str:
    """The id of a call's quote for a field, or "" where there is none.

    What was said first and held to the end is one quote, of the answers.
    """
    order = (stage, "answers") if stage == "opening" else (stage,)
    for wanted in order:
        for quote in call["quotes"]:
            if quote["field"] == field and quote["stage"] == wanted:
                return str(quote["id"])
    return ""
