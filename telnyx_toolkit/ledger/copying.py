"""Carries a ledger from a file to a database or back, and sets the old one aside.

Two ledgers that hold the same mission would each call for it. So the old one gets another name as
soon as the new one has everything: whoever has it open can write no more, and nobody finds it.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from telnyx_toolkit.errors import LeaseHeld
from telnyx_toolkit.ledger.database import Database, Place
from telnyx_toolkit.ledger.export import Export
from telnyx_toolkit.ledger.leases import LeaseRow, Leases
from telnyx_toolkit.ledger.notices import put_back
from telnyx_toolkit.ledger.opening import opened, opened_to_read
from telnyx_toolkit.ledger.restore import Restored, put_into, read_copy
from telnyx_toolkit.ledger.schema import writing

_NOTICES = (
    "SELECT notice_id, mission_id, kind, at, text, data, passing, answered, tries, due_at,"
    " settled_at FROM notices ORDER BY rowid"
)
#: What Telnyx was being told of at once when somebody died: the rest must be told the same way.
_TELLING = "SELECT telling_seq, mission_id FROM progress WHERE telling_seq > mirrored_seq"
_TOLD = "UPDATE progress SET telling_seq = ?1 WHERE mission_id = ?2 AND telling_seq < ?1"
_DELIVERIES = "SELECT notice_id, via, at FROM deliveries ORDER BY notice_id, via"


@dataclass(frozen=True)
class Carried:
    """What was done.

    Attributes:
        source, target: The two ledgers, by name.
        facts: What of missions and the do-not-call list was missing in the target, and what not.
        notices: How many that were to be told, or had been, were missing there.
        set_aside: The name under which the old ledger is kept.
    """

    source: str
    target: str
    facts: Restored
    notices: int
    set_aside: str


def carry(
    source: Place,
    target: Place,
    now: datetime,
    is_gone: Callable[[Place, LeaseRow], bool],
    tell: Callable[[int, int], None],
) -> Carried:
    """Carry everything over in one transaction; what is there already is left as it is.

    Nobody writes to either ledger meanwhile. If it ends before its end, the old ledger is in use
    as before; the same again goes on.

    Args:
        source: Where the ledger is.
        target: Where it is to be; made if need be.
        now: The time of this machine.
        is_gone: Whether the runner that has a lease has certainly ended.
        tell: Told how many of how many facts were looked at.

    Raises:
        LeaseHeld: somebody runs a mission; nothing was done.
        InvalidInput: the target has other facts in the same places; nothing was done.
        ConfigError, LedgerConflict: one of them cannot be used; nothing was done.
    """
    opened_to_read(source).close()  # a ledger that is not there is not made
    with closing(opened(source)) as old, writing(old, alone=True):
        old.keep_others_out()
        _refuse_running(old, source, now, is_gone)
        copy = read_copy(line.encode() for line in Export(old, now).lines())
        with closing(opened(target)) as new, writing(new, alone=True):
            _refuse_running(new, target, now, is_gone)
            facts = put_into(new, copy, tell)
            for row in old.read(_TELLING):
                new.execute(_TOLD, row)
            notices = put_back(new, old.read(_NOTICES), old.read(_DELIVERIES))
        aside = old.set_aside(f"{now:%Y%m%d%H%M%S}")
    return Carried(old.name, new.name, facts, notices, aside)


def _refuse_running(
    db: Database, place: Place, now: datetime, is_gone: Callable[[Place, LeaseRow], bool]
) -> None:
    held = (row for row in Leases(db).all() if row.expires_at > now and not is_gone(place, row))
    for row in held:
        raise LeaseHeld(
            f"Mission {row.mission_id} is being run by {row.holder}. Nothing was copied.",
            holder=row.holder,
        )
