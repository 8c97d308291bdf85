"""The way to the person that an approval code takes: a program of theirs, given the text."""

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping

from telnyx_toolkit.errors import ConfigError

_PATIENCE_S = 30
_KEYS = {"TELNYX_API_KEY", "TELNYX_API_KEY_FILE", "TELNYX_TOOLKIT_DATABASE_URL"}

Channel = Callable[[str], None]


def channel_by(command: str, env: Mapping[str, str] | None = None) -> Channel:
    """A channel that runs a program with the text on its standard input.

    The program gets no Telnyx key and passes no shell; what it prints is not shown.

    Args:
        command: The program and its arguments, quoted as a shell would have them.
        env: Its environment; ours if None.

    Raises:
        ConfigError: when called: the program is not there, fails, or takes over 30 seconds.
    """

    def send(text: str) -> None:
        given = {k: v for k, v in (env or os.environ).items() if k not in _KEYS}
        try:
            argv = shlex.split(command)
            subprocess.run(  # noqa: S603 - the operator's own program, no shell
                argv,
                input=text.encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_PATIENCE_S,
                check=True,
                env=given,
            )
        except (OSError, ValueError, IndexError, subprocess.SubprocessError) as problem:
            raise ConfigError(
                "The plan could not be sent to the person: TELNYX_TOOLKIT_APPROVAL_COMMAND"
                f" {_reason(problem)}.",
                code="code_not_sent",
                fix="Mend that program (it gets the text on standard input), then: plan-steps"
                " MISSION --resend",
            ) from problem

    return send


def _reason(problem: Exception) -> str:
    match problem:
        case subprocess.CalledProcessError():
            return f"ended with status {problem.returncode}"
        case subprocess.TimeoutExpired():
            return f"took more than {_PATIENCE_S} seconds"
        case OSError():
            return f"cannot be run ({problem.strerror})"
        case _:
            return "is no command"
