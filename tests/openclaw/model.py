"""A language model by script, on this machine, with the protocol of OpenAI's chat completions.

OpenClaw is told that this is its model. What it answers is a function of the conversation it is
sent, as with a real one, so it needs no memory, and goes on after whatever killed its client.
"""

import json
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

Doc = dict[str, Any]
_NOTES = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>"


@dataclass(frozen=True)
class Say:
    """The end of a turn: what the person reads."""

    text: str


@dataclass(frozen=True)
class Use:
    """A call of one of the tools that the agent has."""

    tool: str
    arguments: Doc


@dataclass(frozen=True)
class Conversation:
    """What one request holds: the tools on offer, what was said, what tools gave."""

    body: Doc

    @property
    def system(self) -> str:
        """OpenClaw's own instructions, among them the skills there are."""
        return "\n".join(text for role, text in self._texts() if role == "system")

    @property
    def person(self) -> list[str]:
        """What was written to the agent, in order, without the notes that OpenClaw puts in."""
        said = [text for role, text in self._texts() if role == "user"]
        return [text for text in said if not text.startswith(_NOTES)]

    @property
    def results(self) -> list[tuple[Use, str]]:
        """Each tool call that has come back, with what it gave."""
        asked: dict[str, Use] = {}
        back: list[tuple[Use, str]] = []
        for message in self.body["messages"]:
            for call in message.get("tool_calls") or ():
                function = call["function"]
                asked[call["id"]] = Use(function["name"], json.loads(function["arguments"]))
            if message["role"] == "tool" and message["tool_call_id"] in asked:
                back.append((asked[message["tool_call_id"]], _text(message["content"])))
        return back

    @property
    def tools(self) -> set[str]:
        """The names of the tools that the agent may call directly."""
        return {tool["function"]["name"] for tool in self.body.get("tools", [])}

    def _texts(self) -> list[tuple[str, str]]:
        return [(m["role"], _text(m.get("content"))) for m in self.body["messages"]]


Script = Callable[[Conversation], Say | Use]


@dataclass
class Model:
    """The server and what it has answered so far."""

    url: str
    script: Script
    answers: list[Say | Use] = field(default_factory=list[Say | Use])
    seen: list[Conversation] = field(default_factory=list[Conversation])
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def used(self) -> list[Use]:
        """Every tool call it has asked for, in whatever process it was to be done."""
        return [answer for answer in self.answers if isinstance(answer, Use)]

    @property
    def said(self) -> list[str]:
        """What it told the person at the end of each turn."""
        return [answer.text for answer in self.answers if isinstance(answer, Say)]

    def answer(self, body: Doc) -> Say | Use:
        """Take the next step of the script."""
        conversation = Conversation(body)
        answer = self.script(conversation)
        with self._changed:
            self.seen.append(conversation)
            self.answers.append(answer)
            self._changed.notify_all()
        return answer

    def wait_until(self, holds: Callable[["Model"], bool], seconds: float) -> None:
        """Return as soon as this holds of the answers; TimeoutError if it never does."""
        with self._changed:
            if not self._changed.wait_for(lambda: holds(self), seconds):
                raise TimeoutError(f"the agent's steps so far: {self.answers}")


@contextmanager
def serving(script: Script) -> Generator[Model]:
    """A model that answers on a port of its own as long as the block lasts."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.model = model = Model(f"http://127.0.0.1:{server.server_port}/v1", script)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    model: Model


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        model = cast("_Server", self.server).model
        answer = model.answer(body)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for chunk in _chunks(answer, len(model.answers), body["model"]):
            self.wfile.write(b"data: " + chunk.encode() + b"\n\n")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _chunks(answer: Say | Use, number: int, model: str) -> Iterator[str]:
    base = {"id": f"answer-{number}", "object": "chat.completion.chunk", "model": model}
    delta: Doc = {"role": "assistant"}
    if isinstance(answer, Say):
        delta["content"] = answer.text
    else:
        function = {"name": answer.tool, "arguments": json.dumps(answer.arguments)}
        call = {"index": 0, "id": f"call{number}", "type": "function", "function": function}
        delta["tool_calls"] = [call]
    end = "stop" if isinstance(answer, Say) else "tool_calls"
    first: Doc = {"index": 0, "delta": delta, "finish_reason": None}
    last: Doc = {"index": 0, "delta": {}, "finish_reason": end}
    for choice in (first, last):
        yield json.dumps({**base, "choices": [choice]})
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    yield json.dumps({**base, "choices": [], "usage": usage})
    yield "[DONE]"


def _text(content: Any) -> str:
    if isinstance(content, list):
        parts = cast("list[Doc]", content)
        return "".join(str(part.get("text", "")) for part in parts)
    return str(content or "")
