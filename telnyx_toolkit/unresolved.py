"""Who is left to be reached: looked at once, and then again only where something changed."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from datetime import datetime
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from telnyx_toolkit.model import CLOSED
from telnyx_toolkit.standing import Standing, standing
from telnyx_toolkit.state import MissionState

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief

_ENDED = CLOSED | {"skipped"}


def unresolved(brief: Brief, state: MissionState) -> Unresolved:
    """Who is left in a state: kept with the mission, and brought up to it."""
    known = state.reckoned.get("unresolved")
    if known is None or not known.is_of(brief, state):
        known = state.reckoned["unresolved"] = Unresolved(brief, state)
    known.follow(state)
    return known


def is_closed(state: MissionState, step_id: str) -> bool:
    """Whether the step ended because its target was resolved, and nothing happened there since."""
    step = state.step(step_id)
    if step is None or step.status not in CLOSED:
        return False
    return step.tries == len(state.attempts_at(step_id))


class Unresolved:
    """The targets of a mission that may yet be reached, and the steps that are to be closed.

    It goes from state to state with the mission: it is read before the next one is asked about.

    Attributes:
        left: Steps of those who may yet be reached.
    """

    def __init__(self, brief: Brief, state: MissionState) -> None:
        self._brief, self._targets = brief, state.targets
        self._names = tuple(target.step_id for target in state.targets)
        self._places = {step_id: n for n, step_id in enumerate(self._names)}
        self._attempts, self._steps, self._barred = state.attempts, state.steps, state.barred
        self.left: set[str] = set()
        self._to_close: dict[int, Standing] = {}
        self._ready: list[int] = []
        self._put_off: dict[int, datetime] = {}
        self._later: list[tuple[datetime, int]] = []
        self._asked_at: datetime | None = None
        for place, step_id in enumerate(self._names):
            if not is_closed(state, step_id):
                self._look(state, place)

    def is_of(self, brief: Brief, state: MissionState) -> bool:
        """Whether it is about this brief and these people."""
        return self._brief is brief and self._targets is state.targets

    def follow(self, state: MissionState) -> None:
        """Look again where this state is unlike the last."""
        touched = {one.step_id for one in state.attempts.changed(self._attempts)}
        touched |= {one.step_id for one in state.steps.changed(self._steps)}
        if state.barred is not self._barred:
            touched |= state.barred.keys() ^ self._barred.keys()
        self._attempts, self._steps, self._barred = state.attempts, state.steps, state.barred
        for step_id in touched:
            if step_id in self._places:
                self._look(state, self._places[step_id])

    def to_close(self) -> list[Standing]:
        """Where the mission stands with whoever is resolved, and whose step has not ended yet."""
        return [self._to_close[place] for place in sorted(self._to_close)]

    def ready(self, now: datetime) -> Iterator[str]:
        """Steps of whoever is left and not put off at `now`, UTC, in the order of the brief."""
        if self._asked_at is not None and now < self._asked_at:  # the clock went back: ask anew
            self._later.clear()
            for place in self._put_off:
                insort(self._ready, place)
            self._put_off.clear()
        while self._later and self._later[0][0] <= now:
            until, place = heappop(self._later)
            if self._put_off.get(place) == until:
                del self._put_off[place]
                insort(self._ready, place)
        return (self._names[place] for place in self._ready)

    def put_off(self, step_id: str, now: datetime, until: datetime) -> None:
        """Leave a target out until then: policy, asked at `now`, will not allow it before."""
        if step_id not in self.left:
            return
        place, self._asked_at = self._places[step_id], now
        self._put_off[place] = until
        self._drop(place)
        heappush(self._later, (until, place))

    def next_due(self) -> datetime | None:
        """When the first of those who are put off is to be asked about again, UTC."""
        while self._later and self._put_off.get(self._later[0][1]) != self._later[0][0]:
            heappop(self._later)
        return self._later[0][0] if self._later else None

    def _look(self, state: MissionState, place: int) -> None:
        """Look at one target: whatever was said of it before no longer counts."""
        step_id = self._names[place]
        where, step = standing(self._brief, state, step_id), state.step(step_id)
        self._put_off.pop(place, None)
        self._to_close.pop(place, None)
        self._drop(place)
        if not where.is_resolved:
            self.left.add(step_id)
            insort(self._ready, place)
            return
        self.left.discard(step_id)
        if step is not None and step.status not in _ENDED:
            self._to_close[place] = where

    def _drop(self, place: int) -> None:
        at = bisect_left(self._ready, place)
        if at < len(self._ready) and self._ready[at] == place:
            del self._ready[at]
