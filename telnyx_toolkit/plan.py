"""The plan: what will be done, when, for how much, and a hash a person's yes is bound to."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.estimate import estimate
from telnyx_toolkit.model import Target
from telnyx_toolkit.permitted import next_permitted
from telnyx_toolkit.places import region_of, zones_of
from telnyx_toolkit.policy import LEAD
from telnyx_toolkit.rates import USUAL_MINUTES, RateCard, card_in
from telnyx_toolkit.strategies.sweep import AT_ONCE

#: Between the end of one call and the ringing of the next, besides the lead time.
_PAUSE = timedelta(seconds=30)


def steps_of(brief: Brief, targets: Iterable[Target]) -> list[dict[str, Any]]:
    """The run's steps, as POST /ai/missions/{id}/runs/{id}/plan takes them."""
    named = [("setup", "Prepare the assistant, its insights and a number")]
    named += [
        (t.step_id, f"Text {t.name}" if t.channel == "sms" else f"Call {t.name}") for t in targets
    ]
    named += [("compare", "Compare the answers and recommend")]
    if any(t.source for t in brief.targets):
        named.insert(0, ("research", "Find whom to call"))
    return [
        {"step_id": step_id, "description": description, "sequence": n}
        for n, (step_id, description) in enumerate(named, 1)
    ]


def make_plan(
    brief: Brief,
    targets: tuple[Target, ...],
    script: Mapping[str, Any],
    base_url: str,
    card: RateCard,
    now: datetime,
) -> tuple[str, dict[str, Any]]:
    """The plan of a brief as (hash, document).

    Args:
        brief: What was asked.
        targets: Its targets with their steps.
        script: Everything that will be said or extracted; `greeting` is shown.
        base_url: Where the calls would be placed.
        card: Prices; those the plan needs are kept in it, and are not part of the hash.
        now: The schedule is reckoned from here; it is not part of the hash.
    """
    binding = {
        "brief": brief.model_dump(mode="json"),
        "steps": steps_of(brief, targets),
        "script": dict(script),
        "base_url": base_url,
        "zones": {t.step_id: zones_of(t.phone, t.timezone) for t in targets},
    }
    rates = card.of({region_of(target.phone) for target in targets})
    calls, messages = _schedule(brief, targets, now), script["messages"]
    times = sorted(call["ring_at"] for call in calls if call["ring_at"])
    document = {
        "steps": binding["steps"],
        "calls": calls,
        "greeting": script["greeting"],
        "messages": messages,
        "rates": rates,
        "estimate": estimate(brief, targets, messages, card_in(rates), now)
        | {
            "first_call_at": times[0] if times else None,
            "last_call_at": times[-1] if times else None,
        },
    }
    return digest(binding), document


def digest(value: Any) -> str:
    """A short stable hash of JSON-like data: 16 hexadecimal digits."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _schedule(brief: Brief, targets: tuple[Target, ...], now: datetime) -> list[dict[str, Any]]:
    """When each target is expected to ring, if every first try succeeds."""
    lanes = [now] * (AT_ONCE if brief.strategy == "sweep" else 1)
    calls: list[dict[str, Any]] = []
    for target in targets:
        lane = lanes.index(min(lanes))
        ring_at = next_permitted(brief.calling, target, lanes[lane] + LEAD)
        calls.append(_call(target, ring_at))
        if ring_at and target.channel == "call":
            lanes[lane] = ring_at + timedelta(minutes=USUAL_MINUTES) + _PAUSE
    return calls


def _call(target: Target, ring_at: datetime | None) -> dict[str, Any]:
    zones = zones_of(target.phone, target.timezone)
    local = ring_at.astimezone(ZoneInfo(zones[0])) if ring_at else None
    return {
        "step_id": target.step_id,
        "target": target.name,
        "phone": target.phone,
        "channel": target.channel,
        "zones": list(zones),
        "ring_at": ring_at.isoformat() if ring_at else None,
        "ring_at_local": local.isoformat() if local else None,
    }
