"""An instant as people's clocks show it: the called person's, and the watcher's if it differs."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from telnyx_toolkit.model import Target
from telnyx_toolkit.places import zones_of

#: Gives an instant by the clock of whoever watches.
Here = Callable[[datetime], datetime]


def their_clock(at: datetime, target: Target, form: str = "%a %H:%M:%S %Z") -> str:
    """An instant as the target's clock shows it: `Mon 09:02:00 CST`; in UTC if nobody knows."""
    zones = zones_of(target.phone, target.timezone)
    return at.astimezone(ZoneInfo(zones[0] if zones else "UTC")).strftime(form)


def both_clocks(at: datetime, target: Target, here: Here | None) -> str:
    """The same with the watcher's own clock where it shows another: `… (Mon 16:02 CET here)`."""
    theirs = their_clock(at, target)
    if here is None:
        return theirs
    ours = here(at)
    if their_clock(at, target, "%a %H:%M %z") == ours.strftime("%a %H:%M %z"):
        return theirs
    return f"{theirs} ({ours:%a %H:%M %Z} here)"
