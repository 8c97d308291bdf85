"""The workers' alarm clock on a Postgres: what rings, in which order, and what is taken back."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from telnyx_toolkit.database_url import DatabaseUrl

pytestmark = pytest.mark.postgres
_NOW = datetime.now(UTC)  # noqa: TID251 - Postgres goes by the machine's clock, and so must this
_TOMORROW, _EARLIER = _NOW + timedelta(days=1), _NOW - timedelta(minutes=5)


def _rung(
    place: DatabaseUrl, prepare: Callable[[Any], Awaitable[None]], count: int, at_once: int = 1
) -> list[str]:
    """The missions whose alarms rang, until there were so many and a moment longer."""
    from telnyx_toolkit.worker.alarm import Alarm, make_tables  # noqa: PLC0415 - an extra

    async def play() -> list[str]:
        rung: list[str] = []
        enough = asyncio.Event()

        async def ring(mission_id: str) -> None:
            rung.append(mission_id)
            if len(rung) >= count:
                enough.set()

        alarm = Alarm(place.reveal(), ring, at_once)
        async with alarm.app.open_async():
            await prepare(alarm)
        running = asyncio.create_task(alarm.run())
        await asyncio.wait_for(enough.wait(), 20)
        await asyncio.sleep(1.5)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        return rung

    make_tables(place.reveal())
    make_tables(place.reveal())  # as every worker does
    return asyncio.run(play())


def test_an_alarm_for_tomorrow_does_not_hold_up_one_for_now(postgres: DatabaseUrl) -> None:
    async def prepare(alarm: Any) -> None:
        await alarm.wake("m_1", _TOMORROW)
        await alarm.wake("m_1", _NOW)

    assert _rung(postgres, prepare, 1) == ["m_1"]


def test_the_same_alarm_set_by_many_rings_once_and_the_longest_overdue_first(
    postgres: DatabaseUrl,
) -> None:
    async def prepare(alarm: Any) -> None:
        for _ in range(3):
            await alarm.wake("m_1", _NOW)
        await alarm.wake("m_2", _EARLIER)
        await alarm.wake("m_3", datetime.min.replace(tzinfo=UTC), is_due=True)

    assert _rung(postgres, prepare, 3) == ["m_3", "m_2", "m_1"]


def test_an_instant_of_a_sandboxs_clock_that_is_due_rings_now(postgres: DatabaseUrl) -> None:
    async def prepare(alarm: Any) -> None:
        await alarm.wake("m_1", _TOMORROW, is_due=True)

    assert _rung(postgres, prepare, 1) == ["m_1"]


def test_what_a_worker_that_is_gone_had_begun_is_taken_back(postgres: DatabaseUrl) -> None:
    from telnyx_toolkit.worker.alarm import SCHEMA  # noqa: PLC0415 - an extra
    from tests.postgres import run  # noqa: PLC0415

    freed: list[str] = []

    async def prepare(alarm: Any) -> None:
        await alarm.wake("m_1", _NOW)
        worker = await alarm.app.job_manager.register_worker()
        await alarm.app.job_manager.fetch_job(None, worker)
        assert await alarm.under_way(["m_1", "m_2"]) == {"m_1"}
        assert await alarm.rescue() == []
        run(
            postgres.reveal(),
            f"UPDATE {SCHEMA}.procrastinate_workers SET last_heartbeat = now() - interval '8 s'",  # noqa: S608
        )
        freed.extend(await alarm.rescue())
        await alarm.wake("m_1", _NOW)

    assert _rung(postgres, prepare, 1) == ["m_1"]
    assert freed == ["m_1"]


@pytest.mark.parametrize("turns", [1, 2, 3, 5, 8, 13])
def test_one_that_is_stopped_while_it_begins_leaves_nothing_to_wait_for(
    postgres: DatabaseUrl, turns: int
) -> None:
    from telnyx_toolkit.worker.alarm import Alarm, make_tables  # noqa: PLC0415 - an extra

    async def ring(mission_id: str) -> None:
        raise AssertionError(mission_id)

    async def stopped_at_once() -> set[asyncio.Task[Any]]:
        running = asyncio.create_task(Alarm(postgres.reveal(), ring, 1).run())
        for _ in range(turns):
            await asyncio.sleep(0)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}

    make_tables(postgres.reveal())
    with contextlib.closing(asyncio.new_event_loop()) as loop:  # it ends whatever is left
        assert loop.run_until_complete(stopped_at_once()) == set()
