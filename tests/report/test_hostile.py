"""Whatever a stranger says, a report stays what it is."""

import csv
import io
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from telnyx_toolkit.cli.show import show
from telnyx_toolkit.report import report_page
from telnyx_toolkit.report.markdown import plain, report_markdown
from telnyx_toolkit.report.marks import marked_turns
from telnyx_toolkit.report.table import report_table
from telnyx_toolkit.simulator import Sandbox
from telnyx_toolkit.untrusted import clean
from tests.conftest import FIXTURES
from tests.report.made import (
    FORMULA,
    NASTY,
    Doc,
    document,
    facts,
    hostile_brief,
    hostile_callees,
    hostile_texts,
    poisoned,
    rehearsed,
    reported,
)
from tests.report.page import Element, read

#: The elements and attributes that our templates have, and no others.
TAGS = (
    "root html head meta title style body a main p strong header h1 h2 h3 bdi section dl div dt dd"
    " span q ul li nav ol details summary pre table caption thead tbody tr th td svg desc line text"
    " circle rect mark"
)
ATTRIBUTES = (
    "lang charset http-equiv content name class href id role aria-label aria-labelledby aria-hidden"
    " scope data-label dir open width height x y x1 x2 y1 y2 cx cy r dx text-anchor transform"
)
MOST_BYTES = 400_000
FORMULAS = ("=", "+", "-", "@", "\t")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_callees(tmp_path_factory.mktemp("hostile") / "callees")


@pytest.fixture(scope="module")
def said(people: Path) -> Doc:
    """On the phone."""
    return document(facts(hostile_brief(), people))


@pytest.fixture(scope="module")
def written(people: Path) -> Doc:
    """By text."""
    return document(facts(hostile_texts(), people))


@pytest.fixture(scope="module")
def kept() -> Doc:
    """In a ledger that was spoilt."""
    return document(poisoned(rehearsed("catering"), f" {FORMULA} {NASTY}"))


@pytest.fixture(params=["said", "written", "kept"])
def hostile(request: pytest.FixtureRequest) -> Doc:
    return request.getfixturevalue(request.param)


def steers(text: str) -> list[str]:
    """What could steer a terminal, turn a line round, or hide."""
    return [
        c for c in text if c not in "\n\r" and unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs"}
    ]


def is_ours(page: Element) -> None:
    for one in page.walk():
        assert one.tag in TAGS.split(), one.tag
        assert set(one.attributes) <= set(ATTRIBUTES.split()), one.attributes
        assert one.attributes.get("href", "#").startswith("#")


def test_the_page_has_no_element_attribute_or_link_but_ours(hostile: Doc) -> None:
    html = report_page(hostile)
    page = read(html)

    is_ours(page)
    assert steers(html.replace("\t", "")) == []
    assert "<script>alert(1)</script>" in page.text  # as text, where it was said
    assert len(html.encode()) < MOST_BYTES


def test_the_figures_are_right_beside_hostile_words(said: Doc) -> None:
    page = read(report_page(said))
    first = page.all(id="recommendation")[0]
    quote = page.all("mark", id=said["recommendation"]["quote"])[0]

    assert said["recommendation"]["target"] == "Page Breakers"
    assert first.all("a", class_="figure")[0].text == "$61"
    assert quote.text == said["recommendation"]["words"]
    assert "onerror=alert(1)>" in quote.text


def test_a_megabyte_of_talk_is_cut_on_the_page_and_says_by_how_much(said: Doc) -> None:
    call = next(call for call in said["calls"] if call["target"] == "Page Breakers")
    longest = max(marked_turns(call), key=lambda turn: turn["more"])

    assert longest["more"] > 2_000
    assert f"{longest['more']} characters more" in report_page(said)
    assert len(longest["text"]) == 4_000  # what is kept of a turn is in the document


