"""Where a person is told is read strictly: no token leaves but by https."""

from pathlib import Path

import pytest

from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.notify_settings import NotifySettings
from telnyx_toolkit.settings import Settings

TOKEN_FILE = {"HOOK_TOKEN_FILE": "/etc/hook-token"}


def read(**env: str) -> NotifySettings:
    return NotifySettings.from_environment({f"TELNYX_TOOLKIT_{k}": v for k, v in env.items()})


def test_nothing_is_set_where_nothing_is_said() -> None:
    assert read() == NotifySettings()
    assert read(HOOK_URL=" ", WEBHOOK_URL="${WEBHOOK}", OPENCLAW="") == NotifySettings()
    assert Settings.from_environment({}).notify == NotifySettings()


def test_what_is_set_is_read() -> None:
    env = {
        "TELNYX_TOOLKIT_OPENCLAW": "/opt/bin/openclaw",
        "TELNYX_TOOLKIT_HOOK_URL": "http://localhost:18789/hooks/agent",
        "TELNYX_TOOLKIT_HOOK_TOKEN_FILE": "/etc/hook-token",
        "TELNYX_TOOLKIT_WEBHOOK_URL": "https://example.com/notices?sig=example",
    }

    assert Settings.from_environment(env).notify == NotifySettings(
        openclaw="/opt/bin/openclaw",
        hook_url="http://localhost:18789/hooks/agent",
        hook_token_file=Path("/etc/hook-token"),
        webhook_url="https://example.com/notices?sig=example",
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hooks/agent",
        "http://192.0.2.1:18789/hooks/agent",
        "http://localhost.example.com/hooks/agent",
        "ftp://localhost/hooks/agent",
        "localhost:18789/hooks/agent",
        "http://me:secretword@localhost:18789/hooks/agent",
        "http://localhost:18789/hooks/agent?token=secretword",
        "http://localhost:18789/hooks/agent#secretword",
        "http://localhost:18789",
        "http://localhost:18789/",
        "http://[::1/hooks",
        "http://localhost:99999/hooks",
        "http://localhost:0/hooks",
        "http:///hooks",
        "http://localhost:1/a\x00b",
    ],
)
def test_a_hook_elsewhere_or_with_a_token_in_it_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="TELNYX_TOOLKIT_HOOK_URL") as caught:
        read(HOOK_URL=url, **TOKEN_FILE)

    assert "http://localhost:18789/hooks/agent" in caught.value.fix
    assert "secretword" not in caught.value.message


@pytest.mark.parametrize(
    "host", ["https://gateway.example", "http://127.0.0.1:1", "http://[::1]:1"]
)
def test_a_hook_may_be_on_this_machine_or_behind_https(host: str) -> None:
    assert read(HOOK_URL=f"{host}/hooks/agent", **TOKEN_FILE).hook_url.startswith(host)


def test_a_hook_needs_the_file_of_its_token() -> None:
    with pytest.raises(ConfigError, match="HOOK_TOKEN_FILE is not") as caught:
        read(HOOK_URL="http://localhost:18789/hooks/agent")

    assert "hooks.token" in caught.value.fix


@pytest.mark.parametrize(
    "url", ["http://example.com/secretword", "https://u:secretword@h.example/"]
)
def test_a_webhook_is_reached_by_https_and_is_not_shown(url: str) -> None:
    with pytest.raises(ConfigError, match="TELNYX_TOOLKIT_WEBHOOK_URL") as caught:
        read(WEBHOOK_URL=url)

    assert "secretword" not in caught.value.message + caught.value.fix


def test_the_program_is_named_by_an_absolute_path() -> None:
    with pytest.raises(ConfigError, match="no absolute path") as caught:
        read(OPENCLAW="openclaw")

    assert "command -v openclaw" in caught.value.fix


def test_a_webhook_with_a_secret_is_not_printed_by_accident() -> None:
    settings = Settings.from_environment(
        {"TELNYX_TOOLKIT_WEBHOOK_URL": "https://hooks.example/T0/secretword"}
    )

    assert "secretword" not in repr(settings)
    assert "hooks.example" in repr(settings)
