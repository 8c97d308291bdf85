"""The demo: the seed's mission, on the sandbox, in seconds, the same every time."""

import json
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.cli import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's report stays out of the person's own home."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("TELNYX_TOOLKIT_HOME", raising=False)
    return tmp_path / "telnyx-toolkit"


def test_the_demo_ends_by_telling_where_its_report_is(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo"]) == 0

    page = home / "reports" / "demo.html"
    shown = capsys.readouterr().out
    assert f"\nReport: {page}\n{page.as_uri()}\n" in shown
    text = page.read_text(encoding="utf-8")
    assert "A rehearsal: nobody was called." in text
    assert "Recommended: <bdi>Chicago Grill Co</bdi>" in text
    assert [oct(p.stat().st_mode)[-3:] for p in (page, page.parent, home)] == ["600", "700", "700"]


def test_a_demo_whose_report_cannot_be_written_says_so_and_succeeds(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write_text("a file where the folder should be", encoding="utf-8")

    assert main(["demo"]) == 0
    assert "No report was written: " in capsys.readouterr().out


def test_the_demo_leaves_a_file_of_its_report_s_name_alone(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = home / "reports" / "demo.html"
    page.parent.mkdir(parents=True)
    page.write_text("my own", encoding="utf-8")

    assert main(["demo"]) == 0
    assert "is no report: it was left as it is" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == "my own"


def test_the_demo_ends_with_the_seed_s_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0

    shown = capsys.readouterr().out
    assert re.search(r"Lakefront Catering +\$65 +- +\$3,250", shown)
    assert re.search(r"Chicago Grill Co \* +\$58 +\$62 +\$3,100 +opened at \$58, not", shown)
    assert re.search(r"Prairie Table Events +\$70 +\$65 +\$3,250 +opened at \$70; was told", shown)
    assert "Recommended: Chicago Grill Co" in shown
    assert "($65 - $62) x 50 = $150" in shown
    assert '"I can do $62 per person, with dessert"' in shown
    assert "conversation " in shown


def test_the_demo_as_json_is_one_document_with_the_same_result(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["demo", "--json"]) == 0

    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    payload = document["result_payload"]
    assert [row["offer"]["amount"] for row in payload["targets"]] == [65, 62, 65]
    assert [row["told"] and row["told"]["text"] for row in payload["targets"]] == [
        None,
        "$65",
        "$62",
    ]
    assert payload["recommendation"]["saving"] == 150


def test_the_demo_is_the_same_every_time(capsys: pytest.CaptureFixture[str]) -> None:
    main(["demo"])
    first = capsys.readouterr().out
    main(["demo"])

    assert capsys.readouterr().out == first


def test_the_demo_takes_under_three_seconds() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "telnyx_toolkit", "demo"], check=True, stdout=-3)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    # Of the processor, so that a busy machine cannot fail the test.
    assert (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime) < 3


def test_the_demo_needs_neither_key_nor_home(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("TELNYX_API_KEY", "TELNYX_BASE_URL", "TELNYX_TOOLKIT_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)

    assert main(["demo", "--transcripts"]) == 0
    assert "I am an AI assistant calling on behalf of Dana Reyes" in capsys.readouterr().out
