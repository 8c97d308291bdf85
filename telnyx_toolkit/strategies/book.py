"""Book: a few calls at a time until one confirms, then the fallback; nobody is booked twice."""

from datetime import datetime

from telnyx_toolkit.booking import answers, why_stop
from telnyx_toolkit.brief import Brief
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies.action import Action, Call, Finish, Wait


def book(brief: Brief, state: MissionState, _now: datetime) -> list[Action]:
    """Call whoever is left while nobody has confirmed; the fallback once the others are through.

    Finishes with the first confirmation, or with a yes that nobody can show: calling others
    could then book twice.
    """
    if why := why_stop(brief, state):
        return [Finish(why)]
    left = _left(brief, state, fallback=False) or _left(brief, state, fallback=True)
    if not left:
        return [Finish()]
    if len(state.open_attempts) >= (brief.at_once or 1):
        return [Wait()]
    busy = {attempt.step_id for attempt in state.open_attempts}
    return [Call(step_id) for step_id in left if step_id not in busy] or [Wait()]


def _left(brief: Brief, state: MissionState, *, fallback: bool) -> list[str]:
    """Steps of those who may yet confirm.

    Whom the rules do not let be called is skipped, and who may hold a booking is not asked again.
    """
    steps = [target.step_id for target in state.targets if target.is_fallback == fallback]
    out = {step.step_id for step in state.steps if step.status == "skipped"}
    out |= {answer.step_id for answer in answers(brief, state)}
    return [s for s in steps if s not in out and not standing(brief, state, s).is_resolved]
