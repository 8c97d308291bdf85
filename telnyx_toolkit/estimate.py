"""What a plan may cost: reckoned from dated prices, an estimate and never a bill."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from telnyx_toolkit.model import Target
from telnyx_toolkit.places import region_of
from telnyx_toolkit.rates import STALE_AFTER, USUAL_MINUTES, RateCard

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief


def estimate(
    brief: Brief,
    targets: tuple[Target, ...],
    messages: Mapping[str, str],
    card: RateCard,
    now: datetime,
) -> dict[str, Any]:
    """The `estimate` of a plan, in minutes and USD.

    `usd` is for every target reached once by a call of usual length, `usd_at_most` for every
    attempt that the brief allows, each as long as it may get; neither is more than the cap.
    """
    limits = brief.limits
    called = [target for target in targets if target.channel == "call"]
    usual = min(USUAL_MINUTES, limits.minutes_per_call)
    tries = limits.attempts_per_target
    once = _cost(targets, messages, card, usual)
    most = _cost(targets, messages, card, limits.minutes_per_call) * tries
    oldest = card.oldest()
    return {
        "calls": len(called),
        "calls_at_most": len(called) * tries,
        "messages": len(targets) - len(called),
        "minutes": len(called) * usual,
        "minutes_at_most": len(called) * tries * limits.minutes_per_call,
        "usd": str(min(once, limits.spend_usd)),
        "usd_at_most": str(min(most, limits.spend_usd)),
        "rates_as_of": oldest.isoformat(),
        "rates_are_old": now.date() - oldest > STALE_AFTER,
    }


def _cost(
    targets: tuple[Target, ...], messages: Mapping[str, str], card: RateCard, minutes: int
) -> Decimal:
    costs = (
        card.message(region_of(target.phone), messages[target.step_id])
        if target.channel == "sms"
        else card.call(region_of(target.phone), minutes)
        for target in targets
    )
    return sum(costs, Decimal(0))
