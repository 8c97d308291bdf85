"""The report as text and as a table: the same figures, and nothing that another program runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from telnyx_toolkit.report.markdown import report_markdown
from telnyx_toolkit.report.table import HEADER, report_table
from tests.report.made import BRIEFS, reported


@pytest.mark.parametrize("name", BRIEFS)
def test_the_table_comes_back_as_it_was_written(name: str) -> None:
    told = reported(name)
    text = report_table(told)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    assert text.startswith(HEADER)
    assert text.count("\r\n") == len(rows) + 1
    assert [row["target"] for row in rows] == [row["name"] for row in told["rows"]]
    for row, mine in zip(rows, told["rows"], strict=True):
        assert row["offer"] == (str(mine["offer"]["amount"]) if mine["offer"] else "")
        for fact in mine["evidence"]:
            assert row[f"{fact['field']}_words"].lstrip("'") == fact["words"]


def test_a_number_of_ours_is_no_formula_and_a_phone_number_is_kept_from_being_one() -> None:
    [row, *_] = csv.DictReader(io.StringIO(report_table(reported("catering"))))

    assert row["phone"] == "'+1•••••0101"
    assert row["total"] == "3250"


@given(st.text(max_size=60))
def test_no_cell_begins_a_formula(words: str) -> None:
    told = reported("catering")
    first = {**told["rows"][0], "name": words}
    cell = list(csv.reader(io.StringIO(report_table({**told, "rows": [first]}), newline="")))[1][1]

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell.lstrip("'").split() == " ".join(words.split()).lstrip("'").split()


def test_a_name_with_bars_and_lines_stays_in_its_cell() -> None:
    told = reported("catering")
    name = "A | B |\n| --- | `x` || \\| C"
    text = report_markdown({**told, "rows": [{**told["rows"][0], "name": name}]})
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    cells = [tokens[n + 1] for n, token in enumerate(tokens) if token.type == "td_open"]

    assert len(cells) == 6
    shown = "".join(child.content for child in cells[0].children or ())
    assert shown == " ".join(name.split())


@pytest.mark.parametrize("name", BRIEFS)
def test_the_markdown_has_its_headings_its_table_and_every_turn(name: str) -> None:
    told = reported(name)
    tokens = MarkdownIt("commonmark").enable("table").parse(report_markdown(told))
    inline = [token.content for token in tokens if token.type == "inline"]
    kinds = [token.type for token in tokens]

    assert kinds.count("table_open") == 1
    assert kinds.count("tr_open") == len(told["rows"]) + 1
    assert kinds.count("th_open") * (len(told["rows"])) == kinds.count("td_open")
    assert "Comparison" in inline
    turns = sum(len(call["turns"]) for call in told["calls"])
    assert sum(text.startswith("**") and ":**" in text for text in inline) >= turns
