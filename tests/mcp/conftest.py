"""The official client, and the server: in this process, or as the real command over stdio."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import anyio
import pytest
from jsonschema import Draft202012Validator
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.types import CallToolResult, Tool

from telnyx_toolkit.clock import Clock
from telnyx_toolkit.mcp_server.calls import Watch
from telnyx_toolkit.mcp_server.server import Service
from telnyx_toolkit.toolkit import Toolkit
from tests.command.conftest import make_shell, sandbox_url, shell
from tests.conftest import Rig

__all__ = ["make_shell", "sandbox_url", "shell"]
Doc = dict[str, Any]


class Agent:
    """What an agent sees of the server: its tools, their answers, what happens meanwhile."""

    def __init__(self, client: Client, tools: Mapping[str, Tool]) -> None:
        self.client, self.tools = client, tools
        self.calls = 0
        self.heard: list[str] = []

    async def ask(self, name: str, **arguments: Any) -> CallToolResult:
        """One call; an answer is held against the schema that the client was told."""
        self.calls += 1
        result = await self.client.call_tool(name, arguments, progress_callback=self._hear)
        if not result.is_error:
            Draft202012Validator(self.tools[name].output_schema or {}).validate(  # pyright: ignore
                result.structured_content
            )
        return result

    async def call(self, name: str, **arguments: Any) -> Doc:
        """The structured answer of a call that succeeds."""
        result = await self.ask(name, **arguments)
        assert not result.is_error, words(result)
        return result.structured_content

    async def refused(self, name: str, **arguments: Any) -> str:
        """The words of a call that fails."""
        result = await self.ask(name, **arguments)
        assert result.is_error, words(result)
        error = result.structured_content["error"]
        assert words(result).startswith(f"{error['code']}: {error['message']}")
        return words(result)

    async def read(self, uri: str) -> str:
        """The text of a resource."""
        (content,) = (await self.client.read_resource(uri)).contents
        return getattr(content, "text", "")

    async def _hear(self, progress: float, total: float | None, message: str | None) -> None:
        assert progress >= 1
        assert total is None
        self.heard.append(message or "")


def words(result: CallToolResult) -> str:
    """The text of an answer."""
    (content,) = result.content
    return getattr(content, "text", "")


@asynccontextmanager
async def connected(server: Any) -> AsyncGenerator[Agent]:
    """An agent that has shaken hands and read the list of tools."""
    async with Client(server, mode="legacy", read_timeout_seconds=60) as client:
        listed = (await client.list_tools()).tools
        yield Agent(client, {tool.name: tool for tool in listed})


def with_agent(server: Any, work: Callable[[Agent], Awaitable[None]]) -> None:
    """Do the work with an agent of that server."""

    async def main() -> None:
        spoken_to = server.server() if isinstance(server, Service) else server
        async with connected(spoken_to) as agent:
            await work(agent)

    anyio.run(main)


@pytest.fixture
def serving(rig: Rig) -> Callable[..., Service]:
    """A server in this process, whose every call opens a toolkit on the rig's sandbox."""

    def make(choice: Any = "all", answer_within_s: float = 43.0, app: Any = None) -> Service:
        def opened(watch: Watch, wall: Clock) -> Toolkit:
            return rig.another(app=app, observe=watch, wall=wall)

        return Service(choice, opened, answer_within_s)

    return make


def command(home: Path, base_url: str, *options: str, **env: str) -> StdioServerParameters:
    """The real command, with HOME and PATH and what is given, and nothing else."""
    given = {"HOME": str(home), "PATH": os.environ["PATH"], "TELNYX_BASE_URL": base_url, **env}
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "telnyx_toolkit", "mcp", *options],
        env={
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            **{k: v for k, v in given.items() if v},
        },
        cwd=home,
    )


def process(home: Path, base_url: str, *options: str, **env: str) -> Any:
    """A transport to a process of its own."""
    return stdio_client(command(home, base_url, *options, **env))


class Wire:
    """A process of the server, spoken to line by line: what it writes is seen as it is."""

    def __init__(self, parameters: StdioServerParameters) -> None:
        self.process = subprocess.Popen(
            [parameters.command, *parameters.args],
            env=parameters.env,
            cwd=parameters.cwd,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._ids = count(1)

    def send(self, method: str, **params: Any) -> None:
        """A request, not waited for."""
        request = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}
        self._write(request)

    def ask(self, method: str, **params: Any) -> Doc:
        """A request; the next line, which must be its answer."""
        self.send(method, **params)
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())["result"]

    def greet(self) -> Doc:
        """Shake hands; what the server says of itself."""
        hello = self.ask(
            "initialize",
            protocolVersion="2025-06-18",
            capabilities={},
            clientInfo={"name": "test", "version": "1"},
        )
        self._write({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return hello

    def end(self) -> tuple[str, str]:
        """Close its standard input; what it still wrote, and to standard error."""
        return self.process.communicate(timeout=30)

    def _write(self, message: Doc) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
