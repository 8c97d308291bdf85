"""The tests with the real clients are skipped where these cannot be had, and only there."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.npm import Packages, not_to_be_had
from tests.openclaw.installed import CLIENTS


def npm(code: str) -> str:
    return f"npm warn old lockfile\nnpm error code {code}\nnpm error network This is a problem\n"


@pytest.mark.parametrize(
    "code", ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "E403", "E404", "ETARGET"]
)
def test_a_registry_out_of_reach_or_without_them_is_a_reason_to_skip(code: str) -> None:
    assert not_to_be_had(npm(code)) == code


@pytest.mark.parametrize("output", ["", npm("ENOSPC"), npm("EJSONPARSE"), npm("EBADENGINE")])
def test_any_other_failure_of_the_installation_is_a_failure(output: str) -> None:
    assert not_to_be_had(output) == ""


def test_exactly_the_named_versions_are_installed() -> None:
    wanted = json.loads(CLIENTS.wanted.read_text(encoding="utf-8"))["dependencies"]

    assert set(wanted) == {"clawhub", "openclaw"}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


@pytest.mark.openclaw
def test_without_a_registry_the_reason_is_left_for_the_tests_to_say(tmp_path: Path) -> None:
    env = {
        **os.environ,
        "npm_config_registry": "http://127.0.0.1:9/",
        "npm_config_fetch_retries": "0",
        "npm_config_cache": str(tmp_path / "cache"),
        "npm_config_userconfig": str(tmp_path / "none"),
    }

    clients = Packages(CLIENTS.wanted, tmp_path / "clients", CLIENTS.make)

    assert clients.install(env) == 0

    said = (tmp_path / "clients" / "why-not").read_text(encoding="utf-8")
    assert said == "npm cannot have them from here (ECONNREFUSED)"
