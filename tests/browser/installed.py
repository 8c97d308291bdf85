"""Debian's Chromium, its driver, and a checker of accessibility; or why they are not here.

`python -m tests.browser.installed` installs what is missing: by apt where that may be done, and by
npm into `.tools/browser`. Nothing is downloaded by selenium.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.npm import TOOLS, Packages

CHECKER = Packages(Path(__file__).with_name("package.json"), TOOLS / "browser", "test-browser")
#: The fonts are for pictures that look alike wherever they are made.
_DEBIAN = ("chromium", "chromium-driver", "fonts-dejavu-core", "fonts-inter", "fonts-liberation")
_FONT = Path("/usr/share/fonts/opentype/inter")
_MINUTES_15 = 900


def chromium() -> str:
    """Chromium's file, or ""."""
    return shutil.which("chromium") or ""


def driver() -> str:
    """The file of Chromium's driver, or ""."""
    return shutil.which("chromedriver") or ""


def axe() -> str:
    """The source of axe-core, to be run in a page."""
    return (CHECKER.module("axe-core") / "axe.min.js").read_text(encoding="utf-8")


def why_not() -> str:
    """Why the tests cannot run here; empty if they can."""
    if not (chromium() and driver()):
        return (
            "there is no chromium with chromedriver; `make test-browser` as root on Debian has it"
        )
    return CHECKER.why_not()


def install() -> int:
    """Install what is missing and can be had; 1 where something went wrong."""
    if not (chromium() and driver() and _FONT.is_dir()) and not _by_apt():
        reason = why_not() or f"without {_FONT}, pictures look different"
        print(f"Browser tests: {reason}.", file=sys.stderr)  # noqa: T201
    return CHECKER.install()


def _by_apt() -> bool:
    apt = shutil.which("apt-get")
    if not apt or os.name == "nt" or os.geteuid() != 0:
        return False
    print(f"Installing {', '.join(_DEBIAN)} ...", file=sys.stderr)  # noqa: T201
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for args in (["update"], ["install", "--yes", "--no-install-recommends", *_DEBIAN]):
        done = subprocess.run(
            [apt, "-qq", *args],
            env=quiet,
            capture_output=True,
            text=True,
            check=False,
            timeout=_MINUTES_15,
        )
        if done.returncode:
            print(done.stdout, done.stderr, sep="\n", file=sys.stderr)  # noqa: T201
            return False
    return True


if __name__ == "__main__":
    sys.exit(install())