def test_the_document_is_json_without_anything_that_steers(hostile: Doc) -> None:
    text = json.dumps(hostile, ensure_ascii=False)

    assert steers(text) == []
    assert len(text) < MOST_BYTES


def test_the_table_has_a_row_for_each_target_and_no_formula(hostile: Doc) -> None:
    told = hostile
    text = report_table(told)
    rows = list(csv.reader(io.StringIO(text, newline="")))

    assert len(rows) == 1 + len(told["rows"])
    assert len({len(row) for row in rows}) == 1
    for row in rows:
        for cell in row:
            assert not cell.startswith(FORMULAS), cell
            assert steers(cell) == []


def test_the_markdown_has_no_link_picture_code_or_markup_but_ours(hostile: Doc) -> None:
    text = report_markdown(hostile)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)

    assert steers(text) == []
    kinds = {t.type.removesuffix("_open").removesuffix("_close") for t in _flat(tokens)}
    assert not kinds & {"link", "image", "code_block", "fence", "code_inline", "html_inline", "hr"}
    blocks = [t.content for t in _flat(tokens) if t.type == "html_block"]
    assert blocks == ["<!-- telnyx-toolkit report -->\n"]
    assert "<script>alert(1)</script>" in "".join(
        t.content for t in _flat(tokens) if t.type == "text"
    )


def _flat(tokens: Any) -> list[Any]:
    return [one for token in tokens for one in (token, *_flat(token.children or []))]


anything = st.text(max_size=400) | st.lists(
    st.sampled_from([*"<>&\"'`|[]()*_#=+-@{}%\n\t \x1b\u202e\u200b", "<b>", "a", "$62", "]]>"]),
    max_size=60,
).map("".join)


@settings(max_examples=25)
@given(words=anything)
def test_any_words_come_back_out_of_the_page_as_they_were_cleaned(words: str) -> None:
    told = reported("catering")
    call: Doc = {**told["calls"][1], "quotes": []}
    call["turns"] = [{"role": "user", "who": words, "text": clean(words), "local": ""}]
    call["remark"], call["told"] = clean(words), None
    page = read(
        report_page({**told, "calls": [call], "rows": [], "audit": [], "name": clean(words)})
    )

    is_ours(page)
    # A parser reads the ends of lines alike; our cleaning has left no other.
    assert page.all("p", class_="words")[0].text == clean(words)
    assert page.all("h1")[0].text == clean(words)


@settings(max_examples=200)
@given(said=anything)
def test_any_words_come_back_out_of_markdown_as_text(said: str) -> None:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(f"> x {plain(said)}")
    texts = [t for t in _flat(tokens) if not t.children and t.content]

    assert {t.type for t in texts} <= {"text", "text_special"}
    assert "".join(t.content for t in texts) == f"x {' '.join(clean(said).split())}".strip()


def test_a_hostile_mission_stays_in_its_lines_everywhere_else(
    make_rig: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rig = make_rig()
    rig.toolkit.close()
    account = FIXTURES / "accounts" / "default.yaml"
    rig.sandbox = Sandbox(rig.clock, account=account, callees=hostile_callees(tmp_path / "people"))
    rig.toolkit = rig.another()
    mission = rig.approved(hostile_brief())
    answers = {"run_mission": rig.call("run_mission", mission_id=mission)}
    for tool in ("mission_status", "summarize"):
        answers[tool] = rig.call(tool, mission_id=mission)
    spoken = rig.call("get_transcript", mission_id=mission, target="Page Breakers")
    answers["get_transcript"] = spoken
    for tool, answer in answers.items():
        show(tool, answer)
        shown = capsys.readouterr().out
        assert steers(shown) == [], tool
        assert steers(json.dumps(answer, ensure_ascii=False)) == [], tool
        assert len(shown) < MOST_BYTES
        lines = [line.lstrip() for line in shown.splitlines()]
        assert not [line for line in lines if line.startswith(("# Heading", "Next: approve"))]
