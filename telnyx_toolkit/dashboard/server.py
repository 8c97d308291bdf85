"""The dashboard over HTTP on this machine, until it is interrupted."""

import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, NoReturn, cast

import waitress

from telnyx_toolkit.clock import SystemClock
from telnyx_toolkit.dashboard.acting import Acting
from telnyx_toolkit.dashboard.app import Dashboard, create_app
from telnyx_toolkit.dashboard.door import Door
from telnyx_toolkit.dashboard.guard import Guard
from telnyx_toolkit.dashboard.names import names_for
from telnyx_toolkit.dashboard.shelf import Shelf
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.toolkit import Toolkit

_LOCAL = "127.0.0.1"
_THREADS = 8
#: More than our own bound, so that what is too long gets a page of ours.
_MOST_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Opened:
    """What is told once the server listens.

    Attributes:
        url: The address with the token.
        once: The address with a ticket that is good once, for a browser's command line.
    """

    url: str
    once: str


def serve(
    settings: Settings, host: str, port: int, ready: Callable[[Opened], None], *, any_host: bool
) -> None:
    """Serve until interrupted or terminated.

    Args:
        settings: Where the ledger and Telnyx are.
        host: An address of this machine.
        port: 0 for any that is free.
        ready: Told where, once it listens.
        any_host: `host` may be one that others can reach.

    Raises:
        InvalidInput: others can reach `host`, or the port is taken.
    """
    listening = _listen(host, port, any_host=any_host)
    try:
        _serve(settings, host, listening, ready)
    finally:
        listening.close()


def _serve(
    settings: Settings, host: str, listening: socket.socket, ready: Callable[[Opened], None]
) -> None:
    port, door = listening.getsockname()[1], Door()
    guard = Guard(door, names_for(host, [socket.gethostname()]), f"telnyx-toolkit-{port}")
    acting = Acting(lambda: Toolkit(settings))
    codes = bool(settings.approval_command)
    dashboard = Dashboard(Shelf(settings.home), acting, SystemClock(), codes)
    server = cast("Any", waitress).create_server(
        create_app(dashboard, guard),
        sockets=[listening],
        threads=_THREADS,
        ident=None,
        max_request_body_size=_MOST_BYTES,
    )
    base = _base(host, port)
    try:
        with _ended_by_sigterm():
            ready(Opened(f"{base}?token={door.token}", f"{base}?token={door.new_ticket()}"))
            server.run()  # returns when interrupted
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def _base(host: str, port: int) -> str:
    """The address to open: this machine's own where it listens on all."""
    name = host.strip("[]")
    try:
        address = ip_address(name)
    except ValueError:
        return f"http://{name}:{port}/"
    shown = _LOCAL if address.is_unspecified else f"[{address}]" if ":" in name else address
    return f"http://{shown}:{port}/"


def _listen(host: str, port: int, *, any_host: bool) -> socket.socket:
    address = host.strip("[]")
    if not any_host and not _is_loopback(address):
        raise InvalidInput(
            f"Others could reach {host}, and whoever can reach the dashboard may approve calls"
            " once they have its address.",
            fix=f"Serve on {_LOCAL} and look from elsewhere through ssh -L {port}:{_LOCAL}:{port};"
            " or add --any-host if the network is yours.",
        )
    try:
        found = socket.getaddrinfo(
            _LOCAL if address == "localhost" else address, port, type=socket.SOCK_STREAM
        )
        family, kind, protocol, _, where = found[0]
        listening = socket.socket(family, kind, protocol)
        try:
            if os.name == "posix":
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(where)
        except BaseException:
            listening.close()
            raise
    except (OSError, OverflowError, UnicodeError) as problem:
        raise InvalidInput(
            f"Cannot listen on {host} port {port}: {problem}.",
            fix="Give another --port; 0 takes any free one.",
        ) from problem
    return listening


def _is_loopback(address: str) -> bool:
    try:
        return address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        return False


class _ended_by_sigterm:  # noqa: N801
    """SIGTERM ends the server as Ctrl-C does; only the main thread may say so."""

    def __enter__(self) -> None:
        in_main = threading.current_thread() is threading.main_thread()
        self._before: Any = signal.signal(signal.SIGTERM, _interrupt) if in_main else None

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGTERM, self._before)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
