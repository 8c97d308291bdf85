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
from typing import Any

import httpx

from telnyx_toolkit.ledger import Ledger, Place

#: What only looks at the ledger or its leases; every other public method is taken for a change.
_READS = {
    *("close", "dials", "events", "last_seq", "mission_ids", "mission_with_key"),
    *("identity", "name", "of", "path", "progress", "signs"),
}
#: Only ids are that long and hold a digit.
_ID = re.compile(r"(?<=/)(?=[^/]*\d)[^/]{16,}")
#: The sandbox's clock is read at every step, and reading it is no step.
_CLOCK = "/_sandbox/clock"
_NO_STEP = f"GET {_CLOCK}"


class Points:
    """Counts the points that this process passes, and kills it at the one it is told to die at.

    Attributes:
        passed: Their names in order; `#n` makes each unique.

    Args:
        die_at: The point's name; with `stop ` before it, the process only stands still there.
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
        if f"stop {full}" == self._die_at:
            os.kill(os.getpid(), signal.SIGSTOP)

    def around(self, what: str, do: Callable[[], Any]) -> Any:
        """Do it between two points."""
        self.at(f"before {what}")
        done = do()
        self.at(f"after {what}")
        return done


class PassingLedger(Ledger):
    """A ledger each of whose changes lies between two points, those of its leases too."""

    def __init__(self, place: Place, points: Points) -> None:
        self._points = points
        points.around("opening the ledger", lambda: super(PassingLedger, self).__init__(place))

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name == "leases":
            return _PassingLeases(found, self._points)
        return found if name.startswith("_") else _passing(found, name, self._points)


class _PassingLeases:
    def __init__(self, leases: Any, points: Points) -> None:
        self._leases, self._points = leases, points

    def __getattr__(self, name: str) -> Any:
        return _passing(getattr(self._leases, name), name, self._points, "lease ")


def _passing(found: Any, name: str, points: Points, prefix: str = "") -> Any:
    """A method as it is, if it only looks, else one that passes a point before and after."""
    if name in _READS or not callable(found):
        return found

    def change(*args: Any, **kwargs: Any) -> Any:
        kind = f" {args[0].kind}" if name == "append" else ""
        return points.around(f"{prefix}{name}{kind}", lambda: found(*args, **kwargs))

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
