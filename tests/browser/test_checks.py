"""Each check finds what it is there to find, on a page that has just that fault."""

from pathlib import Path

import pytest

from tests.browser import checks
from tests.browser.chromium import DESKTOP, SMALL_PHONE, Browser, Window

pytestmark = pytest.mark.browser
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme"
content="light dark"><style>%s</style></head><body><main><h1>A page</h1>%s</main></body></html>"""


class Page:
    """A page of its own for a test."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self.file = browser, folder / "page.html"

    def show(self, body: str = "", css: str = "", window: Window = DESKTOP) -> Browser:
        self.file.write_text(_PAGE % (css, body), encoding="utf-8")
        self.browser.open(self.file.as_uri(), window)
        return self.browser


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Page:
    return Page(browser, tmp_path)


def test_a_good_page_has_nothing_against_it(page: Page) -> None:
    shown = page.show("<p id=here>Text, and <a href=#here>a link</a></p>", window=SMALL_PHONE)

    assert shown.messages() == []
    assert checks.strayed(shown, page.file.as_uri()) == []
    assert checks.too_wide(shown) == []
    assert checks.below_the_window(shown, "h1", "#here") == []
    assert checks.leading_nowhere(shown) == []
    assert checks.focused_out_of_order(shown) == []
    assert shown.accessibility() == []


@pytest.mark.parametrize(
    "body",
    [
        "<img alt='' src='http://127.0.0.1:9/p.png'>",
        "<script>fetch('https://evil.example/x').catch(() => 0)</script>",
        "<iframe title=x src='http://127.0.0.1:9/'></iframe>",
        "<link rel=stylesheet href='https://fonts.example/inter.css'>",
        "<script>new WebSocket('ws://127.0.0.1:9/')</script>",
    ],
)
def test_a_request_is_seen_that_leaves_the_page(page: Page, body: str) -> None:
    shown = page.show(body)
    shown.wait(lambda: checks.strayed(shown, page.file.as_uri()))

    assert checks.strayed(shown, page.file.as_uri())


@pytest.mark.parametrize(
    "body",
    [
        "<script>no_such_thing()</script>",
        "<script>console.log('hello')</script>",
        "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\"><img src=x.png>",
    ],
)
def test_a_message_on_the_console_is_seen(page: Page, body: str) -> None:
    shown = page.show(body)

    assert len(shown.messages()) >= 1


@pytest.mark.parametrize("body", ["<p>" + "W" * 90, "<table><tr>" + "<td>A cell</td>" * 30])
def test_what_is_too_wide_for_a_phone_is_named(page: Page, body: str) -> None:
    assert len(checks.too_wide(page.show(body, window=SMALL_PHONE))) > 1


def test_contrast_is_looked_at_in_each_theme(page: Page) -> None:
    css = "p { color: #595959 } @media (prefers-color-scheme: dark) { body { background: #222 } }"

    light = page.show("<p>Words", css).accessibility()
    dark = page.show("<p>Words", css, Window(is_dark=True)).accessibility()

    assert light == []
    assert [found.split(" ")[0] for found in dark] == ["color-contrast"]


def test_a_picture_without_words_is_against_accessibility(page: Page) -> None:
    found = page.show("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>").accessibility()

    assert [line.split(" ")[0] for line in found] == ["image-alt"]


def test_what_stands_below_the_window_or_is_not_shown_is_named(page: Page) -> None:
    shown = page.show(
        "<p id=a>Here<p style='margin-top: 800px' id=b>Below</p><p id=c hidden>Never</p>"
    )

    assert checks.below_the_window(shown, "#a", "#b", "#c", "#d") == ["#b", "#c", "#d"]


def test_lost_links_and_ids_given_twice_are_named(page: Page) -> None:
    shown = page.show("<p id=a><p id=a><a href=#b>b</a><a href='https://evil.example'>c</a>")

    assert checks.leading_nowhere(shown) == [
        "id a is there twice",
        "leads to #b",
        "leads to https://evil.example",
    ]


@pytest.mark.parametrize(
    ("css", "complaint"),
    [
        ("a { outline: none }", "has no outline"),
        (".x { position: absolute; left: -999px }", "is out of sight"),
    ],
)
def test_a_focus_that_cannot_be_seen_is_named(page: Page, css: str, complaint: str) -> None:
    found = checks.focused_out_of_order(page.show("<p id=a><a class=x href=#a>a</a>", css))

    assert [line.split("a ", 1)[-1] for line in found] == [complaint]


def test_a_focus_out_of_order_is_named(page: Page) -> None:
    shown = page.show("<p id=a><a href=#a>a</a> <a href=#a tabindex=1>b</a>")

    assert len(checks.focused_out_of_order(shown)) == 1
