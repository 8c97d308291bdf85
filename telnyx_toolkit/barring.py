"""Tells every mission that is about to reach a number on the do-not-call list."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from telnyx_toolkit.errors import WroteFirst
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.model import Event, Listing, Target
from telnyx_toolkit.present import present
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.transitions import fold

BARRED = "target.barred"
_TRIES = 5

Observer = Callable[[Event, MissionState], None]


def listed_targets(ledger: Ledger, state: MissionState) -> list[tuple[Target, Listing]]:
    """Whom of a mission's targets nobody may call, and who has not been told to it yet.

    The list is looked through once; then for what was added to it.
    """
    latest, known = ledger.do_not_call.latest(), state.reckoned.get("listed")
    if known is None or known[0] is not state.targets:
        places = {target.phone: n for n, target in enumerate(state.targets)}
        known = (state.targets, places, 0, dict[int, Listing]())
    targets, places, seen, listed = known
    if latest != seen:
        for phone in set(ledger.do_not_call.since(seen)) & places.keys():
            listed.pop(places[phone], None)
            if entry := ledger.do_not_call.entry(phone):
                listed[places[phone]] = entry
        state.reckoned["listed"] = (targets, places, latest, listed)
    left = ((targets[place], listed[place]) for place in sorted(listed))
    return [(target, entry) for target, entry in left if target.step_id not in state.barred]


def announce(ledger: Ledger, at: datetime, observe: Observer, but: str = "") -> list[MissionState]:
    """Record in every mission that has a try at a listed number under way that it is barred.

    It is a fact like a request to stop: whoever runs the mission decides anew. Told once.

    Args:
        ledger: Where they all are.
        at: Now, UTC.
        observe: Told of every fact.
        but: A mission that is left out.

    Returns the missions, told now or before.
    """
    others = [m for m in ledger.do_not_call.missions_calling() if m != but]
    return [_announce(ledger, mission_id, at, observe) for mission_id in others]


def _announce(ledger: Ledger, mission_id: str, at: datetime, observe: Observer) -> MissionState:
    for _ in range(_TRIES - 1):
        with suppress(WroteFirst):
            return _bar(ledger, mission_id, at, observe)
    return _bar(ledger, mission_id, at, observe)


def _bar(ledger: Ledger, mission_id: str, at: datetime, observe: Observer) -> MissionState:
    state = present(ledger, mission_id)
    trying = {attempt.step_id for attempt in state.open_attempts}
    for target, entry in listed_targets(ledger, state):
        if target.step_id in trying:
            data = {"step_id": target.step_id, "reason": entry.why}
            event = Event(mission_id, state.seq + 1, BARRED, at, data)
            ledger.append(event)
            state = fold([event], state)
            observe(event, state)
    return state
