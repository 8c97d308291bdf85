"""The plan in at most twenty lines, for the person who is to say yes or no to it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from telnyx_toolkit.model import Json
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.untrusted import one_line

MOST_LINES = 20
_CALLS, _NOTES = 6, 2


def plan_words(state: MissionState) -> list[str]:
    """Whom it calls, when, what they hear first, what it costs at most, and how to stop it."""
    plan = state.plan
    if plan is None:
        return []
    brief, document = state.brief, plan.document
    return [
        f"{one_line(brief['name'])} ({brief['strategy']}, for {one_line(brief['on_behalf_of'])})",
        f"Goal: {one_line(brief['goal'], 300)}",
        *_calls(document["calls"]),
        _hours(brief),
        *_first_words(brief, document),
        *_notes(document),
        _until(document),
        _money(brief, document["estimate"]),
        f"Plan {plan.plan_hash}, to be approved by {_day(document['expires_at'])}.",
        f"Stop at any time: telnyx-toolkit cancel-mission {state.mission_id} --reason WHY",
    ]


def _local(text: str) -> str:
    """`Mon 23 Nov 09:02`: an instant as its own zone writes it."""
    return datetime.fromisoformat(text).strftime("%a %d %b %H:%M")


def _calls(calls: list[Json]) -> Iterator[str]:
    shown = calls if len(calls) <= _CALLS else calls[: _CALLS - 1]
    for number, call in enumerate(shown, 1):
        when = _local(call["ring_at_local"]) if call["ring_at_local"] else "no permitted time"
        how = "text" if call["channel"] == "sms" else "call"
        where = " or ".join(call["zones"])
        keys = f", keys {call['keys']}" if call.get("keys") else ""
        yield (
            f"  {number}. {how} {one_line(call['target'])}, {call['phone']}, {when} ({where}){keys}"
        )
    if len(calls) > len(shown):
        last = max((c for c in calls if c["ring_at"]), key=lambda c: c["ring_at"])
        yield (
            f"  … and {len(calls) - len(shown)} more, the last {one_line(last['target'])} at"
            f" {_local(last['ring_at_local'])}; all of them: plan-steps --json"
        )


def _hours(brief: Json) -> str:
    calling, limits = brief["calling"], brief["limits"]
    since = f", from {calling['not_before']}" if calling.get("not_before") else ""
    until = f", until {calling['finish_by']}" if calling["finish_by"] else ""
    holidays = "" if calling.get("on_holidays") else ", on no public holiday there"
    return (
        f"Only {calling['days']} {calling['hours']} their time{since}{until}{holidays};"
        f" at most {limits['attempts_per_target']} tries each,"
        f" {limits['minutes_per_call']} minutes a call."
    )


def _first_words(brief: Json, document: Json) -> Iterator[str]:
    called = [call["target"] for call in document["calls"] if call["channel"] == "call"]
    if called:
        greeting = document["greeting"].replace("{{target_name}}", called[0])
        yield f'Said first: "{one_line(greeting, 300)}"'
    for text in list(document["messages"].values())[:1]:
        yield f'Written: "{one_line(text, 1_000)}"'
        hours = brief["limits"]["reply_hours"]
        yield f"An answer is waited for up to {hours} h; nobody is written to again."
    if brief["strategy"] == "negotiate":
        named = "by name" if brief["leverage"]["name_competitors"] else "never whose it is"
        yield f"The best offer in hand is told to the next one called, {named}."


def _notes(document: Json) -> Iterator[str]:
    notes: list[str] = document.get("notes", [])
    for note in notes[:_NOTES] if len(notes) <= _NOTES else notes[: _NOTES - 1]:
        yield f"Note: {one_line(note, 300)}"
    if len(notes) > _NOTES:
        yield f"Note: and {len(notes) - _NOTES + 1} more like it: plan-steps --json"


def _until(document: Json) -> str:
    told, zone = document["estimate"], _zone(document)
    if not told["done_by"]:
        return "It may never be done."
    well = _local(_at(told["done_by"], zone))
    badly = told["done_by_at_latest"]
    late = f"{_local(_at(badly, zone))} if nobody answers before the last try" if badly else ""
    if told["not_all_tries"]:
        late = f"time is too short for every try at {told['not_all_tries']} of them"
    limit = f" What takes the time: {told['limited_by']}." if told["limited_by"] else ""
    return f"Done {well} ({zone}) if all answer at once; {late}.{limit}"


def _money(brief: Json, told: Json) -> str:
    old = ", which is long ago: compare telnyx.com/pricing" if told["rates_are_old"] else ""
    cap = Decimal(str(brief["limits"]["spend_usd"]))
    most = Decimal(told["usd_at_most"])
    worst = f", {_usd(most)} if it takes every try" if most < cap else ""
    return (
        f"Cost: about {_usd(told['usd'])}{worst}, never over {_usd(cap)}"
        f" (estimate; rates of {told['rates_as_of']}{old})."
    )


def _zone(document: Json) -> str:
    zones: list[Any] = [zone for call in document["calls"] for zone in call["zones"]]
    return str(zones[0]) if zones else "UTC"


def _at(text: str, zone: str) -> str:
    return datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).isoformat()


def _day(text: str) -> str:
    return datetime.fromisoformat(text).strftime("%a %d %b")


def _usd(amount: Any) -> str:
    return f"${Decimal(amount):.2f}"
