"""The sandbox over a real socket on this machine, and its virtual clock."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from telnyx_toolkit.clock import ManualClock, SystemClock
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.simulator import Sandbox, serve
from telnyx_toolkit.simulator.server import Server

FIXTURES = Path(__file__).parents[2] / "fixtures"
Make = Callable[..., Sandbox]
MISSION = {"name": "M"}


@contextmanager
def served(sandbox: Sandbox) -> Generator[httpx.Client]:
    with Server(sandbox, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        headers = {"Authorization": "Bearer example"}
        try:
            with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as http:
                yield http
        finally:
            server.shutdown()
            thread.join()


def test_the_same_world_answers_over_http(make: Make) -> None:
    sandbox = make()
    with served(sandbox) as http:
        made = http.post("/ai/missions", json=MISSION)
        assert made.status_code == 201
        mission = made.json()["data"]["mission_id"]
        query = {"metadata->run": "eq.a b+c"}
        assert http.get("/ai/conversations", params=query).json() == {"data": []}
        gone = http.delete(f"/ai/missions/{mission}")
        assert (gone.status_code, gone.content) == (204, b"")
        assert http.get(f"/ai/missions/{mission}").status_code == 404
    assert sandbox.problems == []


@pytest.mark.parametrize(("do", "made"), [("drop_before", 0), ("drop_after", 1)])
def test_a_drop_closes_the_socket_without_an_answer(make: Make, do: str, made: int) -> None:
    sandbox = make(faults=[{"on": "POST /ai/missions", "do": do}])
    with served(sandbox) as http:
        with pytest.raises(httpx.RemoteProtocolError):
            http.post("/ai/missions", json=MISSION)
        assert len(sandbox.world.missions) == made
        assert http.post("/ai/missions", json=MISSION).status_code == 201


def test_a_truncated_reply_arrives_whole_and_makes_no_sense(make: Make) -> None:
    sandbox = make(faults=[{"on": "POST /ai/missions", "do": "truncated"}])
    with served(sandbox) as http:
        cut = http.post("/ai/missions", json=MISSION)
        assert cut.status_code == 201
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            cut.json()


def test_requests_from_many_threads_are_taken_one_at_a_time(make: Make) -> None:
    sandbox = make()
    with served(sandbox) as http:

        def post() -> None:
            http.post("/ai/missions", json=MISSION)

        threads = [threading.Thread(target=post) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(sandbox.world.missions) == len(sandbox.requests) == 8


def test_the_virtual_clock_is_shown_and_moved_forward_only(
    http: httpx.Client, clock: ManualClock
) -> None:
    shown = http.get("/_sandbox/clock")
    assert shown.json() == {"now": "2026-12-01T15:00:00.000Z", "virtual": True}
    assert shown.headers["X-Sandbox-Clock"] == "2026-12-01T15:00:00.000Z"
    ahead = {"advance_to": "2026-12-02T09:30:00-06:00"}
    assert http.post("/_sandbox/clock", json=ahead).json()["now"] == "2026-12-02T15:30:00.000Z"
    back = {"advance_to": "2026-12-01T00:00:00Z"}
    assert http.post("/_sandbox/clock", json=back).json()["now"] == "2026-12-02T15:30:00.000Z"
    assert clock.now().hour == 15
    assert http.get("/balance").headers["X-Sandbox-Clock"] == "2026-12-02T15:30:00.000Z"
    assert http.post("/_sandbox/clock", json={"advance_to": "soon"}).status_code == 422
    assert http.get("/_sandbox/none").status_code == 404


def test_the_machines_clock_is_not_moved(
    make: Make, connect: Callable[[Sandbox], httpx.Client]
) -> None:
    http = connect(make(clock=SystemClock()))
    shown = http.get("/_sandbox/clock")
    assert shown.json()["virtual"] is False
    assert "X-Sandbox-Clock" not in shown.headers
    moved = http.post("/_sandbox/clock", json={"advance_to": "2030-01-01T00:00:00Z"})
    assert moved.status_code == 409


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.test", "::", ""])  # noqa: S104
def test_a_host_that_others_can_reach_is_refused(make: Make, host: str) -> None:
    with pytest.raises(InvalidInput, match="loopback"):
        serve(make(), host, 0, print)


def test_a_port_that_is_taken_is_said_plainly(make: Make) -> None:
    with (
        Server(make(), "127.0.0.1", 0) as server,
        pytest.raises(InvalidInput, match="Cannot listen"),
    ):
        serve(make(), "127.0.0.1", server.server_port, print)


PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.simulator import Sandbox, serve

fixtures = Path(sys.argv[1])
sandbox = Sandbox(
    ManualClock(datetime(2026, 12, 1, tzinfo=UTC)),
    callees=fixtures / "callees",
    account=fixtures / "accounts" / "default.yaml",
)
serve(sandbox, "localhost", 0, lambda url: print(url, flush=True))
print("closed", len(sandbox.requests), flush=True)
"""


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_serving_ends_cleanly_when_told_to(sent: signal.Signals) -> None:
    command = [sys.executable, "-c", PROGRAM, str(FIXTURES)]
    pipe: Any = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url.startswith("http://127.0.0.1:")
            headers = {"Authorization": "Bearer example"}
            shown = httpx.get(f"{url}/balance", headers=headers, trust_env=False)
            assert json.loads(shown.content)["data"]["currency"] == "USD"
            process.send_signal(sent)
            rest, errors = process.communicate(timeout=10)
        finally:
            process.kill()  # it has ended already, unless something above failed
    assert (rest, errors, process.returncode) == ("closed 1\n", "", 0)
