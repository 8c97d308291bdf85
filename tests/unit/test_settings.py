"""The environment is read strictly: the key goes to Telnyx or this machine, and is not shown."""

from pathlib import Path

import pytest

from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.loopback import is_loopback
from telnyx_toolkit.settings import TELNYX_URL, ApiKey, Settings

KEY = "KEYexample0123456789"
USERS_DATA = Path.home() / ".local" / "share"


def read(**env: str) -> Settings:
    return Settings.from_environment(env)


def key_of(settings: Settings) -> str | None:
    return settings.api_key.reveal() if settings.api_key else None


def test_the_key_comes_from_the_environment():
    assert key_of(read(TELNYX_API_KEY=KEY)) == KEY
    assert key_of(read(TELNYX_API_KEY=f"  {KEY}\n")) == KEY


def test_the_key_comes_from_a_file(tmp_path: Path):
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")

    assert key_of(read(TELNYX_API_KEY_FILE=str(path))) == KEY


@pytest.mark.parametrize("env_key", ["", "   "])
def test_the_file_is_read_only_where_the_variable_is_empty(env_key: str, tmp_path: Path):
    path = tmp_path / "key"
    path.write_text("KEYfile")

    assert key_of(read(TELNYX_API_KEY=env_key, TELNYX_API_KEY_FILE=str(path))) == "KEYfile"
    assert key_of(read(TELNYX_API_KEY=KEY, TELNYX_API_KEY_FILE=str(path))) == KEY


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"TELNYX_API_KEY": ""},
        {"TELNYX_API_KEY": "  \n"},
        {"TELNYX_API_KEY": "${TELNYX_API_KEY}"},
        {"TELNYX_API_KEY": "${env:TELNYX_API_KEY}"},
    ],
)
def test_without_a_key_one_is_asked_for_where_it_is_needed(env: dict[str, str]):
    settings = Settings.from_environment(env)

    assert settings.api_key is None
    with pytest.raises(ConfigError, match="TELNYX_API_KEY is not set") as caught:
        settings.require_key()
    assert "telnyx-toolkit demo" in caught.value.fix


def test_an_unfilled_variable_does_not_hide_the_file(tmp_path: Path):
    path = tmp_path / "key"
    path.write_text(KEY)

    env_key = "${TELNYX_API_KEY}"
    assert key_of(read(TELNYX_API_KEY=env_key, TELNYX_API_KEY_FILE=str(path))) == KEY


def test_an_empty_key_file_is_no_key(tmp_path: Path):
    path = tmp_path / "key"
    path.write_text("\n")

    assert read(TELNYX_API_KEY_FILE=str(path)).api_key is None


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_key_file_that_cannot_be_read_is_named(content: bytes | None, tmp_path: Path):
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigError, match="TELNYX_API_KEY_FILE names") as caught:
        read(TELNYX_API_KEY_FILE=str(path))

    assert str(path) in caught.value.message


@pytest.mark.parametrize("key", ["KEY with spaces", "KEY\nsecond", "KEYé", "KEY\x00", "KEY\x7f"])
def test_a_key_of_impossible_characters_is_refused_without_showing_it(key: str):
    with pytest.raises(ConfigError, match="characters that no key has") as caught:
        read(TELNYX_API_KEY=key)

    assert "KEY\n" not in str(caught.value)
    assert key not in f"{caught.value!r} {caught.value.as_dict()}"


