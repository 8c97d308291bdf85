"""Every call of the last day, of all missions: what limits over missions are reckoned from."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from sys import intern

from telnyx_toolkit.ledger.database import Database, Row
from telnyx_toolkit.ledger.picking import ends_of, tries_behind, tries_since
from telnyx_toolkit.pace import Dial, Traffic

_DECIDED = "attempt.requested"
#: What is older than that is not kept for ever.
_KEPT = timedelta(days=1)


class TrafficLog:
    """The calls as this process knows them: read once, and then only what is new.

    The facts of other processes are new rows like our own, and a fact is never changed. A file has
    one writer at a time, so that a new row lies behind all that are known. In Postgres that is so
    of decisions, which are written alone; how calls ended is asked of those that are open.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._begins: datetime | None = None
        self._seen = 0
        self._known = Traffic()

    def since(self, since: datetime) -> Traffic:
        """What was decided on since then, and how it ended; it may have older calls too."""
        begins = self._begins
        if begins is None or not begins <= since <= begins + _KEPT or self._is_cut():
            return self._read(since)
        self._learn(self._db.read(tries_behind(self._db.kind), (self._seen, begins.isoformat())))
        is_open = self._known.open_attempts
        if is_open and self._is_unordered:
            self._learn(self._db.read(ends_of(is_open), is_open))
        return self._known

    def _read(self, since: datetime) -> Traffic:
        self._seen = 0 if self._is_unordered else self._last()
        self._begins, self._known = since, Traffic()
        self._learn(self._db.read(tries_since(self._db.kind), (since.isoformat(),)))
        return self._known

    def _learn(self, rows: list[Row]) -> None:
        if not rows:
            return
        known = (row[0] for row in rows if row[1] == _DECIDED or not self._is_unordered)
        self._seen = max([self._seen, *known])
        self._known = self._known.after(self._dials(rows))

    @property
    def _is_unordered(self) -> bool:
        """Whether a row may come to be seen after one that lies behind it."""
        return self._db.kind == "postgres"

    def _last(self) -> int:
        return self._db.read("SELECT coalesce(max(rowid), 0) FROM events")[0][0]

    def _is_cut(self) -> bool:
        """Whether rows are gone that were there: somebody put an older copy in place."""
        return self._last() < self._seen

    def _dials(self, rows: list[Row]) -> Iterator[Dial]:
        """The dials that these rows are about, each as it is after them."""
        news: dict[str, Dial] = {}
        for _, kind, attempt_id, at, *more, limited in rows:
            if kind == _DECIDED:
                news[attempt_id] = _dial(attempt_id, at, *more)
            elif known := news.get(attempt_id) or self._known.dials.find(attempt_id):
                news[attempt_id] = replace(
                    known,
                    is_over=kind != "attempt.abandoned",
                    is_void=kind == "attempt.abandoned",
                    limited_at=datetime.fromisoformat(at) if limited else None,
                )
        return iter(news.values())


def _dial(
    attempt_id: str,
    at: str,
    phone: str,
    channel: str,
    server: str,
    ring_at: str,
    busy_until: str,
) -> Dial:
    decided_at, rings, over = (datetime.fromisoformat(text) for text in (at, ring_at, busy_until))
    return Dial(attempt_id, phone, intern(channel), intern(server), decided_at, rings, over)
