"""How often `tick` is called, and how long one may take."""

from dataclasses import dataclass
from datetime import timedelta

from telnyx_toolkit.durations import duration
from telnyx_toolkit.errors import InvalidInput

_SOONEST, _LATEST = timedelta(seconds=30), timedelta(hours=1)
_FOLLOWS_S = 90  # a tick follows the calls that are under way for so long at most
_PAUSE_S = 30  # between the end of one tick and the next
_ENDS_S = 60  # after that a tick has this long to end by itself


@dataclass(frozen=True)
class Schedule:
    """A tick every so often.

    Attributes:
        every_s: Seconds from one to the next.
    """

    every_s: int

    @property
    def every(self) -> str:
        """As OpenClaw and people write it: `2m`."""
        return f"{self.every_s}s" if self.every_s % 60 else f"{self.every_s // 60}m"

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments of our command."""
        return ("tick", "--for", f"{self.follows_s}s")

    @property
    def follows_s(self) -> int:
        """Seconds that a tick may follow the calls that are under way."""
        return max(min(_FOLLOWS_S, self.every_s - _PAUSE_S), 0)

    @property
    def timeout_s(self) -> int:
        """Seconds after which a tick is ended from outside; it loses nothing by that."""
        return self.follows_s + _ENDS_S


def schedule_of(every: str) -> Schedule:
    """The schedule of `--every`, such as `2m`.

    Raises:
        InvalidInput: it is no time, or none between 30 seconds and an hour.
    """
    wait = duration(every)
    if wait is None or not _SOONEST <= wait <= _LATEST:
        raise InvalidInput(
            f"--every {every!r} is not between 30s and 1h.",
            fix="Write --every 2m: calls are followed while a tick runs, so less is seldom better.",
        )
    return Schedule(int(wait.total_seconds()))
