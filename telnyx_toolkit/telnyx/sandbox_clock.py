"""The time of a sandbox: on this machine a server may keep the clock, Telnyx never does."""

from datetime import datetime
from typing import Any, Self, cast

import httpx

from telnyx_toolkit.clock import Clock, SystemClock, aware
from telnyx_toolkit.errors import NoResponse, TelnyxError, ToolkitBug
from telnyx_toolkit.loopback import is_loopback
from telnyx_toolkit.telnyx.http import Http

PROBE_S = 2.0
_PATH = "/_sandbox/clock"


class SandboxClock:
    """The virtual clock of a sandbox on this machine; it moves when somebody waits.

    No API key is sent. Both methods raise TelnyxError when the sandbox is gone.

    Args:
        base_url: The sandbox, on a loopback address.
        transport: Takes the place of the network.
        deadline_s: Seconds of real time that one request may take.
    """

    def __init__(
        self,
        base_url: str,
        transport: httpx.BaseTransport | None = None,
        deadline_s: float = 20.0,
    ) -> None:
        if not is_loopback(base_url):
            raise ToolkitBug(f"{base_url!r} is not on this machine, so it keeps no clock of ours.")
        self._http = Http(base_url, None, transport, deadline_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def now(self) -> datetime:
        """The sandbox's instant, in UTC. Source: `GET {base}/_sandbox/clock`."""
        return _instant(self._http.request("GET", _PATH))

    def sleep_until(self, instant: datetime) -> None:
        """Move the sandbox to `instant`, never back. Source: `POST {base}/_sandbox/clock`."""
        body = {"advance_to": aware(instant).isoformat()}
        self._http.request("POST", _PATH, body=body)


def clock_for(base_url: str, transport: httpx.BaseTransport | None = None) -> Clock:
    """The clock that `base_url` lives by: a sandbox's own, or this machine's.

    Asks only servers on this machine, for at most two seconds; never fails.
    """
    if not is_loopback(base_url):
        return SystemClock()
    try:
        with SandboxClock(base_url, transport, PROBE_S) as probe:
            probe.now()
    except TelnyxError:
        return SystemClock()
    return SandboxClock(base_url, transport)


def _instant(answer: Any) -> datetime:
    told = cast(dict[str, Any], answer) if isinstance(answer, dict) else {}
    try:
        if told["virtual"] is not True:
            raise NoResponse("The sandbox's clock is not virtual.")
        return aware(datetime.fromisoformat(told["now"]))
    except (KeyError, TypeError, ValueError):
        raise NoResponse(f"GET {_PATH} did not tell the time.") from None
