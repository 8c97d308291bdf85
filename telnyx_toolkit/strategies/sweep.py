"""Sweep: ask everybody, in the order of the brief, as fast as the rules allow."""

from datetime import datetime

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies.action import Action, Call, Finish, Wait


def sweep(brief: Brief, state: MissionState, _now: datetime) -> list[Action]:
    """Call whoever is left and not being called; finish when nobody is.

    How many calls may be under way at once is the account's matter, not the mission's: `policy`.
    """
    places = [standing(brief, state, target.step_id) for target in state.targets]
    if all(place.is_resolved for place in places):
        return [Finish()]
    busy = {attempt.step_id for attempt in state.open_attempts}
    left = [p for p in places if not p.is_resolved and p.step_id not in busy]
    return [Call(place.step_id) for place in left] or [Wait()]
