"""Every call of the last day, of all missions: what limits over missions are reckoned from."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from telnyx_toolkit.ledger.database import Database, Row
from telnyx_toolkit.pace import Dial, Traffic

_DECIDED = "attempt.requested"
_ENDS = ("attempt.abandoned", "attempt.ended", "attempt.unresolved")
_COLUMNS = """
SELECT rowid, kind, json_extract(data, '$.attempt_id'), at, json_extract(data, '$.phone'),
  coalesce(json_extract(data, '$.channel'), 'call'), coalesce(json_extract(data, '$.server'), ''),
  json_extract(data, '$.scheduled_at'),
  coalesce(json_extract(data, '$.busy_until'), json_extract(data, '$.scheduled_at')),
  json_extract(data, '$.limited')
FROM events
"""
_KINDS = "('attempt.requested', 'attempt.abandoned', 'attempt.ended', 'attempt.unresolved')"
_SINCE = f"{_COLUMNS} WHERE kind IN {_KINDS} AND at > ? AND json_valid(data) ORDER BY rowid"
#: The plus signs keep SQLite from going by the kind: what is new is few rows at the end.
_NEW = f"{_COLUMNS} WHERE rowid > ? AND +kind IN {_KINDS} AND json_valid(data) ORDER BY rowid"
#: What is older than that is not kept for ever.
_KEPT = timedelta(days=1)


class TrafficLog:
    """The calls as this process knows them: read once, and then only what is new.

    The facts of other processes are new rows like our own. A fact is never changed, and its row
    comes behind those of all facts that were there before it: SQLite has one writer at a time.
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
        rows = self._db.read(_NEW, (self._seen,))
        if rows:
            self._seen = rows[-1][0]
            self._known = self._known.after(self._dials(rows))
        return self._known

    def _read(self, since: datetime) -> Traffic:
        last = self._last()
        rows = self._db.read(_SINCE, (since.isoformat(),))
        self._begins, self._known = since, Traffic()
        self._seen = max([last, *(row[0] for row in rows)])
        self._known = Traffic().after(self._dials(rows))
        return self._known

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
    return Dial(attempt_id, phone, channel, server, decided_at, rings, over)
