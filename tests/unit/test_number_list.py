"""Telephone numbers as people write them: read where nothing has to be guessed, else refused."""

import pytest

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.number_list import normalised, read_numbers

A, B = "+13125550101", "+13125550102"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        (A, ""),
        ("+1 (312) 555-0101", ""),
        ("  +1.312.555.0101 ", ""),
        ("+1\u2011312\u2013555\u00a00101", ""),
        ("(312) 555-0101", "US"),
        ("312-555-0101", "us"),
        ("1 312 555 0101", "US"),
        (A, "GB"),
    ],
)
def test_a_number_is_read_however_it_is_spaced(text: str, country: str):
    assert normalised(text, country) == A


@pytest.mark.parametrize(
    ("text", "country", "why"),
    [
        ("312 555 0101", "", "does not begin with +"),
        ("", "US", "is not a telephone number"),
        ("call me", "US", "is not a telephone number"),
        ("+1 312 555 CALL", "", "is not a telephone number"),
        ("+13125550101 ext. 4", "", "is not a telephone number"),
        ("+13125550101;ext=4", "", "is not a telephone number"),
        ("+13125550101,,911", "", "is not a telephone number"),
        ("+1 312 555 0101 / 0102", "", "too few or too many digits"),
        ("\uff0b13125550101", "", "is not a telephone number"),
        ("\u0663\u0661\u0662\u0665\u0665\u0665\u0660\u0661\u0660\u0661", "US", "is not a"),
        ("+999 123", "", "is not a telephone number"),
        ("555 0101", "US", "too few or too many digits"),
        ("911", "US", "too few or too many digits"),
        ("++13125550101", "", "is not a telephone number"),
        ("()", "US", "is not a telephone number"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused(text: str, country: str, why: str):
    with pytest.raises(ValueError, match=why.replace("+", r"\+")):
        normalised(text, country)


@pytest.mark.parametrize(
    "text",
    [
        f"phone,reason\n{A},asked\n{B},\n",
        f"phone;reason\r\n{A};asked\r\n{B};\r\n",
        f"Name\tPHONE\tReason\nDana\t{A}\tasked\nKim\t{B}\t\n",
        f"\ufeffreason,phone\n asked ,{A}\n,{B}\n",
        f'\n\nphone,reason\n"{A}","asked"\n\n{B}\n',
    ],
)
def test_a_column_of_numbers_is_found_by_its_name(text: str):
    found = read_numbers(text)

    assert [(row.phone, row.reason) for row in found.rows] == [(A, "asked"), (B, "")]
    assert found.unreadable == []


@pytest.mark.parametrize("text", [f"{A}\n{B}", f"number,note\n{A},x\n{B},y\n", f"{A},x\n{B},y"])
def test_without_such_a_name_the_first_column_is_taken(text: str):
    assert [row.phone for row in read_numbers(text).rows] == [A, B]


def test_a_line_is_called_by_its_number_in_the_file():
    found = read_numbers(f'phone,reason\n{A},"two\nlines"\n\nnobody,\n{B},\n')

    assert [(row.line, row.reason) for row in found.rows] == [(3, "two lines"), (6, "")]
    assert [(bad.line, bad.text) for bad in found.unreadable] == [(5, "nobody")]


def test_what_is_shown_of_a_bad_line_is_short_and_harmless():
    (bad,) = read_numbers("phone\n\x1b[31m1" + "x" * 500).unreadable

    assert bad.text.startswith("1xx")
    assert len(bad.text) <= 40


def test_an_empty_file_holds_nothing():
    assert (read_numbers("").rows, read_numbers("phone\n").rows) == ([], [])


@pytest.mark.parametrize("text", ["x" * 200_000, "1" * 20_000_001])
def test_a_file_that_is_no_list_is_refused(text: str):
    with pytest.raises(InvalidInput):
        read_numbers(text)
