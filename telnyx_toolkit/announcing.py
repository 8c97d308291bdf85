"""Telling people what changed: each notice once by every way that is set up for it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from telnyx_toolkit.errors import ToolkitError
from telnyx_toolkit.ledger.notices import Waiting
from telnyx_toolkit.notice_words import is_moot
from telnyx_toolkit.notices import Notice, Route
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.toolkit import Toolkit

if TYPE_CHECKING:
    from telnyx_toolkit.notify import Refused, Way

_AT_ONCE = 20
_PATIENCE = timedelta(seconds=20)
_CLAIM = timedelta(minutes=2)
_STALE = timedelta(days=3)
_TRIES = 5
_FIRST_PAUSE = timedelta(minutes=2)


def announce(toolkit: Toolkit) -> list[str]:
    """Tell what is to be told now; the lines are for whoever reads the output of this process.

    A notice is told at least once by each way: it is settled after that, so one whose telling was
    cut off is told again, and carries its id.
    """
    lines: list[str] = []
    notices, until = toolkit.ledger.notices, toolkit.wall.now() + _PATIENCE
    for waiting in notices.due(toolkit.wall.now(), _AT_ONCE):
        now = toolkit.wall.now()
        if now > until:
            break  # the next tick tells the rest
        if notices.claim(waiting.notice.notice_id, now, now + _CLAIM):
            lines += _tell(toolkit, waiting)
    return lines


def _tell(toolkit: Toolkit, waiting: Waiting) -> list[str]:
    notices, notice = toolkit.ledger.notices, waiting.notice
    try:
        state = toolkit.state(notice.mission_id)
    except ToolkitError as unreadable:  # what was to be told is still true
        notices.settle(notice.notice_id, toolkit.wall.now())
        return [f"{notice.text} (The mission cannot be read: {unreadable.message})"]
    if is_moot(notice, state) or _is_stale(toolkit, notice):
        notices.settle(notice.notice_id, toolkit.wall.now())
        return []
    route = _route(state)
    ways = [way for way in toolkit.ways if way.takes(notice, route)]
    if not ways:
        notices.settle(notice.notice_id, toolkit.wall.now())
        return [] if waiting.answered else [notice.text]
    return _send(toolkit, waiting, ways, route)


def _send(toolkit: Toolkit, waiting: Waiting, ways: "list[Way]", route: Route | None) -> list[str]:
    from telnyx_toolkit.notify import Refused  # noqa: PLC0415 - most ticks tell nothing

    notices, notice = toolkit.ledger.notices, waiting.notice
    refused: list[Refused] = []
    for way in ways:
        if way.name in waiting.done_by:
            continue
        answer = way.send(notice, route)
        if isinstance(answer, Refused):
            refused.append(answer)
        if not isinstance(answer, Refused) or not answer.again:
            notices.done_with(notice.notice_id, way.name, toolkit.wall.now())
    if not refused:
        notices.settle(notice.notice_id, toolkit.wall.now())
        return []
    return _failed(toolkit, waiting, refused)


def _failed(toolkit: Toolkit, waiting: Waiting, refused: "list[Refused]") -> list[str]:
    """Try again later, and say at once that it could not be told: somebody may read this."""
    notices, notice, now = toolkit.ledger.notices, waiting.notice, toolkit.wall.now()
    again = any(one.again for one in refused) and waiting.tries + 1 < _TRIES
    if again:
        notices.refused(notice.notice_id, now + _FIRST_PAUSE * 4**waiting.tries)
    else:
        notices.settle(notice.notice_id, now)
    if waiting.tries and again:
        return []
    why = "; ".join(f"{one.via}: {one.reason.rstrip('.')}. {one.fix}".strip() for one in refused)
    return [f"{notice.text} (This could not be sent. {why})"]


def _is_stale(toolkit: Toolkit, notice: Notice) -> bool:
    """Whether it is news no more; a sandbox's virtual time says nothing about that."""
    return not toolkit.settings.is_local and toolkit.wall.now() - notice.at > _STALE


def _route(state: MissionState) -> Route | None:
    return Route(**state.route) if state.route.get("channel") else None
