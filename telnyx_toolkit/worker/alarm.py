"""The alarm clock: Procrastinate's tables in the ledger's database, and what is set in them.

A job says that a mission has something to do at an instant. Nothing else is in it: whoever takes it
asks the ledger what there is to do, if anything. So a job may be lost, or be there twice.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection, sql

#: A worker that was not heard of for so long is gone, in seconds; and how often each is heard of.
GONE_S, HEARTBEAT_S = 7.0, 2.0
#: How soon a job that has come due is seen, in seconds.
LOOK_S = 1.0
_QUEUE, _TASK = "missions", "advance"
_PREFIX = "telnyx_toolkit_alarm_"
#: Every release of Procrastinate that has the same tables shares them; another has its own, so that
#: old and new workers run side by side, and no table is ever changed.
SCHEMA = _PREFIX + sha256(SchemaManager.get_schema().encode()).hexdigest()[:8]
_LOCK = int.from_bytes(sha256(_PREFIX.encode()).digest()[:8], "big", signed=True)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_LEAST, _MOST = -(2**31), 2**31 - 1
_UNDER_WAY = """SELECT DISTINCT lock FROM procrastinate_jobs WHERE lock = ANY(%(missions)s)
AND (status = 'doing' OR (status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())))"""
_ALIVE = """SELECT count(*), extract(epoch FROM now() - max(last_heartbeat))::float
FROM {} WHERE last_heartbeat > now() - make_interval(secs => %s)"""
_TABLES = """SELECT table_schema FROM information_schema.tables
WHERE table_name = 'procrastinate_workers' AND table_schema LIKE %s"""


def make_tables(url: str) -> None:
    """Make Procrastinate's tables in a schema of their own, unless they are there."""
    with psycopg.connect(url) as db:
        db.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
        db.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(SCHEMA)))
        found = db.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
        if found == (None,):
            db.execute(SchemaManager.get_schema().encode())


def alive(url: str) -> tuple[int, float | None]:
    """How many workers there are, and how many seconds ago the last was heard of."""
    count, ago = 0, None
    with psycopg.connect(url) as db:
        for (schema,) in db.execute(_TABLES, (f"{_PREFIX}%",)).fetchall():
            table = sql.Identifier(schema, "procrastinate_workers")
            row = db.execute(sql.SQL(_ALIVE).format(table), (GONE_S,)).fetchone()
            count += row[0] if row else 0
            ago = row[1] if row and row[1] is not None else ago
    return count, ago


class Alarm:
    """Sets alarms, and runs what is to be done when one rings.

    Args:
        url: The database; `make_tables` has been there.
        ring: Called with a mission's id when there may be something to do for it.
        at_once: How many missions are worked on at once.
    """

    def __init__(self, url: str, ring: Callable[[str], Awaitable[None]], at_once: int) -> None:
        self._at_once = at_once
        self._is_open = False
        self.app = App(
            connector=PsycopgConnector(
                conninfo=url,
                configure=_configure,
                min_size=1,
                max_size=at_once + 3,
                timeout=10.0,
                kwargs={"application_name": "telnyx-toolkit worker"},
            )
        )

        @self.app.task(name=_TASK, queue=_QUEUE)
        async def advance(mission_id: str) -> None:  # pyright: ignore[reportUnusedFunction]
            await ring(mission_id)

    @property
    def is_open(self) -> bool:
        """Whether there are tables to set alarms in."""
        return self._is_open

    async def run(self) -> None:
        """Take what comes due, until cancelled: then what is under way is finished first."""
        try:  # what was half open when it was cancelled is closed, too: nothing is left to wait for
            await self.app.open_async()
            self._is_open = True
            await self.app.run_worker_async(
                queues=[_QUEUE],
                concurrency=self._at_once,
                delete_jobs="always",
                install_signal_handlers=False,
                fetch_job_polling_interval=LOOK_S,
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=GONE_S,
            )
        finally:
            self._is_open = False
            await self.app.close_async()

    async def wake(self, mission_id: str, at: datetime, *, is_due: bool = False) -> None:
        """Have the mission looked at from `at` on: once, however often this is asked.

        Of a mission's alarms the earliest is first in line, so that one for tomorrow holds nothing
        up; and of all missions the one that is longest overdue.

        Args:
            mission_id: Which.
            at: UTC, by the clock of missions.
            is_due: Now, whatever the database's clock says of `at`.
        """
        job = self.app.configure_task(
            _TASK,
            queue=_QUEUE,
            lock=mission_id,
            queueing_lock=f"{mission_id} {at.isoformat()}",
            priority=_priority(at),
            schedule_at=None if is_due else at,
        )
        with suppress(AlreadyEnqueued):
            await job.defer_async(mission_id=mission_id)

    async def under_way(self, missions: Sequence[str]) -> set[str]:
        """Which of them are being worked on, or about to be."""
        ask: Any = self.app.connector.execute_query_all_async
        return {row["lock"] for row in await ask(_UNDER_WAY, missions=list(missions))}

    async def rescue(self) -> list[str]:
        """Take back what workers that are gone had begun; the missions that are free again."""
        jobs = self.app.job_manager
        freed: list[str] = []
        for job in await jobs.get_stalled_jobs(queue=_QUEUE, seconds_since_heartbeat=GONE_S):
            with suppress(ConnectorException):  # another worker was faster
                await jobs.finish_job_by_id_async(job.id or 0, Status.FAILED, delete_job=True)
                freed.append(job.lock or "")
        await jobs.prune_stalled_workers(GONE_S)
        return freed


def _priority(at: datetime) -> int:
    """Higher for what is earlier."""
    return int(min(max(-(at - _EPOCH).total_seconds(), _LEAST), _MOST))


async def _configure(connection: AsyncConnection[Any]) -> None:
    await connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(SCHEMA)))
    await connection.commit()
