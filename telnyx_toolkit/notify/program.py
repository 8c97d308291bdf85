"""Runs OpenClaw's command: no shell, no Telnyx key, an end to it, and little of what it prints."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, cast

from telnyx_toolkit.patterns import Pattern

_KEPT = 16_384  # bytes of what it prints
_BATCH = {".bat", ".cmd"}
_TELLS = Pattern(r"\b(reason|error):", re.IGNORECASE)


@dataclass(frozen=True)
class Ended:
    """It ran to its end.

    Attributes:
        status: Its exit status.
        out: The beginning of its standard output.
        err: The beginning of its standard error.
    """

    status: int
    out: str
    err: str

    def why(self) -> str:
        """What it gave as the reason of a failure: the message of its JSON, or a line."""
        with suppress(ValueError, RecursionError):
            document: Any = json.loads(self.out)
            if isinstance(document, dict):
                error = cast("dict[str, Any]", document).get("error")
                if isinstance(error, dict):
                    error = cast("dict[str, Any]", error).get("message")
                if isinstance(error, str) and error.strip():
                    return error
        lines = [line for line in (self.err.strip() or self.out.strip()).splitlines() if line]
        told = [line for line in lines if _TELLS.search(line)]
        return next(iter(told or lines), "it said nothing")


@dataclass(frozen=True)
class NotRun:
    """It could not be started, or had to be ended.

    Attributes:
        reason: Why.
        again: It was too slow, and may have done its work: not, that it is not there.
    """

    reason: str
    again: bool = False


class OpenClaw:
    """OpenClaw's command.

    Args:
        program: Its absolute path; "" looks on PATH.
        env: The environment; ours if None. No variable of ours and no Telnyx key is passed on.
    """

    def __init__(self, program: str = "", env: Mapping[str, str] | None = None) -> None:
        self._program = program
        self._env = env

    def path(self) -> str | None:
        """Where it is, or None."""
        given = os.environ if self._env is None else self._env
        return self._program or shutil.which("openclaw", path=given.get("PATH", os.defpath))

    def run(self, arguments: Sequence[str], timeout_s: float) -> Ended | NotRun:
        """Run it with `arguments`; at the end of `timeout_s` it is ended with all it started."""
        program = self.path()
        if program is None:
            return NotRun("openclaw is not on PATH")
        if Path(program).suffix.casefold() in _BATCH:
            return NotRun("openclaw is a batch file, which would read a text as commands")
        return _run([program, *arguments], self._environment(program), timeout_s)

    def _environment(self, program: str) -> dict[str, str]:
        given = os.environ if self._env is None else self._env
        env = {k: v for k, v in given.items() if not k.startswith("TELNYX_")}
        # Node lies beside it more often than on the short PATH of a service.
        env["PATH"] = os.pathsep.join([env.get("PATH", os.defpath), str(Path(program).parent)])
        return env | {"NO_COLOR": "1"}


def _run(argv: Sequence[str], env: Mapping[str, str], timeout_s: float) -> Ended | NotRun:
    # Into files, not pipes: what it leaves running could hold a pipe open for ever.
    with TemporaryFile() as out, TemporaryFile() as err:
        try:
            process = subprocess.Popen(  # noqa: S603 - the operator's own program, no shell
                argv,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=env,
                start_new_session=True,
            )
        except (OSError, ValueError) as problem:
            return NotRun(f"openclaw cannot be run ({_reason(problem)})")
        try:
            status = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            _end(process)
            return NotRun(f"openclaw took more than {timeout_s:.0f} s", again=True)
        except BaseException:
            _end(process)
            raise
        return Ended(status, _beginning(out), _beginning(err))


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End it and whatever it started, so that nothing is sent after we said that it was not."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _beginning(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_KEPT).decode("utf-8", "replace")


def _reason(problem: Exception) -> str:
    return getattr(problem, "strerror", None) or "an argument that no program takes"
