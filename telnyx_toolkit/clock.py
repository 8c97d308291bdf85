"""What time it is, and waiting: the one place that knows the wall clock."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time in UTC and waits."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...

    def sleep_until(self, instant: datetime) -> None:
        """Return once `now()` is at or after `instant`; at once if it already is."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return datetime.now(UTC)

    def sleep_until(self, instant: datetime) -> None:
        """Block until the machine's clock reaches `instant`."""
        while (left := (instant - self.now()).total_seconds()) > 0:
            time.sleep(min(left, 30.0))


class ManualClock:
    """A clock that moves only when told, for the sandbox and the tests."""

    def __init__(self, start: datetime) -> None:
        self._now = aware(start)

    def now(self) -> datetime:
        """The instant this clock was last moved to."""
        return self._now

    def sleep_until(self, instant: datetime) -> None:
        """Move forward to `instant`; never back."""
        self._now = max(self._now, aware(instant))

    def advance(self, seconds: float) -> None:
        """Move forward by `seconds`."""
        self.sleep_until(self._now + timedelta(seconds=seconds))


def aware(instant: datetime) -> datetime:
    """`instant` in UTC.

    Raises:
        ValueError: it has no time zone, so nobody can say when it is.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone")
    return instant.astimezone(UTC)


def is_too_late(clock: Clock, wall: Clock, instant: datetime, until: datetime) -> bool:
    """Whether waiting for `instant` would take the caller past `until`.

    Args:
        clock: The mission's, by which `instant` is; where it is not `wall`, it is a sandbox's, and
            runs through days in no time.
        wall: The caller's, by which `until` is.
        instant: UTC.
        until: UTC.
    """
    return wall.now() >= until or (clock is wall and instant > until)
