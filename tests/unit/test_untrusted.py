"""Words of strangers cannot steer a terminal, hide from a reader, or flood a page."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from telnyx_toolkit.untrusted import FIELD_LIMIT, clean, clean_json, masked, one_line, quoted

REPEATABLY = settings(max_examples=100, deadline=None, derandomize=True)
ESC = "\x1b"
anything = st.text(
    st.characters() | st.sampled_from([ESC, "[", "]", "m", "\x07", "\\", "\u202e", "\u200d", "\n"]),
    max_size=60,
)

#: Letters, figures and signs, without the few that look like nothing.
plain = st.characters(
    categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u115f\u1160\u2800\u3164\uffa0"
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{ESC}[31mred{ESC}[0m", "red"),
        (f"{ESC}[2J{ESC}[1;1Hgone", "gone"),
        (f"{ESC}[?25lhidden{ESC}[?25h", "hidden"),
        (f"{ESC}]0;title\x07text", "text"),
        (f"{ESC}]8;;https://evil.example{ESC}\\click{ESC}]8;;{ESC}\\", "click"),
        (f"{ESC}]52;c;aGVsbG8=\x07copied", "copied"),
        (f"{ESC}]0;never closed", ""),
        (f"{ESC}P1$r0m{ESC}\\dcs", "dcs"),
        (f"{ESC}_apc{ESC}\\x", "x"),
        (f"{ESC}^pm{ESC}\\x", "x"),
        (f"{ESC}Xsos{ESC}\\x", "x"),
        (f"{ESC}cx", "x"),
        (f"tail{ESC}", "tail"),
        (f"{ESC}\nx", "\nx"),
        ("\x9b31mx", "31mx"),
        ("a\x00\x08\x7f\x85b", "ab"),
        ("a\rb\r\nc", "ab\nc"),
    ],
)
def test_escapes_and_controls_are_removed(text: str, left: str):
    assert clean(text) == left


@pytest.mark.parametrize(
    "hidden",
    [
        "\u202e",
        "\u202d",
        "\u2066",
        "\u2069",
        "\u200e",
        "\u061c",
        "\u200b",
        "\u200c",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\U000e0041",
        "\U000e007f",
        "\ue000",
        "\U000f0000",
        "\ud800",
        "\uffff",
    ],
    ids=ascii,
)
def test_characters_that_nobody_sees_are_removed(hidden: str):
    assert clean(f"6{hidden}2") == "62"


@pytest.mark.parametrize(
    "hidden", ["\U000e0148", "\ufe01", "\u034f", "\u115f", "\u3164", "\u180b"], ids=ascii
)
def test_letters_and_marks_that_nobody_sees_are_removed_too(hidden: str):
    assert clean(f"6{hidden}2") == "62"


@pytest.mark.parametrize(
    "text",
    [
        "Joe's Catering, $62.50 (all-in) - 100 % \u2026",
        "日本語、한국어, עברית, العربية, हिन्दी, Ελληνικά",
        "e\u0301 and é",
        "two\nlines\tand a tab",
        "👩\u200d🍳 👨\u200d👩\u200d👧 ❤\ufe0f 🇺🇸",
        "",
    ],
)
def test_what_people_say_stays(text: str):
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "limit", "left"),
    [
        ("abcde", 5, "abcde"),
        ("abcdef", 5, "abcd\u2026"),
        ("ab", 1, "\u2026"),
        ("\u200b" * 30 + "abc", 5, "\u2026"),
        (f"{ESC}[31m" + "abc", 3, "abc"),
        ("\u200b" * 3 + "abc", 3, "abc"),
    ],
)
def test_a_text_is_cut_with_an_ellipsis(text: str, limit: int, left: str):
    assert clean(text, limit) == left


def test_a_field_has_a_limit_by_itself():
    assert len(clean("x" * 10_000)) == FIELD_LIMIT
    assert clean("x" * FIELD_LIMIT) == "x" * FIELD_LIMIT


@REPEATABLY
@given(text=anything, limit=st.integers(1, 80))
@example(text=f"{ESC}{ESC}[31m[31mx", limit=80)
@example(text=f"{ESC}]{ESC}]x\x07\x07", limit=80)
def test_nothing_that_steers_comes_through(text: str, limit: int):
    kept = clean(text, limit)

    assert len(kept) <= limit
    assert ESC not in kept
    for character in kept:
        category = unicodedata.category(character)
        assert character in "\n\t\u200d" or category not in {"Cc", "Cf", "Co", "Cs"}


@REPEATABLY
@given(text=anything, limit=st.integers(1, 80))
def test_cleaning_twice_changes_nothing(text: str, limit: int):
    assert clean(clean(text, limit), limit) == clean(text, limit)


@REPEATABLY
@given(text=st.text(plain, max_size=60))
def test_plain_text_is_left_alone(text: str):
    assert clean(text, 60) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\nlines", "two lines"),
        ("  a \t b\u2028c\r\n ", "a b c"),
        (f"a\n{ESC}[2Jb", "a b"),
        ("x" * 300, "x" * 199 + "\u2026"),
        ("", ""),
    ],
)
def test_one_line_is_one_line(text: str, line: str):
    assert one_line(text) == line


@REPEATABLY
@given(text=anything)
def test_one_line_never_breaks(text: str):
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize("text", ["a \u200b b", f"a {ESC}[0m b", "\u200b a"])
def test_one_line_has_no_double_spaces(text: str):
    assert "  " not in f" {one_line(text)} "


def test_a_document_of_a_stranger_is_cleaned_to_its_last_text():
    told = {
        f"{ESC}[31mprice": {"value": 62.5, "words": "$62\u202e"},
        "list": [True, None, 7, f"{ESC}]0;x\x07y", ["\u200bz"]],
    }

    assert clean_json(told) == {
        "price": {"value": 62.5, "words": "$62"},
        "list": [True, None, 7, "y", ["z"]],
    }


def test_a_clean_document_is_left_alone_and_a_long_one_cut():
    document: dict[str, object] = {"a": [1, 2.5, False, None, "日本語"], "b": {}}

    assert clean_json(document) == document
    assert clean_json({"a": ["x" * 30]}, 5) == {"a": ["xxxx\u2026"]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("it is $62", '"it is $62"'),
        ('"no", he said\nNext: pay', "\"'no', he said Next: pay\""),
        (f"{ESC}[31mred{ESC}[0m", '"red"'),
        ("<b>[x](https://e)</b>", '"\u2039b\u203a(x)(https: //e)\u2039/b\u203a"'),
        ("{{a}} `b` {% c %}", "\"((a)) 'b' (% c %)\""),
        ("x" * 400, '"' + "x" * 299 + '\u2026"'),
        ("://" * 100, None),
        ("", '""'),
    ],
)
def test_a_quotation_is_one_line_that_ends_where_it_seems_to(text: str, shown: str | None):
    quotation = quoted(text)

    assert shown is None or quotation == shown
    assert len(quotation) <= 302
    assert quotation.count('"') == 2


@pytest.mark.parametrize(
    "written",
    [
        "+13125550123",
        "+1 312 555 0123",
        "+1 (312) 555-0123",
        "+1-312-555-0123",
        "+1.312.555.0123",
        "+1\u00a0312\u00a0555\u20110123",
        "(312) 555-0123",
        "312-555-0123",
        "312.555.0123",
        "3125550123",
        "+442079460123",
        "+44 20 7946 0123",
        "+44 (0)20 7946 0123",
        "0044 20 7946 0123",
        "00 44 20 7946 0123",
        "+ 1 312 555 0123",
        "tel:+13125550123",
    ],
)
@pytest.mark.parametrize("around", ["{}", "Called {}.", "({}, twice)", "{} 2026-11-23 at 14:30"])
def test_no_number_is_left_that_could_be_dialled(written: str, around: str) -> None:
    left = masked(around.format(written))

    assert "•••••" in left
    for piece in ("312", "555", "7946", "2079"):
        assert piece not in left
    assert masked(left) == left


@pytest.mark.parametrize(
    "text",
    [
        "Lakefront Catering: $3,250 for 50 people on 2026-11-23 at 14:30, 10.00 120 350 20",
        "m_0123456789ab-17",
        "approve plan 3125550123456789 of m_312555012345",
        "2026-11-23T14:30:00+00:00 to 2026-12-04T21:00:00+00:00",
        "019ab1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b",
        "3 of 12 calls; $1234567.89 left; 1795576136 s",
    ],
)
def test_what_is_no_number_stays_as_it_is(text: str) -> None:
    assert masked(text) == text


def test_a_masked_number_shows_its_country_and_its_end() -> None:
    assert (
        masked("Called +13125550123 and +44 20 7946 0124") == "Called +1•••••0123 and +44•••••0124"
    )
    assert masked("+442079460123 2 times") == "+44•••••0123 2 times"
    assert masked("312-555-0123 is open") == "•••••0123 is open"
