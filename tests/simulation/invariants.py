"""What must hold in every history, whatever went wrong in it."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from telnyx_toolkit.errors import ToolkitBug
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.model import Json
from telnyx_toolkit.spending import spent
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.ticking import tick
from telnyx_toolkit.transitions import fold
from tests.run_log import facts
from tests.simulation.history import History, Process, numbers_now
from tests.simulation.rules import (
    Reached,
    asks_for_another_call,
    may_ring,
    reached,
    rest_after,
    zones_at,
)
from tests.simulation.world import Doc

ENDED = {"completed", "failed", "skipped"}
#: After everything that could still ring by itself.
LONG_AFTER = timedelta(days=3)
PER_MINUTE, PER_PART = Decimal("0.10"), Decimal("0.01")


def hold_always(history: History) -> None:
    """What holds after every process."""
    everybody = reached(history)
    _one_ring_an_attempt(history, everybody)
    _each_left_alone(history, everybody)
    _not_too_often_a_day(history, everybody)
    _few_at_once(history, everybody)
    _in_permitted_hours(history, everybody)
    _approved_first(history, everybody)
    _nobody_pressed(history, everybody)
    _nobody_listed(history, everybody)
    _within_the_cap(history, everybody)
    if history.mission:
        _ledger_is_whole(history)
    for problem in history.sandbox.problems:
        history.violate("nothing undocumented is asked", problem)


def hold_in_the_end(history: History) -> None:
    """What holds once the mission is over, and long after."""
    history.truth.advance(LONG_AFTER.total_seconds())
    state = _state(history)
    _number_is_restored(history)
    _nothing_is_left(history, kept=history.world.brief["keep"])
    _everything_is_recorded(history, state, reached(history))
    _who_asked_is_listed(history, state)
    _telnyx_agrees(history, state)
    _people_are_told(history, state)
    hold_always(history)
    if history.world.brief["keep"]:
        history.afterwards("release_mission")
        _nothing_is_left(history, kept=False)


def hold_at_each_fact(history: History) -> None:
    """What holds at every fact: of the last one, by the ledger's own reckoning."""
    state, limits = history.facts[-1].state, history.world.brief["limits"]
    for target in state.targets:
        tries = len(state.attempts_at(target.step_id))
        if tries > limits["attempts_per_target"]:
            history.violate("attempts", f"{tries} at {target.name}")
    if (so_far := spent(state)) > Decimal(limits["spend_usd"]):
        history.violate("spending", f"{so_far} set aside of {limits['spend_usd']}")


def _people_are_told(history: History, state: MissionState) -> None:
    """Of the end once, and of nothing in two ways; twice only what a kill cut off."""
    if not history.world.is_ticked:
        return
    toolkit = history.toolkit(Process(history, is_first=False))
    tick(toolkit)
    left = toolkit.ledger.notices.due(history.truth.now() + LONG_AFTER, 50)
    toolkit.close()
    told = history.told.notices
    ids = Counter(notice.notice_id for notice in told)
    endings = {n.notice_id for n in told if n.kind in {"completed", "failed"}}
    if len(endings) != 1 or f"{state.mission_id}-" not in endings.pop():
        history.violate("people are told", f"of the end by {len(endings)} notices")
    if sum(ids.values()) - len(ids) > history.counts["crashes"]:
        history.violate("people are told", f"something twice: {ids.most_common(2)}")
    if len({(n.notice_id, n.text) for n in told}) != len(ids):
        history.violate("people are told", "one thing in two ways")
    if left:
        history.violate("people are told", f"never of {left[0].notice}")


def _state(history: History) -> MissionState:
    ledger = Ledger(history.settings.ledger)
    try:
        return fold(ledger.events(history.mission))
    finally:
        ledger.close()


def _one_ring_an_attempt(history: History, everybody: list[Reached]) -> None:
    rings = Counter(one.attempt_id for one in everybody)
    for attempt, times in rings.items():
        if times > 1:
            history.violate("one ring an attempt", f"{attempt} rang {times} times")


def _each_left_alone(history: History, everybody: list[Reached]) -> None:
    brief = history.world.brief
    errors = {
        fact.event.data["attempt_id"]: fact.behind
        for fact in history.facts
        if fact.event.kind == "attempt.ended"
    }
    people = {person["phone"]: person for person in history.world.people}
    for target in brief["targets"]:
        rings = [one for one in everybody if one.to == target["phone"]]
        if len(rings) > (most := brief["limits"]["attempts_per_target"]):
            history.violate("attempts", f"{target['name']} {len(rings)} times, allowed {most}")
        for one, other in pairwise(rings):
            rest = rest_after(brief, one.outcome, people[target["phone"]]) - errors.get(
                one.attempt_id, timedelta(0)
            )
            if other.asked_at < one.ended_at:
                history.violate("one at a time", f"{target['name']} while one was under way")
            elif other.at - one.ended_at < rest:
                gap = other.at - one.ended_at
                history.violate("rest", f"{target['name']} after {gap}, {one.outcome}")


