"""Sweep: ask everybody, a few at a time, in the order of the brief."""

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies.action import Call, Finish, Wait

#: The concurrency that every Telnyx account has.
AT_ONCE = 2


def sweep(brief: Brief, state: MissionState) -> list[Call | Wait | Finish]:
    """Call whoever is left while fewer than two calls are under way; finish when nobody is.

    A text message that was delivered holds up nobody while its answer is waited for.
    """
    places = [standing(brief, state, target.step_id) for target in state.targets]
    if all(place.is_resolved for place in places):
        return [Finish()]
    if sum(not attempt.awaits_reply for attempt in state.open_attempts) >= AT_ONCE:
        return [Wait()]
    busy = {attempt.step_id for attempt in state.open_attempts}
    left = [p for p in places if not p.is_resolved and p.step_id not in busy]
    return [Call(place.step_id) for place in left] or [Wait()]
