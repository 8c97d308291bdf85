"""What people read is aligned whatever is in a cell, and has no styles where nobody sees them."""

from unicodedata import east_asian_width

import pytest

from telnyx_toolkit.cli.printing import Lines, aligned


def test_columns_are_as_wide_as_their_widest_cell_and_lines_end_with_words() -> None:
    rows = [("call-1", "completed", "Lakefront"), ("research", "pending", "")]

    assert list(aligned(rows)) == ["call-1    completed  Lakefront", "research  pending"]
    assert list(aligned([])) == []


def test_a_wide_letter_takes_two_columns_and_an_accent_none() -> None:
    wide, accent = "\u5bff\u53f8", "Cafe\u0301"
    assert east_asian_width(wide[0]) == "W"

    assert list(aligned([(wide, "1"), (accent, "2"), ("Cafe", "3")])) == [
        f"{wide}  1",
        f"{accent}  2",
        "Cafe  3",
    ]


def test_a_style_is_left_out_where_output_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Lines().print("Mission", style="bold")

    assert capsys.readouterr().out == "Mission\n"
