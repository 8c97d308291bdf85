"""Sweep: ask everybody, in the order of the brief, as fast as the rules allow."""

from collections.abc import Iterator
from datetime import datetime

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies.action import Action, Call, Finish, Wait
from telnyx_toolkit.unresolved import unresolved


def sweep(brief: Brief, state: MissionState, now: datetime) -> Iterator[Action]:
    """Call whoever is left and not being called; finish when nobody is.

    How many calls may be under way at once is the account's matter, not the mission's: `policy`.
    """
    people = unresolved(brief, state)
    busy = {attempt.step_id for attempt in state.open_attempts}
    if not people.left:
        yield Finish()
        return
    for step_id in people.ready(now):
        if step_id not in busy:
            yield Call(step_id)
    if people.left <= busy or people.next_due():
        yield Wait(people.next_due())
