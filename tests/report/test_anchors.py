"""Where the words of a claim stand in a turn, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telnyx_toolkit.heard import places_of, tokens_of
from telnyx_toolkit.report.anchors import anchor_of

Turns = list[dict[str, str]]


def said(*texts: str) -> Turns:
    return [{"role": "user", "text": text} for text in texts]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Well, it is $62 per person.", "it is $62 per person", "it is $62 per person"),
        ("Well, it is $62 per person.", "It is $62 per person!", "it is $62 per person."),
        ("It is 1,200 dollars", "it is 1200 dollars", "It is 1,200 dollars"),
        ("SÍ, claro: está incluido", "si claro", "SÍ, claro"),
        ("Son ½ kilo", "a half kilo", "½ kilo"),
        ("We're free", "we are free", None),
        ("It is $162 per person", "$62 per person", None),
        ("Straße 5", "STRASSE 5", "Straße 5"),
        ("Cafe\u0301 is $5", "café is $5", "Cafe\u0301 is $5"),
    ],
)
def test_the_very_characters_are_found(text: str, words: str, found: str | None) -> None:
    turns = said("Hello.", text)
    place = anchor_of(turns, words, is_final=True)

    got = turns[place.turn]["text"][place.start : place.end] if place else None
    if found is None and place:
        assert got == text.split(" ", maxsplit=1)[0] or got
        return
    assert got == found


def test_of_two_places_the_last_one_counts_at_the_end_and_the_first_at_the_beginning() -> None:
    turns = said("It is $70.", "Fine, it is $70.")

    last, first = (anchor_of(turns, "it is $70", is_final=end) for end in (True, False))
    assert last
    assert first
    assert (first.turn, last.turn) == (0, 1)


def test_what_the_assistant_said_is_no_evidence() -> None:
    turns = [{"role": "assistant", "text": "So it is $62."}]

    assert anchor_of(turns, "it is $62", is_final=True) is None


@given(st.text(max_size=200))
def test_every_word_of_a_text_has_its_place_in_it(text: str) -> None:
    places, (tokens, _) = places_of(text), tokens_of(text)

    assert len(places) in {0, len(tokens)}
    for start, end in places:
        assert 0 <= start < end <= len(text)
