"""`make pictures`: the pictures of the README, made anew."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from tests.browser import installed
from tests.browser.chromium import Browser, Window
from tests.browser.recording import recorded_lines, recording
from tests.browser.reports import report
from tests.browser.sources import DEMO, FOLDER, PAGES, RECORDING, note

MOST_BYTES = 250_000
_DESKTOP = Window(1080, 800, scale=2)
_PHONE = Window(390, 844, is_phone=True, is_dark=True, scale=2)


def make() -> int:
    """Make all of them; 1 where there is no browser."""
    if reason := installed.why_not():
        print(f"No pictures: {reason}", file=sys.stderr)  # noqa: T201
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / RECORDING).write_text(recording(recorded_lines()), encoding="utf-8")
    with TemporaryDirectory() as folder, Browser() as browser:
        page = Path(folder) / "report.html"
        page.write_text(report(DEMO).page(), encoding="utf-8")
        browser.open(page.as_uri(), _DESKTOP)
        end: float = browser.run(
            "return document.querySelector('#offers').getBoundingClientRect().bottom + 16"
        )
        browser.look(Window(_DESKTOP.width, round(end), scale=_DESKTOP.scale))
        _keep(browser.picture(Path(folder) / "x.png"), FOLDER / PAGES[0])
        browser.open(page.as_uri(), _PHONE)
        _keep(browser.picture(Path(folder) / "x.png"), FOLDER / PAGES[1])
    note()
    return 0


def _keep(shot: Path, path: Path) -> None:
    """Keep a picture with 256 colours, which is as many as it needs."""
    with Image.open(shot) as image:
        few = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    assert path.stat().st_size < MOST_BYTES, path


if __name__ == "__main__":
    sys.exit(make())
