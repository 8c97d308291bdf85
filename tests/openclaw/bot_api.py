"""As much of Telegram's Bot API, on this machine, as OpenClaw needs to deliver a message.

Source of the methods: what OpenClaw 2026.9.6 asks of it.
"""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs

Doc = dict[str, Any]
_BOT = {"id": 1, "is_bot": True, "first_name": "Example", "username": "example_bot"}


@dataclass
class BotApi:
    """Where it is, and what was sent by it."""

    url: str
    sent: list[Doc] = field(default_factory=list[Doc])
    closing: threading.Event = field(default_factory=threading.Event)

    def settings(self) -> Doc:
        """What `channels.telegram` holds for it."""
        return {
            "enabled": True,
            "botToken": "1:example",
            "apiRoot": self.url,
            "dmPolicy": "disabled",
            "network": {"dangerouslyAllowPrivateNetwork": True},
        }

    def answer(self, method: str, given: Doc) -> Any:
        """What the API gives as `result`."""
        if method == "getMe":
            return _BOT
        if method == "getUpdates":
            self.closing.wait(timeout=float(given.get("timeout", 1)))
            return []
        if method == "sendMessage":
            self.sent.append(given)
            chat = {"id": int(given["chat_id"]), "type": "private"}
            number = len(self.sent)
            return {"message_id": number, "date": 1, "chat": chat, "text": given["text"]}
        return True


@contextmanager
def bot_api() -> Generator[BotApi]:
    """The API on a port of its own as long as the block lasts."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.api = BotApi(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.api
    finally:
        server.api.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    api: BotApi


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        if "json" in (self.headers["content-type"] or ""):
            given = json.loads(body)
        else:
            given = {name: values[0] for name, values in parse_qs(body).items()}
        result = cast("_Server", self.server).api.answer(self.path.rpartition("/")[2], given)
        answer = json.dumps({"ok": True, "result": result}).encode()
        try:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        except OSError:  # the gateway has been killed
            self.close_connection = True

    do_GET = do_POST  # noqa: N815 - the server's name

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
