"""One Chromium for all the tests of a process, and a folder for its pictures."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser import installed
from tests.browser.checks import strayed
from tests.browser.chromium import DESKTOP, Browser, Window
from tests.browser.reports import report
from tests.command.conftest import sandbox_url

__all__ = ["sandbox_url"]

#: Pictures of what was looked at, for people; outside git.
PICTURES = Path(__file__).parents[2] / "build" / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All the tests of this folder need Chromium."""
    reason = installed.why_not()
    for item in items:
        if reason and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """The browser, for pages that may do anything."""
    return chromium


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The address of the report of that name, written to disk once."""
    folder = tmp_path_factory.mktemp("reports")

    def save(name: str) -> str:
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(report(name).page(), encoding="utf-8")
        return path.as_uri()

    return save


@pytest.fixture
def opened(
    chromium: Browser, saved: Callable[[str], str]
) -> Iterator[Callable[[str, Window], Browser]]:
    """Opens the report of that name; none may ask for anything, or make the browser complain."""
    urls: list[str] = []

    def open_report(name: str, window: Window = DESKTOP) -> Browser:
        urls.append(saved(name))
        chromium.open(urls[-1], window)
        return chromium

    yield open_report
    assert strayed(chromium, *urls) == []
    assert chromium.messages() == []
