"""Who this process is among those that run missions, and whether another one is still alive."""

import os
import socket
from functools import cached_property
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

    def show_life(self, token: str) -> None:
        """Lock a file of that name."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = self._folder / token
        self._lock = _lock(self._path)
        self._lock.acquire(blocking=False)

    def end_life(self) -> None:
        """Remove the file."""
        self._path.unlink(missing_ok=True)
        self._lock.release()

    def is_gone(self, holder: str, token: str) -> bool:
        """Whether another runner of this machine has ended; of other machines nobody can tell."""
        if holder.rpartition(", process ")[0] != self._host:
            return False
        path = self._folder / token
        if not path.exists():
            return True
        from filelock import Timeout  # noqa: PLC0415 - most commands never ask

        try:
            with _lock(path).acquire(blocking=False):
                path.unlink(missing_ok=True)
        except Timeout:
            return False
        return True


def _lock(path: Path):
    from filelock import FileLock  # noqa: PLC0415 - most commands need none

    return FileLock(path, mode=0o600, thread_local=False)
