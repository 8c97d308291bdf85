"""Stands between a client and a Postgres, and loses what it is told to lose.

    python tests/postgres_proxy.py FOLDER SERVER

It listens on the socket of port 5433 in a folder. A line on standard input says what to do with the
next COMMIT: `before` ends the connection instead of passing it on, `after` passes it on and ends
the connection instead of passing on the answer. Each is answered by a line.
"""

import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path

_COMMIT = b"COMMIT\0"


class Proxy:
    """All connections, and what comes next.

    Args:
        folder: Where it listens.
        server: Where the server listens.
    """

    def __init__(self, folder: Path, server: Path) -> None:
        self._server = str(server / ".s.PGSQL.5432")
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / ".s.PGSQL.5433"))
        self._listening.listen()
        self.lose = ""

    def serve(self) -> None:
        """Take connections for ever."""
        while True:
            client, _ = self._listening.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            mute = threading.Event()
            for way in (self._ask, _answer):
                given = (client, server, mute)
                threading.Thread(target=way, args=given, daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, mute: threading.Event) -> None:
        with suppress(OSError):
            while data := client.recv(65_536):
                lose = ""
                if data.endswith(_COMMIT):
                    lose, self.lose = self.lose, ""
                if lose:
                    mute.set()
                if lose != "before":
                    server.sendall(data)
                if lose:
                    break
            _finish(server)


def _answer(client: socket.socket, server: socket.socket, mute: threading.Event) -> None:
    with suppress(OSError):
        while (data := server.recv(65_536)) and not mute.is_set():
            client.sendall(data)
    with suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)


def _finish(server: socket.socket) -> None:
    """No more is asked; what was asked is answered, for nobody."""
    server.sendall(b"X\0\0\0\4")  # the message that ends a session
    server.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    proxy = Proxy(Path(sys.argv[1]), Path(sys.argv[2]))
    threading.Thread(target=proxy.serve, daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        proxy.lose = line.strip()
        sys.stdout.write("told\n")
        sys.stdout.flush()
