"""The choice among the offers: which one, why not the others, and what to do next."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.comparison import amount_text, figure, gaps_text, question_for
from telnyx_toolkit.figures import as_number
from telnyx_toolkit.model import Json
from telnyx_toolkit.negotiation import covers
from telnyx_toolkit.offers import Offer, baseline, final_offers, ranked
from telnyx_toolkit.places import zones_of
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.wording import label, money

_SILENT: Mapping[str, str] = {
    "needs_review": "to be reviewed: what was said does not bear out what was claimed",
    "not_called": "not called",
}


def recommendation(brief: Brief, state: MissionState, now: datetime) -> dict[str, Any] | None:
    """The best offer with its arithmetic; None where none counts at `now` (UTC)."""
    order = ranked(brief, final_offers(brief, state), now)
    first = baseline(brief, state)
    if not order or first is None or brief.objective is None:
        return None
    chosen, quantity = order[0], brief.objective.quantity
    total, before = chosen.total or Decimal(0), first.total or Decimal(0)
    saving = max(Decimal(0), brief.objective.sign * (before - total))
    return {
        **(figure(brief, chosen) or {}),
        "step_id": chosen.step_id,
        "because": _because(brief, order),
        "covers": covers(brief, chosen, brief.language_of(chosen.target_name)),
        "quantity": as_number(quantity),
        "saving": as_number(saving),
        "saving_text": money(saving, chosen.currency, brief.voice.language),
        "baseline_target": first.target_name,
        "baseline_text": amount_text(brief, first),
        "arithmetic": _arithmetic(brief, first, chosen, saving),
        **_against_mandate(brief, total),
    }


def judge(brief: Brief, state: MissionState, rows: list[dict[str, Any]], now: datetime) -> None:
    """Give each row its rank among the offers that count, and why it was not chosen."""
    offers = {offer.step_id: offer for offer in final_offers(brief, state)}
    order = ranked(brief, offers.values(), now)
    places = {offer.step_id: n for n, offer in enumerate(order, 1)}
    for row in rows:
        row["rank"] = places.get(row["step_id"])
        is_chosen = row["rank"] == 1
        row["lost_because"] = (
            "" if is_chosen else _lost(brief, row, offers.get(row["step_id"]), order, now)
        )


def next_steps(
    brief: Brief,
    state: MissionState,
    chosen: Json | None,
    rows: list[dict[str, Any]],
    booking: Json | None = None,
) -> list[str]:
    """What a person does now, the most important first.

    Once something is booked, what the others left open does not matter any more.
    """
    steps = _after_booking(booking) if booking else []
    if booking and booking["booked"]:
        return steps
    if chosen and chosen["past_walk_away"]:
        steps.append(
            f"Do not accept: {chosen['target']} is past the walk-away figure, and is the best."
        )
    elif chosen:
        steps.append(f"Confirm with {chosen['target']}{_by(state, chosen)}.")
    for row in rows:
        steps += _questions(brief, row)
    return steps


def _after_booking(booking: Json) -> list[str]:
    steps: list[str] = []
    if done := booking["booked"]:
        conversation = f"conversation {done['conversation_id']}"
        steps.append(f"Keep the words of the confirmation by {done['target']}: {conversation}.")
    return [*steps, *booking["lines"]]


def _by(state: MissionState, chosen: Json) -> str:
    if not chosen["valid_until"]:
        return ""
    target = state.target(chosen["step_id"])
    zone = (zones_of(target.phone, target.timezone) or ("UTC",))[0]
    end = datetime.fromisoformat(chosen["valid_until"]).astimezone(ZoneInfo(zone))
    return f" before {end:%a %d %b %Y %H:%M} ({zone})"


def _questions(brief: Brief, row: Json) -> Iterator[str]:
    if row["unknown"]:
        asked = "; ".join(question_for(brief, name) for name in row["unknown"])
        yield f"Ask {row['name']}: {asked}."
    gaps: list[str] = row["offer"]["not_comparable_because"] if row["offer"] else []
    if open_scope := [name for name in gaps if name not in row["unknown"]]:
        names = ", ".join(label(name) for name in open_scope)
        yield f"{row['name']}'s figure covers something else ({names}): ask for the one that does."
    if row["outcome"] == "needs_review":
        yield f"Read conversation {row['conversation_id']} of {row['name']}, and decide what holds."
    if row["outcome"] == "unresolved":
        yield f"Find out at Telnyx whether {row['name']} was called."


def _because(brief: Brief, order: list[Offer]) -> str:
    objective = brief.objective
    word = "highest" if objective and objective.maximize else "lowest"
    if len(order) == 1:
        return "the only offer that compares and that the transcript proves"
    tied = order[0].total == order[1].total
    return (
        f"the {word} like-for-like total of {len(order)} proven offers"
        f"{', and the first to make it' if tied else ''}"
    )


def _lost(brief: Brief, row: Json, offer: Offer | None, order: list[Offer], now: datetime) -> str:
    if offer is None or row["outcome"] == "needs_review":
        return _SILENT.get(row["outcome"], row["outcome"].replace("_", " "))
    if not offer.stands:
        return str(row["headline"])
    return _doubt(offer, now) or _dearer(brief, offer, order[0])


def _doubt(offer: Offer, now: datetime) -> str:
    """Why an offer does not count, or does no longer; "" if it does."""
    if offer.gaps:
        return f"does not compare: {gaps_text(offer)}"
    if not offer.confirmed:
        return f"the transcript does not prove the figure: {offer.why}"
    if offer.doubts:
        return f"the transcript does not bear out: {', '.join(map(label, offer.doubts))}"
    return "" if offer.holds_at(now) else f"ran out on {offer.valid_until:%Y-%m-%d %H:%M} UTC"


def _dearer(brief: Brief, offer: Offer, best: Offer) -> str:
    gap = abs((offer.total or Decimal(0)) - (best.total or Decimal(0)))
    if not gap:
        return f"the same total as {best.target_name}, who offered it first"
    word = "less" if brief.objective and brief.objective.maximize else "more"
    return f"{money(gap, offer.currency, brief.voice.language)} {word} in all"


def _arithmetic(brief: Brief, first: Offer, chosen: Offer, saving: Decimal) -> str:
    language, currency = brief.voice.language, chosen.currency

    def text(amount: Decimal) -> str:
        return money(amount, currency, language)

    quantity = brief.objective.quantity if brief.objective else Decimal(1)
    plain = all(one.total == one.amount * quantity for one in (first, chosen))
    pair = (first.amount, chosen.amount) if plain else (first.total, chosen.total)
    high, low = sorted((one or Decimal(0) for one in pair), reverse=True)
    difference = f"{text(high)} - {text(low)}"
    return (
        f"({difference}) x {as_number(quantity)} = {text(saving)}"
        if plain
        else f"{difference} = {text(saving)}"
    )


def _against_mandate(brief: Brief, total: Decimal) -> dict[str, bool | None]:
    """Whether the best offer meets the target, and whether it is past the walk-away figure."""
    objective = brief.objective
    if objective is None:
        return {"meets_target": None, "past_walk_away": None}
    sign, quantity = objective.sign, objective.quantity
    target, limit = objective.target, objective.walk_away
    return {
        "meets_target": None if target is None else sign * total <= sign * target * quantity,
        "past_walk_away": None if limit is None else sign * total > sign * limit * quantity,
    }