def test_the_key_is_never_shown():
    settings = read(TELNYX_API_KEY=KEY)

    shown = f"{settings!r} {settings} {settings.api_key!r} {settings.api_key} {[settings.api_key]}"
    assert KEY not in shown
    assert "ApiKey(***)" in shown
    assert f"{ApiKey(KEY)}" == "ApiKey(***)"


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("", TELNYX_URL),
        ("https://api.telnyx.com/v2", TELNYX_URL),
        ("https://api.telnyx.com/v2/", TELNYX_URL),
        ("https://api.telnyx.com", TELNYX_URL),
        (" https://api.telnyx.com/v2 ", TELNYX_URL),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787/v2"),
        ("http://127.0.0.1:8787/v2/", "http://127.0.0.1:8787/v2"),
        ("http://127.9.9.9/v2", "http://127.9.9.9/v2"),
        ("http://localhost:8787/v2", "http://localhost:8787/v2"),
        ("http://[::1]:8787/v2", "http://[::1]:8787/v2"),
        ("https://127.0.0.1/v2", "https://127.0.0.1/v2"),
    ],
)
def test_the_key_goes_to_telnyx_or_to_this_machine(given: str, url: str):
    assert read(TELNYX_BASE_URL=given).base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example",
        "https://evil.example/v2",
        "http://api.telnyx.com/v2",
        "https://api.telnyx.com@evil.example/v2",
        "https://api.telnyx.com:key@evil.example",
        "https://someone@api.telnyx.com/v2",
        "https://someone:secret@api.telnyx.com/v2",
        "http://127.0.0.1@evil.example/v2",
        "http://someone@127.0.0.1/v2",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "https://api.telnyx.com.evil.example",
        "https://evilapi.telnyx.com",
        "https://api.telnyx.com\\@evil.example",
        "https://evil.example\\@api.telnyx.com",
        "https://evil.example/api.telnyx.com",
        "https://evil.example?api.telnyx.com",
        "https://evil.example#@api.telnyx.com",
        "https://api.telnyx.com/v2?to=evil",
        "https://api.telnyx.com/v2#x",
        "http://10.0.0.1/v2",
        "http://0.0.0.0/v2",
        "http://2130706433/v2",
        "ftp://127.0.0.1/v2",
        "file:///etc/passwd",
        "127.0.0.1:8787",
        "api.telnyx.com",
        "//api.telnyx.com/v2",
    ],
)
def test_the_key_goes_to_no_stranger(url: str):
    with pytest.raises(ConfigError, match="your key would go to a stranger") as caught:
        read(TELNYX_BASE_URL=url, TELNYX_API_KEY=KEY)

    assert repr(url) in caught.value.message
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("url", ["http://[::1", "http://[bad]/v2"])
def test_an_address_that_is_none_is_a_setting_to_correct(url: str):
    with pytest.raises(ConfigError):
        read(TELNYX_BASE_URL=url)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8787/v2", True),
        ("http://LOCALHOST/v2", True),
        ("http://[::1]/v2", True),
        (TELNYX_URL, False),
        ("http://127.0.0.1.evil.example", False),
        ("http://192.168.0.1", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_only_the_loopback_interface_is_this_machine(url: str, here: bool):
    assert is_loopback(url) == here


def test_settings_know_whether_they_point_at_a_sandbox():
    assert read(TELNYX_BASE_URL="http://127.0.0.1:8787").is_local
    assert not read().is_local


@pytest.mark.parametrize(
    ("env", "home"),
    [
        ({"TELNYX_TOOLKIT_HOME": "/srv/toolkit"}, Path("/srv/toolkit")),
        ({"TELNYX_TOOLKIT_HOME": "~/toolkit"}, Path.home() / "toolkit"),
        ({"XDG_DATA_HOME": "/srv/data"}, Path("/srv/data/telnyx-toolkit")),
        (
            {"TELNYX_TOOLKIT_HOME": "/srv/toolkit", "XDG_DATA_HOME": "/srv/data"},
            Path("/srv/toolkit"),
        ),
        ({}, Path.home() / ".local" / "share" / "telnyx-toolkit"),
        (
            {"TELNYX_TOOLKIT_HOME": "", "XDG_DATA_HOME": ""},
            Path.home() / ".local/share/telnyx-toolkit",
        ),
    ],
)
def test_the_ledger_lives_in_the_users_data(env: dict[str, str], home: Path):
    assert Settings.from_environment(env).home == home
