"""Whom a mission goes on with after a stage: those who did best in it."""

from datetime import datetime

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.offers import final_offers, ranked
from telnyx_toolkit.ranking import ranking
from telnyx_toolkit.stages import stages_of
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState

_USUAL = 3


def shortlist(brief: Brief, state: MissionState, now: datetime) -> list[str]:
    """The names of those who go on, best first; nobody who asked for no more calls.

    By the rubric where there is one; else by the offers that count at `now` (UTC); else, in the
    order of the brief, whoever answered.
    """
    stage = stages_of(state.brief)[state.stage - 1]
    usual = brief.rubric.shortlist if brief.rubric else _USUAL
    return _in_order(brief, state, now)[: stage["shortlist"] or usual]


def _in_order(brief: Brief, state: MissionState, now: datetime) -> list[str]:
    names = {target.step_id: target.name for target in state.targets}
    if judged := ranking(brief, state):
        steps = [row["step_id"] for row in judged["ranked"]]
    elif brief.objective:
        steps = [offer.step_id for offer in ranked(brief, final_offers(brief, state), now)]
    else:
        places = [standing(brief, state, step) for step in names]
        steps = [place.step_id for place in places if place.outcome == "answered"]
    return [names[step] for step in steps if step not in state.barred]
