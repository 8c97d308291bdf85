"""`mission-status --watch`: follow a mission that another process runs, from the ledger alone."""

from datetime import datetime, timedelta

from telnyx_toolkit.cli.progress import Watcher, watcher
from telnyx_toolkit.ledger import SOON
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.transitions import fold

_LOOK = timedelta(seconds=1)
#: How long something may be due before it is said that nobody does it.
_PATIENCE = timedelta(seconds=30)
#: Nothing happens by itself any more.
_STILL = {"draft", "planned", "paused"}


def follow(toolkit: Toolkit, mission_id: str, *, as_lines: bool) -> None:
    """Show on standard error what happens, until the mission is over or waits for a person.

    Args:
        toolkit: Whose ledger has the mission.
        mission_id: Which one.
        as_lines: Plain lines even on a terminal.

    Raises:
        UnknownMission: the ledger does not have it.
    """
    with watcher(as_lines=as_lines) as shown:
        _Follower(toolkit, shown, mission_id).follow()


class _Follower:
    """Tells a watcher of one mission's facts, as others write them."""

    def __init__(self, toolkit: Toolkit, shown: Watcher, mission_id: str) -> None:
        self._toolkit, self._shown = toolkit, shown
        events = toolkit.ledger.events(mission_id)
        self._state, self._begun = fold(events), events[-1].at
        self._last_change = toolkit.wall.now()
        self._said_idle = False
        self._due: datetime | None = None

    def follow(self) -> None:
        """Until nothing happens by itself any more."""
        self._shown.begin(self._state, self._begun)
        while not self._is_over():
            self._tell_of_rest()
            wall = self._toolkit.wall
            wall.sleep_until(wall.now() + _LOOK)
            self._take_in()

    def _is_over(self) -> bool:
        """Whether the result is there and everything put back, or a person's word is waited for."""
        if self._state.is_finished:
            return self._toolkit.ledger.progress(self._state.mission_id).next_wake_at != SOON
        return self._state.phase in _STILL

    def _take_in(self) -> None:
        mission = self._state.mission_id
        for event in self._toolkit.ledger.events(mission, after=self._state.seq):
            self._state = fold([event], self._state)
            self._shown(event, self._state)
            self._last_change, self._said_idle = self._toolkit.wall.now(), False

    def _tell_of_rest(self) -> None:
        due = self._toolkit.ledger.progress(self._state.mission_id).next_wake_at
        if due and due != SOON:
            if due != self._due:
                self._shown.rests(due, self._state)
            self._due = due
        self._tell_of_idleness(due)

    def _tell_of_idleness(self, due: datetime | None) -> None:
        """Say, once, that something is due and nobody does it."""
        now = self._toolkit.wall.now()
        virtual = self._toolkit.settings.is_local  # then `due` is by another clock than ours
        waited_for = self._last_change if virtual else max(due or now, self._last_change)
        runs = self._toolkit.status(self._state)["runner"]
        if runs or self._said_idle or now < waited_for + _PATIENCE:
            return
        self._said_idle = True
        self._shown.idle(self._state)


def ways_back(mission_id: str) -> str:
    """What somebody is told who stopped watching."""
    return (
        f"Stopped watching. Mission {mission_id} is safe in the ledger, and what Telnyx has of it"
        " goes on.\n"
        f"  go on:  telnyx-toolkit run-mission {mission_id}\n"
        f"  look:   telnyx-toolkit mission-status {mission_id} --watch\n"
        f"  stop:   telnyx-toolkit cancel-mission {mission_id} --reason WHY"
    )
