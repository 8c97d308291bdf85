"""`telnyx-toolkit report`: where the file goes, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.cli import main
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.ledger.reading import ReadLedger
from tests.report.made import rehearsed
from tests.report.page import read

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose ledger has the catering mission; no key is set."""
    place = tmp_path / "home"
    monkeypatch.setenv("TELNYX_TOOLKIT_HOME", str(place))
    monkeypatch.delenv("TELNYX_API_KEY", raising=False)
    ledger = Ledger(place)
    for event in rehearsed("catering"):
        ledger.append(event)
    ledger.close()
    return place


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    assert home.is_dir()

    def do(*args: str) -> tuple[int, str, str]:
        status = main(["report", *args])
        told = capsys.readouterr()
        return status, told.out, told.err

    return do


@pytest.fixture
def mission() -> str:
    return rehearsed("catering")[0].mission_id


def test_the_page_goes_into_the_home_private_and_whole(run: Run, home: Path, mission: str) -> None:
    status, out, _ = run(mission)
    page = home / "reports" / f"{mission}.html"

    assert status == 0
    assert out == f"Report: {page}\n{page.as_uri()}\n"
    assert "Chicago Grill Co" in read(page.read_text(encoding="utf-8")).text
    assert page.stat().st_mode & 0o777 == 0o600
    assert page.parent.stat().st_mode & 0o777 == 0o700
    assert sorted(p.name for p in page.parent.iterdir()) == [page.name]


@pytest.mark.parametrize("form", ["html", "md", "csv", "json"])
def test_a_report_of_ours_is_replaced_and_anything_else_is_not(
    run: Run, tmp_path: Path, mission: str, form: str
) -> None:
    mine = tmp_path / "mine.txt"
    for _ in range(2):
        assert run(mission, "--format", form, "--out", str(mine))[0] == 0
    before = mine.read_bytes()
    mine.write_text("my notes", encoding="utf-8")

    status, _, err = run(mission, "--format", form, "--out", str(mine))
    assert (status, mine.read_text(encoding="utf-8")) == (2, "my notes")
    assert "file_exists" in err
    assert "--force" in err
    assert run(mission, "--format", form, "--out", str(mine), "--force")[0] == 0
    assert len(mine.read_bytes()) == len(before)


def test_the_answer_as_json_says_what_was_written(run: Run, mission: str, tmp_path: Path) -> None:
    status, out, _ = run(mission, "--json", "--format", "md", "--out", str(tmp_path / "a.md"))
    told: dict[str, Any] = json.loads(out)

    assert status == 0
    assert told == {
        "mission_id": mission,
        "format": "md",
        "path": str(tmp_path / "a.md"),
        "bytes": (tmp_path / "a.md").stat().st_size,
    }


def test_standard_output_takes_it_alone(run: Run, mission: str, home: Path) -> None:
    status, out, err = run(mission, "--format", "json", "--out", "-")

    assert (status, err) == (0, "")
    assert json.loads(out)["report_version"] == 1
    assert not (home / "reports").exists()


def test_numbers_are_shown_only_when_they_are_asked_for(run: Run, mission: str) -> None:
    assert "+13125550101" not in run(mission, "--format", "csv", "--out", "-")[1]
    assert "+13125550101" in run(mission, "--format", "csv", "--out", "-", "--numbers")[1]


def test_the_ledger_is_only_read(run: Run, mission: str, home: Path) -> None:
    before = {p.name: p.read_bytes() for p in home.iterdir() if p.is_file()}

    assert run(mission)[0] == 0
    assert {p.name: p.read_bytes() for p in home.iterdir() if p.is_file()} == before
    ledger = ReadLedger(home)
    with pytest.raises(Exception, match=r"readonly|read-only|written"):
        ledger.note_mirrored(mission, 1)
    ledger.close()


def test_an_unknown_mission_is_told_with_the_nearest(run: Run, mission: str) -> None:
    status, _, err = run(mission[:-1] + "x")

    assert status == 4
    assert mission in err


def test_where_there_is_no_ledger_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELNYX_TOOLKIT_HOME", str(tmp_path / "none"))

    assert main(["report", "m_1"]) == 3
    assert "There is no ledger" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("out", ["folder", "file/below"])
def test_a_place_that_takes_no_file_is_told(
    run: Run, mission: str, tmp_path: Path, out: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    status, _, err = run(mission, "--out", str(tmp_path / out), "--force")

    assert status == 3
    assert "output_unwritable" in err


def test_what_is_written_nowhere_cannot_be_opened(run: Run, mission: str) -> None:
    status, _, err = run(mission, "--out", "-", "--open")

    assert status == 2
    assert "--open needs a file" in err


def test_where_there_is_no_browser_it_says_what_to_do(
    run: Run, mission: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("BROWSER", "/nonexistent/browser")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    status, out, err = run(mission, "--open")

    assert status == 0
    assert "file://" in out
    assert "No browser was found here" in err
