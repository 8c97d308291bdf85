"""A gate between our command and the sandbox: it holds one request while something happens."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

import httpx

_HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}


class Gate:
    """Passes everything on; holds the n-th request of one kind until it is opened."""

    def __init__(self, url: str, behind: str, method: str, path_end: str, number: int) -> None:
        self.url = url
        self.behind = behind
        self._kind = (method, path_end)
        self._left = number
        self._lock = threading.Lock()
        self.reached = threading.Event()
        self.opened = threading.Event()

    def pass_on(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> httpx.Response:
        """Let one request through, if need be after a wait."""
        if self._is_held(method, path):
            self.reached.set()
            self.opened.wait(timeout=120)
        return httpx.request(method, self.behind + path, headers=headers, content=body, timeout=30)

    def _is_held(self, method: str, path: str) -> bool:
        wanted, end = self._kind
        with self._lock:
            if method == wanted and path.partition("?")[0].endswith(end):
                self._left -= 1
                return self._left == 0
        return False


@contextmanager
def gate(sandbox: str, method: str, path_end: str, number: int) -> Generator[Gate]:
    """A gate before the sandbox at this base URL."""
    server = _Server(("127.0.0.1", 0), _Handler)
    base = sandbox.removesuffix("/v2")
    url = f"http://127.0.0.1:{server.server_port}/v2"
    server.gate = Gate(url, base, method, path_end, number)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.gate
    finally:
        server.gate.opened.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    gate: Gate


class _Handler(BaseHTTPRequestHandler):
    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
        gate = cast("_Server", self.server).gate
        answer = gate.pass_on(self.command, self.path, headers, body)
        try:
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in _HOP | {"content-encoding"}:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)
        except OSError:  # whoever asked has been killed
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass  # noqa: N815 - the server's names

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
