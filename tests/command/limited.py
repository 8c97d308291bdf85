"""The command in a process that the system really refuses something."""

import os
import subprocess
import sys
from typing import Any

from tests.command.conftest import ROOT

_RUN = "from telnyx_toolkit.cli import main; sys.exit(main(sys.argv[1:]))"

_NO_LARGER_FILES = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({{limit}}, {{limit}}))
{_RUN}
"""

# Mode bits bind root only after it gives up two capabilities (1: CAP_DAC_OVERRIDE,
# 2: CAP_DAC_READ_SEARCH), which takes effect with the next program. 24 is PR_CAPBSET_DROP.
_BOUND_BY_MODES = """
import ctypes, os, sys
if os.geteuid() == 0:
    system = ctypes.CDLL(None)
    assert system.prctl(24, 1, 0, 0, 0) == system.prctl(24, 2, 0, 0, 0) == 0
os.execv(sys.executable, [sys.executable, "-m", "telnyx_toolkit", *sys.argv[1:]])
"""

Done = subprocess.CompletedProcess[str]


def without_larger_files(shell: Any, limit: int, *args: str) -> Done:
    """Run the command where no file may grow beyond `limit` bytes."""
    return _run(shell, _NO_LARGER_FILES.format(limit=limit), args)


def bound_by_modes(shell: Any, *args: str) -> Done:
    """Run the command as a user whom read-only means read-only, root or not."""
    return _run(shell, _BOUND_BY_MODES, args)


def _run(shell: Any, code: str, args: tuple[str, ...]) -> Done:
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        env={**os.environ, **shell.env},
        cwd=ROOT,
        text=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=100,
        check=False,
    )
