"""F25: zone rules of two ages: the newer count, and without any nobody is called."""

import subprocess
import sys
from pathlib import Path

import pytest
import tzdata

_PROBE = """
import sys, zoneinfo
sys.modules.update({missing})
from telnyx_toolkit.zones import use_newest
print(use_newest(("{place}",)), zoneinfo.TZPATH == ())
"""


def _asked(place: Path, missing: str = "{}") -> "subprocess.CompletedProcess[str]":
    """In a process of its own: the rules of a process are chosen once."""
    code = _PROBE.format(place=place, missing=missing)
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("first_line", "release", "packaged"),
    [
        ("# version 2021a\n", tzdata.IANA_VERSION, True),
        ("# version 2099a\n", "2099a", False),
        (f"# version {tzdata.IANA_VERSION}\n", tzdata.IANA_VERSION, False),
        ("something else\n", tzdata.IANA_VERSION, True),
        (None, tzdata.IANA_VERSION, True),
    ],
)
def test_f25_the_newer_rules_are_used(
    tmp_path: Path, first_line: str | None, release: str, packaged: bool
):
    if first_line:
        (tmp_path / "tzdata.zi").write_text(first_line, encoding="utf-8")

    assert _asked(tmp_path).stdout.split() == [release, str(packaged)]


def test_f25_without_any_rules_nobody_is_called(tmp_path: Path):
    done = _asked(tmp_path, missing='{"tzdata": None}')

    assert done.returncode != 0
    assert "There are no time zone rules here" in done.stderr


def test_f25_the_systems_rules_do_where_the_package_is_missing(tmp_path: Path):
    (tmp_path / "tzdata.zi").write_text("# version 2024a\n", encoding="utf-8")

    assert _asked(tmp_path, missing='{"tzdata": None}').stdout.split() == ["2024a", "False"]
