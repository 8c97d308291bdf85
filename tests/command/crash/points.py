"""Named points in the life of a process, and its death by SIGKILL at one of them.

A point is passed before and after everything that outlives the process: each change of the ledger,
each request to Telnyx. Nothing in the toolkit knows of them: a ledger and a transport of the same
faces pass them.
"""

import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx

from telnyx_toolkit.ledger import Ledger

#: What only looks at the ledger; every other public method of it is taken for a change.
_READS = {"events", "mission_ids", "mission_with_key", "progress", "close", "path"}
#: Only ids are that long and hold a digit.
_ID = re.compile(r"(?<=/)(?=[^/]*\d)[^/]{16,}")
#: The sandbox's clock is read at every step, and reading it is no step.
_CLOCK = "/_sandbox/clock"
_NO_STEP = f"GET {_CLOCK}"


class Points:
    """Counts the points that this process passes, and kills it at the one it is told to die at.

    Attributes:
        passed: Their names in order; `#n` makes each unique.
    """

    def __init__(self, die_at: str = "") -> None:
        self.passed: list[str] = []
        self._die_at = die_at
        self._counts = Counter[str]()

    def at(self, name: str) -> None:
        self._counts[name] += 1
        full = f"{name} #{self._counts[name]}"
        self.passed.append(full)
        if full == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, what: str, do: Callable[[], Any]) -> Any:
        """Do it between two points."""
        self.at(f"before {what}")
        done = do()
        if isinstance(done, AbstractContextManager):
            return _Around(self, what, done)  # pyright: ignore[reportUnknownArgumentType]
        self.at(f"after {what}")
        return done


class _Around:
    """What a method gave for a `with` statement: entering and leaving it are the steps."""

    def __init__(self, points: Points, what: str, inner: AbstractContextManager[Any]) -> None:
        self._points, self._what, self._inner = points, what, inner

    def __enter__(self) -> Any:
        entered = self._inner.__enter__()
        self._points.at(f"after {self._what}")
        return entered

    def __exit__(self, *problem: Any) -> bool | None:
        what = f"leaving {self._what}"
        return self._points.around(what, lambda: self._inner.__exit__(*problem))


class PassingLedger(Ledger):
    """A ledger each of whose changes lies between two points."""

    def __init__(self, home: Path, points: Points) -> None:
        self._points = points
        points.around("opening the ledger", lambda: super(PassingLedger, self).__init__(home))

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name.startswith("_") or name in _READS or not callable(found):
            return found
        points = self._points

        def change(*args: Any, **kwargs: Any) -> Any:
            kind = f" {args[0].kind}" if name == "append" else ""
            return points.around(f"{name}{kind}", lambda: found(*args, **kwargs))

        return change


class PassingTransport(httpx.BaseTransport):
    """The network, each request of which lies between two points.

    The sandbox's clock stands still until somebody moves it, so it is asked once between two moves.
    """

    def __init__(self, points: Points) -> None:
        self._points = points
        self._network = httpx.HTTPTransport(verify=False)  # the sandbox speaks no TLS
        self._time: bytes | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = _ID.sub("*", request.url.path.removeprefix("/v2"))
        what = f"{request.method} {path}"
        if what == _NO_STEP:
            return self._tell_time(request)
        self._time = None if path == _CLOCK else self._time
        return self._points.around(f"request {what}", lambda: self._network.handle_request(request))

    def _tell_time(self, request: httpx.Request) -> httpx.Response:
        if self._time is None:
            self._time = self._network.handle_request(request).read()
        return httpx.Response(200, content=self._time)

    def close(self) -> None:
        self._network.close()