def _not_too_often_a_day(history: History, everybody: list[Reached]) -> None:
    brief = history.world.brief
    most = 1 if brief["contact"] == "professional" else 3
    for target in brief["targets"]:
        rings = [one.at for one in everybody if one.to == target["phone"]]
        for zone in zones_at(target):
            days = Counter(at.astimezone(ZoneInfo(zone)).date() for at in rings)
            for day, times in days.items():
                if times > most:
                    history.violate("tries a day", f"{target['name']} {times} times on {day}")


def _few_at_once(history: History, everybody: list[Reached]) -> None:
    """Two lines and ten calls an hour: what an account has that nobody said more of."""
    calls = [one for one in everybody if not one.is_text]
    for one in calls:
        with_it = [other for other in calls if other.at <= one.at < other.ended_at]
        if len(with_it) > 2:
            history.violate("lines", f"{len(with_it)} at once at {one.at}")
        hour = [other for other in calls if one.at <= other.at < one.at + timedelta(hours=1)]
        if len(hour) > 10:
            history.violate("calls an hour", f"{len(hour)} from {one.at} on")


def _in_permitted_hours(history: History, everybody: list[Reached]) -> None:
    targets = {target["phone"]: target for target in history.world.brief["targets"]}
    for one in everybody:
        if not may_ring(history.world.brief, targets[one.to], one.at):
            history.violate("hours", f"{targets[one.to]['name']} at {one.at}")


def _approved_first(history: History, everybody: list[Reached]) -> None:
    approved = [fact.at for fact in history.facts if fact.event.kind == "plan.approved"]
    for one in everybody:
        if not approved or one.asked_at < approved[0]:
            history.violate("approval", f"{one.to} was asked for at {one.asked_at}")


def _nobody_pressed(history: History, everybody: list[Reached]) -> None:
    """Whoever answered in person, or was sent a text that arrived, is not tried again.

    But for who was silent, and who asked for another call.
    """
    for person in history.world.people:
        if person.get("turns") == [] or asks_for_another_call(person):
            continue
        rings = [one for one in everybody if one.to == person["phone"]]
        for position, one in enumerate(rings[:-1]):
            manners = person.get("attempts", ["answer"])
            manner = manners[min(position, len(manners) - 1)]
            if one.is_text or (one.outcome == "completed" and manner == "answer"):
                history.violate("nobody is pressed", f"{one.to} again after {one.outcome}")


def _nobody_listed(history: History, everybody: list[Reached]) -> None:
    """Nobody is asked for who is on the do-not-call list; what was asked before is taken back."""
    targets = {t["phone"]: f"call-{n}" for n, t in enumerate(history.world.brief["targets"], 1)}
    for one in everybody:
        since = _since(history, targets[one.to]) or history.listed.get(one.to)
        if since and one.asked_at > since:
            history.violate("do not call", f"{one.to} was asked for after {since}")
        if (spared := history.spared.get(one.to)) and one.at > spared:
            history.violate("do not call", f"{one.to} rang after it was withdrawn at {spared}")


def _since(history: History, step_id: str) -> datetime | None:
    """When a target asked not to be called again, as far as the ledger heard it."""
    for fact in history.facts:
        if fact.event.kind == "attempt.collected" and _asked_for_no_more(fact.event.data):
            attempt = fact.state.attempt(fact.event.data["attempt_id"])
            if attempt.step_id == step_id:
                return fact.at
    return None


def _asked_for_no_more(data: Json) -> bool:
    said = [turn["text"] for turn in data["transcript"] if turn["role"] == "user"]
    insight: Doc = data["insight"] or {}
    plainly = {"Do not call this number again.", "STOP"}
    return bool(insight.get("asked_not_to_be_called_again")) or bool(plainly & {*said})


def _who_asked_is_listed(history: History, state: MissionState) -> None:
    ledger = Ledger(history.settings.ledger)
    try:
        for target in state.targets:
            entry = ledger.do_not_call.entry(target.phone)
            if entry is None and _since(history, target.step_id):
                history.violate("who asks is listed", target.name)
            if entry is None and target.phone in history.listed:
                history.violate("who is added is listed", target.name)
    finally:
        ledger.close()


