"""The sandbox's time is followed on this machine, and never asked of Telnyx."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from telnyx_toolkit.clock import SystemClock
from telnyx_toolkit.errors import NoResponse, NotReached, ToolkitBug
from telnyx_toolkit.settings import TELNYX_URL
from telnyx_toolkit.telnyx import SandboxClock, clock_for

HERE = "http://127.0.0.1:8787/v2"
NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)


class Sandbox:
    """A server whose clock moves when it is told to."""

    def __init__(self) -> None:
        self.now = NOON
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if request.method == "POST":
            self.now = datetime.fromisoformat(json.loads(request.content)["advance_to"])
        return httpx.Response(200, json={"now": self.now.isoformat(), "virtual": True})


def told(answer: Any, status: int = 200) -> Callable[[httpx.Request], httpx.Response]:
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return lambda _: httpx.Response(status, content=content)


def test_a_sandbox_tells_its_time():
    sandbox = Sandbox()

    clock = clock_for(HERE, httpx.MockTransport(sandbox))

    assert isinstance(clock, SandboxClock)
    assert clock.now() == NOON
    assert str(sandbox.seen[0].url) == f"{HERE}/_sandbox/clock"


def test_waiting_moves_the_sandbox():
    sandbox = Sandbox()
    clock = SandboxClock(HERE, httpx.MockTransport(sandbox))
    later = datetime(2026, 3, 9, 8, tzinfo=timezone(timedelta(hours=-5)))

    clock.sleep_until(later)

    assert clock.now() == later
    assert sandbox.seen[0].method == "POST"
    assert json.loads(sandbox.seen[0].content) == {"advance_to": "2026-03-09T13:00:00+00:00"}


def test_the_sandbox_gets_no_key():
    sandbox = Sandbox()

    clock_for(HERE, httpx.MockTransport(sandbox)).sleep_until(NOON)

    assert len(sandbox.seen) == 2
    assert all("authorization" not in request.headers for request in sandbox.seen)


@pytest.mark.parametrize("url", [TELNYX_URL, "http://localhost.example/v2", "http://10.0.0.1/v2"])
def test_telnyx_is_never_asked_for_the_time(url: str):
    sandbox = Sandbox()

    clock = clock_for(url, httpx.MockTransport(sandbox))

    assert isinstance(clock, SystemClock)
    assert sandbox.seen == []


@pytest.mark.parametrize(
    "answer",
    [
        told({"detail": "Not Found"}, 404),
        told(b"<html>", 200),
        told(b"", 200),
        told([]),
        told({}),
        told({"now": NOON.isoformat(), "virtual": False}),
        told({"now": NOON.isoformat(), "virtual": "true"}),
        told({"now": "noon", "virtual": True}),
        told({"now": "2026-03-08T12:00:00", "virtual": True}),
        told({"now": 5, "virtual": True}),
        told({"virtual": True}),
        told(b"", 307),
    ],
)
def test_any_other_server_leaves_the_clock_alone(
    answer: Callable[[httpx.Request], httpx.Response],
):
    assert isinstance(clock_for(HERE, httpx.MockTransport(answer)), SystemClock)


@pytest.mark.parametrize("problem", [httpx.ConnectError("no"), httpx.ReadTimeout("slow")])
def test_a_server_that_is_not_there_leaves_the_clock_alone(problem: Exception):
    def handler(_: httpx.Request) -> httpx.Response:
        raise problem

    assert isinstance(clock_for(HERE, httpx.MockTransport(handler)), SystemClock)


def test_a_url_that_is_none_leaves_the_clock_alone():
    assert isinstance(clock_for("http://localhost:port/v2"), SystemClock)


def test_the_probe_waits_two_seconds_at_most():
    waits: list[dict[str, float]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        waits.append(dict(request.extensions["timeout"]))
        return httpx.Response(404)

    clock_for(HERE, httpx.MockTransport(handler))

    assert max(waits[0].values()) == 2.0


def test_a_sandbox_elsewhere_is_refused():
    with pytest.raises(ToolkitBug):
        SandboxClock(TELNYX_URL)


def test_a_sandbox_that_goes_away_is_reported():
    def gone(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("gone")

    with pytest.raises(NotReached):
        SandboxClock(HERE, httpx.MockTransport(gone)).sleep_until(NOON)
    with pytest.raises(NoResponse, match="did not tell the time"):
        SandboxClock(HERE, httpx.MockTransport(told({}))).now()
