"""Screen: ask everybody the same; the rubric ranks them afterwards."""

from collections.abc import Iterable
from datetime import datetime

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies.action import Action
from telnyx_toolkit.strategies.sweep import sweep


def screen(brief: Brief, state: MissionState, now: datetime) -> Iterable[Action]:
    """Call as in a sweep: an answer that fails the rubric spares nobody else a call."""
    return sweep(brief, state, now)
