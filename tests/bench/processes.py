"""What a process costs: its CPU time to its end, or to a moment that the outside sees."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
BARE = (sys.executable, "-c", "pass")


@dataclass(frozen=True)
class Cost:
    """What one process took, in seconds: of the CPU (user and system), and on the wall."""

    cpu_s: float
    wall_s: float


def command(*arguments: str) -> tuple[str, ...]:
    """Our command, as it is installed beside this interpreter."""
    script = Path(sys.executable).with_name("telnyx-toolkit")
    ours = (str(script),) if script.exists() else (sys.executable, "-m", "telnyx_toolkit")
    return (*ours, *arguments)


def environment(home: Path, **more: str) -> dict[str, str]:
    """That of a person who has set up nothing but a key; compiled modules are kept."""
    left_out = ("TELNYX_", "OPENCLAW_", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
    return {**kept, "TELNYX_TOOLKIT_HOME": str(home), "TELNYX_API_KEY": "example", **more}


def cost(
    argv: Sequence[str],
    env: Mapping[str, str],
    until: Callable[["subprocess.Popen[bytes]"], None] | None = None,
) -> Cost:
    """What a process takes to its end, or until `until` returns; then it is killed.

    Raises:
        RuntimeError: it ended by itself with another status than 0.
    """
    pipe = subprocess.PIPE if until else subprocess.DEVNULL
    began = time.perf_counter()
    process = subprocess.Popen(argv, env=env, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        if until:
            until(process)
    finally:
        took = time.perf_counter() - began
        if until:
            process.kill()
    _, status, used = os.wait4(process.pid, 0)
    took = took if until else time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()
    if process.returncode and not until:
        raise RuntimeError(f"{' '.join(argv)} ended with status {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, took)


@dataclass(frozen=True)
class Ratio:
    """How many times bare Python, and bare Python itself in seconds of CPU."""

    cpu: float
    wall: float
    bare_s: float


def beside_bare(sample: Callable[[], Cost], env: Mapping[str, str], samples: int) -> Ratio:
    """The median of pairs: bare Python is measured beside every sample, so that noise cancels."""
    sample()
    pairs = [(sample(), cost(BARE, env)) for _ in range(samples)]
    return Ratio(
        median(ours.cpu_s / bare.cpu_s for ours, bare in pairs),
        median(ours.wall_s / bare.wall_s for ours, bare in pairs),
        median(bare.cpu_s for _, bare in pairs),
    )
