"""What a report says is what came of the mission, and each figure leads to the words for it."""

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pypdf
import pytest
from selenium.webdriver.common.keys import Keys

from telnyx_toolkit.report.safe import Wording
from tests.browser import checks
from tests.browser.checks import key
from tests.browser.chromium import DESKTOP, PHONE, Browser, Window
from tests.browser.reports import REPORTS, Report, report

pytestmark = pytest.mark.browser
Doc = dict[str, Any]
Opened = Callable[..., Browser]
every_report = pytest.mark.parametrize("name", REPORTS)
#: Forty targets take long, and have no other words than three.
every_short_report = pytest.mark.parametrize("name", [name for name in REPORTS if name != "forty"])


def _payload(made: Report) -> Doc:
    """The result, cleaned as a report is; of a mission without one, what the report is made of."""
    if made.payload is None:
        return {**made.document, "targets": made.document["rows"]}
    return Wording(numbers=False).all(made.payload)


@every_report
def test_the_recommendation_is_the_one_of_the_result(opened: Opened, name: str) -> None:
    payload, browser = _payload(report(name)), opened(name)
    said = key(browser.text("#recommendation"))

    if chosen := payload["recommendation"]:
        for part in ("target", "text", "total_text", "because", "words"):
            assert key(chosen[part]) in said, part
        assert browser.text("#recommendation .price .figure") == chosen["text"]
        assert not chosen["saving"] or key(f"Saved {chosen['saving_text']}") in said
    elif payload["booking"] and payload["booking"]["booked"]:
        assert key(payload["booking"]["booked"]["target"]) in said
        assert key(payload["booking"]["booked"]["words"]) in said
    else:
        assert key(payload["headline"]) in said
    assert key(payload["counts"]["text"]) in key(browser.text("header"))
    assert key(payload["cost"]["text"]) in key(browser.text("#cost"))


@every_report
def test_the_rows_of_the_comparison_are_the_targets_of_the_result(
    opened: Opened, name: str
) -> None:
    made, browser = report(name), opened(name)
    shown: list[Doc] = browser.run(_ROWS)
    proofs = {row["step_id"]: row for row in made.document["rows"]}

    for row, target in zip(shown, _payload(made)["targets"], strict=True):
        cells, proof = row["cells"], proofs[target["step_id"]]
        assert key(row["name"]).startswith(key(target["name"]))
        for label, figure in (("Opened at", "opening"), ("Offers", "offer")):
            if label in cells:
                _assert_figure(cells[label], target[figure], proof[figure])
        if "In all" in cells and target["offer"] and target["offer"]["comparable"]:
            assert cells["In all"]["text"].startswith(target["offer"]["total_text"])
        facts = cells["What they said"]["items"]
        for fact, claim, proven in zip(facts, target["evidence"], proof["evidence"], strict=True):
            assert key(fact["text"]).startswith(key(f"{claim['field']} {claim['text']}"))
            _assert_figure(fact, claim, proven)


#: The rows of the first table, each with its name and its cells, which have figures and items.
_ROWS = """
const figures = part => [...part.querySelectorAll('.figure')].map(
  one => ({text: one.innerText.trim(), leads: one.getAttribute('href')}));
const part = one => ({text: one.innerText.trim(), figures: figures(one)});
return [...document.querySelector('#comparison table').querySelectorAll('tbody tr')].map(row => ({
  name: row.querySelector('th').innerText,
  cells: Object.fromEntries([...row.querySelectorAll('td')].map(cell => [cell.dataset.label,
    {...part(cell), items: [...cell.querySelectorAll('li')].map(part)}])),
}));
"""


def _assert_figure(cell: Doc, figure: Doc | None, proof: Doc | None) -> None:
    """A cell shows the figure of the result, leads to its quote, and says if it does not count."""
    if figure is None or proof is None:
        assert cell["figures"] == []
        return
    leads = f"#{proof['quote']}" if proof["quote"] else None
    assert cell["figures"] == [{"text": " ".join(figure["text"].split()), "leads": leads}]
    assert ("not confirmed" in cell["text"]) == (not figure["confirmed"] or not leads)


@every_short_report
def test_each_figure_leads_to_its_words_and_these_lead_back(opened: Opened, name: str) -> None:
    made, browser = report(name), opened(name)
    quotes = {quote["id"]: quote for call in made.document["calls"] for quote in call["quotes"]}
    back: set[str] = set()

    for link in browser.all("a.figure, .said a"):
        quote = str(link.get_dom_attribute("href")).removeprefix("#")
        browser.run(_SHUT_ALL_BUT, link)
        browser.click(link)
        arrived: Doc = browser.run(_ARRIVED, quote)

        assert arrived["faults"] == [], quote
        assert key(quotes[quote]["words"]) in key(arrived["text"])
        assert key(arrived["text"]) in key(_longest(made.document, quote))
        if quote not in back:
            back.add(quote)
            browser.click(browser.one(f".proves a[href='#f-{quote}']"))
            assert browser.run(_IN_SIGHT, f"f-{quote}"), quote

    proven = {quote["id"] for quote in quotes.values() if quote["anchor"]}
    assert back == proven


