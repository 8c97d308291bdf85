"""Rounds: stage after stage, each by the strategy of its own."""

from collections.abc import Iterable
from datetime import datetime

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies.action import Action


def rounds(brief: Brief, state: MissionState, now: datetime) -> Iterable[Action]:
    """What the strategy of the present stage wants.

    Between stages the engine stops: a person approves whom the next one goes on with.
    """
    from telnyx_toolkit.strategies import next_actions  # noqa: PLC0415 - it is what imports us

    names = [target.name for target in state.targets]
    return next_actions(brief.at_stage(state.stage, names), state, now)
