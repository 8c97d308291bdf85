"""Whom to call next and when to stop: one pure function for each kind of mission."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from telnyx_toolkit.state import MissionState
from telnyx_toolkit.strategies.action import Action, Call, Finish, Wait

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief

#: What the mission wants at an instant (UTC), in the order in which it wants it. A `Finish` comes
#: first; where there are many, no more may be made than is asked for.
Strategy = Callable[["Brief", MissionState, datetime], Iterable[Action]]


def next_actions(brief: Brief, state: MissionState, now: datetime) -> Iterable[Action]:
    """What the brief's strategy wants now: the function of its name, in the module of its name.

    Args:
        brief: What was asked.
        state: What happened.
        now: UTC.
    """
    name = brief.strategy
    strategy: Strategy = getattr(import_module(f"{__name__}.{name}"), name)
    return strategy(brief, state, now)


__all__ = ["Action", "Call", "Finish", "Strategy", "Wait", "next_actions"]