def _longest(document: Doc, quote: str) -> str:
    """The words from the first to the last of the quotes that overlap this one."""
    call = next(c for c in document["calls"] if any(q["id"] == quote for q in c["quotes"]))
    anchors = {q["id"]: q["anchor"] for q in call["quotes"] if q["anchor"]}
    mine = anchors[quote]
    start, end = mine["start"], mine["end"]
    for other in anchors.values():
        if other["turn"] == mine["turn"] and other["start"] < end and other["end"] > start:
            start, end = min(start, other["start"]), max(end, other["end"])
    return call["turns"][mine["turn"]]["text"][start:end]


#: The parts in which a link is are opened, and all the others are shut.
_SHUT_ALL_BUT = """
document.querySelectorAll('details').forEach(
  part => { part.open = part.contains(arguments[0]) && part.firstElementChild !== arguments[0]; });
"""
_IN_SIGHT = """
const box = document.getElementById(arguments[0]).getBoundingClientRect();
return location.hash === '#' + arguments[0]
  && box.height > 0 && box.top >= 0 && box.bottom <= window.innerHeight;
"""
_ARRIVED = """
const words = document.getElementById(arguments[0]), faults = [];
const boxes = [...words.getClientRects()], style = getComputedStyle(words);
if (!words.checkVisibility() || !boxes.length) faults.push('it cannot be seen');
if (boxes.some(box => box.top < 0 || box.bottom > window.innerHeight)) faults.push('out of sight');
if (words.closest('details:not([open])')) faults.push('its part is shut');
if (!words.matches(':target')) faults.push('the page did not go there');
if (style.outlineStyle === 'none' || !parseFloat(style.outlineWidth)) faults.push('no outline');
if (style.backgroundColor === getComputedStyle(words.closest('li')).backgroundColor
    || style.backgroundColor === 'rgba(0, 0, 0, 0)') faults.push('not highlighted');
if (!words.closest('.turns li.user')) faults.push('not the words of a person called');
return {faults, text: words.textContent};
"""


@every_report
def test_all_links_lead_somewhere_within_the_page(opened: Opened, name: str) -> None:
    assert checks.leading_nowhere(opened(name)) == []


@every_short_report
def test_without_scripts_it_says_the_same_and_there_are_none(opened: Opened, name: str) -> None:
    with_scripts = opened(name).text()
    browser = opened(name, Window(scripts=False))

    assert browser.text() == with_scripts
    assert browser.all("script, iframe, object, embed, link, img, form, base, [style]") == []
    assert browser.run(_HANDLERS) == []


_HANDLERS = """
return [...document.querySelectorAll('*')].flatMap(one => [...one.attributes])
  .map(attribute => attribute.name).filter(name => name.startsWith('on'));
"""


@every_short_report
def test_printed_it_has_every_word_that_the_page_has(opened: Opened, name: str) -> None:
    browser = opened(name)
    pages = pypdf.PdfReader(io.BytesIO(browser.printed())).pages
    printed = key("".join(page.extract_text() for page in pages))

    assert key(browser.text("#recommendation h2")) in printed
    for call in report(name).document["calls"]:
        for turn in call["turns"]:
            for part in _parts(turn["text"][:1_200]):
                assert part in printed, turn["text"][:80]


def _parts(text: str) -> Iterator[str]:
    """A text in pieces that a page break in it leaves whole, but for one or two."""
    yield from (key(word) for word in text.split() if len(word) < 40)


@every_short_report
def test_the_tab_key_goes_down_the_page_and_begins_with_a_way_past_its_top(
    opened: Opened, name: str
) -> None:
    browser = opened(name)

    assert checks.focused_out_of_order(browser) == []
    browser.run("document.activeElement.blur(); window.scrollTo(0, 0);")
    opened(name)
    browser.tab()
    assert browser.run("return document.activeElement.textContent") == "To the report"
    browser.press(Keys.ENTER)
    assert browser.run("return location.hash") == "#report"


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
@every_report
def test_the_first_screen_says_whom_to_choose_and_why(
    opened: Opened, name: str, window: Window
) -> None:
    browser = opened(name, window)

    assert checks.below_the_window(browser, *_first(report(name).document)) == []


def _first(document: Doc) -> Sequence[str]:
    if document["recommendation"]:
        return ("#recommendation h2", ".price .figure", ".sums", "#recommendation p strong")
    return ("#recommendation h2", "header p")
