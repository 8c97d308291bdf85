"""The sandbox over HTTP on this machine, for any Telnyx client."""

import signal
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socketserver import TCPServer
from typing import Any, NoReturn
from urllib.parse import unquote

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.simulator.app import Sandbox
from telnyx_toolkit.simulator.asked import ROOT

LOCALHOST = "127.0.0.1"


class Server(ThreadingHTTPServer):
    """One sandbox behind one listening socket of this machine."""

    daemon_threads = True

    def __init__(self, sandbox: Sandbox, host: str, port: int) -> None:
        address = loopback(host)
        self.sandbox = sandbox
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, port), _Handler)

    def server_bind(self) -> None:
        """Bind; the resolver is not asked for this machine's name, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up early is no error of the sandbox."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        """The base URL for clients."""
        host, port = self.server_address[:2]
        name = host if isinstance(host, str) else bytes(host).decode()
        return f"http://{f'[{name}]' if ':' in name else name}:{port}{ROOT}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are two writes; together with delayed acknowledgements Nagle costs 40 ms each.
    disable_nagle_algorithm = True
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        """Answer any method."""
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            sent = self.server.sandbox.exchange(self.command, unquote(path), query, headers, body)
        except ConnectionResetError:
            self.close_connection = True
            return
        # Without the Date header, which would tell the wall clock.
        self.send_response_only(sent.status)
        for name, value in sent.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent.payload)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing; `/v2/_sandbox/requests` has the log."""


def serve(sandbox: Sandbox, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted or terminated; `ready` gets the base URL once it listens.

    Args:
        sandbox: What answers.
        host: An address of this machine only, or `localhost`.
        port: 0 for any that is free.
        ready: Told `http://127.0.0.1:PORT/v2`.

    Raises:
        InvalidInput: `host` can be reached from elsewhere, or the port is taken.
    """
    try:
        server = Server(sandbox, host, port)
    except OSError as problem:
        raise InvalidInput(f"Cannot listen on {host} port {port}: {problem}") from problem
    in_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, _interrupt) if in_main else None
    try:
        ready(server.url)
        server.serve_forever(poll_interval=0.05)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        if in_main:
            signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def loopback(host: str) -> str:
    """The numeric address of a host that only this machine can reach.

    Raises:
        InvalidInput: it is no loopback address: the sandbox has no real keys, so it stays inside.
    """
    try:
        address = ip_address(LOCALHOST if host == "localhost" else host.strip("[]"))
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise InvalidInput(
            f"{host} is not a loopback address", fix=f"Serve the sandbox on {LOCALHOST}."
        )
    return str(address)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
