"""The dashboard over HTTP on this machine, until it is interrupted."""

import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from ipaddress import ip_address
from socket import SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, getaddrinfo, gethostname, socket
from typing import Any, NoReturn, cast

import waitress

from telnyx_toolkit.clock import Clock, SystemClock
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


class Server:
    """The dashboard behind one listening socket of this machine.

    Args:
        settings: Where the ledger and Telnyx are.
        host: An address of this machine.
        port: 0 for any that is free.
        any_host: `host` may be one that others can reach.
        open_toolkit: Takes the place of a toolkit of those settings.
        clock: Takes the place of the machine's.

    Attributes:
        url: The address to open, with the token.
        is_public: Others can reach it.

    Raises:
        InvalidInput: others can reach `host`, or the port is taken.
    """

    def __init__(
        self,
        settings: Settings,
        host: str,
        port: int,
        *,
        any_host: bool = False,
        open_toolkit: Callable[[], Toolkit] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._listening = _listen(host, port, any_host=any_host)
        port, self._door = self._listening.getsockname()[1], Door()
        guard = Guard(self._door, names_for(host, [gethostname()]), f"telnyx-toolkit-{port}")
        acting = Acting(open_toolkit or (lambda: Toolkit(settings)))
        codes = bool(settings.approval_command)
        dashboard = Dashboard(Shelf(settings.ledger), acting, clock or SystemClock(), codes)
        self._base = _base(host, port)
        self.is_public = not _is_loopback(host.strip("[]"))
        self.url = f"{self._base}?token={self._door.token}"
        self.wsgi: Any = cast("Any", waitress).create_server(
            create_app(dashboard, guard),
            sockets=[self._listening],
            threads=_THREADS,
            ident=None,
            max_request_body_size=_MOST_BYTES,
        )

    def url_for_once(self) -> str:
        """An address that lets in one browser: its command line can be read by others."""
        return f"{self._base}?token={self._door.new_ticket()}"

    def stop(self) -> None:
        """End `run` in another thread; connections are cut."""

        def close() -> None:
            for part in list(self.wsgi._map.values()):
                part.close()

        self.wsgi.trigger.pull_trigger(close)

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until interrupted or terminated; `ready` is called once before."""
        try:
            with _ended_by_sigterm():
                ready()
                self.wsgi.run()  # returns when it is interrupted
        except KeyboardInterrupt:
            pass
        finally:
            self.wsgi.close()
            self._listening.close()


def _base(host: str, port: int) -> str:
    """The address to open: this machine's own where it listens on all."""
    name = _LOCAL if host == "localhost" else host.strip("[]")
    try:
        address = ip_address(name)
    except ValueError:
        return f"http://{name}:{port}/"
    shown = _LOCAL if address.is_unspecified else f"[{address}]" if ":" in name else address
    return f"http://{shown}:{port}/"


def _listen(host: str, port: int, *, any_host: bool) -> socket:
    address = host.strip("[]")
    if not any_host and not _is_loopback(address):
        raise InvalidInput(
            f"Others could reach {host}, and whoever can reach the dashboard may approve calls"
            " once they have its address.",
            fix=f"Serve on {_LOCAL} and look from elsewhere through ssh -L {port}:{_LOCAL}:{port};"
            " or add --any-host if the network is yours.",
        )
    try:
        found = getaddrinfo(_LOCAL if address == "localhost" else address, port, type=SOCK_STREAM)
        family, kind, protocol, _, where = found[0]
        listening = socket(family, kind, protocol)
        try:
            if os.name == "posix":
                listening.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
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


@contextmanager
def _ended_by_sigterm() -> Generator[None]:
    """SIGTERM ends the server as Ctrl-C does; only the main thread may say so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
