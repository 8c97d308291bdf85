"""The pictures of the README show what the toolkit does now, and are small."""

import re
import shutil
from pathlib import Path

import pytest

from tests.browser.recording import Line, recorded_lines, recording
from tests.browser.sources import FOLDER, PAGES, RECORDING, SOURCES, out_of_date

_MOST_BYTES = {RECORDING: 150_000, **dict.fromkeys(PAGES, 250_000)}


def test_the_pictures_show_what_is_so_now() -> None:
    assert out_of_date() == [], "run `make pictures` (it needs Chromium) and keep what it writes"


@pytest.mark.parametrize("name", _MOST_BYTES)
def test_a_picture_that_is_absent_or_not_noted_is_out_of_date(tmp_path: Path, name: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "a")
    (tmp_path / "a" / name).unlink()
    shutil.copytree(FOLDER, tmp_path / "b")
    noted = (FOLDER / SOURCES.name).read_text(encoding="utf-8").replace(name, "other")
    (tmp_path / "b" / SOURCES.name).write_text(noted, encoding="utf-8")

    assert out_of_date(tmp_path / "a") == [name]
    assert out_of_date(tmp_path / "b") == [name]


def test_a_recording_that_was_changed_by_hand_is_out_of_date(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "a")
    drawn = tmp_path / "a" / RECORDING
    drawn.write_text(drawn.read_text(encoding="utf-8").replace("$62", "$42"), encoding="utf-8")

    assert out_of_date(tmp_path / "a") == [RECORDING]


@pytest.mark.parametrize("name", _MOST_BYTES)
def test_the_pictures_are_small(name: str) -> None:
    assert (FOLDER / name).stat().st_size < _MOST_BYTES[name]


def test_the_recording_asks_nobody_for_anything_and_stands_still_for_who_wants_that() -> None:
    drawn = (FOLDER / RECORDING).read_text(encoding="utf-8")

    assert re.findall(r"\w+://[^\"' ]+", drawn) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"<script|<image|<foreignObject|@import|@font-face|url\(|\son\w+=", drawn)
    _, moving = drawn.split("@media (prefers-reduced-motion: no-preference)")
    assert drawn.count("animation:") == moving.count("animation:") == 1


def test_the_recording_is_forty_lines_or_so_and_ends_with_the_report() -> None:
    lines = recorded_lines()

    assert 30 <= len(lines) <= 48
    assert lines[0].text == "$ telnyx-toolkit demo"
    assert lines[-1].text.startswith("Report: ")
    assert any("Recommended: Chicago Grill Co" in line.text for line in lines)


def test_markup_in_a_line_is_text_in_the_recording() -> None:
    drawn = recording([Line("<script>alert(1)</script> & more", 0.1)])

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in drawn
    assert "<script" not in drawn
