"""Makes the folder that is published: `make package`.

It is the shaped copy without the groups of development, and a `uv.lock` of the versions in
requirements.lock, made at that moment: uv writes the address of the package index into it, which
the repository does not hold (decision 19).
An argument names another folder than `build/clawhub`.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.published import NAME, shaped_copy

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "clawhub"
_GROUPS = re.compile(r"^\[dependency-groups\]\n.*?(?=^\[)", re.MULTILINE | re.DOTALL)
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", re.MULTILINE)


def package(to: Path, root: Path = ROOT) -> Path:
    """Make the folder anew below `to`, of the clone `root`.

    Raises:
        subprocess.CalledProcessError: uv could not lock it, with what uv said.
        FileNotFoundError: there is no uv.
        ValueError: the lock has other versions than requirements.lock.
    """
    shutil.rmtree(to / NAME, ignore_errors=True)
    copy = shaped_copy(root, to)
    _leave_out_tools(copy / "pyproject.toml")
    uv = uv_program()
    if uv is None:
        raise FileNotFoundError("uv is neither in the environment nor on PATH")
    pins = pinned(copy / "requirements.lock")
    wanted = [f"--upgrade-package={name}=={version}" for name, version in pins.items()]
    subprocess.run(
        [uv, "lock", "--quiet", "--project", str(copy), *wanted],
        check=True,
        capture_output=True,
        text=True,
    )
    locked = dict(re.findall(r'name = "([^"]+)"\nversion = "([^"]+)"', _lock_of(copy)))
    if other := {name: locked[name] for name in pins if locked.get(name, pins[name]) != pins[name]}:
        raise ValueError(f"uv.lock has other versions than requirements.lock: {other}")
    return copy


def _leave_out_tools(project: Path) -> None:
    """Without the groups of development: they would make most of the lock."""
    text = project.read_text(encoding="utf-8")
    project.write_text(_GROUPS.sub("", text, count=1), encoding="utf-8")


def uv_program() -> str | None:
    """The uv of this environment, else the one on PATH."""
    return shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")


def pinned(lock: Path) -> dict[str, str]:
    """Name and version of everything that requirements.lock pins."""
    return dict(_PINNED.findall(lock.read_text(encoding="utf-8")))


def _lock_of(copy: Path) -> str:
    return (copy / "uv.lock").read_text(encoding="utf-8")


if __name__ == "__main__":
    made = package(Path(sys.argv[1]) if sys.argv[1:] else BUILD)
    files = [path for path in made.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    sys.stdout.write(f"{made}: {len(files)} files, {size:,} bytes\n")
