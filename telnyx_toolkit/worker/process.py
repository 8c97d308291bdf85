"""The worker's process: an alarm clock, a sweeper that closes its gaps, and a graceful end."""

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from telnyx_toolkit.errors import LedgerConflict, ToolkitError
from telnyx_toolkit.log_lines import say
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.worker import alarm as alarms
from telnyx_toolkit.worker.alarm import Alarm
from telnyx_toolkit.worker.hands import Hands

#: Between two sweeps; where time is virtual nobody waits by the wall, but for other workers.
SWEEP_S, VIRTUAL_SWEEP_S = 2.0, 0.25
#: How long rounds that have begun may take after a stop was asked for: as long as one request.
GRACE_S = 20.0
_TELL_S = 2.0
_PAUSES_S = (1.0, 2.0, 5.0, 10.0)
#: A sweeper and a teller, besides those who work.
_OTHERS = 2
#: The ledger was changed in a way that this program does not know: its missions go on at new ones.
_NEWER = "ledger_newer"
_INFO, _WARNING = logging.INFO, logging.WARNING
_T = TypeVar("_T")


class Worker:
    """Moves missions on until it is told to stop.

    Args:
        url: Where the ledger is.
        make: Makes a toolkit on it.
        at_once: How many missions are worked on at once.
        tell: Given each line that nobody was told by any other way.

    Attributes:
        rounds: How many rounds it has done.
    """

    def __init__(
        self,
        url: str,
        make: Callable[[], Toolkit],
        at_once: int,
        tell: Callable[[str], None],
    ) -> None:
        self._url, self._at_once, self._tell = url, at_once, tell
        self._hands = Hands(make, at_once + _OTHERS)
        self._threads = ThreadPoolExecutor(at_once + _OTHERS, "mission")
        self._alarm = Alarm(url, self._ring, at_once)
        self._tasks: list[asyncio.Task[None]] = []
        self._busy = 0
        self._stopping = False
        self._ended_by: ToolkitError | None = None
        self.rounds = 0

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; a second one ends the process at once.

        Raises:
            ConfigError: a newer program has changed the ledger, so that this one must not go on.
        """
        try:
            asyncio.run(self._run())
        finally:
            self._threads.shutdown(cancel_futures=True)
            self._hands.close()
        if self._ended_by:
            raise self._ended_by

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_quietly)
        self._swept = asyncio.Event()
        before = {s: signal.signal(s, partial(self._on_signal, loop)) for s in _SIGNALS}
        say(_INFO, "worker started", at_once=self._at_once, process=os.getpid())
        parts: tuple[Callable[[], Coroutine[Any, Any, None]], ...] = (
            self._work,
            self._sweep,
            self._announce,
        )
        self._tasks = [asyncio.create_task(self._again_and_again(part)) for part in parts]
        try:
            await asyncio.wait(self._tasks)
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
        say(_INFO, "worker stopped", rounds=self.rounds)

    def _on_signal(self, loop: asyncio.AbstractEventLoop, number: int, _frame: object) -> None:
        if self._stopping:
            say(_WARNING, "worker ends at once", busy=self._busy)
            os._exit(128 + number)
        self._stopping = True
        loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        """Begin nothing any more; what was begun is finished, or cut off as by a kill."""
        say(_INFO, "worker stops", busy=self._busy)
        for task in self._tasks:
            task.cancel()
        watchdog = threading.Timer(GRACE_S, self._cut_off)
        watchdog.daemon = True
        watchdog.start()

    def _cut_off(self) -> None:
        """A round takes too long: it goes on elsewhere, as after any kill."""
        say(_WARNING, "worker ends with rounds under way", busy=self._busy)
        os._exit(0)

    async def _again_and_again(self, part: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do one part of the work for ever, whatever becomes of the database meanwhile."""
        failures = 0
        while not self._stopping:
            begun = time.monotonic()
            try:
                await part()
            except asyncio.CancelledError:
                return
            except Exception as problem:  # noqa: BLE001 - no surprise may end a part unseen
                failures = 0 if time.monotonic() - begun > _PAUSES_S[-1] else failures + 1
                self._take_in(problem)
                pause = _PAUSES_S[min(failures, len(_PAUSES_S)) - 1]
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(pause)

    def _take_in(self, problem: BaseException) -> None:
        """Go on after a passing trouble; end where only a newer program can go on."""
        if isinstance(problem, LedgerConflict):
            return
        _say_trouble(problem)
        if isinstance(problem, ToolkitError) and problem.code == _NEWER and not self._stopping:
            self._stopping, self._ended_by = True, problem
            self._stop()

    async def _in_thread(self, do: Callable[..., _T], *given: Any) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, do, *given)

    async def _work(self) -> None:
        """Take what comes due; the tables are made again where somebody dropped them."""
        await self._in_thread(alarms.make_tables, self._url)
        await self._alarm.run()

    async def _ring(self, mission_id: str) -> None:
        """One round of a mission, and the alarm for its next."""
        self._busy += 1
        try:
            at = await self._in_thread(self._hands.round, mission_id)
            self.rounds += 1
        except ToolkitError as problem:  # the sweeper finds it again
            self._take_in(problem)
            return
        finally:
            self._busy -= 1
        if self._hands.keeps_virtual_time:
            self._swept.set()
        elif at is not None:
            await self._alarm.wake(mission_id, at)

    async def _sweep(self) -> None:
        """Look for what is due and that nobody works on: whatever became of its alarm."""
        pause = VIRTUAL_SWEEP_S if self._hands.keeps_virtual_time else SWEEP_S
        while True:
            if self._alarm.is_open:
                for mission_id in await self._alarm.rescue():
                    say(_WARNING, "taken back from a worker that is gone", mission=mission_id)
                await self._sweep_once()
            self._swept.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._swept.wait(), pause)

    async def _sweep_once(self) -> None:
        found = await self._in_thread(self._hands.look)
        if not found.due and found.next_at and self._hands.keeps_virtual_time:
            await self._move_clock(found.next_at)
            found = await self._in_thread(self._hands.look)
        under_way = await self._alarm.under_way([one.mission_id for one in found.due])
        left = [one for one in found.due if one.mission_id not in under_way]
        for one in await self._in_thread(self._hands.unheld, left):
            await self._alarm.wake(one.mission_id, one.since, is_due=True)

    async def _move_clock(self, instant: datetime) -> None:
        """Nothing is due: then every round is over, for a mission is due until its round is.

        Several workers may do this at once: a clock that is there already is not moved.
        """
        await self._in_thread(self._hands.wait_for, instant)

    async def _announce(self) -> None:
        while True:
            for line in await self._in_thread(self._hands.announce):
                self._tell(line)
            await asyncio.sleep(_TELL_S)


_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def _say_trouble(problem: BaseException) -> None:
    code = problem.code if isinstance(problem, ToolkitError) else type(problem).__name__
    text = problem.message if isinstance(problem, ToolkitError) else "the worker met a trouble"
    say(_WARNING, text, code=code)


def _quietly(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A job of ours that another worker took back meanwhile ends with an error: no news."""
    problem = context.get("exception")
    say(_WARNING, "the alarm clock fails", code=type(problem).__name__)
