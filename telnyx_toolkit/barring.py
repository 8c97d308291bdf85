"""Tells every mission that is about to reach a number on the do-not-call list."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from telnyx_toolkit.errors import WroteFirst
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.model import Event, Listing, Target
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.transitions import fold

BARRED = "target.barred"
_TRIES = 5

Observer = Callable[[Event, MissionState], None]


def listed_targets(ledger: Ledger, state: MissionState) -> list[tuple[Target, Listing]]:
    """Whom of a mission's targets nobody may call, and who has not been told to it yet."""
    left = [t for t in _named(ledger, state) if t.step_id not in state.barred]
    found = [(target, ledger.do_not_call.entry(target.phone)) for target in left]
    return [(target, entry) for target, entry in found if entry is not None]


def _named(ledger: Ledger, state: MissionState) -> list[Target]:
    """The targets whose number the list has, or once had: looked up once, then what is new."""
    latest, known = ledger.do_not_call.latest(), state.reckoned.get("listed")
    if known is None or known[0] is not state.targets:
        places = {target.phone: n for n, target in enumerate(state.targets)}
        known = (state.targets, places, 0, frozenset[int]())
    targets, places, seen, named = known
    if latest != seen:
        news = ledger.do_not_call.since(seen)
        named |= {places[phone] for phone in news if phone in places}
        state.reckoned["listed"] = (targets, places, latest, named)
    return [targets[place] for place in sorted(named)]


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
    state = fold(ledger.events(mission_id))
    trying = {attempt.step_id for attempt in state.open_attempts}
    for target, entry in listed_targets(ledger, state):
        if target.step_id in trying:
            data = {"step_id": target.step_id, "reason": entry.why}
            event = Event(mission_id, state.seq + 1, BARRED, at, data)
            ledger.append(event)
            state = fold([event], state)
            observe(event, state)
    return state
