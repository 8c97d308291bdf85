"""Negotiate: one call at a time, so that each can carry the best offer in hand."""

from datetime import datetime

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.negotiation import Turn, order, returns, why_stop
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies.action import Action, Call, Finish, Wait


def negotiate(brief: Brief, state: MissionState, now: datetime) -> list[Action]:
    """Call the next target once nothing is under way; finish when no call can improve the best.

    The first target comes first: it gives the baseline. One that cannot be called yet does not
    hold up the others. Once everybody is resolved, those who were told less are called again,
    where the brief allows it.
    """
    if state.open_attempts:
        return [Wait()]
    places = [standing(brief, state, target.step_id) for target in state.targets]
    left = [place.step_id for place in places if not place.is_resolved]
    turns = order(brief, state, left, now) if left else returns(brief, state, now)
    return _calls(brief, state, turns, now)


def _calls(brief: Brief, state: MissionState, turns: list[Turn], now: datetime) -> list[Action]:
    """The calls that can pay for themselves; the reason to finish where none can."""
    stops = {turn.step_id: why_stop(brief, state, turn.step_id, now) for turn in turns}
    calls: list[Action] = [Call(t.step_id, t.why) for t in turns if not stops[t.step_id]]
    return calls or [Finish(next((why for why in stops.values() if why), ""))]
