"""Runs one mission of `missions`, as the commands would, and dies at a named point if told to.

    TELNYX_BASE_URL=… TELNYX_API_KEY=example TELNYX_TOOLKIT_HOME=… runner.py catering ['POINT']

Without a point it prints every point that it passes. `runner.py --template` serves the tests: it
has imported everything, and forks a child for each run and for each sandbox that it is asked for,
by one line of JSON each on standard input.
"""

import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Self
from uuid import UUID

from missions import MISSIONS
from points import PassingLedger, PassingTransport, Points

from telnyx_toolkit.cli.sandbox import START, make_sandbox
from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.simulator import serve
from telnyx_toolkit.telnyx.sandbox_clock import SandboxClock
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS

#: Seconds after which a run that hangs is ended by SIGALRM.
LONGEST = 60


class Runner:
    """Runs tools, each with a toolkit of its own, as commands in a row would.

    Args:
        points: Passed on the way.
        life: Counts the lives of a mission: ids differ between lives, and repeat between tests.
    """

    def __init__(self, points: Points, life: int) -> None:
        self._points = points
        self._ids = Random(life)

    def __call__(self, tool: str, **arguments: Any) -> dict[str, Any]:
        settings = Settings.from_environment()
        if tool == "clock":
            with SandboxClock(settings.base_url, PassingTransport(Points())) as clock:
                clock.sleep_until(datetime.fromisoformat(arguments["to"]))
            return {}
        transport = PassingTransport(self._points)
        with closing(Toolkit(settings, transport=transport, new_id=self._id)) as toolkit:
            ledger = toolkit.ledger = PassingLedger(settings.ledger, self._points)
            with closing(ledger):
                return TOOLS[tool](toolkit, arguments)

    def _id(self) -> str:
        return str(UUID(int=self._ids.getrandbits(128), version=4))


def environment(url: str, home: str, database: str = "") -> dict[str, str]:
    """What the toolkit reads."""
    where = {"TELNYX_TOOLKIT_HOME": home, "TELNYX_TOOLKIT_DATABASE_URL": database}
    return {"TELNYX_BASE_URL": url, "TELNYX_API_KEY": "example", **where}


def live(mission: str, die_at: str = "", life: int = 1) -> dict[str, Any]:
    """Run a mission in this process; its result, and the points that were passed."""
    points = Points(die_at)
    result = MISSIONS[mission](Runner(points, life))
    return {"result": result, "passed": points.passed}


class Template:
    """A process that has imported everything and has no threads, so that it may be forked."""

    def __init__(self) -> None:
        self._servers: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pid in list(self._servers):
            self.stop(pid)

    def warm_up(self) -> None:
        """Run a mission once: whatever is imported or read when it is first used is here then."""
        sandbox = self.start()
        with TemporaryDirectory() as home:
            os.environ |= environment(sandbox["url"], home)
            live("texts")
        self.stop(sandbox["pid"])
        gc.disable()  # children live for a second, and share the more memory the less is touched
        gc.freeze()

    def serve_requests(self) -> None:
        """Answer each line of standard input by one on standard output, until there are no more."""
        for line in sys.stdin:
            asked = json.loads(line)
            answer = getattr(self, asked.pop("do"))(**asked)
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()

    def run(self, out: str, url: str, home: str, database: str, **what: Any) -> dict[str, Any]:
        """Run `live` in a child; how it ended, and in the file `out` what it gave."""

        def child() -> None:
            os.environ |= environment(url, home, database)
            signal.alarm(LONGEST)
            Path(out).write_text(json.dumps(live(**what)), encoding="utf-8")

        _, status = os.waitpid(_forked(child), 0)
        return {"exit": os.waitstatus_to_exitcode(status)}

    def start(self) -> dict[str, Any]:
        """Serve a fresh sandbox in a child."""
        reading, writing = os.pipe()
        pid = _forked(lambda: _serve(writing))
        os.close(writing)
        self._servers.add(pid)
        with os.fdopen(reading) as told:
            return {"pid": pid, "url": told.readline().strip()}

    def stop(self, pid: int) -> dict[str, Any]:
        """End a sandbox that `start` began."""
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self._servers.remove(pid)
        return {}


def _serve(writing: int) -> None:
    def ready(url: str) -> None:
        os.write(writing, f"{url}\n".encode())

    serve(make_sandbox(ManualClock(START)), "127.0.0.1", 0, ready)


def _forked(child: Callable[[], None]) -> int:
    """Run a function in a child process, which never comes back here."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        with open(os.devnull, "r+b") as nothing:  # who waits for the template's end must see it
            os.dup2(nothing.fileno(), sys.stdin.fileno())
            os.dup2(nothing.fileno(), sys.stdout.fileno())
        child()
        status = 0
    except BaseException:  # noqa: BLE001 - the child ends here, whatever it was
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    if sys.argv[1:] == ["--template"]:
        with Template() as template:
            template.warm_up()
            template.serve_requests()
    else:
        shown = live(sys.argv[1], "".join(sys.argv[2:]))
        sys.stdout.write(json.dumps(shown, indent=2) + "\n")
