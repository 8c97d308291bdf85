"""A sandbox in a process of its own, asked through a pipe: what is measured here is ours alone."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.simulator import Callees, Sandbox, load_account
from telnyx_toolkit.simulator.account import Limits
from telnyx_toolkit.telnyx.straight import Answer, Straight, straight_to

Cast = Callable[[], Callees]


class Apart(Straight):
    """Asks the sandbox at the other end of a pipe, and tells it the time.

    Attributes:
        asked: How many requests there were.
        clock: Ours.
    """

    def __init__(self, pipe: Connection, clock: ManualClock) -> None:
        super().__init__(app=lambda _asked, _start: [])
        self._pipe, self.clock = pipe, clock
        self.asked = 0

    def answer(
        self,
        method: str,
        url: str,
        params: Mapping[str, str | int] | None,
        headers: Mapping[str, str],
        payload: bytes | None,
    ) -> Answer:
        """Its answer."""
        self.asked += 1
        self._pipe.send((self.clock.now(), method, url, params, dict(headers)))
        self._pipe.send_bytes(payload or b"")  # as it is: a copy of it would count as ours
        status, answered = self._pipe.recv()
        return status, answered, self._pipe.recv_bytes()


@contextmanager
def sandbox_apart(clock: ManualClock, cast: Cast, lines: int) -> Generator[Apart]:
    """A sandbox that follows the clock, of an account that may place so many calls at once.

    Args:
        clock: Ours.
        cast: Makes those who answer, over there: a function that another process can import.
        lines: How many calls at once.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, clock.now(), cast, lines))
    process.start()
    theirs.close()
    try:
        yield Apart(ours, clock)
    finally:
        ours.close()
        process.join()


def _serve(pipe: Connection, start: datetime, cast: Cast, lines: int) -> None:
    clock = ManualClock(start)
    account = load_account(shipped("fixtures", "accounts", "default.yaml"))
    account = replace(account, limits=Limits(lines))
    sandbox = Sandbox(clock, account=account, callees=cast())
    way = straight_to(sandbox)
    while True:
        try:
            now, method, url, params, headers = pipe.recv()
            payload = pipe.recv_bytes() or None
        except EOFError:
            return
        clock.sleep_until(now)
        status, answered, content = way.answer(method, url, params, headers, payload)
        pipe.send((status, answered))
        pipe.send_bytes(content)
        sandbox.requests.clear()  # nobody looks at them
