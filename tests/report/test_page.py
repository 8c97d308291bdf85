"""The page of a report: who to choose and why, with each figure leading to its words."""

import base64
import hashlib
import itertools
import re
from collections.abc import Sequence

import pytest
from markupsafe import Markup

from telnyx_toolkit.heard import sought
from telnyx_toolkit.model import Event
from telnyx_toolkit.rehearsal import ABOUT
from telnyx_toolkit.report import Frame, report_body, report_css, report_page
from tests.report.made import BRIEFS, Doc, document, rehearsed
from tests.report.page import Element, read

PARTS = ("recommendation", "comparison", "timeline", "transcripts", "cost", "approvals", "audit")


def page_of(events: Sequence[Event]) -> tuple[Doc, Element]:
    told = document(events, is_rehearsal=True)
    return told, read(report_page(told))


def by_id(page: Element) -> dict[str, Element]:
    return {one.attributes["id"]: one for one in page.walk() if "id" in one.attributes}


@pytest.mark.parametrize("name", BRIEFS)
def test_every_figure_leads_to_its_words_and_back(name: str) -> None:
    told, page = page_of(rehearsed(name))
    places = by_id(page)
    quotes = {quote["id"]: quote for call in told["calls"] for quote in call["quotes"]}

    links = page.all("a", class_="figure")
    assert links
    for link in links:
        mark = places[link.attributes["href"][1:]]
        quote = quotes[mark.attributes["id"]]
        assert mark.tag == "mark"
        assert sought(quote["words"]) in f"{sought(mark.text)} "
        assert link.text == quote["text"]
    for back in [a for one in page.all(class_="proves") for a in one.all("a")]:
        assert back.attributes["href"][1:] in places


@pytest.mark.parametrize("name", BRIEFS)
def test_ids_are_unique_and_every_link_of_the_page_leads_somewhere_in_it(name: str) -> None:
    _, page = page_of(rehearsed(name))
    ids = [one.attributes["id"] for one in page.walk() if "id" in one.attributes]

    assert len(ids) == len(set(ids))
    assert {link.attributes["href"][1:] for link in page.all("a")} <= set(ids)
    for one in page.walk():
        for label in one.attributes.get("aria-labelledby", "").split():
            assert label in ids
    assert set(PARTS) <= set(ids)


@pytest.mark.parametrize("name", BRIEFS)
def test_a_rehearsal_says_loudly_that_nobody_was_called(name: str) -> None:
    _, page = page_of(rehearsed(name))

    assert page.all(class_="notice")[0].text == "A rehearsal: nobody was called."


def test_the_page_begins_with_whom_to_choose_and_why() -> None:
    told, page = page_of(rehearsed("catering"))
    first = by_id(page)["recommendation"].text

    assert "Recommended: Chicago Grill Co" in first
    for words in (
        *("$62", "price per person", "$3,100", "$150"),
        "the lowest like-for-like total of 3 proven offers (50 x $62 = $3,100)",
        "($65 - $62) x 50 = $150",
        "I can do $62 per person, with dessert",
        "Not Lakefront Catering: $150 more in all",
        "Not Prairie Table Events: $150 more in all",
    ):
        assert words in first, words
    links = by_id(page)["recommendation"].all("a")
    assert [a.attributes["href"][1:] for a in links] == [told["recommendation"]["quote"]] * 2


@pytest.mark.parametrize("name", BRIEFS)
def test_the_page_asks_nobody_for_anything_and_runs_nothing(name: str) -> None:
    html = report_page(document(rehearsed(name)))
    page = read(html)

    assert not {"script", "img", "link", "iframe", "object", "form"} & {e.tag for e in page.walk()}
    assert not [e for e in page.walk() if {"style", "src", "srcset"} & set(e.attributes)]
    assert "url(" not in html
    assert "@import" not in html
    contents = [meta.attributes.get("content", "") for meta in page.all("meta")]
    assert any("default-src 'none'" in content for content in contents)


def test_the_styles_of_the_page_are_those_that_its_policy_names() -> None:
    page = read(report_page(document(rehearsed("catering"))))
    policy = next(m.attributes["content"] for m in page.all("meta") if "http-equiv" in m.attributes)
    digest = hashlib.sha256(page.all("style")[0].text.encode()).digest()

    assert f"style-src 'sha256-{base64.b64encode(digest).decode()}'" in policy


def test_a_page_that_a_server_frames_has_the_server_s_policy_and_its_surroundings() -> None:
    told = document(rehearsed("catering"))
    frame = Frame(top=Markup("<nav>up</nav>"), bottom=Markup("<p>down</p>"), css="nav{}")
    page = read(report_page(told, nonce="abc", frame=frame))

    assert not [m for m in page.all("meta") if "http-equiv" in m.attributes]
    assert page.all("style")[0].attributes == {"nonce": "abc"}
    assert page.all("style")[0].text.endswith("nav{}")
    assert [e.tag for e in page.all("body")[0].walk()[1:3]] == ["a", "nav"]
    assert page.all("main")[0].text.strip() == str(read(report_body(told)).text).strip()


@pytest.mark.parametrize("name", BRIEFS)
def test_the_page_can_be_read_by_ear_and_by_keyboard(name: str) -> None:
    _, page = page_of(rehearsed(name))

    assert page.all("html")[0].attributes["lang"] == "en"
    assert page.all("a")[0].attributes == {"class": "skip", "href": "#report"}
    levels = [int(e.tag[1]) for e in page.walk() if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for table in page.all("table"):
        assert table.all("caption")
        assert all(head.attributes["scope"] in {"col", "row"} for head in table.all("th"))
    for chart in page.all("svg"):
        assert chart.attributes["role"] == "img"
        assert chart.all("title")
        assert chart.all("desc")


def test_a_table_has_the_figures_of_each_chart() -> None:
    told, page = page_of(rehearsed("catering"))
    offers = by_id(page)["offers"].all("table")[0].text
    timeline = by_id(page)["timeline"].all("table")[0].text

    for one in told["offers"]["series"]:
        assert one["opening"]["text"] in offers
        assert one["final"]["text"] in offers
    for call in told["calls"]:
        assert call["local"] in timeline


def test_the_styles_know_dark_print_and_small() -> None:
    css = report_css()

    for wanted in ("prefers-color-scheme: dark", "@media print", "max-width", ":focus-visible"):
        assert wanted in css


def test_nothing_of_a_rehearsal_is_said_of_a_mission_on_a_sandbox() -> None:
    told = document(rehearsed("catering"))

    assert told["notice"] == "On a sandbox: nobody was called."
    assert "nobody was called" in ABOUT
