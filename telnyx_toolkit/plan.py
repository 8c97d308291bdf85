"""The plan: what will be done, when, for how much, and a hash a person's yes is bound to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from telnyx_toolkit.estimate import estimate
from telnyx_toolkit.model import Target
from telnyx_toolkit.permitted import notes
from telnyx_toolkit.places import region_of, zones_of
from telnyx_toolkit.rates import RateCard, card_in

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief
    from telnyx_toolkit.forecast import Forecast

#: A yes to a plan that is older would be to times and prices that no longer hold.
PLAN_LASTS = timedelta(days=7)
_NAMED = 3


def steps_of(brief: Brief, targets: Iterable[Target]) -> list[dict[str, Any]]:
    """The run's steps, as POST /ai/missions/{id}/runs/{id}/plan takes them."""
    named = [("setup", "Prepare the assistant, its insights and a number")]
    named += [
        (t.step_id, f"Text {t.name}" if t.channel == "sms" else f"Call {t.name}") for t in targets
    ]
    named += [("compare", "Compare the answers and recommend")]
    if any(t.source for t in brief.everybody):
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
    forecast: Forecast,
) -> tuple[str, dict[str, Any]]:
    """The plan of a brief as (hash, document).

    Args:
        brief: What was asked.
        targets: Its targets with their steps.
        script: Everything that will be said or extracted; `greetings` and `messages` are shown.
        base_url: Where the calls would be placed.
        card: Prices; those the plan needs are kept in it, and are not part of the hash.
        forecast: When the calls would ring; it is not part of the hash.
    """
    rates = card.of({region_of(target.phone) for target in targets})
    calls = [
        _call(target, forecast.rings[target.step_id]) | {"language": brief.language_of(target.name)}
        for target in targets
    ]
    messages, now = script["messages"], forecast.made_at
    times = sorted(call["ring_at"] for call in calls if call["ring_at"])
    document = {
        "steps": steps_of(brief, targets),
        "calls": calls,
        "greeting": next(iter(script["greetings"].values())),
        "greetings": script["greetings"],
        "messages": messages,
        "rates": rates,
        "estimate": estimate(brief, targets, messages, card_in(rates), now)
        | {
            "first_call_at": times[0] if times else None,
            "last_call_at": times[-1] if times else None,
            "done_by": _text(forecast.expected_end),
            "done_by_at_latest": _text(forecast.latest_end),
            "not_all_tries": len(forecast.untried),
            "limited_by": forecast.binding,
        },
        "notes": _notes(brief, targets),
        "expires_at": _text(now + PLAN_LASTS),
    }
    return hash_of(brief, targets, script, base_url), document


def hash_of(
    brief: Brief, targets: Iterable[Target], script: Mapping[str, Any], base_url: str
) -> str:
    """What a yes is bound to: whom, what is said, when, how much, and where."""
    people = tuple(targets)
    binding = {
        "brief": brief.model_dump(mode="json"),
        "steps": steps_of(brief, people),
        "script": dict(script),
        "base_url": base_url,
        "zones": {t.step_id: zones_of(t.phone, t.timezone) for t in people},
    }
    return digest(binding)


def digest(value: Any) -> str:
    """A short stable hash of JSON-like data: 16 hexadecimal digits."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _notes(brief: Brief, targets: Iterable[Target]) -> list[str]:
    """What to know of where the targets are and of the law there, each thing once."""
    concerned: dict[str, list[str]] = {}
    for target in targets:
        for note in notes(brief.calling, target):
            concerned.setdefault(note, []).append(target.name)
    return [f"{_names(names)}: {note}" for note, names in concerned.items()]


def _names(names: list[str]) -> str:
    shown, more = names[:_NAMED], len(names) - _NAMED
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _call(target: Target, ring_at: datetime | None) -> dict[str, Any]:
    zones = zones_of(target.phone, target.timezone)
    local = ring_at.astimezone(ZoneInfo(zones[0])) if ring_at else None
    return {
        "step_id": target.step_id,
        "target": target.name,
        "phone": target.phone,
        "channel": target.channel,
        "is_fallback": target.is_fallback,
        "keys": target.keys,
        "zones": list(zones),
        "ring_at": ring_at.isoformat() if ring_at else None,
        "ring_at_local": local.isoformat() if local else None,
    }
