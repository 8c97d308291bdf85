"""What a command costs from the start of its process, in times of `python -c pass`."""

import json
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.processes import Cost, beside_bare, command, cost, environment
from tests.bench.stage import ended, under_way

_SAMPLES, _FEW = 21, 7
_UNIT = "x bare Python"
_HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "bench", "version": "1"},
    },
}


def figures() -> Iterator[Figure]:
    """A figure for each command; CPU time, with the wall's beside it."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        mission, env = ended(home), environment(home)
        cases: tuple[tuple[str, tuple[str, ...], float | None, str], ...] = (
            ("--help", ("--help",), 4, "argparse and the interpreter"),
            ("--version", ("--version",), None, "the same"),
            ("mission-status", ("mission-status", mission), 7, "dataclasses, sqlite3, argparse"),
            ("mission-status --json", ("mission-status", mission, "--json"), 7, "the same"),
            ("tick, none due", ("tick",), 7, "dataclasses, sqlite3, argparse; two missions"),
            ("list-missions", ("list-missions",), None, "as mission-status, for each mission"),
        )
        for title, arguments, budget, note in cases:
            sample = partial(cost, command(*arguments), env)
            yield _figure(title, sample, env, budget, note)
        slow = command("report", mission, "--out", "-")
        note = "pydantic, babel and jinja2"
        yield _figure("report", partial(cost, slow, env), env, None, note, _FEW)
        mcp = partial(cost, command("mcp"), env, _until_it_answers)
        yield _figure("mcp, ready", mcp, env, None, "the mcp library", _FEW)
    yield _of_a_round()


def _of_a_round() -> Figure:
    """A round that looks at one call, from the start of `tick` to the first byte of that look."""
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as server:
        home, url = Path(name), f"https://127.0.0.1:{server.getsockname()[1]}/v2"
        under_way(home, url)
        env = environment(home, TELNYX_BASE_URL=url)
        server.settimeout(30)
        sample = partial(cost, command("tick"), env, partial(_until_it_asks, server))
        note = "pydantic, httpx, the brief's classes, the certificates"
        return _figure("advance with one request", sample, env, 25, note, 11)


def _until_it_asks(server: socket.socket, _process: object) -> None:
    """Refuse to be a sandbox with a clock, then wait for the first byte to Telnyx."""
    for _ in range(2):
        connection, _ = server.accept()
        with connection:
            connection.recv(1)


def _until_it_answers(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(_HELLO).encode() + b"\n")
    process.stdin.flush()
    if b'"result"' not in process.stdout.readline():
        raise RuntimeError("The MCP server did not answer.")


def _figure(
    title: str,
    sample: Callable[[], Cost],
    env: dict[str, str],
    budget: float | None,
    note: str,
    samples: int = _SAMPLES,
) -> Figure:
    ratio = beside_bare(sample, env, samples)
    said = f"{note}; CPU, {ratio.wall:.1f}x on the wall; bare is {ratio.bare_s * 1000:.1f} ms"
    return Figure(f"cold start: {title}", ratio.cpu, _UNIT, budget, said)
