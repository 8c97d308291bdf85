"""What the pictures of the README are made of, and whether they still show it.

The pictures are compared by what they show and not by their pixels, so no browser is needed.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from telnyx_toolkit.report import report_body
from tests.browser.recording import recorded_lines, recording
from tests.browser.reports import report

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
SOURCES = FOLDER / "sources.json"
#: The report of the mission that `demo` runs.
DEMO = "catering"
PAGES = ("report.png", "report-phone.png")
RECORDING = "demo.svg"


@cache
def sources() -> Mapping[str, str]:
    """For each picture the SHA-256 of what it shows."""
    page = _hash(str(report_body(report(DEMO).document)))
    return {RECORDING: _hash(recording(recorded_lines())), **dict.fromkeys(PAGES, page)}


def out_of_date(folder: Path = FOLDER) -> list[str]:
    """The pictures that are absent, or show what is no longer so."""
    path = folder / SOURCES.name
    noted: dict[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return [
        name
        for name, wanted in sources().items()
        if noted.get(name) != wanted or not _shows(folder / name, wanted)
    ]


def _shows(picture: Path, wanted: str) -> bool:
    """Whether it is there; the recording is text, and so is looked at."""
    if not picture.is_file():
        return False
    return picture.name != RECORDING or _hash(picture.read_text(encoding="utf-8")) == wanted


def note() -> None:
    """Write down what the pictures show."""
    SOURCES.write_text(json.dumps(sources(), indent=2) + "\n", encoding="utf-8")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
