"""The skill's folder as the registry ClawHub publishes it: which files, and what is left of them.

The rules are those of its command `clawhub` 0.23.3 (`listSkillFiles`): a file goes along unless a
segment of its path starts with a dot or is `node_modules`, it is a symbolic link, or it is named by
`.gitignore` or `.clawhubignore` at the top. Modes are not kept: nothing is executable afterwards.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pathspec

NAME = "telnyx-toolkit"
_ALWAYS_IGNORED = (".git/", "node_modules/", ".clawhub/", ".clawdhub/")
_IGNORE_FILES = (".gitignore", ".clawhubignore", ".clawdhubignore")
_MODE = 0o644


def published_files(root: Path) -> list[Path]:
    """The files of a clone that would be published, as paths below `root`, sorted."""
    ignored = pathspec.GitIgnoreSpec.from_lines(_ignore_lines(root))
    names = (path.relative_to(root) for path in _walk(root))
    return sorted(name for name in names if not ignored.match_file(name.as_posix()))


def shaped_copy(root: Path, to: Path) -> Path:
    """Copy what would be published into a new folder of the skill's name below `to`.

    Args:
        root: The clone.
        to: A folder; the copy is `to / "telnyx-toolkit"`, as an installed skill's is.
    """
    copy = to / NAME
    for name in published_files(root):
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((root / name).read_bytes())
        target.chmod(_MODE)
    return copy


def _ignore_lines(root: Path) -> list[str]:
    lines: list[str] = list(_ALWAYS_IGNORED)
    for name in _IGNORE_FILES:
        path = root / name
        if path.is_file():
            lines += path.read_text(encoding="utf-8").splitlines()
    return lines


def _walk(folder: Path) -> Iterator[Path]:
    for entry in os.scandir(folder):
        if entry.name.startswith(".") or entry.name == "node_modules":
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
