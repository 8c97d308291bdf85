"""Where reports are kept: private files that appear whole, and replace none but our own."""

import re
from pathlib import Path

from telnyx_toolkit.errors import ConfigError, InvalidInput
from telnyx_toolkit.ledger.files import aside, put
from telnyx_toolkit.report.table import HEADER

FORMATS = ("html", "md", "csv", "json")
#: What a report of each format has near its beginning.
_OURS = (
    b'content="telnyx-toolkit"',
    b"<!-- telnyx-toolkit report -->",
    HEADER.encode(),
    b'"report_version":',
)
_LOOKED_AT = 4_096
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")


def default_path(home: Path, name: str, form: str) -> Path:
    """`reports/<name>.<format>` below the toolkit's home."""
    return home / "reports" / f"{_UNFIT.sub('-', name)[:80] or 'report'}.{form}"


def write_report(path: Path, text: str, *, force: bool = False) -> int:
    """Write a report, whole or not at all, readable by its owner alone.

    Args:
        path: The file; its folder is made, with mode 0700, if need be.
        text: What goes in.
        force: Replace a file that is no report.

    Returns:
        How many bytes it has.

    Raises:
        InvalidInput: something that is no report is there.
        ConfigError: it cannot be written.
    """
    data = text.encode()
    try:
        if not force and path.exists() and not _is_ours(path):
            raise InvalidInput(
                f"{str(path)!r} is there already and is no report: it was left as it is.",
                fix="Give another name, or add --force to replace it.",
                code="file_exists",
            )
        _make_folder(path.parent)
        with aside(path) as new:
            new.write_bytes(data)
            put(new, path, replace=True)
    except OSError as problem:
        raise ConfigError(
            f"{str(path)!r} cannot be written: {problem.strerror or problem}.",
            fix="Free space there, or give another place with --out.",
            code="output_unwritable",
        ) from problem
    return len(data)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, all of them private: `parents=True` makes open ones."""
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _is_ours(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    return any(mark in head for mark in _OURS)
