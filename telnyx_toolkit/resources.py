"""Where the shipped templates and fixtures are: in the wheel, or beside the package in a clone."""

from pathlib import Path

from telnyx_toolkit.errors import ToolkitBug

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE / "_shipped", _PACKAGE.parent)


def shipped(*parts: str) -> Path:
    """The path of a shipped file or folder, such as `shipped("prompts", "greeting.j2")`.

    Raises:
        ToolkitBug: this installation lacks it.
    """
    for root in _ROOTS:
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise ToolkitBug(f"This installation lacks {'/'.join(parts)}.")


def clone_root() -> Path | None:
    """The top of the clone this package runs from, or None where it is installed."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").exists() else None
