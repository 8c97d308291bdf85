"""Can it be done in time: the plan's calls put on a calendar, before anyone is called. Pure."""

import heapq
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.contacts import again
from telnyx_toolkit.model import Target
from telnyx_toolkit.pace import DAY, HOUR, Pace
from telnyx_toolkit.places import regions_of, zones_of
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


@dataclass
class _Person:
    """A target on the calendar.

    Attributes:
        ready: From when on they may be tried, but for the permitted hours.
        made: When they were tried already.
    """

    target: Target
    order: int
    ready: datetime
    made: list[datetime] = field(default_factory=list[datetime])


#: People whom the same clocks, laws and days count for wait in one queue: whoever has waited
#: longest stands for all of them.
_Queue = list[tuple[datetime, int, _Person]]


class _Calendar:
    """Calls in the order in which they ring, each as soon as every limit allows it."""

    def __init__(self, setting: _Setting) -> None:
        self._by, self._brief, self._pace = setting, setting.brief, setting.pace
        lines = min(setting.brief.at_once or _MANY, setting.pace.at_once)
        self._free = [setting.now] * lines  # when each line is free again
        self._all = list(setting.known)  # every ring, in order
        self._queues: dict[Hashable, _Queue] = {}
        self._heads: list[tuple[datetime, int, Hashable]] = []  # when a queue's first can ring
        self.rings: dict[str, datetime] = {}
        self.unreached: list[str] = []
        self.end = setting.now

    def filled(self, targets: Sequence[Target]) -> "_Calendar":
        """The calendar with every target on it."""
        for order, target in enumerate(targets):
            self._join(_Person(target, order, self._by.now + LEAD))
        while self._heads:
            wanted, _, key = heapq.heappop(self._heads)
            person = self._queues[key][0][2]
            possible = self._possible(wanted) if person.target.channel == "call" else wanted
            ring_at = wanted if possible <= wanted else self._permitted(person, possible)
            if ring_at is None:
                self._next(key)
                self.unreached.append(person.target.step_id)
            elif ring_at > possible > wanted:  # by then somebody else may come first
                heapq.heappush(self._heads, (ring_at, person.order, key))
            else:
                self._next(key)
                self._ring(person, ring_at)
        return self

    def _join(self, person: _Person) -> None:
        """Stand in the queue; to be first in it takes a permitted time."""
        zones = zones_of(person.target.phone, person.target.timezone)
        days = [[at.astimezone(ZoneInfo(zone)).date() for zone in zones] for at in person.made]
        where = (zones, regions_of(person.target.phone), person.target.channel)
        key = (where, tuple(map(tuple, days)))
        queue = self._queues.setdefault(key, [])
        heapq.heappush(queue, (person.ready, person.order, person))
        if queue[0][2] is person:
            self._lead(key)

    def _next(self, key: Hashable) -> None:
        """Whoever was first in the queue is through."""
        heapq.heappop(self._queues[key])
        self._lead(key)

    def _lead(self, key: Hashable) -> None:
        """Find out when the queue's first can ring; an older answer for it no longer counts."""
        self._heads = [head for head in self._heads if head[2] != key]
        heapq.heapify(self._heads)
        while queue := self._queues[key]:
            person = queue[0][2]
            if (ring_at := self._permitted(person, person.ready)) is not None:
                heapq.heappush(self._heads, (ring_at, person.order, key))
                return
            self.unreached.append(heapq.heappop(queue)[2].target.step_id)

    def _permitted(self, person: _Person, earliest: datetime) -> datetime | None:
        return free_day(self._brief, person.target, person.made, earliest)

    def _ring(self, person: _Person, ring_at: datetime) -> None:
        self.rings.setdefault(person.target.step_id, ring_at)
        if person.target.channel == "sms":
            self.end = max(self.end, ring_at)
            return
        self._all.append(ring_at)
        person.made.append(ring_at)
        talked = len(person.made) == self._by.tries
        over = ring_at + (timedelta(minutes=self._by.minutes) if talked else _IN_VAIN)
        heapq.heapreplace(self._free, over + _PAUSE)
        self.end = max(self.end, over)
        if not talked:
            person.ready = over + self._rest()
            self._join(person)

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
    if brief.at_once is None:
        yield replace(pace, at_once=_MANY), f"the account's {pace.at_once} calls at once"
