"""The demo: the seed's mission, on the sandbox, in seconds, the same every time."""

import json
import re
import resource
import subprocess
import sys
from typing import Any

import pytest

from telnyx_toolkit.cli import main


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
