"""Speaks MCP over standard input and output; each request is one call in a thread."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any

import anyio
import mcp_types as types
from anyio.to_thread import run_sync
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from telnyx_toolkit import __version__
from telnyx_toolkit.errors import InvalidInput, ToolkitError
from telnyx_toolkit.mcp_server import offered, reading, words
from telnyx_toolkit.mcp_server.calls import (
    Call,
    Opener,
    Watch,
    from_environment,
    has_its_answer,
    of_tool,
    so_far,
    still_working,
)
from telnyx_toolkit.nearest import did_you_mean
from telnyx_toolkit.tool import Tool
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from telnyx_toolkit.untrusted import one_line

Document = dict[str, Any]
Context = ServerRequestContext[Any]
#: Every request is answered within this: clients give up after a minute, some after 45 s.
ANSWER_WITHIN_S = 43.0
#: What stands in for an answer comes from the ledger, at once.
_INSTEAD_S = 1.5
#: How long work that was stopped may take to put down what it holds.
_GRACE_S = 2.0
_LINES = 100
_CUT_OFF, _INTERRUPTED = 1, 130
_FIRST_WITH_STRUCTURE = "2025-06-18"


class Service:
    """Answers requests; keeps nothing between two of them.

    Args:
        choice: Which tools are offered.
        open_toolkit: Opens a toolkit for each call.
        answer_within_s: The longest that a request may take, in seconds.
    """

    def __init__(
        self,
        choice: offered.Choice,
        open_toolkit: Opener = from_environment,
        answer_within_s: float = ANSWER_WITHIN_S,
    ) -> None:
        self._tools = offered.offered(choice)
        self._open_toolkit = open_toolkit
        self._answer_within_s = answer_within_s
        self._calls: set[Call] = set()

    def server(self) -> "Server[Any]":
        """The protocol's side of it."""
        return Server(
            "telnyx-toolkit",
            version=__version__,
            title="Phone missions on Telnyx",
            instructions=offered.INSTRUCTIONS,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read,
        )

    @property
    def at_work(self) -> int:
        """How many calls still run, answered or not."""
        return sum(not call.over.is_set() for call in self._calls)

    def stop(self, within_s: float = _GRACE_S) -> None:
        """Let whatever still runs end, and wait a moment for it."""
        until = monotonic() + within_s
        for call in tuple(self._calls):
            call.watch.stop.set()
        for call in tuple(self._calls):
            call.over.wait(max(0.0, until - monotonic()))

    async def _list_tools(self, _: Context, __: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[described(tool) for tool in self._tools.values()])

    async def _call_tool(
        self, context: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        arguments = params.arguments or {}
        try:
            tool = self._tool(params.name)
        except InvalidInput as problem:
            return self._failed(problem)
        watched = context.session.report_progress if tool.watched else None
        looks = tool.effect.only_looks
        answer = await self._answer(of_tool(tool, arguments), watched, goes_on=not looks)
        if isinstance(answer, dict) and not looks:
            await self._answer(has_its_answer(answer))
        if answer is None:
            answer = await self._instead(tool, arguments)
        if isinstance(answer, Exception):
            return self._failed(answer)
        return self._told(tool, answer, context.protocol_version)

    def _tool(self, name: str) -> Tool:
        """The tool of that name.

        Raises:
            InvalidInput: it is not offered, or there is none.
        """
        if tool := self._tools.get(name):
            return tool
        if name in TOOLS:
            raise InvalidInput(
                f"{name} is not offered here.",
                fix="Start the server with: telnyx-toolkit mcp --tools all",
                code="unknown_tool",
            )
        raise InvalidInput(
            f"There is no tool {name!r:.100}{did_you_mean(name, self._tools)}.",
            fix=f"The tools: {', '.join(self._tools)}",
            code="unknown_tool",
        )

    async def _answer(
        self,
        work: Callable[[Toolkit], Document],
        report: Callable[..., Any] | None = None,
        *,
        goes_on: bool = False,
    ) -> Document | Exception | None:
        """What the work comes to; None where it takes too long.

        Args:
            work: What is done.
            report: Is told what happens meanwhile.
            goes_on: Work that takes too long is not stopped, and comes to its end by itself.
        """
        send, receive = anyio.create_memory_object_stream[str](_LINES)
        say = partial(_pass_on, asyncio.get_running_loop(), send.send_nowait) if report else None
        call = Call(work, Watch(say), self._open_toolkit)
        self._calls = {known for known in self._calls if not known.over.is_set()} | {call}
        answer: Document | Exception | None = None
        with send, receive:
            async with anyio.create_task_group() as tasks:
                if report:
                    tasks.start_soon(_relay, receive.clone(), report)
                try:
                    with anyio.move_on_after(self._answer_within_s - _INSTEAD_S):
                        answer = await run_sync(call.run, abandon_on_cancel=True)
                except BaseException:  # the client wants no answer, or has gone
                    call.watch.stop.set()
                    raise
                if answer is None and not goes_on:
                    call.watch.stop.set()
                send.close()
        return answer

    async def _instead(self, tool: Tool, arguments: Mapping[str, Any]) -> Document | Exception:
        call = Call(so_far(tool, arguments), Watch(None), self._open_toolkit)
        with anyio.move_on_after(_INSTEAD_S):
            return await run_sync(call.run, abandon_on_cancel=True)
        return still_working(tool)

    def _told(self, tool: Tool, answer: Document, version: str) -> types.CallToolResult:
        document = offered.given(tool, answer)
        if "next" in document:
            document["next"] = words.in_tools(document["next"], self._tools)
        text = words.text_of(tool, document)
        if version < _FIRST_WITH_STRUCTURE:  # dates compare as text
            text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        content = types.TextContent(type="text", text=text)
        return types.CallToolResult(content=[content], structured_content=document)

    def _failed(self, problem: Exception) -> types.CallToolResult:
        document = words.error_of(problem, self._tools)
        content = types.TextContent(type="text", text=words.error_text(document))
        return types.CallToolResult(content=[content], structured_content=document, is_error=True)

    async def _list_resources(self, _: Context, __: object) -> types.ListResourcesResult:
        found = reading.RESOURCES.items()
        listed = [
            types.Resource(uri=uri, name=name, description=about, mime_type=kind)
            for uri, (name, about, kind) in found
        ]
        return types.ListResourcesResult(resources=listed)

    async def _list_templates(self, _: Context, __: object) -> types.ListResourceTemplatesResult:
        listed = [
            types.ResourceTemplate(
                uri_template=uri, name=name, description=about, mime_type=reading.JSON
            )
            for uri, (name, about) in reading.TEMPLATES.items()
        ]
        return types.ListResourceTemplatesResult(resource_templates=listed)

    async def _read(
        self, _: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        answer = await self._answer(reading.read(str(params.uri)))
        if answer is None:
            answer = ToolkitError("The ledger is slow to read.", fix="Read it again.", code="busy")
        if isinstance(answer, Exception):
            document = words.error_of(answer, self._tools)
            raise MCPError(types.INVALID_PARAMS, words.error_text(document), document)
        found = types.TextResourceContents(
            uri=params.uri, text=answer["text"], mime_type=answer["type"]
        )
        return types.ReadResourceResult(contents=[found])


def described(tool: Tool) -> types.Tool:
    """A tool as clients see it."""
    return types.Tool(
        name=tool.name,
        title=offered.title(tool),
        description=tool.summary,
        input_schema=offered.input_schema(tool),
        output_schema=offered.output_schema(tool),
        annotations=types.ToolAnnotations.model_validate(offered.annotations(tool)),
    )


def serve(choice: offered.Choice, open_toolkit: Opener = from_environment) -> None:
    """Serve until standard input ends; then end the process, whatever still runs.

    What runs is told to stop, and has a moment to give back its lease. The ledger is safe at any
    instant, so nothing has to be waited for. Standard output is the protocol's alone: what
    anything else prints goes to standard error.
    """
    logging.getLogger("mcp").setLevel(logging.CRITICAL)
    service = Service(choice, open_toolkit)
    status = 0
    try:
        anyio.run(_serve, service)
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except Exception as problem:  # noqa: BLE001 - nobody is there to catch it
        status = _CUT_OFF
        sys.stderr.write(f"The connection ended: {one_line(repr(problem))}\n")
    finally:
        service.stop()
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(status)  # a thread that waits for Telnyx, or for input, would keep it alive


async def _serve(service: Service) -> None:
    server = service.server()
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


async def _relay(lines: Any, report: Callable[..., Any]) -> None:
    """Pass on what happens, numbered."""
    number = 0
    async with lines:
        async for line in lines:
            number += 1
            await report(number, None, line)


def _pass_on(loop: asyncio.AbstractEventLoop, send: Callable[[str], None], line: str) -> None:
    """From a thread: hand over a line, and wait for nobody."""

    def hand_over() -> None:
        with suppress(anyio.WouldBlock, anyio.ClosedResourceError, anyio.BrokenResourceError):
            send(line)

    with suppress(RuntimeError):  # nobody serves any more
        loop.call_soon_threadsafe(hand_over)
