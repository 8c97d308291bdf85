"""What the catering mission asks of Telnyx, by the sandbox's own log, and how soon it goes on."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from telnyx_toolkit.simulator import Sandbox
from tests.bench.figures import Figure
from tests.bench.stage import Stage, catering

#: docs/decisions/0027-fewer-requests.md says what each is for, and why not fewer.
MOST, LONGEST_S = 75, 15.0


def figures() -> Iterator[Figure]:
    """Requests as the sandbox saw them; seconds by its virtual clock."""
    sandbox = _played()
    asked = [(request.method, request.path) for request in sandbox.requests]
    looks = [path for method, path in asked if method == "GET" and "/scheduled_events/" in path]
    calls = len(set(looks))
    log = sum(method == "POST" and path.endswith("/events") for method, path in asked)
    steps = sum("/plan/steps/" in path for _, path in asked)
    one_each = len(asked) - len(looks) + calls
    yield Figure(
        "requests: catering, one look at each call",
        one_each,
        "requests",
        MOST,
        "what sets up, borrows and gives back; no request of Telnyx's tells of several things",
    )
    yield Figure("requests: lines of the run's log", log, "requests", None, "one for each step")
    yield Figure("requests: changes of steps", steps, "requests", None, "one or two for each step")
    beyond = len(looks) - calls
    yield Figure("requests: looks beyond one a call", beyond, "requests", None, "one in 10 seconds")
    yield Figure(
        "end of a call to the next dial requested",
        max(_gaps(sandbox)),
        "s",
        LONGEST_S,
        "virtual clock, the longest: the interval of looks, then the insights' own time",
    )


def _played() -> Sandbox:
    with tempfile.TemporaryDirectory() as home:
        stage = Stage(Path(home))
        with closing(stage.toolkit):
            stage.toolkit.engine.run(stage.approved(catering()))
        return stage.sandbox


def _gaps(sandbox: Sandbox) -> Sequence[float]:
    """From the end of each call to the first dial asked for after it."""
    asked_at = sorted(event.created_at for event, _ in sandbox.world.calls())
    ends = sorted(call.ended_at for _, call in sandbox.world.calls())
    return [(after - end).total_seconds() for end in ends if (after := _next(asked_at, end))]


def _next(instants: Sequence[datetime], than: datetime) -> datetime | None:
    return next((at for at in instants if at >= than), None)
