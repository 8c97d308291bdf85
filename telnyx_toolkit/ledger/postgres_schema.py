"""The tables in Postgres, as an ordered list of migrations: one transaction each, never edited."""

from dataclasses import dataclass

#: Everything of ours lies in a schema of this name, so that the database can be shared.
SCHEMA = "telnyx_toolkit"


@dataclass(frozen=True)
class Migration:
    """What leads to a version.

    Attributes:
        to: The version of the tables afterwards; the same number means the same tables in a file.
        oldest: The oldest version whose program may go on writing afterwards. A migration that
            only adds what an older program may leave out keeps the number of the one before it;
            one that an older program must not write past has its own.
        statements: The statements, in order.
    """

    to: int
    oldest: int
    statements: tuple[str, ...]


# Texts are compared by code point, as SQLite does, so that times in ISO 8601 come in their order.
# `rowid` is what every table of a file has: the order in which its rows were written.
_FIRST = (
    """CREATE TABLE events (
        rowid      BIGINT GENERATED ALWAYS AS IDENTITY,
        mission_id TEXT COLLATE "C" NOT NULL,
        seq        BIGINT NOT NULL,
        kind       TEXT COLLATE "C" NOT NULL,
        at         TEXT COLLATE "C" NOT NULL,
        key        TEXT COLLATE "C" UNIQUE,
        data       TEXT NOT NULL,
        attempt_id TEXT COLLATE "C",
        phone      TEXT COLLATE "C",
        channel    TEXT COLLATE "C",
        server     TEXT COLLATE "C",
        scheduled_at TEXT COLLATE "C",
        busy_until TEXT COLLATE "C",
        limited    BOOLEAN,
        asked_off  BOOLEAN,
        PRIMARY KEY (mission_id, seq)
    )""",
    "CREATE UNIQUE INDEX events_in_order ON events (rowid)",
    "CREATE INDEX events_by_kind ON events (kind, at) WHERE attempt_id IS NOT NULL",
    """CREATE TABLE progress (
        rowid        BIGINT GENERATED ALWAYS AS IDENTITY,
        mission_id   TEXT COLLATE "C" PRIMARY KEY,
        mirrored_seq BIGINT NOT NULL DEFAULT 0,
        next_wake_at TEXT COLLATE "C"
    )""",
    "CREATE INDEX progress_due ON progress (next_wake_at) WHERE next_wake_at IS NOT NULL",
    """CREATE TABLE leases (
        mission_id TEXT COLLATE "C" PRIMARY KEY,
        holder     TEXT NOT NULL,
        token      TEXT COLLATE "C" NOT NULL,
        expires_at TEXT COLLATE "C" NOT NULL
    )""",
    """CREATE TABLE do_not_call (
        id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        phone      TEXT COLLATE "C" NOT NULL,
        action     TEXT NOT NULL CHECK (action IN ('add', 'remove')),
        reason     TEXT NOT NULL,
        source     TEXT COLLATE "C" NOT NULL,
        at         TEXT COLLATE "C" NOT NULL,
        mission_id TEXT COLLATE "C"
    )""",
    "CREATE INDEX do_not_call_phone ON do_not_call (phone, id)",
    """CREATE TABLE notices (
        rowid      BIGINT GENERATED ALWAYS AS IDENTITY,
        notice_id  TEXT COLLATE "C" PRIMARY KEY,
        mission_id TEXT COLLATE "C" NOT NULL,
        kind       TEXT NOT NULL,
        at         TEXT COLLATE "C" NOT NULL,
        text       TEXT NOT NULL,
        data       TEXT NOT NULL,
        passing    BIGINT NOT NULL DEFAULT 0,
        answered   BIGINT NOT NULL DEFAULT 0,
        tries      BIGINT NOT NULL DEFAULT 0,
        due_at     TEXT COLLATE "C" NOT NULL DEFAULT '',
        settled_at TEXT COLLATE "C"
    )""",
    "CREATE INDEX notices_open ON notices (due_at) WHERE settled_at IS NULL",
    "CREATE INDEX notices_of ON notices (mission_id)",
    """CREATE TABLE deliveries (
        notice_id TEXT COLLATE "C" NOT NULL,
        via       TEXT NOT NULL,
        at        TEXT COLLATE "C" NOT NULL,
        PRIMARY KEY (notice_id, via)
    )""",
)
# Facts are told in batches, and a batch that was begun stays the same. An older program tells
# each fact by itself.
_TELLING = ("ALTER TABLE progress ADD COLUMN telling_seq BIGINT NOT NULL DEFAULT 0",)
# What a process begins with instead of reading every fact of a mission again, and may be lost; who
# was called when, found by number; and how a try ended, found by the try.
_SNAPSHOTS = (
    """CREATE TABLE snapshots (
        mission_id TEXT COLLATE "C" PRIMARY KEY,
        seq        BIGINT NOT NULL,
        stamp      TEXT NOT NULL,
        state      BYTEA NOT NULL
    )""",
    "CREATE INDEX calls_by_phone ON events (phone) WHERE kind = 'attempt.requested'",
    "CREATE INDEX events_by_attempt ON events (attempt_id) WHERE attempt_id IS NOT NULL",
)

#: The migrations that there are; the newest leads to the version that a file has, too.
MIGRATIONS: tuple[Migration, ...] = (
    Migration(to=5, oldest=5, statements=_FIRST),
    Migration(to=6, oldest=5, statements=_TELLING),
    Migration(to=7, oldest=5, statements=_SNAPSHOTS),
)
