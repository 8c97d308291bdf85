"""Other processes that share the runs of a rehearsal: each asks for one, and sends its record."""

import gc
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Self

from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.run_record import RunRecord
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.tool_arguments import RehearseMission
from telnyx_toolkit.toolkit import Toolkit

Serve = Callable[[Toolkit, RehearseMission, Iterator[int]], Iterator[RunRecord]]
#: Runs that a process has at hand, so that it need not wait for the next.
_AHEAD = 2
#: So many more objects made than dropped are looked through for cycles; Python says 700.
_GARBAGE = 20_000
_URL = "http://127.0.0.1/v2"


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    given: deque[int] = field(default_factory=deque[int])


class Workers:
    """Processes of the same program, which end with it however it ends.

    They are started afresh (`spawn`), the one way that every system has. Where none can be
    started, or one dies, the runs are played in this process: it only takes longer.

    Args:
        serve: Plays runs; a function of a module.
        settings: Where the person's prices are, and the account's pace; the key is not handed on.
        args: What is rehearsed.
        prompts: As of the toolkit.
        count: How many besides this process.
    """

    def __init__(
        self,
        serve: Serve,
        settings: Settings,
        args: RehearseMission,
        prompts: Prompts | None,
        count: int,
    ) -> None:
        keyless = Settings(_URL, settings.home, None, settings.pace)
        self._job = (serve, keyless, args, prompts)
        self._count = count
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        context = get_context("spawn")
        with suppress(OSError, ValueError, TypeError, AttributeError, ImportError):
            for _ in range(self._count):
                ours, theirs = context.Pipe()
                process = context.Process(target=_work, args=(theirs, *self._job), daemon=True)
                process.start()
                theirs.close()
                self._workers.append(_Worker(process, ours))
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.pipe.close()
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join()

    def shared(
        self, numbers: Iterable[int], here: Callable[[int], RunRecord]
    ) -> Iterator[RunRecord]:
        """The record of each run, as they come: from there, and from this process.

        Args:
            numbers: Which runs.
            here: Plays one in this process.
        """
        left = deque(numbers)
        while left or any(worker.given for worker in self._workers):
            for worker in list(self._workers):
                self._hand_out(worker, left)
            if left:
                yield here(left.popleft())
            pipes = {worker.pipe: worker for worker in self._workers if worker.given}
            for pipe in wait(list(pipes), 0 if left or not pipes else None):
                worker = pipes[pipe]  # pyright: ignore[reportArgumentType] - only ours were given
                try:
                    record: Any = worker.pipe.recv()
                except (EOFError, OSError):
                    self._lose(worker, left)
                    continue
                worker.given.remove(record.number)
                yield record

    def _hand_out(self, worker: _Worker, left: deque[int]) -> None:
        while left and len(worker.given) < _AHEAD:
            number = left.popleft()
            worker.given.append(number)
            try:
                worker.pipe.send(number)
            except OSError:
                self._lose(worker, left)
                return

    def _lose(self, worker: _Worker, left: deque[int]) -> None:
        """A process is gone: what it was to play is played by others."""
        self._workers.remove(worker)
        left.extend(worker.given)
        worker.pipe.close()
        worker.process.join()


def collect_less() -> None:
    """For a process that plays many runs: what is loaded stays, and little of a run is a cycle."""
    gc.freeze()
    gc.set_threshold(_GARBAGE)


def _work(
    pipe: Connection,
    serve: Serve,
    settings: Settings,
    args: RehearseMission,
    prompts: Prompts | None,
) -> None:
    """Play what is asked for until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us decides, and ends us
    collect_less()

    def numbers() -> Iterator[int]:
        with suppress(EOFError, OSError):
            yield from iter(pipe.recv, None)

    toolkit = Toolkit(settings, prompts=prompts)
    with suppress(OSError):
        for record in serve(toolkit, args, numbers()):
            pipe.send(record)
