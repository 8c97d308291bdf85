"""What the environment says of telling a person: programs and addresses, and no secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.loopback import is_loopback

SUGGESTED_HOOK = "http://localhost:18789/hooks/agent"


@dataclass(frozen=True)
class NotifySettings:
    """Which ways of telling there are.

    Attributes:
        openclaw: Absolute path of OpenClaw's command; "" where it is looked for on PATH.
        hook_url: The gateway's hook that starts an agent's turn; "" for none.
        hook_token_file: The file with that hook's token, read whenever something is sent.
        webhook_url: Where else each notice is posted; "" for nowhere. It may hold a secret of the
            receiver's, and is not shown.
    """

    openclaw: str = ""
    hook_url: str = ""
    hook_token_file: Path | None = None
    webhook_url: str = ""

    def __repr__(self) -> str:
        shown = f"openclaw={self.openclaw!r}, hook_url={self.hook_url!r}"
        return f"NotifySettings({shown}, webhook={host_of(self.webhook_url)!r})"

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> "NotifySettings":
        """Read them.

        Raises:
            ConfigError: a variable is set to something unusable.
        """
        hook_url = _hook(_given(env.get("TELNYX_TOOLKIT_HOOK_URL")))
        token_file = _given(env.get("TELNYX_TOOLKIT_HOOK_TOKEN_FILE"))
        if hook_url and not token_file:
            raise ConfigError(
                "TELNYX_TOOLKIT_HOOK_URL is set, but TELNYX_TOOLKIT_HOOK_TOKEN_FILE is not.",
                fix="Put the gateway's hooks.token into a file that only you can read, and that"
                " file's path into TELNYX_TOOLKIT_HOOK_TOKEN_FILE.",
            )
        return cls(
            openclaw=_program(_given(env.get("TELNYX_TOOLKIT_OPENCLAW"))),
            hook_url=hook_url,
            hook_token_file=Path(token_file).expanduser() if token_file else None,
            webhook_url=_webhook(_given(env.get("TELNYX_TOOLKIT_WEBHOOK_URL"))),
        )


def host_of(url: str) -> str:
    """The host and port of a checked URL: what of it can be shown."""
    return urlsplit(url).netloc


def _given(value: str | None) -> str:
    text = (value or "").strip()
    return "" if text.startswith("${") else text  # an agent's config that was never filled in


def _program(path: str) -> str:
    if path and not Path(path).expanduser().is_absolute():
        raise ConfigError(
            f"TELNYX_TOOLKIT_OPENCLAW is {path!r}, which is no absolute path.",
            fix="Give the path that `command -v openclaw` prints, or unset it to look on PATH.",
        )
    return str(Path(path).expanduser()) if path else ""


def _hook(url: str) -> str:
    if not url:
        return ""
    if problem := _problem(url) or _no_hook(url):
        raise ConfigError(
            f"TELNYX_TOOLKIT_HOOK_URL {problem}.",
            fix=f"Give the gateway's hook, such as {SUGGESTED_HOOK}, or unset it. The token goes"
            " into the file that TELNYX_TOOLKIT_HOOK_TOKEN_FILE names.",
        )
    return url


def _webhook(url: str) -> str:
    if url and (problem := _problem(url)):
        raise ConfigError(
            f"TELNYX_TOOLKIT_WEBHOOK_URL {problem}.",
            fix="Give an https address, or one of this machine, or unset it.",
        )
    return url


def _problem(url: str) -> str:
    """Why nothing may be sent there; the address itself is not repeated: it may hold a secret."""
    try:
        parts = urlsplit(url)
        port_is_usable = parts.port != 0
    except ValueError:
        return "is no address"
    if not parts.hostname or not port_is_usable or not url.isascii() or not url.isprintable():
        return "is no address"
    if parts.username is not None or parts.password is not None:
        return "has a user name or a password in it"
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)):
        return ""
    return "is neither https nor on this machine"


def _no_hook(url: str) -> str:
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        return "has a query: the gateway takes no token there"
    return "" if parts.path.strip("/") else "names a host, but no hook"
