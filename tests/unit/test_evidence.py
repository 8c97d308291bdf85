"""A claim counts only with the callee's own words, and only if those words bear it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.brief_parts import AnswerType
from telnyx_toolkit.evidence import Claim, claims
from telnyx_toolkit.standing import outcome_of
from tests.unit.build import Talk, collected, sweep_brief, talk

SAID = "For that buffet it is $65 per person, and that includes dessert."
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
REPEATABLY = settings(max_examples=100, deadline=None, derandomize=True)


def claim(value: Any, words: Any, *heard: str, kind: AnswerType = "number") -> Claim:
    """What is made of one answer, when the callee said `heard`."""
    brief = sweep_brief(collect={"answer": {"type": kind, "required": True}})
    said = talk(*heard, answers={"answer": (value, words)})
    return claims(brief, collected(said))["answer"]


@pytest.mark.parametrize(
    "words",
    [
        "it is $65 per person",
        "It is $65, per person!",
        "IT IS  65  PER PERSON",
        "“…it is $65 per person…”",
        SAID,
        "65",
    ],
)
def test_words_are_found_whatever_their_case_and_punctuation(words: str):
    told = claim(65, words, SAID)

    assert told.confirmed
    assert told.value == Decimal(65)


@pytest.mark.parametrize(
    "words",
    [
        "it was $65 per person",
        "65 dollars",
        "",
        "   ",
        "$…!",
        None,
        65,
        ["it is $65 per person"],
        {"text": "it is $65 per person"},
    ],
)
def test_words_that_nobody_said_prove_nothing(words: object):
    told = claim(65, words, SAID)

    assert told.value == Decimal(65)
    assert not told.confirmed


def test_the_assistants_words_prove_nothing():
    said = Talk((("assistant", SAID), ("user", "Hm.")), talk().insight)
    insight = talk(answers={"answer": (65, "it is $65 per person")}).insight
    brief = sweep_brief(collect={"answer": {"type": "number"}})

    told = claims(brief, collected(Talk(said.turns, insight)))["answer"]

    assert (told.value, told.confirmed) == (Decimal(65), False)


def test_a_quotation_does_not_run_from_one_turn_into_the_next():
    assert not claim(65, "we said 65 per person", "we said", "65 per person").confirmed


@pytest.mark.parametrize(
    ("value", "words", "heard"),
    [
        (1250.5, "$1,250.50", "That is $1,250.50 in all."),
        (1250, "$1,250", "That is $1,250 in all."),
        (1250, "1250", "That is 1250 in all."),
        (62.0, "$62", "It is $62."),
        ("62", "$62", "It is $62."),
        (62, "$62.00", "It is $62.00."),
        (0, "No, 0 percent", "No, 0 percent."),
        (18.5, "18.5 %", "We add 18.5 % for service."),
        (65, "down from 70 to 65", "We go down from 70 to 65."),
    ],
)
def test_a_figure_is_confirmed_by_words_that_contain_it(value: object, words: str, heard: str):
    assert claim(value, words, heard).confirmed


@pytest.mark.parametrize(
    ("value", "words", "heard"),
    [
        (62, "62", "It is $162 per person."),
        (6, "6", "It is $60 per person."),
        (60, "it is $6", "It is $60 per person."),
        (62, "it is $68 per person", "It is $68 per person."),
        (62, "per person", "It is $62 per person."),
        (65.5, "$65", "It is $65."),
        (1, "$1,250", "That is $1,250."),
        (250, "$1,250", "That is $1,250."),
        (2, "two", "It is sixty-two."),
    ],
)
def test_a_figure_that_its_words_do_not_contain_is_unconfirmed(
    value: object, words: str, heard: str
):
    assert not claim(value, words, heard).confirmed


@pytest.mark.parametrize(
    ("value", "words", "heard"),
    [
        (50, "50 per person", "It is $62.50 per person."),
        (62, "it is $62", "It is $62.50 per person."),
        (250, "250 per person", "It is $1,250 per person."),
        (1, "it is $1", "It is $1,250 per person."),
    ],
)
def test_a_piece_of_a_figure_is_not_the_figure(value: object, words: str, heard: str):
    assert not claim(value, words, heard).confirmed


def test_words_are_found_in_a_language_without_spaces():
    assert claim(6500, "6500円です", "一人6500円です").confirmed


@pytest.mark.parametrize(
    ("words", "heard"), [("6500ドルです", "一人6500円です"), ("500円", "一人6500円です")]
)
def test_other_words_prove_nothing_in_a_language_without_spaces(words: str, heard: str):
    assert not claim(6500, words, heard).confirmed
    assert not claim(500, words, heard).confirmed


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        None,
        "sixty-two",
        "",
        "$62",
        "62 USD",
        "NaN",
        "sNaN",
        "Infinity",
        float("nan"),
        float("inf"),
        float("-inf"),
        [62],
        {"value": 62},
    ],
)
@pytest.mark.parametrize("kind", ["number", "integer"])
def test_what_is_no_number_is_no_figure(value: object, kind: AnswerType):
    told = claim(value, "62", "62", kind=kind)

    assert (told.value, told.confirmed) == (None, False)


@pytest.mark.parametrize("value", [1, 0, "true", "yes", None, [], 1.0])
def test_only_a_boolean_is_a_yes_or_no(value: object):
    assert claim(value, "yes", "yes", kind="boolean").value is None


@pytest.mark.parametrize("value", [True, False])
def test_a_yes_or_no_needs_words_that_say_it(value: bool):
    told = claim(value, "that includes dessert", SAID, kind="boolean")

    assert told.status == ("confirmed" if value else "contradicted")
    assert claim(value, "", SAID, kind="boolean").status == "unconfirmed"
    assert claim(value, "no dessert", SAID, kind="boolean").status == "unconfirmed"


@pytest.mark.parametrize("words", ["", "  ", "...", "?!"])
def test_words_without_a_word_prove_nothing_even_to_somebody_who_said_none(words: str):
    assert not claim(True, words, "...", "", "?!", kind="boolean").confirmed


@pytest.mark.parametrize("value", [None, "", "  ", 5, True, ["x"]])
def test_only_text_with_something_in_it_is_text(value: object):
    assert claim(value, "until six", "until six", kind="string").value is None


def test_text_is_kept_as_told_but_harmless():
    told = claim("until \x1b[31msix", "\x1b[2Juntil six", "We open until six.", kind="string")

    assert told == Claim("answer", "until six", "until six", "confirmed")


def test_a_field_nobody_spoke_of_has_no_value():
    brief = sweep_brief(collect={"answer": {"type": "number"}})

    told = claims(brief, collected(talk("Hello.")))["answer"]

    assert told == Claim("answer", None, "", why="nobody said it")


def test_what_was_said_first_is_told_apart_from_what_held_at_the_end():
    brief = sweep_brief(collect={"answer": {"type": "number"}})
    opening, answers = {"answer": (70, "it is 70")}, {"answer": (65, "make it 65")}
    attempt = collected(talk("It is 70.", "I make it 65.", opening=opening, answers=answers))

    assert claims(brief, attempt, "opening")["answer"].value == Decimal(70)
    assert claims(brief, attempt)["answer"].value == Decimal(65)


@pytest.mark.parametrize(
    "insight",
    [
        None,
        [],
        "text",
        5,
        {},
        {"answers": None},
        {"answers": []},
        {"answers": "price"},
        {"answers": {"answer": None}},
        {"answers": {"answer": 65}},
        {"answers": {"answer": ["65"]}},
        {"answers": {"answer": {}}},
        {"answers": {"answer": {"words": "65"}}},
        {"answers": {"Answer": {"value": 65, "words": "65"}}},
    ],
)
def test_an_insight_of_the_wrong_shape_claims_nothing(insight: Any):
    brief = sweep_brief(collect={"answer": {"type": "number"}})
    told = claims(brief, collected(Talk((("user", "65"),), insight)))

    assert (told["answer"].value, told["answer"].status) == (None, "unconfirmed")


@REPEATABLY
@given(answer=ANYTHING, kind=st.sampled_from(["number", "integer", "boolean", "string", "date"]))
def test_no_answer_of_any_shape_breaks_the_reading(answer: object, kind: AnswerType):
    brief = sweep_brief(collect={"answer": {"type": kind, "required": True}})
    insight = {"answered_by": "person", "answers": {"answer": {"value": answer, "words": answer}}}
    attempt = collected(Talk((("user", "Hello."),), insight))

    told = claims(brief, attempt)["answer"]

    assert not told.confirmed or told.words
    assert outcome_of(brief, attempt) in {"answered", "needs_review", "incomplete"}


@REPEATABLY
@given(
    spoken=st.integers(0, 99_999),
    claimed=st.integers(0, 99_999),
    shape=st.sampled_from(["It is ${} each.", "{}", "That makes {:,} in all", "{} dollars"]),
)
def test_a_figure_is_confirmed_exactly_if_it_was_spoken(spoken: int, claimed: int, shape: str):
    heard = shape.format(spoken)

    assert claim(spoken, heard, heard).confirmed
    assert claim(claimed, heard, heard).confirmed == (claimed == spoken)


@REPEATABLY
@given(spoken=st.integers(0, 999), start=st.integers(0, 2), length=st.integers(1, 3))
def test_no_run_of_digits_out_of_a_figure_is_confirmed(spoken: int, start: int, length: int):
    piece = str(spoken)[start : start + length] or "0"

    told = claim(int(piece), piece, f"It is ${spoken} per person.")

    assert told.confirmed == (piece == str(spoken))
