"""What the environment says: the API key, where Telnyx is, where our state lives."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import ConfigError, InvalidInput
from telnyx_toolkit.loopback import is_loopback
from telnyx_toolkit.notify_settings import NotifySettings
from telnyx_toolkit.pace import Pace

TELNYX_URL = "https://api.telnyx.com/v2"
_TELNYX_HOST = "api.telnyx.com"
_KEY_FIX = (
    "Create a key in the Telnyx portal, then put it in TELNYX_API_KEY, or its file's path in "
    "TELNYX_API_KEY_FILE. To try things without a key: telnyx-toolkit demo"
)


class ApiKey:
    """A key that cannot be printed by accident: ask for it with `reveal()`."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key itself, for the Authorization header and nothing else."""
        return self._value

    def __repr__(self) -> str:
        return "ApiKey(***)"

    __str__ = __repr__


@dataclass(frozen=True)
class Settings:
    """Everything read from the environment, checked.

    Attributes:
        base_url: Telnyx, or a server on this machine; no trailing slash.
        home: Directory of our state; of the ledger, too, unless a database has it.
        api_key: The key, or None where none was given; see `require_key`.
        approval_command: The program that takes plans and their codes to the person; "" where
            the agent passes the plan on.
        pace: What the account may do at once, within an hour and a day, by its level.
        notify: Which ways there are to tell a person.
        channel_context: Which conversation the command is from, as OpenClaw says it; "" if unsaid.
        database: The database that has the ledger; None where a file has it.
    """

    base_url: str
    home: Path
    api_key: ApiKey | None
    pace: Pace = field(default_factory=Pace)
    approval_command: str = ""
    notify: NotifySettings = field(default_factory=NotifySettings)
    channel_context: str = ""
    database: DatabaseUrl | None = None

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings.

        Raises:
            ConfigError: a variable is set to something unusable.
        """
        env = os.environ if env is None else env
        return cls(
            base_url=_base_url(env.get("TELNYX_BASE_URL") or TELNYX_URL),
            home=home_of(env),
            api_key=_api_key(env),
            pace=_pace(env),
            approval_command=env.get("TELNYX_TOOLKIT_APPROVAL_COMMAND", "").strip(),
            notify=NotifySettings.from_environment(env),
            channel_context=env.get("OPENCLAW_CHANNEL_CONTEXT", ""),
            database=DatabaseUrl.from_environment(env),
        )

    @property
    def ledger(self) -> Path | DatabaseUrl:
        """Where the ledger is."""
        return self.database or self.home

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine (a sandbox), not Telnyx."""
        return is_loopback(self.base_url)

    def require_key(self) -> ApiKey:
        """The key.

        Raises:
            ConfigError: there is none.
        """
        if self.api_key is None:
            raise ConfigError("No Telnyx API key: TELNYX_API_KEY is not set.", fix=_KEY_FIX)
        return self.api_key


def _base_url(value: str) -> str:
    url = value.strip().rstrip("/")
    try:
        parts = urlsplit(url)
    except ValueError as problem:
        raise ConfigError(
            f"TELNYX_BASE_URL is {value!r}, which is no address: {problem}.",
            fix=f"Unset it to use {TELNYX_URL}.",
        ) from problem
    is_telnyx = parts.scheme == "https" and parts.hostname == _TELNYX_HOST
    is_here = parts.scheme in {"http", "https"} and is_loopback(url)
    if not (is_telnyx or is_here) or parts.username or parts.query or parts.fragment:
        raise ConfigError(
            f"TELNYX_BASE_URL is {value!r}, which is neither Telnyx nor this machine: "
            "your key would go to a stranger.",
            fix=f"Unset it to use {TELNYX_URL}, or give a loopback address such as "
            "http://127.0.0.1:8787/v2 for the sandbox.",
        )
    return url if parts.path else f"{url}/v2"


def home_of(env: Mapping[str, str]) -> Path:
    """Where the environment says that our state lives.

    Raises:
        RuntimeError: nothing says where the person's home is.
    """
    if given := env.get("TELNYX_TOOLKIT_HOME"):
        return Path(given).expanduser()
    if data := env.get("XDG_DATA_HOME"):
        return Path(data) / "telnyx-toolkit"
    return Path.home() / ".local" / "share" / "telnyx-toolkit"


def _pace(env: Mapping[str, str]) -> Pace:
    """The cautious one where no level is stated: two calls at once, ten an hour."""
    name = env.get("TELNYX_TOOLKIT_LEVEL", "").strip()
    if not name:
        return Pace()
    from telnyx_toolkit.levels import level_named  # noqa: PLC0415 - most set none

    try:
        return level_named(name).pace
    except InvalidInput as problem:
        raise ConfigError(f"TELNYX_TOOLKIT_LEVEL: {problem.message}", fix=problem.fix) from problem


def _api_key(env: Mapping[str, str]) -> ApiKey | None:
    value = env.get("TELNYX_API_KEY", "").strip()
    if value.startswith("${"):  # an agent's config that was never filled in
        value = ""
    if not value and (path := env.get("TELNYX_API_KEY_FILE")):
        value = _read_key(Path(path).expanduser())
    if not value:
        return None
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ConfigError("TELNYX_API_KEY holds characters that no key has.", fix=_KEY_FIX)
    return ApiKey(value)


def _read_key(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError(
            f"TELNYX_API_KEY_FILE names {str(path)!r}, which cannot be read: "
            f"{getattr(problem, 'strerror', None) or 'not a text file'}.",
            fix=_KEY_FIX,
        ) from problem
