"""A report can be read in both themes, on a phone, and by everybody."""

from collections.abc import Callable

import pytest

from tests.browser import checks
from tests.browser.chromium import DESKTOP, SMALL_PHONE, Browser, Window
from tests.browser.conftest import PICTURES
from tests.browser.reports import REPORTS

pytestmark = pytest.mark.browser
Opened = Callable[..., Browser]
every_report = pytest.mark.parametrize("name", REPORTS)
THEMES = {
    "light": DESKTOP,
    "dark": Window(is_dark=True),
    "phone": Window(390, 844, is_dark=True, is_phone=True),
}


@pytest.mark.parametrize("theme", THEMES)
@every_report
def test_it_has_no_fault_of_accessibility(opened: Opened, name: str, theme: str) -> None:
    browser = opened(name, THEMES[theme])
    browser.picture(PICTURES / name / f"{theme}.png")
    browser.opens_all()

    assert browser.accessibility() == []


@every_report
def test_the_themes_differ(opened: Opened, name: str) -> None:
    colours = """
    const [page, ink] = [document.body, document.querySelector('h1')].map(getComputedStyle);
    return [page.backgroundColor, ink.color];
    """
    light, dark = (opened(name, THEMES[theme]).run(colours) for theme in ("light", "dark"))

    assert light[0] != dark[0]
    assert light[1] != dark[1]


@every_report
def test_a_small_phone_need_not_be_scrolled_sideways(opened: Opened, name: str) -> None:
    browser = opened(name, SMALL_PHONE)

    assert checks.too_wide(browser) == []
    browser.opens_all()
    assert checks.too_wide(browser) == []


@every_report
def test_nothing_is_cut_off_where_it_is_printed(opened: Opened, name: str) -> None:
    browser = opened(name, Window(794, 1123, media="print"))
    browser.picture(PICTURES / name / "print.png", whole=True)

    assert checks.too_wide(browser) == []
    assert browser.run(_UNSEEN) == []


_UNSEEN = """
return [...document.querySelectorAll('.turns li, tbody tr, h2, h3')]
  .filter(one => !one.getBoundingClientRect().height).map(one => one.textContent.trim());
"""
