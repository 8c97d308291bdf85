"""Over labelled talks: nothing false is confirmed, and hardly anything true is missed."""

import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from telnyx_toolkit.evidence import claims
from telnyx_toolkit.model import Attempt
from tests.unit.build import collected, sweep_brief, talk
from tests.unit.claim_cases import Case, cases
from tests.unit.spell import english, spanish

CASES = list(cases())
MOST_MISSED = 0.05
REPEATABLY = settings(max_examples=150, deadline=None, derandomize=True)


def test_nothing_false_is_confirmed_and_at_most_a_twentieth_of_what_is_true_is_missed(
    record_property: Callable[[str, object], None],
):
    told = [(case, case.told()) for case in CASES]
    false = [c.place for c, t in told if t.confirmed and not c.is_true]
    missed = [c.place for c, t in told if c.is_true and not t.confirmed]
    accused = [c.place for c, t in told if c.is_true and t.status == "contradicted"]
    true = sum(case.is_true for case in CASES)
    pairs = Counter((case.label, claim.status) for case, claim in told)
    figures = (
        f"{len(CASES)} claims, {true} of them true: {len(false)} false confirmed,"
        f" {len(missed)} missed ({len(missed) / true:.1%}), {len(accused)} wrongly contradicted"
    )
    record_property("claims", figures)
    print(figures, *(f"{a} -> {b}: {n}" for (a, b), n in sorted(pairs.items())), sep="\n  ")  # noqa: T201

    assert len(CASES) >= 300
    assert false == []
    assert accused == []
    assert len(missed) <= MOST_MISSED * true


def test_at_least_a_third_of_the_talks_are_traps():
    assert 3 * sum(not case.is_true for case in CASES) >= len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.place)
def test_each_talk_is_judged_as_it_is_labelled(case: Case):
    told = case.told()

    assert told.status == case.label
    assert bool(told.why) == (not told.confirmed)


def judged(value: Any, words: str, *heard: str, language: str = "en-US", unit: str = "USD") -> Any:
    """What is made of one figure, when the callee said `heard`."""
    brief = sweep_brief(
        collect={"price": {"type": "number", "unit": unit}}, voice={"language": language}
    )
    said = talk(*heard, answers={"price": (value, words)})
    return claims(brief, collected(said))["price"]


@pytest.mark.parametrize(
    ("value", "words", "heard", "why"),
    [
        (62, "$62 per person", "It is $68 per person.", "they said $68, not $62"),
        (62, "it is $68", "It is $68 per person.", "they said $68, not $62"),
        (62, "62 euros", "It is 62 euros.", "they said EUR, not USD"),
        (62, "62 dollars", "Hello.", "nobody said these words"),
        (62, "", "It is $62.", "no words are quoted"),
        (62, "it is 62", "It is 62, sorry, I meant 68.", "they took it back: $68"),
        (62, "hello", "Hello.", "no figure can be read from these words"),
    ],
)
def test_a_claim_tells_why_it_is_not_confirmed(value: int, words: str, heard: str, why: str):
    assert judged(value, words, heard).why == why


@REPEATABLY
@given(
    spoken=st.integers(0, 9_999),
    other=st.integers(0, 9_999),
    shape=st.sampled_from(["It is {} dollars each.", "That makes {}.", "we charge {} per person"]),
    speak=st.sampled_from([(english, "en-US"), (spanish, "es-US"), (str, "en-US")]),
)
def test_a_spelled_figure_confirms_its_value_and_no_other(
    spoken: int, other: int, shape: str, speak: tuple[Callable[[int], str], str]
):
    assume(spoken != other and not (speak[0] is spanish and spoken == 1))
    heard = shape.format(speak[0](spoken))

    assert judged(spoken, heard, heard, language=speak[1]).confirmed == (
        spoken != 1 or "dol" in heard
    )
    assert not judged(other, heard, heard, language=speak[1]).confirmed


