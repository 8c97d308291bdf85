"""Changes asked of Telnyx: written down before they are sent, looked for before repeated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from telnyx_toolkit.effect_watch import effect
from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.errors import ErrorResponse
from telnyx_toolkit.model import Json

_GONE = 404


@dataclass(frozen=True)
class Change:
    """One change of the account.

    Attributes:
        name: Unique within the mission; the effect's name in the ledger.
        send: Given the key and the body from the ledger, makes the one request and returns what
            is worth knowing of the answer.
        look: Returns what an earlier request, whose answer was never heard, has left at Telnyx;
            None if nothing.
        body: What is asked for, kept in the ledger.
    """

    name: str
    send: Callable[[str, Json], Json]
    look: Callable[[], Json | None]
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])


def perform(desk: Desk, change: Change) -> Json:
    """Make sure that a change has happened exactly once, and return what Telnyx said of it.

    After a crash or a lost answer the ledger knows that it was asked for: then we look first,
    and repeat only what is not there, with the key and the body of the first time.

    Raises:
        TelnyxError: refused (nothing happened), or unanswered (the next call looks).
    """
    known = desk.state.effects.get(change.name)
    if known and known.result is not None:
        return known.result
    with effect(f"change {change.name}"):
        return _perform(desk, change)


def _perform(desk: Desk, change: Change) -> Json:
    known = desk.state.effects.get(change.name)
    found = change.look() if known else None
    if known is None:
        key = desk.kit.new_id()
        desk.record("effect.requested", effect=change.name, key=key, body=dict(change.body))
        known = desk.state.effects[change.name]
    result = found if found is not None else change.send(known.key, known.body)
    desk.record("effect.executed", effect=change.name, result=dict(result))
    return result


def undo(desk: Desk, name: str, remove: Callable[[Json], None]) -> None:
    """Take back a change, if it was made; already gone counts as done.

    A change whose answer was never heard must be settled first: see `settle`.
    """
    if not desk.state.did(name):
        return
    with effect(f"undo {name}"):
        try:
            remove(desk.state.result_of(name))
        except ErrorResponse as problem:
            if problem.status != _GONE:
                raise
        desk.record("effect.undone", effect=name)


def settle(desk: Desk, name: str, look: Callable[[], Json | None]) -> None:
    """Find out whether a change whose answer was never heard has happened."""
    known = desk.state.effects.get(name)
    if known is None or known.result is not None:
        return
    found = look()
    if found is None:
        desk.record("effect.undone", effect=name)
    else:
        desk.record("effect.executed", effect=name, result=dict(found))
