"""Negotiate: one call at a time, so that each can carry the best offer in hand."""

from datetime import datetime

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies.action import Action, Call, Finish, Wait


def negotiate(brief: Brief, state: MissionState, _now: datetime) -> list[Action]:
    """Call the next target once nothing is under way; finish when every target is resolved.

    The first target comes first: it gives the baseline. One that cannot be called yet does not
    hold up the others.
    """
    if state.open_attempts:
        return [Wait()]
    places = [standing(brief, state, target.step_id) for target in state.targets]
    left = [place for place in places if not place.is_resolved]
    return [Call(place.step_id) for place in left] or [Finish()]
