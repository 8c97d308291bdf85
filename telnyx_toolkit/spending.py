"""What a mission has spent and set aside: reserved before each dial, settled after it."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from telnyx_toolkit.memo import remembered
from telnyx_toolkit.model import Attempt, Json, Target
from telnyx_toolkit.places import region_of
from telnyx_toolkit.rates import RateCard, card_in
from telnyx_toolkit.rows import Rows
from telnyx_toolkit.state import MissionState

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief

_card_in = remembered(card_in, 32)


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
    known = state.reckoned.get("spent")
    if known is None or known.rates is not state.rates:
        known = _Spent(state.rates)
        state.reckoned["spent"] = known
    return known.by(state)


class _Spent:
    """What attempts cost, reckoned anew only for those that changed.

    Equal costs are counted, and multiplied at the end: exact, however often they changed.
    """

    def __init__(self, rates: Json) -> None:
        self.rates = rates
        self._attempts: Rows[Attempt] | None = None
        self._costs: dict[str, str] = {}
        self._counted = Counter[str]()

    def by(self, state: MissionState) -> Decimal:
        """The sum for all attempts of a state."""
        before = self._attempts
        for one in state.attempts if before is None else state.attempts.changed(before):
            self._settle(state, one.attempt_id)
        self._attempts = state.attempts
        return sum((Decimal(cost) * n for cost, n in self._counted.items() if n), Decimal(0))

    def _settle(self, state: MissionState, attempt_id: str) -> None:
        if old := self._costs.pop(attempt_id, ""):
            self._counted[old] -= 1
        if attempt := state.attempts.find(attempt_id):
            cost = self._costs[attempt_id] = str(_cost(state, card_of(state), attempt))
            self._counted[cost] += 1


def text_for(state: MissionState, target: Target) -> str:
    """The text message of the plan for a target; "" for one that is called."""
    texts: dict[str, str] = state.plan.document["messages"] if state.plan else {}
    return texts.get(target.step_id, "")


def card_of(state: MissionState) -> RateCard:
    """The prices of the mission's plan, which the person saw: they rule until its end."""
    return _card_in(state.rates)


def _cost(state: MissionState, card: RateCard, attempt: Attempt) -> Decimal:
    if not attempt.may_have_rung:
        return Decimal(0)
    if attempt.phase in {"ended", "collected"} and attempt.channel == "call":
        minutes = (Decimal(attempt.duration_s) / 60).to_integral_value(ROUND_CEILING)
        return card.call(region_of(state.target(attempt.step_id).phone), int(minutes))
    return Decimal(attempt.reserved_usd)
