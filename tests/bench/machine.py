"""Where and when something was measured."""

import platform
import sqlite3
import sys
from datetime import datetime
from os import cpu_count
from pathlib import Path

from telnyx_toolkit.clock import SystemClock

_CPUS = Path("/proc/cpuinfo")


def machine(now: datetime | None = None) -> dict[str, str]:
    """Its processor and cores, the versions of Python and SQLite, and the day."""
    return {
        "cores": f"{cpu_count()} cores, {_processor()}",
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {sys.version.split()[0]}",
        "sqlite": sqlite3.sqlite_version,
        "date": (now or SystemClock().now()).date().isoformat(),
    }


def _processor() -> str:
    if _CPUS.exists():
        for line in _CPUS.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
