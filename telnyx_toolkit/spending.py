"""What a mission has spent and set aside: reserved before each dial, settled after it."""

from decimal import ROUND_CEILING, Decimal

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.model import Attempt, Target
from telnyx_toolkit.places import region_of
from telnyx_toolkit.rates import RateCard, card_in
from telnyx_toolkit.state import MissionState


def reserve(brief: Brief, card: RateCard, target: Target, text: str = "") -> Decimal:
    """Money set aside before a dial: the longest the call can get, or the message; USD."""
    region = region_of(target.phone)
    if target.channel == "sms":
        return card.message(region, text)
    return card.call(region, brief.limits.minutes_per_call)


def spent(state: MissionState) -> Decimal:
    """Estimated spending so far, USD: settled for calls that ended, reserved for the others."""
    if not state.attempts:
        return Decimal(0)
    card = card_of(state)
    return sum((_cost(state, card, attempt) for attempt in state.attempts), Decimal(0))


def text_for(state: MissionState, target: Target) -> str:
    """The text message of the plan for a target; "" for one that is called."""
    texts: dict[str, str] = state.plan.document["messages"] if state.plan else {}
    return texts.get(target.step_id, "")


def card_of(state: MissionState) -> RateCard:
    """The prices of the mission's plan, which the person saw: they rule until its end."""
    return card_in(state.rates)


def _cost(state: MissionState, card: RateCard, attempt: Attempt) -> Decimal:
    if not attempt.may_have_rung:
        return Decimal(0)
    if attempt.phase in {"ended", "collected"} and attempt.channel == "call":
        minutes = (Decimal(attempt.duration_s) / 60).to_integral_value(ROUND_CEILING)
        return card.call(region_of(state.target(attempt.step_id).phone), int(minutes))
    return Decimal(attempt.reserved_usd)
