"""Whom to call next and when to stop: one pure function for each kind of mission."""

from collections.abc import Callable, Mapping

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies.action import Call, Finish, Wait
from telnyx_toolkit.strategies.negotiate import negotiate
from telnyx_toolkit.strategies.sweep import sweep

Action = Call | Wait | Finish
Strategy = Callable[[Brief, MissionState], list[Action]]

STRATEGIES: Mapping[str, Strategy] = {"sweep": sweep, "negotiate": negotiate}

__all__ = ["STRATEGIES", "Action", "Call", "Finish", "Strategy", "Wait"]
