"""Files that are private, and that appear whole or not at all."""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from telnyx_toolkit.errors import ConfigError, LedgerDamaged

_POSIX = os.name == "posix"
_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)


def refuse_unsafe(home: Path) -> None:
    """Make sure that nobody else decides what the ledger's directory holds.

    Raises:
        ConfigError: it is a symbolic link, or everybody may write to it.
    """
    try:
        mode = os.lstat(home).st_mode
    except OSError:
        return  # what is not there is made; what cannot be looked at fails with its own reason
    if stat.S_ISLNK(mode):
        raise _unsafe(home, "directory", f"point TELNYX_TOOLKIT_HOME at {str(home.resolve())!r}")
    if _POSIX and stat.S_ISDIR(mode) and mode & stat.S_IWOTH:
        raise ConfigError(
            f"The ledger's directory {str(home)!r} is not safe: everybody may write to it.",
            fix=f"chmod go-w {home}, or point TELNYX_TOOLKIT_HOME at a directory of its own.",
            code="ledger_unsafe",
        )


def exists(path: Path) -> bool:
    """Whether there is a file of that name; a link is never followed.

    Looked up by name, not by opening it: closing a second handle would drop SQLite's locks.

    Raises:
        ConfigError: it is a symbolic link.
        LedgerDamaged: it is a directory, a device or the like.
        OSError: it cannot be looked at.
    """
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return False
    if stat.S_ISLNK(found.st_mode):
        raise _unsafe(path, "file", "remove the link, and put the ledger itself in its place")
    if not stat.S_ISREG(found.st_mode):
        raise LedgerDamaged(f"The ledger {str(path)!r} is damaged: it is not a file.")
    return True


@contextmanager
def aside(path: Path) -> Generator[Path]:
    """A new, empty file beside `path`, mode 0600, that is gone afterwards.

    Raises:
        OSError: the directory does not take it.
    """
    new = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    os.close(os.open(new, _NEW, 0o600))
    try:
        yield new
    finally:
        new.unlink(missing_ok=True)


def put(new: Path, path: Path, *, replace: bool = False) -> None:
    """Give the finished file `new` the name `path`, durably.

    Raises:
        FileExistsError: the name is taken, and `replace` is false.
        OSError: the disk does not take it; the name is as it was.
    """
    _sync(new)
    if replace:
        new.replace(path)
    else:
        _link(new, path)
    if _POSIX:
        _sync(path.parent)


def rename(path: Path, new: Path) -> None:
    """Give a file another name, durably.

    Raises:
        OSError: the disk does not take it.
    """
    path.rename(new)
    if _POSIX:
        _sync(path.parent)


def _link(new: Path, path: Path) -> None:
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # some file systems have no hard links
        _copy(new, path)


def _copy(new: Path, path: Path) -> None:
    handle = os.open(path, _NEW, 0o600)
    try:
        with os.fdopen(handle, "wb") as copy:
            copy.write(new.read_bytes())
        _sync(path)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unsafe(path: Path, what: str, fix: str) -> ConfigError:
    return ConfigError(
        f"The ledger's {what} {str(path)!r} is a symbolic link, which others may turn elsewhere.",
        fix=f"{fix[0].upper()}{fix[1:]}.",
        code="ledger_unsafe",
    )