@REPEATABLY
@given(whole=st.integers(20, 99), cents=st.integers(10, 99), other=st.integers(0, 9_999))
def test_dollars_and_cents_in_a_row_confirm_the_price_and_no_other(
    whole: int, cents: int, other: int
):
    price = Decimal(whole * 100 + cents) / 100
    heard = f"It is {english(whole)} {english(cents)} per person."

    assert judged(float(price), heard, heard).confirmed
    assert not judged(whole, heard, heard).confirmed
    assert other == price or not judged(other, heard, heard).confirmed


@REPEATABLY
@given(
    low=st.integers(10, 99),
    step=st.integers(1, 50),
    shape=st.sampled_from(
        ["{} to {} dollars", "between {} and {}", "{}-{} per person", "{} or {}", "{}, {}"]
    ),
)
def test_neither_end_of_a_range_is_confirmed(low: int, step: int, shape: str):
    heard = shape.format(low, low + step)

    assert not judged(low, heard, heard).confirmed
    assert not judged(low + step, heard, heard).confirmed


@REPEATABLY
@given(
    said=st.integers(10, 999),
    meant=st.integers(10, 999),
    joint=st.sampled_from(
        [", sorry, ", ". No wait, make that ", ". I meant ", ", I mean ", ". Actually, ", ", no, "]
    ),
)
def test_a_figure_that_was_taken_back_is_contradicted(said: int, meant: int, joint: str):
    assume(said != meant)
    heard = f"It is ${said}{joint}${meant}."

    assert judged(said, f"It is ${said}", heard).status == "contradicted"
    assert judged(meant, f"${meant}", heard).confirmed


LONG = {
    "figures": "62 " * 21_000,
    "prices": "it is $62, sorry, $63, " * 2_900,
    "a chain": "1-" * 32_000,
    "points": "point five " * 5_800,
    "halves": "half a " * 9_000,
    "one word": "a" * 64_000,
    "one figure": "9" * 64_000,
    "commas": "1,000," * 10_600,
    "thousands": "two thousand and " * 3_700,
    "yes": "yes no " * 9_000,
    "ends": "the end of the " * 4_200,
    "apostrophes": "a'" * 32_000,
    "escapes": "\x1b[31m62" * 9_000,
    "sentences": "Dessert is included. " * 3_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_an_enormous_transcript_is_judged_in_well_under_a_second(text: str):
    collect = {
        "price": {"type": "number", "unit": "USD"},
        "includes_dessert": {"type": "boolean"},
        "day": {"type": "date"},
    }
    answers: dict[str, tuple[Any, str]] = {
        "price": (62, "it is 62"),
        "includes_dessert": (True, "yes"),
        "day": ("2026-12-31", "the end of the month"),
    }
    brief = sweep_brief(collect=collect)
    attempt = collected(talk(text, answers=answers))

    began = time.process_time()
    claims(brief, attempt)

    assert time.process_time() - began < 1.0


def test_a_day_is_reckoned_from_the_day_of_the_call_where_the_callee_is():
    told = _told_the_day("2026-12-02", at="2026-12-02T03:00:00Z")  # still the first in Chicago

    assert told.status == "confirmed"
    assert _told_the_day("2026-12-03", at="2026-12-02T03:00:00Z").status == "contradicted"
    assert _told_the_day("2026-12-03", at="2026-12-02T15:00:00Z").status == "confirmed"


def _told_the_day(value: str, at: str) -> Any:
    brief = sweep_brief(collect={"ready": {"type": "date"}})
    attempt: Attempt = collected(
        talk("We send it tomorrow.", answers={"ready": (value, "send it tomorrow")})
    )
    for turn in attempt.transcript:
        turn["at"] = at  # type: ignore[index]
    return claims(brief, attempt)["ready"]


@pytest.mark.parametrize("value", ["10 December", "2026-13-01", "", 5, None, True, "20261210x"])
def test_what_is_no_day_is_no_date(value: object):
    brief = sweep_brief(collect={"ready": {"type": "date"}})
    said = talk("The tenth.", answers={"ready": (value, "The tenth")})

    assert claims(brief, collected(said))["ready"].value is None
