"""Who this process is among those that run missions, and whether another one is still alive."""

import os
import socket
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol
from uuid import uuid4

_FOLDER = "runners"


class Signs(Protocol):
    """How the runners of one ledger know of each other whether they live."""

    def show_life(self, token: str) -> None:
        """From now on until the process ends, however it ends, others see that it lives."""
        ...

    def end_life(self) -> None:
        """Be gone."""
        ...

    def is_gone(self, holder: str, token: str) -> bool:
        """Whether another runner has certainly ended."""
        ...


class Runner:
    """One process that runs missions, known to others by a sign of life.

    Args:
        signs: How others see it.
    """

    def __init__(self, signs: Signs) -> None:
        self._signs = signs

    @property
    def name(self) -> str:
        """For people: `host, process 123`."""
        return f"{socket.gethostname()}, process {os.getpid()}"

    @cached_property
    def token(self) -> str:
        """For programs; from its first use on, this process is known to be alive."""
        token = str(uuid4())
        self._signs.show_life(token)
        return token

    def is_gone(self, holder: str, token: str) -> bool:
        """Whether another runner has certainly ended."""
        return self._signs.is_gone(holder, token)

    def close(self) -> None:
        """Be gone."""
        if "token" in self.__dict__:
            self._signs.end_life()
            del self.__dict__["token"]


class LockedFiles:
    """Signs on one machine: each process keeps a file of its own locked.

    The kernel unlocks the file when the process ends, however it ends: so whoever is on the same
    machine learns at once that it is gone, and nobody has to wait for a lease to expire.

    Args:
        home: The ledger's directory.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / _FOLDER
        self._host = socket.gethostname()
        self._path = self._folder
        self._unlock: Callable[[], None] | None = None

    def show_life(self, token: str) -> None:
        """Lock a file of that name."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = self._folder / token
        self._unlock = _lock(self._path)

    def end_life(self) -> None:
        """Remove the file."""
        self._path.unlink(missing_ok=True)
        if self._unlock:
            self._unlock()

    def is_gone(self, holder: str, token: str) -> bool:
        """Whether another runner of this machine has ended; of other machines nobody can tell."""
        if holder.rpartition(", process ")[0] != self._host:
            return False
        path = self._folder / token
        if not path.exists():
            return True
        unlock = _lock(path)
        if unlock is None:
            return False
        path.unlink(missing_ok=True)
        unlock()
        return True


def _lock(path: Path) -> Callable[[], None] | None:
    """Lock a file until the process ends, or until what is given back is called.

    None where another process has it locked.
    """
    if os.name == "posix":
        return _flock(path)
    from filelock import FileLock, Timeout  # noqa: PLC0415 - as slow to import as asyncio

    lock = FileLock(path, mode=0o600, thread_local=False)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return None
    return lock.release


def _flock(path: Path) -> Callable[[], None] | None:
    """What filelock does on such a system, without what it loads."""
    import fcntl  # noqa: PLC0415 - Windows has none

    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return partial(os.close, handle)
