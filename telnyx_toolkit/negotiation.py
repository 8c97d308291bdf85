"""Negotiating: what may be cited to whom, who comes next and why, and when to stop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from telnyx_toolkit.model import Attempt, Json
from telnyx_toolkit.offers import STANDING, Offer, best, final_offer, final_offers
from telnyx_toolkit.places import region_of
from telnyx_toolkit.rates import USUAL_MINUTES
from telnyx_toolkit.spending import card_of
from telnyx_toolkit.standing import outcome_of, standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.wording import label, money, said

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, and why."""

    step_id: str
    why: str


def leverage(brief: Brief, state: MissionState, step_id: str, now: datetime) -> Offer | None:
    """The offer to cite in the next call to a target, at `now` (UTC): never its own.

    It is the best that compares like for like, that the transcript proves, and that holds.
    """
    others = [offer for offer in final_offers(brief, state) if offer.step_id != step_id]
    return best(brief, others, now)


def covers(brief: Brief, offer: Offer, language: str) -> list[str]:
    """What an offer includes and what comes on top, each in a few words."""
    scope = [label(name) for name, value in offer.scope.items() if value is True]
    scope += [f"{label(n)} {v}" for n, v in offer.scope.items() if not isinstance(v, bool)]
    on_top = offer.on_top.items()
    scope += [f"{label(n)} {said(v, brief.collect[n].unit, language)}" for n, v in on_top]
    return scope


def cite(brief: Brief, offer: Offer, language: str) -> dict[str, str]:
    """The words in which an offer is cited: `text` (`$62`), `scope` and `source`."""
    scope = covers(brief, offer, language)
    return {
        "text": money(offer.amount, offer.currency, language),
        "scope": f"({', '.join(scope)})" if scope else "",
        "source": offer.target_name if brief.leverage.name_competitors else "",
    }


def earlier(
    brief: Brief, state: MissionState, step_id: str, language: str
) -> dict[str, str] | None:
    """What a target offered in an earlier call (`text`) and left open (`open`), for a return."""
    offer = final_offer(brief, state, step_id) if brief.leverage.return_to_earlier else None
    if offer is None:
        return None
    told = cite(brief, offer, language)
    names = (brief.collect[name].ask or label(name) for name in offer.gaps)
    return {"text": f"{told['text']} {told['scope']}".strip(), "open": "; ".join(names)}


def left_to_gain(brief: Brief, state: MissionState, now: datetime) -> Decimal | None:
    """How far the best offer is from the brief's target, for the whole quantity.

    None where nobody can tell: there is no target, or no offer yet.
    """
    objective = brief.objective
    in_hand = best(brief, final_offers(brief, state), now)
    if objective is None or objective.target is None or in_hand is None or in_hand.total is None:
        return None
    wanted = objective.target * objective.quantity
    return max(Decimal(0), objective.sign * (in_hand.total - wanted))


def why_stop(brief: Brief, state: MissionState, step_id: str, now: datetime) -> str:
    """Why a call to a target cannot pay for itself; "" where it can, or nobody can tell."""
    gain = left_to_gain(brief, state, now)
    if gain is None or brief.objective is None:
        return ""
    if gain == 0:
        return "the target figure is reached"
    currency = brief.collect[brief.objective.field].unit
    minutes = min(USUAL_MINUTES, brief.limits.minutes_per_call)
    cost = card_of(state).call(region_of(state.target(step_id).phone), minutes)
    if currency != "USD" or gain > cost:
        return ""
    return f"at most {money(gain, 'USD')} is left to gain, and a call costs {money(cost, 'USD')}"


def order(brief: Brief, state: MissionState, steps: Iterable[str], now: datetime) -> list[Turn]:
    """Who is called next, in order, each with the reason.

    The first of the brief gives the baseline; of the others, those who are expected to be best
    come first, since their offers help with the rest; then those who have to be tried again.
    """
    sign = brief.objective.sign if brief.objective else 1
    hints = {target.name: target.expects for target in brief.targets}
    baseline = state.targets[0].step_id if state.targets else ""

    def rank(step_id: str) -> tuple[bool, bool, bool, Decimal]:
        hint = hints.get(state.target(step_id).name)
        tried = bool(state.attempts_at(step_id))
        return tried, step_id != baseline, hint is None, sign * (hint or Decimal(0))

    in_hand = best(brief, final_offers(brief, state), now)
    turns = sorted(steps, key=rank)
    return [Turn(step, _why(brief, state, step, in_hand)) for step in turns]


def returns(brief: Brief, state: MissionState, now: datetime) -> list[Turn]:
    """Who is called once more with a better offer, or with what theirs left open, in order."""
    objective = brief.objective
    if objective is None or not brief.leverage.return_to_earlier or not brief.kind.carries_offers:
        return []
    offers = final_offers(brief, state)
    in_hand = best(brief, offers, now)
    found = [
        (offer, why)
        for offer in offers
        if _may_be_called_again(brief, state, offer)
        and (why := _why_return(brief, state, offer, in_hand))
    ]
    found.sort(key=lambda each: objective.sign * (each[0].total or each[0].amount))
    return [Turn(offer.step_id, why) for offer, why in found]


def may_return(brief: Brief, state: MissionState, step_id: str, now: datetime) -> bool:
    """Whether a target that answered may be called once more."""
    return any(turn.step_id == step_id for turn in returns(brief, state, now))


def _why(brief: Brief, state: MissionState, step_id: str, in_hand: Offer | None) -> str:
    tries = state.attempts_at(step_id)
    if tries:
        outcome = standing(brief, state, step_id).outcome.replace("_", " ")
        return f"tried again after: {outcome}"
    if in_hand is None or in_hand.step_id == step_id:
        return "gives the baseline"
    text = money(in_hand.amount, in_hand.currency, brief.voice.language)
    return f"carries {text}, the best offer so far"


def _may_be_called_again(brief: Brief, state: MissionState, offer: Offer) -> bool:
    """Whether their one talk was the latest try, so that nobody came back to them yet."""
    tries = state.attempts_at(offer.step_id)
    talks = [one for one in tries if _answered(brief, one)]
    is_open = offer.step_id not in state.barred and len(tries) < brief.limits.attempts_per_target
    return is_open and len(talks) == 1 and tries[-1] == talks[0]


def _answered(brief: Brief, attempt: Attempt) -> bool:
    return attempt.phase == "collected" and outcome_of(brief, attempt) in STANDING


def _why_return(brief: Brief, state: MissionState, offer: Offer, in_hand: Offer | None) -> str:
    objective = brief.objective
    if objective is None or (in_hand and in_hand.step_id == offer.step_id):
        return ""
    least = offer.amount * objective.quantity
    could_win = in_hand is None or objective.sign * (least - (in_hand.total or least)) < 0
    if offer.confirmed and offer.unknown and not offer.differs and could_win:
        return f"called once more to ask: {', '.join(label(name) for name in offer.unknown)}"
    told = state.attempts_at(offer.step_id)[-1].leverage
    if in_hand is None or not _is_news(objective.sign, in_hand, told):
        return ""
    text = money(in_hand.amount, in_hand.currency, brief.voice.language)
    return f"called once more with the better offer of {text}"


def _is_news(sign: int, in_hand: Offer, told: Json | None) -> bool:
    if told is None or "total" not in told:
        return told is None
    return sign * (in_hand.total or Decimal(0)) < sign * Decimal(told["total"])
