"""What a scheduler has to be told of this machine: our program, and the variables of ours."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.settings import Settings

_FILES = ("TELNYX_API_KEY_FILE", "TELNYX_TOOLKIT_HOOK_TOKEN_FILE")
_WORDS = ("TELNYX_BASE_URL", "TELNYX_TOOLKIT_LEVEL", "TELNYX_TOOLKIT_HOOK_URL")
#: They hold a secret, or may: they are named, and never written anywhere.
UNSHOWN = ("TELNYX_API_KEY", "TELNYX_TOOLKIT_WEBHOOK_URL", "TELNYX_TOOLKIT_APPROVAL_COMMAND")


@dataclass(frozen=True)
class Host:
    """This machine, as a scheduler has to know it.

    Attributes:
        program: Our command: an absolute path, and `-m telnyx_toolkit` where there is no script.
        home: The directory of the ledger.
        variables: What our command needs of the environment, by name; no secret.
        unshown: Variables that are set here and may be secret, so that a person passes them on.
        openclaw: Absolute path of OpenClaw's command; "" where there is none.
        config: The directory of a person's settings, `~/.config`.
        user_home: The person's home directory.
    """

    program: tuple[str, ...]
    home: Path
    variables: Mapping[str, str]
    unshown: tuple[str, ...]
    openclaw: str
    config: Path
    user_home: Path

    @property
    def has_key_file(self) -> bool:
        """Whether the key is in a file that the scheduler can be pointed to."""
        return "TELNYX_API_KEY_FILE" in self.variables

    @property
    def is_in_a_folder_of_its_own(self) -> bool:
        """Whether the program lies in a virtual environment that an update may replace."""
        return ".venv" in Path(self.program[0]).parts


def this_host(settings: Settings, env: Mapping[str, str], argv0: str, executable: str) -> Host:
    """What the environment and the running command say.

    Args:
        settings: As `env` gives them.
        env: The environment.
        argv0: How our command was called.
        executable: The Python that runs it.

    Raises:
        ConfigError: a path or a value holds a line break or something unseen.
    """
    openclaw = settings.notify.openclaw or shutil.which("openclaw", path=env.get("PATH")) or ""
    variables = {"TELNYX_TOOLKIT_HOME": _absolute(settings.home)}
    variables |= {name: _absolute(Path(env[name].strip())) for name in _FILES if _is_set(env, name)}
    variables |= {name: env[name].strip() for name in _WORDS if _is_set(env, name)}
    if openclaw:
        variables["TELNYX_TOOLKIT_OPENCLAW"] = openclaw
    user_home = Path(env.get("HOME") or Path.home())
    config = Path(env.get("XDG_CONFIG_HOME") or user_home / ".config")
    host = Host(
        program=_program(Path(argv0), Path(executable)),
        home=Path(variables["TELNYX_TOOLKIT_HOME"]),
        variables=variables,
        unshown=tuple(name for name in UNSHOWN if _is_set(env, name)),
        openclaw=openclaw,
        config=config,
        user_home=user_home,
    )
    _refuse_the_unprintable([*host.program, *variables.values(), str(config), str(user_home)])
    return host


def _program(called: Path, python: Path) -> tuple[str, ...]:
    for script in (called, python.with_name("telnyx-toolkit")):
        if script.stem == "telnyx-toolkit" and script.is_absolute() and script.is_file():
            return (str(script),)
    return (str(python), "-m", "telnyx_toolkit")


def _absolute(path: Path) -> str:
    return str(path.expanduser().absolute())


def _is_set(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip()
    return bool(value) and not value.startswith("${")


def _refuse_the_unprintable(values: list[str]) -> None:
    for value in values:
        if not value.isprintable():
            raise ConfigError(
                f"{value!r} holds a line break or something unseen, which no unit file takes.",
                fix="Move it to a path of ordinary characters, and run this again.",
            )
