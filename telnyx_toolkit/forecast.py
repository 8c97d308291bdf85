"""Can it be done in time: the plan's calls put on a calendar, before anyone is called. Pure."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.contacts import again
from telnyx_toolkit.model import Target
from telnyx_toolkit.pace import DAY, HOUR, Pace
from telnyx_toolkit.policy import LEAD, free_day
from telnyx_toolkit.rates import USUAL_MINUTES

#: Between the end of a call and the decision on the next: its words are fetched first.
_PAUSE = timedelta(seconds=30)
#: How long a phone rings that nobody answers.
_IN_VAIN = timedelta(minutes=1)
_NO_ANSWER = "no-answer"
_MANY = 1_000


@dataclass(frozen=True)
class Forecast:
    """When the calls of a plan would ring.

    Attributes:
        made_at: Reckoned from here, UTC.
        rings: When each target rings if everybody answers at the first try, by step; None for
            those whom no permitted time is left for.
        expected_end: When the last call is over then, UTC; None where somebody cannot be called.
        latest_end: The same if nobody answers before the last try, and each call is as long as
            it may get.
        untried: Steps whose last tries then no permitted time is left for.
        binding: Which limit it is that takes the time, in words.
    """

    made_at: datetime
    rings: dict[str, datetime | None]
    expected_end: datetime | None
    latest_end: datetime | None
    untried: tuple[str, ...]
    binding: str


def foresee(
    brief: Brief,
    targets: Sequence[Target],
    now: datetime,
    pace: Pace,
    rings: Iterable[datetime] = (),
) -> Forecast:
    """When the calls of a plan ring, if all goes well and if nothing does.

    Args:
        brief: What is asked.
        targets: Its targets with their steps.
        now: UTC.
        pace: What the account may do at once, within an hour and a day.
        rings: Other calls of the last day, UTC.
    """
    longest = brief.limits.minutes_per_call
    usual = _Setting(brief, now, pace, sorted(rings), 1, min(USUAL_MINUTES, longest))
    well = _Calendar(usual).filled(targets)
    badly = _Calendar(replace(usual, tries=_most_tries(brief), minutes=longest)).filled(targets)
    return Forecast(
        made_at=now,
        rings={target.step_id: well.rings.get(target.step_id) for target in targets},
        expected_end=None if well.unreached else well.end,
        latest_end=None if badly.unreached else badly.end,
        untried=tuple(badly.unreached),
        binding=_binding(usual, targets, well),
    )


def _most_tries(brief: Brief) -> int:
    after = again(brief.contact, _NO_ANSWER)
    return min(brief.limits.attempts_per_target, (after.times if after else 0) + 1)


@dataclass(frozen=True)
class _Setting:
    """What a calendar is filled by: each target is reached at the last of so many `tries`."""

    brief: Brief
    now: datetime
    pace: Pace
    known: list[datetime]
    tries: int
    minutes: int


class _Calendar:
    """Calls in the order in which they ring, each as soon as every limit allows it."""

    def __init__(self, setting: _Setting) -> None:
        self._by, self._brief, self._pace = setting, setting.brief, setting.pace
        lines = 1 if setting.brief.strategy == "negotiate" else setting.pace.at_once
        self._free = [setting.now] * lines  # when each line is free again
        self._all = list(setting.known)  # every ring, in order
        self._order = count()
        self._waiting: list[tuple[datetime, int, Target, list[datetime]]] = []
        self.rings: dict[str, datetime] = {}
        self.unreached: list[str] = []
        self.end = setting.now

    def filled(self, targets: Sequence[Target]) -> "_Calendar":
        """The calendar with every target on it."""
        for target in targets:
            self._queue(target, [], self._by.now + LEAD)
        while self._waiting:
            wanted, _, target, made = heapq.heappop(self._waiting)
            if target.channel == "sms":
                self.rings[target.step_id] = wanted
                self.end = max(self.end, wanted)
                continue
            possible = self._possible(wanted)
            if possible > wanted:  # by then somebody else may come first
                self._queue(target, made, possible)
                continue
            self._ring(target, made, wanted)
            if len(made) < self._by.tries:
                self._queue(target, made, wanted + _IN_VAIN + self._rest())
        return self

    def _queue(self, target: Target, made: list[datetime], earliest: datetime) -> None:
        ring_at = free_day(self._brief, target, made, earliest)
        if ring_at is None:
            self.unreached.append(target.step_id)
        else:
            heapq.heappush(self._waiting, (ring_at, next(self._order), target, made))

    def _ring(self, target: Target, made: list[datetime], ring_at: datetime) -> None:
        self.rings.setdefault(target.step_id, ring_at)
        self._all.append(ring_at)
        made.append(ring_at)
        talked = len(made) == self._by.tries
        over = ring_at + (timedelta(minutes=self._by.minutes) if talked else _IN_VAIN)
        heapq.heapreplace(self._free, over + _PAUSE)
        self.end = max(self.end, over)

    def _rest(self) -> timedelta:
        after = again(self._brief.contact, _NO_ANSWER)
        return timedelta(minutes=after.minutes if after else 0)

    def _possible(self, wanted: datetime) -> datetime:
        """From when on the account can place the next call."""
        times = [wanted, self._free[0] + LEAD]
        for most, span in ((self._pace.an_hour, HOUR), (self._pace.a_day, DAY)):
            if most is not None and len(self._all) >= most:
                times.append(self._all[-most] + span)
        return max(times)


def _binding(setting: _Setting, targets: Sequence[Target], plan: _Calendar) -> str:
    """The limit without which it would be over soonest, or could be done at all."""
    if not plan.unreached and plan.end - setting.now < HOUR:
        return ""

    def without(looser: Pace) -> tuple[int, datetime]:
        other = _Calendar(replace(setting, pace=looser)).filled(targets)
        return len(other.unreached), other.end

    ends = [(without(looser), words) for looser, words in _looser(setting.brief, setting.pace)]
    best, words = min(ends, default=((len(plan.unreached), plan.end), ""))
    if best < (len(plan.unreached), plan.end - timedelta(minutes=1)):
        return words
    calling = setting.brief.calling
    return f"the permitted hours, {calling.days} {calling.hours} their time"


def _looser(brief: Brief, pace: Pace) -> Iterator[tuple[Pace, str]]:
    if pace.an_hour is not None:
        yield replace(pace, an_hour=None), f"the account's {pace.an_hour} calls an hour"
    if pace.a_day is not None:
        yield replace(pace, a_day=None), f"the account's {pace.a_day} calls a day"
    if brief.strategy != "negotiate":
        yield replace(pace, at_once=_MANY), f"the account's {pace.at_once} calls at once"
