"""The plan in at most twenty lines, for the person who is to say yes or no to it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from telnyx_toolkit.figures import usd
from telnyx_toolkit.kinds import KINDS
from telnyx_toolkit.model import Json
from telnyx_toolkit.stages import stages_of
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategy_words import strategy_words
from telnyx_toolkit.untrusted import one_line

MOST_LINES = 20
_CALLS, _NOTES, _LANGUAGES = 6, 2, 2


def plan_words(state: MissionState) -> list[str]:
    """Whom it calls, when, what they hear first, what it costs at most, and how to stop it."""
    plan = state.plan
    if plan is None:
        return []
    brief, document = state.current, plan.document
    return [
        f"{one_line(brief['name'])} ({brief['strategy']}, for {one_line(brief['on_behalf_of'])})",
        f"Goal: {one_line(brief['goal'], 300)}",
        *_stage(state),
        *_calls(document["calls"]),
        _hours(brief),
        *_first_words(brief, document),
        *strategy_words(brief),
        *_notes(document),
        _until(document),
        _money(brief, document["estimate"]),
        f"Plan {plan.plan_hash}, to be approved by {_day(document['expires_at'])}.",
        f"Stop at any time: telnyx-toolkit cancel-mission {state.mission_id} --reason WHY",
    ]


def _stage(state: MissionState) -> Iterator[str]:
    stages = stages_of(state.brief)
    if not stages:
        return
    names = [one_line(stage["name"], 60) for stage in stages]
    number, later = state.stage, ", ".join(names[state.stage :])
    then = f"; then you are asked whom to go on with ({later})" if later else ""
    yield f"Stage {number} of {len(names)}: {names[number - 1]}{then}."
    if state.past:
        last = state.past[-1]
        yield f"Stage {last['stage']} came to: {one_line(last['result_payload']['headline'], 300)}"
        yield (
            "To go on with others, or in another order: telnyx-toolkit plan-steps"
            f' {state.mission_id} --shortlist "One Name; Another"'
        )


def first_call(document: Json) -> str:
    """`, the first on Mon 23 Nov 09:02 their time`; "" where the plan has no time for anybody."""
    timed = [call for call in document.get("calls", ()) if call["ring_at"]]
    if not timed:
        return ""
    first = min(timed, key=lambda call: call["ring_at"])
    return f", the first on {_local(first['ring_at_local'])} their time"


def _local(text: str) -> str:
    """`Mon 23 Nov 09:02`: an instant as its own zone writes it."""
    return datetime.fromisoformat(text).strftime("%a %d %b %H:%M")


def _calls(calls: list[Json]) -> Iterator[str]:
    shown = calls if len(calls) <= _CALLS else calls[: _CALLS - 1]
    for number, call in enumerate(shown, 1):
        when = _local(call["ring_at_local"]) if call["ring_at_local"] else "no permitted time"
        how = "text" if call["channel"] == "sms" else "call"
        where = " or ".join(call["zones"])
        only = ", only if nobody before confirms" if call.get("is_fallback") else ""
        keys = f", keys {call['keys']}" if call.get("keys") else ""
        who = f"{one_line(call['target'])}, {call['phone']}"
        yield f"  {number}. {how} {who}, {when} ({where}){only}{keys}"
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
    called = _one_of_each(document["calls"], "call")
    for call, language in called:
        greeting = _greeting(document, call).replace("{{target_name}}", call["target"])
        yield f'Said first{language}: "{one_line(greeting, 300)}"'
    written = _one_of_each(document["calls"], "sms")
    for call, language in written:
        text = document["messages"][call["step_id"]]
        yield f'Written{language}: "{one_line(text, 1_000)}"'
    if written:
        hours = brief["limits"]["reply_hours"]
        yield f"An answer is waited for up to {hours} h; nobody is written to again."
    if KINDS[brief["strategy"]].carries_offers:
        named = "by name" if brief["leverage"]["name_competitors"] else "never whose it is"
        yield f"The best offer in hand is told to the next one called, {named}."


def _one_of_each(calls: list[Json], channel: str) -> list[tuple[Json, str]]:
    """Who is first to be reached in each of two languages at most; which, if there are more."""
    reached = [call for call in calls if call["channel"] == channel]
    first = {call.get("language", ""): call for call in reversed(reached)}
    order = list(dict.fromkeys(call.get("language", "") for call in reached))
    told = {language: f" ({language})" if len(order) > 1 else "" for language in order}
    return [(first[language], told[language]) for language in order[:_LANGUAGES]]


def _greeting(document: Json, call: Json) -> str:
    """The first words of a call; plans made before languages could differ have only one."""
    several: Json = document.get("greetings", {})
    return str(several.get(call.get("language", ""), document["greeting"]))


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
    worst = f", {usd(most)} if it takes every try" if most < cap else ""
    return (
        f"Cost: about {usd(told['usd'])}{worst}, never over {usd(cap)}"
        f" (estimate; rates of {told['rates_as_of']}{old})."
    )


def _zone(document: Json) -> str:
    zones: list[Any] = [zone for call in document["calls"] for zone in call["zones"]]
    return str(zones[0]) if zones else "UTC"


def _at(text: str, zone: str) -> str:
    return datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).isoformat()


def _day(text: str) -> str:
    return datetime.fromisoformat(text).strftime("%a %d %b")
