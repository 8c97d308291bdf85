"""A file's tables, as an ordered list of migrations: one transaction each, never edited."""

from collections.abc import Generator
from contextlib import contextmanager

from telnyx_toolkit.errors import ConfigError, LedgerDamaged
from telnyx_toolkit.ledger.database import Database

# `progress` is no fact: it says how far others have read the facts, and when to look again.
_FACTS = (
    """CREATE TABLE events (
        mission_id TEXT NOT NULL,
        seq        INTEGER NOT NULL,
        kind       TEXT NOT NULL,
        at         TEXT NOT NULL,
        key        TEXT UNIQUE,
        data       TEXT NOT NULL,
        PRIMARY KEY (mission_id, seq)
    ) STRICT""",
    """CREATE TABLE progress (
        mission_id   TEXT PRIMARY KEY,
        mirrored_seq INTEGER NOT NULL DEFAULT 0,
        next_wake_at TEXT
    ) STRICT""",
)
# Who works on a mission, and until when nobody else should.
_LEASES = (
    """CREATE TABLE leases (
        mission_id TEXT PRIMARY KEY,
        holder     TEXT NOT NULL,
        token      TEXT NOT NULL,
        expires_at TEXT NOT NULL
    ) STRICT""",
)
#: Puts on the list who asked for it in a call or text of this ledger, unless that was done then:
#: an older program kept no list. What cannot be read says nothing.
HEARD = """INSERT INTO do_not_call (phone, action, reason, source, at, mission_id)
WITH sound AS (
    SELECT mission_id, kind, at, CASE WHEN json_valid(data) THEN data ELSE '{}' END AS data
    FROM events WHERE kind IN ('attempt.requested', 'attempt.collected')
),
heard AS (
    SELECT json_extract(asked.data, '$.phone') AS phone, said.at AS at, said.mission_id,
        'mission ' || said.mission_id || ', attempt ' || json_extract(said.data, '$.attempt_id')
            AS source
    FROM sound AS said
    JOIN sound AS asked ON asked.mission_id = said.mission_id
        AND asked.kind = 'attempt.requested' AND json_type(asked.data, '$.phone') = 'text'
        AND json_extract(asked.data, '$.attempt_id') = json_extract(said.data, '$.attempt_id')
    WHERE said.kind = 'attempt.collected'
        AND json_type(said.data, '$.insight.asked_not_to_be_called_again') = 'true'
)
SELECT phone, 'add', 'asked not to be called again', source, at, mission_id FROM heard
WHERE NOT EXISTS (
    SELECT 1 FROM do_not_call AS known
    WHERE known.phone = heard.phone AND known.source = heard.source)
ORDER BY at"""
# Whom nobody calls. Entries are added and never changed: a number's last one counts.
_DO_NOT_CALL = (
    """CREATE TABLE do_not_call (
        id         INTEGER PRIMARY KEY,
        phone      TEXT NOT NULL,
        action     TEXT NOT NULL CHECK (action IN ('add', 'remove')),
        reason     TEXT NOT NULL,
        source     TEXT NOT NULL,
        at         TEXT NOT NULL,
        mission_id TEXT
    ) STRICT""",
    "CREATE INDEX do_not_call_phone ON do_not_call (phone)",
    HEARD,
)
# What limits over all missions are reckoned from is found without reading every fact.
_BY_KIND = ("CREATE INDEX events_by_kind ON events (kind, at)",)
# What is to be told: written along with the fact that it tells of, and settled once it was told.
_NOTICES = (
    """CREATE TABLE notices (
        notice_id  TEXT PRIMARY KEY,
        mission_id TEXT NOT NULL,
        kind       TEXT NOT NULL,
        at         TEXT NOT NULL,
        text       TEXT NOT NULL,
        data       TEXT NOT NULL,
        passing    INTEGER NOT NULL DEFAULT 0,
        answered   INTEGER NOT NULL DEFAULT 0,
        tries      INTEGER NOT NULL DEFAULT 0,
        due_at     TEXT NOT NULL DEFAULT '',
        settled_at TEXT
    ) STRICT""",
    """CREATE TABLE deliveries (
        notice_id TEXT NOT NULL,
        via       TEXT NOT NULL,
        at        TEXT NOT NULL,
        PRIMARY KEY (notice_id, via)
    ) STRICT""",
    "CREATE INDEX notices_open ON notices (due_at) WHERE settled_at IS NULL",
    "CREATE INDEX progress_due ON progress (next_wake_at) WHERE next_wake_at IS NOT NULL",
)
# Facts are told in batches, and a batch that was begun stays the same.
_TELLING = ("ALTER TABLE progress ADD COLUMN telling_seq INTEGER NOT NULL DEFAULT 0",)
#: The number that an `attempt.requested` is about; what cannot be read has none.
PHONE = "CASE WHEN json_valid({0}data) THEN json_extract({0}data, '$.phone') END"
# What a process begins with instead of reading every fact of a mission again: a copy of what they
# come to, which may be lost. And who was called when, found by number.
_SNAPSHOTS = (
    """CREATE TABLE snapshots (
        mission_id TEXT PRIMARY KEY,
        seq        INTEGER NOT NULL,
        stamp      TEXT NOT NULL,
        state      BLOB NOT NULL
    ) STRICT""",
    f"CREATE INDEX calls_by_phone ON events ({PHONE.format('')}) WHERE kind = 'attempt.requested'",
)

#: The statements that lead from each version to the next. A new table is one more entry; an entry
#: that was released stays as it is, because there are ledgers that have been through it.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    _FACTS,
    _LEASES,
    _DO_NOT_CALL,
    _BY_KIND,
    _NOTICES,
    _TELLING,
    _SNAPSHOTS,
)
SCHEMA_VERSION = len(MIGRATIONS)

#: What every version has, and what makes a file a ledger.
_SIGNS = (
    "SELECT mission_id, seq, kind, at, key, data FROM events LIMIT 0",
    "SELECT mission_id, mirrored_seq, next_wake_at FROM progress LIMIT 0",
)


def recognise(db: Database) -> None:
    """Make sure that `db` is a ledger that this program can read.

    Raises:
        LedgerDamaged: it is damaged, or something else.
        ConfigError: a newer program wrote it.
    """
    version = db.version()
    if version > SCHEMA_VERSION and not db.takes(SCHEMA_VERSION):
        raise newer(db)
    if version < 1 or not all(db.understands(sign) for sign in _SIGNS):
        raise LedgerDamaged(f"The ledger {db.name!r} is damaged: it has no table of facts.")


def newer(db: Database) -> ConfigError:
    """The error for a ledger that a newer program has changed."""
    return ConfigError(
        f"The ledger {db.name!r} was written by a newer telnyx-toolkit.",
        fix="Upgrade telnyx-toolkit; the ledger was not touched.",
        code="ledger_newer",
    )


@contextmanager
def writing(db: Database, *, alone: bool = False) -> Generator[None]:
    """A transaction of a ledger that is as this program knows it.

    Args:
        db: The ledger.
        alone: What is written depends on what others write, whatever mission it is about: at most
            one such transaction is open at any time.

    Raises:
        ConfigError: a newer program has upgraded it since it was opened; nothing was written.
        LedgerConflict, LedgerUnwritable, LedgerDamaged: it cannot be written; nothing was.
    """
    with db.transaction(alone=alone):
        if not db.takes(SCHEMA_VERSION):
            raise newer(db)
        yield