def _within_the_cap(history: History, everybody: list[Reached]) -> None:
    cap = Decimal(history.world.brief["limits"]["spend_usd"])
    prices = (PER_PART if one.is_text else PER_MINUTE for one in everybody)
    spent = sum((p * one.minutes for p, one in zip(prices, everybody, strict=True)), Decimal(0))
    if spent > cap:
        history.violate("spending", f"{spent} of {cap}")


def _ledger_is_whole(history: History) -> None:
    ledger = Ledger(history.settings.ledger)
    try:
        events = ledger.events(history.mission)
        if [event.seq for event in events] != list(range(1, len(events) + 1)):
            history.violate("the ledger is whole", "there are gaps")
        if len(events) != len(history.facts):
            history.violate("the ledger is whole", f"{len(events)} of {len(history.facts)} facts")
        fold(events)
    except ToolkitBug as problem:
        history.violate("the ledger is whole", problem.message)
    finally:
        ledger.close()


def _number_is_restored(history: History) -> None:
    now = numbers_now(history)
    for number, before in history.numbers_before.items():
        if now[number] != before:
            history.violate("numbers are restored", f"{number}: {before} became {now[number]}")


def _nothing_is_left(history: History, *, kept: bool) -> None:
    world = history.sandbox.world
    ours = [i for i in world.insights.values() if i["insight_type"] != "default"]
    left = {
        "assistants": len(world.assistants),
        "insights": len(ours),
        "groups": len(world.groups),
        "applications": len(world.apps),
    }
    most = {"assistants": 1, "insights": 2, "groups": 1, "applications": 1} if kept else {}
    for what, many in left.items():
        if many > most.get(what, 0):
            history.violate("nothing is left", f"{many} {what}")


def _everything_is_recorded(
    history: History, state: MissionState, everybody: list[Reached]
) -> None:
    attempts = {attempt.attempt_id: attempt for attempt in state.attempts}
    for one in everybody:
        attempt = attempts.get(one.attempt_id)
        if attempt is None or attempt.phase != "collected":
            where = attempt.phase if attempt else "unknown"
            history.violate("every outcome is recorded", f"{one.outcome} at {one.to} is {where}")
        elif attempt.call_status != one.outcome:
            told = f"{one.to}: {one.outcome}, recorded as {attempt.call_status}"
            history.violate("every outcome is recorded", told)
        elif one.lines > len(attempt.transcript) and not history.has_stale_words:
            told = f"{len(attempt.transcript)} of {one.lines} lines at {one.to}"
            history.violate("every word is recorded", told)
    if state.open_attempts:
        history.violate("every outcome is recorded", "attempts are open")


def _telnyx_agrees(history: History, state: MissionState) -> None:
    world = history.sandbox.world
    run = world.runs[state.run_id]
    if run["status"] != state.phase:
        history.violate("Telnyx agrees", f"the run is {run['status']}, the mission {state.phase}")
    if run["result_payload"] != state.result_payload:
        history.violate("Telnyx agrees", "the results differ")
    if run["result_summary"] != state.result_summary:
        history.violate("Telnyx agrees", "the summaries differ")
    for step in state.steps:
        if step.status not in ENDED:
            history.violate("every step ends", f"{step.step_id} is {step.status}")
    told = {step["step_id"]: step["status"] for step in world.plans.get(state.run_id, {}).values()}
    ours = {step.step_id: step.status for step in state.steps}
    if told != ours and (told or state.did(f"plan-{state.revision}")):
        history.violate("Telnyx agrees", f"steps: {told} there, {ours} here")
    _log_is_told_once(history, [one for one in world.log if one["run_id"] == state.run_id])


def _log_is_told_once(history: History, log: list[Doc]) -> None:
    seqs = [int(line["payload"]["seq"]) for line in log]
    if seqs != sorted(seqs):
        history.violate("the log is in order", str(seqs))
    lines = Counter(
        (fact["seq"], fact["type"], fact["step_id"], fact["summary"]) for fact in facts(log)
    )
    for line, times in lines.items():
        if times > 1:
            history.violate("the log tells once", f"{line} {times} times")
    ledger = Ledger(history.settings.ledger)
    try:
        mirrored = ledger.progress(history.mission).mirrored_seq
    finally:
        ledger.close()
    if mirrored != len(history.facts):
        history.violate("the log tells all", f"{mirrored} of {len(history.facts)}")
