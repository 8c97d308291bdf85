"""How many calls at once, within an hour and a day: over all missions that share an account."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.rows import Rows

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
#: After the first refusal of a call for its rate, and twice as long after each further one.
_FIRST_REST, _LONGEST_REST = timedelta(minutes=1), timedelta(minutes=32)
#: Telnyx's codes for too many calls at once or in a second, in answers and in calls that failed.
_LIMIT = Pattern(r"\b(D1|90041|90042|90043|90103|10011)\b")


@dataclass(frozen=True)
class Pace:
    """What may be done at most; None where there is no limit."""

    at_once: int = 2
    an_hour: int | None = 10
    a_day: int | None = 100

    @property
    def is_capped(self) -> bool:
        """Whether there is a limit for an hour or a day."""
        return self.an_hour is not None or self.a_day is not None

    def __str__(self) -> str:
        """In words: `at most 2 calls at once, 10 an hour, 100 a day`."""
        parts = [f"{self.at_once} call{'s' if self.at_once > 1 else ''} at once"]
        parts += [f"{self.an_hour} an hour"] if self.an_hour is not None else []
        parts += [f"{self.a_day} a day"] if self.a_day is not None else []
        return f"at most {', '.join(parts)}"


@dataclass(frozen=True)
class Dial:
    """One decision to call or text somebody, by any mission.

    Attributes:
        server: Where it was asked for; each has its own limits.
        decided_at: When it was written down, UTC.
        ring_at: When it was to ring, UTC.
        busy_until: When it must be over at the latest, UTC.
        is_over: It is known to have ended.
        is_void: It provably never became a call.
        limited_at: When Telnyx refused it, or broke it off, for too many at once; None else.
    """

    attempt_id: str
    phone: str
    channel: str
    server: str
    decided_at: datetime
    ring_at: datetime
    busy_until: datetime
    is_over: bool = False
    is_void: bool = False
    limited_at: datetime | None = None


_NO_DIALS: Rows[Dial] = Rows(attrgetter("attempt_id"), kin=attrgetter("phone"))


class Traffic:
    """The calls of one account in the last day at least, as the ledger has them.

    It never changes: `after` makes another, for what is new only.

    Args:
        dials: Calls and texts, in the order in which they were decided on.
    """

    def __init__(self, dials: Iterable[Dial] = ()) -> None:
        self.dials = _NO_DIALS.of(dials)
        self._server: str | None = None
        self._open = tuple(d.attempt_id for d in self.dials if _is_open(d))
        self._limited = tuple(d.attempt_id for d in self.dials if d.limited_at)

    def after(self, news: Iterable[Dial]) -> "Traffic":
        """The same with these dials as they are now."""
        made = Traffic()
        made.dials, made._open, made._limited = self.dials, self._open, self._limited
        for dial in news:
            name = dial.attempt_id
            made.dials = made.dials.with_row(dial)
            made._open = _listed(made._open, name, is_in=_is_open(dial))
            made._limited = _listed(made._limited, name, is_in=dial.limited_at is not None)
        return made

    @property
    def open_attempts(self) -> tuple[str, ...]:
        """The attempts that may not be over, by their ids."""
        return self._open

    def of(self, phone: str) -> list[datetime]:
        """When a number was dialled, by decisions, oldest first."""
        there = (d for d in self.dials.kin_of(phone) if self._is_here(d))
        return sorted(d.decided_at for d in there if not d.is_void)

    def on(self, server: str) -> "Traffic":
        """The calls placed through one server."""
        made = Traffic()
        made.dials, made._open, made._limited = self.dials, self._open, self._limited
        made._server = server
        return made

    def under_way(self, now: datetime) -> list[Dial]:
        """What holds a line, or will within moments."""
        return [dial for dial in self._found(self._open) if dial.busy_until > now]

    def rings(self) -> list[datetime]:
        """When they rang or are to ring, in order."""
        return sorted(d.ring_at for d in self.dials if self._is_here(d) and not d.is_void)

    def refusals(self, now: datetime) -> list[datetime]:
        """When calls were refused for their rate within the last hour, in order."""
        found = (dial.limited_at for dial in self._found(self._limited))
        return sorted(at for at in found if at and at > now - HOUR)

    def _is_here(self, dial: Dial) -> bool:
        return self._server is None or (
            dial.channel == "call" and dial.server in {"", self._server}
        )

    def _found(self, names: Iterable[str]) -> Iterator[Dial]:
        found = (self.dials.find(name) for name in names)
        return (dial for dial in found if dial and self._is_here(dial))


def _is_open(dial: Dial) -> bool:
    return not (dial.is_over or dial.is_void)


def _listed(names: tuple[str, ...], name: str, *, is_in: bool) -> tuple[str, ...]:
    """The names with this one among them, or without it."""
    if is_in:
        return names if name in names else (*names, name)
    return tuple(other for other in names if other != name) if name in names else names


def tells_of_limit(text: str) -> bool:
    """Whether Telnyx's words say that there were too many calls."""
    return _LIMIT.search(text) is not None


def free_line(pace: Pace, traffic: Traffic, now: datetime) -> bool:
    """Whether one more call may be under way; after a refusal it is one at a time for an hour."""
    most = 1 if traffic.refusals(now) else pace.at_once
    return len(traffic.under_way(now)) < most


def first_over(traffic: Traffic, now: datetime) -> datetime:
    """When a call that is under way may be over at the earliest: none is before it rings."""
    return min((max(dial.ring_at, now) for dial in traffic.under_way(now)), default=now)


def rested_until(traffic: Traffic, now: datetime) -> datetime:
    """From when on calls may be asked for again, after refusals for their rate; UTC."""
    refusals = traffic.refusals(now)
    if not refusals:
        return datetime.min.replace(tzinfo=UTC)
    return refusals[-1] + min(_FIRST_REST * 2 ** (len(refusals) - 1), _LONGEST_REST)


def next_slot(pace: Pace, rings: Sequence[datetime], earliest: datetime) -> datetime:
    """The first instant from `earliest` on at which one more call keeps every span within limits.

    Args:
        pace: The limits.
        rings: When other calls ring, in order, UTC.
        earliest: UTC.
    """
    instants = {earliest} | {r + span for r in rings for _, span in _caps(pace)}
    return next(at for at in sorted(instants) if at >= earliest and fits(pace, rings, at))


def fits(pace: Pace, rings: Iterable[datetime], at: datetime) -> bool:
    """Whether one more ring then leaves no span of an hour or a day with too many."""
    for most, span in _caps(pace):
        near = sorted([at, *(r for r in rings if abs(r - at) < span)])
        if any(near[n + most] - near[n] < span for n in range(len(near) - most)):
            return False
    return True


def _caps(pace: Pace) -> Iterator[tuple[int, timedelta]]:
    if pace.an_hour is not None:
        yield pace.an_hour, HOUR
    if pace.a_day is not None:
        yield pace.a_day, DAY
