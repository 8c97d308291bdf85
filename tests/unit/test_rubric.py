"""What a rubric makes of answers: exact arithmetic, and only of what was proven."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.ranking import ranking
from telnyx_toolkit.rubric import Judgement, judgements, ranked
from telnyx_toolkit.summary import build_summary
from tests.unit.build import Doc, Talk, called, talk, targets
from tests.unit.strategies import answered, screening

GOOD: Doc = {
    "insured": True,
    "hourly_rate": 60,
    "weekend_service": True,
    "speciality": "old houses",
}


def judged(talks: Sequence[Talk | str], **changes: Any) -> list[Judgement]:
    brief = Brief.model_validate(screening(targets=targets(len(talks)), **changes))
    assert brief.rubric
    return judgements(brief, brief.rubric, called(talks, brief).state)


def score(**answers: Any) -> Decimal | None:
    return judged([answered(**{**GOOD, **answers})])[0].score


def result(talks: Sequence[Talk | str], **changes: Any) -> Doc:
    brief = Brief.model_validate(screening(targets=targets(len(talks)), **changes))
    found = ranking(brief, called(talks, brief).state)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({}, "100.0"),
        ({"hourly_rate": 110}, "75.0"),
        ({"hourly_rate": 160}, "50.0"),
        ({"hourly_rate": 900}, "50.0"),
        ({"hourly_rate": 1}, "100.0"),
        ({"hourly_rate": 60.1}, "100.0"),  # 99.95, rounded up
        ({"hourly_rate": 60.11}, "99.9"),
        ({"weekend_service": False}, "70.0"),
        ({"speciality": "OFFICES"}, "90.0"),
        ({"speciality": " Old   Houses "}, "100.0"),
        ({"speciality": "boats"}, "80.0"),
    ],
)
def test_each_answer_is_worth_its_share(answers: Doc, points: str):
    assert score(**answers) == Decimal(points)


def test_a_higher_figure_can_be_the_better_one():
    rubric: Doc = {"score": {"hourly_rate": {"weight": 1, "best": 20, "worst": 0}}}

    assert judged([answered(**{**GOOD, "hourly_rate": 12})], rubric=rubric)[0].score == 60


@pytest.mark.parametrize("words", ["nobody said this", ""])
def test_an_answer_that_the_transcript_does_not_bear_out_counts_as_not_known(words: str):
    (one,) = judged([answered(**{**GOOD, "hourly_rate": (60, words)})])

    assert (one.score, one.at_best) == (Decimal("50.0"), Decimal("100.0"))
    assert next(p for p in one.parts if p.field == "hourly_rate").status == "unconfirmed"


def test_a_figure_that_is_not_in_the_words_counts_as_not_known():
    said = answered("it is 95 dollars", **{**GOOD, "hourly_rate": (60, "it is 95 dollars")})

    assert judged([said])[0].score == Decimal("50.0")


def test_what_nobody_said_gives_a_range_and_the_lower_end_decides():
    silent = answered(insured=True, hourly_rate=60)
    plain = answered(**{**GOOD, "hourly_rate": 140})

    first, second = judged([silent, plain])

    assert (first.score, first.at_best) == (Decimal("50.0"), Decimal("100.0"))
    assert [each.order for each in ranked([first, second])] == [1, 0]
    assert "50.0 to 100.0" in result([silent, plain])["ranked"][1]["text"]


def test_who_provably_lacks_a_must_have_is_out_with_the_words_for_it():
    found = result([answered(**{**GOOD, "insured": False}), answered(**GOOD)])

    assert found["shortlist"] == ["Caterer 2"]
    assert found["excluded"][0]["text"] == (
        'Not on the list: Caterer 1, insured: no instead of yes ("for insured, no")'
    )


def test_an_unproven_no_puts_nobody_out():
    found = result([answered(**{**GOOD, "insured": (False, "we are not")})])

    assert found["excluded"] == []
    assert found["ranked"][0]["to_be_checked"] == ["insured"]


def test_an_open_must_have_comes_behind_everybody_who_has_it():
    unknown = answered(**{**GOOD, "insured": (True, "never said")})
    weak = answered(**{**GOOD, "hourly_rate": 900, "weekend_service": False})

    found = result([unknown, weak, weak])

    assert found["shortlist"] == ["Caterer 2", "Caterer 3"]
    assert "not on the shortlist; to be checked: insured not known" in found["lines"][2]


def test_an_open_must_have_fills_a_place_that_nobody_else_takes_and_is_marked():
    found = result([answered(**{**GOOD, "insured": (True, "never said")}), answered(**GOOD)])

    assert found["shortlist"] == ["Caterer 2", "Caterer 1"]
    assert found["headline"] == "Shortlist: Caterer 2 (100.0), Caterer 1 (100.0, to be checked)."


@pytest.mark.parametrize(
    ("must", "rate", "status"),
    [
        ({"at_most": 100}, 100, "met"),
        ({"at_most": 100}, 101, "failed"),
        ({"at_least": 100}, 99, "failed"),
        ({"at_least": 100, "at_most": 120}, 120, "met"),
        ({"at_least": 100, "at_most": 120}, 121, "failed"),
        ({"equals": 100}, 100, "met"),
        ({"equals": 100}, 99, "failed"),
    ],
)
def test_a_must_have_may_be_a_limit(must: Doc, rate: int, status: str):
    rubric = {**screening()["rubric"], "must": {"hourly_rate": must}}

    (one,) = judged([answered(**{**GOOD, "hourly_rate": rate})], rubric=rubric)

    assert [each.status for each in one.musts] == [status]


def test_a_must_have_of_text_is_compared_in_any_case():
    rubric = {**screening()["rubric"], "must": {"speciality": "Old Houses"}}

    (one,) = judged([answered(**GOOD)], rubric=rubric)

    assert [each.status for each in one.musts] == ["met"]


@pytest.mark.parametrize("outcome", ["no-answer", "busy"])
def test_whoever_was_not_reached_has_no_score(outcome: str):
    found = result([outcome])

    assert found["excluded"][0]["score"] is None
    assert found["lines"] == [f"Not ranked: Caterer 1, {outcome}"]
    assert found["headline"] == "Nobody is on the shortlist."


def test_whoever_declined_has_no_score():
    assert judged([talk("No, thank you.", declined=True)])[0].score is None


def test_of_equals_the_earlier_in_the_brief_is_better():
    found = result([answered(**GOOD)] * 3)

    assert [row["target"] for row in found["ranked"]] == ["Caterer 1", "Caterer 2", "Caterer 3"]


def test_the_reasons_name_the_dearest_answers_with_the_words():
    (row,) = result([answered(**{**GOOD, "hourly_rate": 110, "weekend_service": False})])["ranked"]

    assert row["text"] == (
        '1. Caterer 1: 45.0; weekend service no costs 30.0 points ("for weekend service, no");'
        ' hourly rate $110 costs 25.0 points ("for hourly rate, it is 110")'
    )


def test_words_of_strangers_are_one_harmless_line():
    said = "no\n\x1b[31mrun this"
    found = result([answered(said, **{**GOOD, "insured": (False, said)})])

    assert "\n" not in found["lines"][0]
    assert "\x1b" not in found["lines"][0]


def test_the_shortlist_is_the_first_line_of_the_result():
    brief = Brief.model_validate(screening(targets=targets(1)))
    story = called([answered(**GOOD)], brief)

    payload = build_summary(brief, story.state, "succeeded", story.now)

    assert payload["headline"] == "Shortlist: Caterer 1 (100.0)."
    assert payload["lines"] == ["1. Caterer 1: 100.0"]


# What must hold whatever is asked and answered.

RATES = st.integers(0, 400)
ANSWERS = st.fixed_dictionaries(
    {
        "insured": st.sampled_from([True, False, None]),
        "hourly_rate": st.none() | RATES,
        "weekend_service": st.none() | st.booleans(),
        "speciality": st.none() | st.sampled_from(["old houses", "offices", "boats"]),
    }
)
WEIGHTS = st.integers(1, 90)


def told(answers: Doc) -> Talk:
    return answered("Hello.", **{k: v for k, v in answers.items() if v is not None})


def weighted(rate: int, weekend: int, speciality: int, factor: int = 1) -> Doc:
    points = {"old houses": 1, "offices": 0.5}
    return {
        "must": ["insured"],
        "score": {
            "hourly_rate": {"weight": rate * factor, "best": 60, "worst": 160},
            "weekend_service": {"weight": weekend * factor},
            "speciality": {"weight": speciality * factor, "points": points},
        },
    }


@given(ANSWERS, WEIGHTS, WEIGHTS, WEIGHTS, st.integers(2, 11))
def test_only_the_relation_of_the_weights_matters(
    answers: Doc, rate: int, weekend: int, speciality: int, factor: int
):
    first = judged([told(answers)], rubric=weighted(rate, weekend, speciality))
    second = judged([told(answers)], rubric=weighted(rate, weekend, speciality, factor))

    assert (first[0].score, first[0].at_best) == (second[0].score, second[0].at_best)


@given(ANSWERS, WEIGHTS, RATES, RATES)
def test_a_better_answer_never_lowers_the_score(answers: Doc, weight: int, one: int, other: int):
    rubric = weighted(weight, 3, 2)
    dear, cheap = sorted((one, other), reverse=True)

    low, high = judged(
        [told({**answers, "hourly_rate": dear}), told({**answers, "hourly_rate": cheap})],
        rubric=rubric,
    )
    asked, unasked = judged([told(answers), told({**answers, "weekend_service": None})])

    assert low.score is not None
    assert high.score is not None
    assert low.score <= high.score
    assert asked.score is not None
    assert unasked.score is not None
    assert asked.score >= unasked.score


@given(ANSWERS)
def test_a_score_is_between_nothing_and_a_hundred_and_below_what_it_could_be(answers: Doc):
    (one,) = judged([told(answers)])

    assert one.score is not None
    assert one.at_best is not None
    assert 0 <= one.score <= one.at_best <= 100
    everything_known = all(part.status == "confirmed" for part in one.parts)
    if everything_known:
        assert one.score == one.at_best


@given(st.lists(ANSWERS, min_size=2, max_size=5))
def test_the_ranking_is_one_order_that_does_not_depend_on_who_comes_first(everybody: list[Doc]):
    found = judged([told(answers) for answers in everybody])

    order = ranked(found)

    assert order == ranked(reversed(found))
    assert order == ranked(order)
    assert len({each.rank for each in order}) == len(order)
    for better, worse in pairwise(order):
        assert bool(better.open) <= bool(worse.open)
        if bool(better.open) == bool(worse.open):
            assert better.score is not None
            assert worse.score is not None
            assert better.score >= worse.score
