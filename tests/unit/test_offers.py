"""Totals like for like: what comes on top counts, what is not known stays unknown."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_offers import Objective
from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.offers import Offer, best, final_offers, offer_in, total_of
from telnyx_toolkit.summary import build_summary
from tests.unit.build import (
    GRILL,
    LAKEFRONT,
    OBJECTIVE,
    Doc,
    Said,
    Story,
    Talk,
    called,
    document,
    make_brief,
    quote,
    running,
    talk,
)

COLLECT: Doc = {
    "price": {"type": "number", "unit": "USD", "required": True},
    "fee_percent": {"type": "number"},
    "cutlery": {"type": "number", "unit": "USD"},
    "delivery": {"type": "number", "unit": "USD"},
    "minimum_order": {"type": "number", "unit": "USD"},
}
FEES: Doc = {"fee_percent": "percent", "cutlery": "each", "delivery": "once"}


def fee_brief(**objective: Any) -> Brief:
    given: Doc = {"minimize": "price", "quantity": 50, "fees": FEES, **objective}
    return make_brief(collect=COLLECT, objective=given)


def all_in(price: float, **on_top: float | None) -> Talk:
    """A talk in which the callee says the price and what comes on top; None is not spoken of."""
    said = {"price": price, "fee_percent": 0, "cutlery": 0, "delivery": 0, **on_top}
    told = {name: value for name, value in said.items() if value is not None}
    answers: dict[str, Said] = {name: (v, f"the {name} is {v:,}") for name, v in told.items()}
    return talk("; ".join(words for _, words in answers.values()) + ".", answers=answers)


def only_offer(story: Story) -> Offer:
    [offer] = final_offers(story.brief, story.state)
    return offer


def test_a_total_has_the_price_and_all_that_comes_on_top():
    talks = [all_in(60, fee_percent=10, cutlery=1, delivery=150)]

    offer = only_offer(called(talks, fee_brief()))

    assert offer.total == Decimal("3505.0")  # (60 + 1) x 50 = 3050, and 10 % of it, and 150
    assert offer.counts


def test_the_lower_price_loses_where_its_fees_are_higher():
    story = called([all_in(60, fee_percent=20), all_in(65)], fee_brief())

    chosen = best(story.brief, final_offers(story.brief, story.state), story.now)

    assert chosen is not None
    assert (chosen.step_id, chosen.total) == (GRILL, Decimal(3250))


@pytest.mark.parametrize("missing", ["fee_percent", "cutlery", "delivery"])
def test_a_fee_that_nobody_told_stays_unknown_and_is_the_next_question(missing: str):
    story = called([all_in(60, **{missing: None}), all_in(70)], fee_brief())

    offer = final_offers(story.brief, story.state)[0]
    assert (offer.total, offer.unknown, offer.counts) == (None, (missing,), False)
    payload = build_summary(story.brief, story.state, "succeeded", story.now)
    assert payload["recommendation"]["target"] == "Chicago Grill Co"
    row = payload["targets"][0]
    assert row["lost_because"] == f"does not compare: {missing.replace('_', ' ')}: unknown"
    assert f"Ask Lakefront Catering: {missing.replace('_', ' ')}." in payload["next_steps"]


def test_58_without_dessert_is_not_less_than_62_all_in_and_the_question_is_told():
    payload = (story := called([quote(58, dessert=False), quote(62)])) and build_summary(
        story.brief, story.state, "succeeded", story.now
    )

    assert payload["recommendation"]["target"] == "Chicago Grill Co"
    first = payload["targets"][0]
    assert first["rank"] is None
    assert first["lost_because"] == "does not compare: includes dessert: no"
    assert payload["next_steps"] == [
        "Confirm with Chicago Grill Co.",
        "Lakefront Catering's figure covers something else (includes dessert):"
        " ask for the one that does.",
    ]


def test_what_is_charged_at_least_counts_where_the_price_stays_below_it():
    brief = fee_brief(fees={}, minimum="minimum_order")

    small = only_offer(called([all_in(30, minimum_order=2_000)], brief))
    large = only_offer(called([all_in(60, minimum_order=2_000)], brief))

    assert (small.total, large.total) == (Decimal(2_000), Decimal(3_000))


def test_of_what_is_maximized_fees_are_taken_off():
    brief = fee_brief(minimize=None, maximize="price")

    offer = only_offer(called([all_in(60, fee_percent=10, cutlery=1, delivery=150)], brief))

    assert offer.total == Decimal("2505.0")  # (60 - 1) x 50 = 2950, less 10 % of it, less 150


def test_the_arithmetic_of_a_total_is_told():
    talks = [all_in(60, fee_percent=10, delivery=150)]
    story = called(talks, fee_brief())

    chosen = build_summary(story.brief, story.state, "succeeded", story.now)["recommendation"]

    assert chosen["total_made_of"] == (
        "50 x $60 = $3,000; fee percent 10 %; delivery $150; together $3,450"
    )
    assert chosen["because"] == "the only offer that compares and that the transcript proves"


def test_a_saving_is_between_totals_where_they_are_more_than_the_price():
    story = called([all_in(65, delivery=150), all_in(60, fee_percent=10)], fee_brief())

    chosen = build_summary(story.brief, story.state, "succeeded", story.now)["recommendation"]

    assert (chosen["target"], chosen["saving"]) == ("Chicago Grill Co", 100)
    assert chosen["arithmetic"] == "$3,400 - $3,300 = $100"


def test_a_better_baseline_that_went_up_again_is_no_saving():
    story = called([quote(60), quote(64)]).call(LAKEFRONT, quote(70))

    chosen = build_summary(story.brief, story.state, "succeeded", story.now)["recommendation"]

    assert (chosen["target"], chosen["saving"]) == ("Chicago Grill Co", 0)


def test_a_later_talk_that_leaves_open_what_it_covers_does_not_take_the_price_back():
    words: dict[str, Said] = {"price_per_person": (60, "$60 per person")}
    story = called([quote(65)]).call(LAKEFRONT, talk("$60 per person.", answers=words))

    assert only_offer(story).amount == 65


def test_a_later_talk_in_which_the_price_goes_up_does():
    words: dict[str, Said] = {"price_per_person": (70, "$70 per person")}
    story = called([quote(65)]).call(LAKEFRONT, talk("$70 per person.", answers=words))

    offer = only_offer(story)
    assert (offer.amount, offer.counts) == (70, False)


@pytest.mark.parametrize(
    ("objective", "said"),
    [
        ({"fees": {"delivery": "once"}}, "adds 'delivery' in EUR to 'price' in USD"),
        ({"fees": {"delivery": "each"}}, "currencies are not converted"),
        ({"minimum": "delivery"}, "adds 'delivery' in EUR to 'price' in USD"),
        ({"fees": {"delivery": "percent"}}, "takes 'delivery' as percent, but its unit is EUR"),
        ({"fees": {"delivry": "once"}}, "'delivry', which is not in collect (did you mean"),
        ({"fees": {"delivery": "twice"}}, "objective.fees.delivery: 'twice' is not one of"),
        ({"fees": {"vegan": "once"}}, "compares 'vegan', which is not a number"),
        ({"valid_until": "vegan"}, "valid_until is 'vegan', which is no date"),
        ({"minimize": None, "maximize": "price", "minimum": "price"}, "only with minimize"),
    ],
)
def test_an_objective_that_cannot_be_reckoned_is_refused(objective: Doc, said: str):
    collect: Doc = {
        "price": {"type": "number", "unit": "USD"},
        "delivery": {"type": "number", "unit": "EUR"},
        "vegan": {"type": "boolean"},
    }
    given = document(collect=collect, objective={"minimize": "price", **objective})

    with pytest.raises(InvalidInput) as refused:
        parse_brief(given)
    assert said in refused.value.message


money = st.integers(0, 10**7).map(lambda cents: Decimal(cents) / 100)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    amount=money,
    each=money,
    once=money,
    percent=st.integers(0, 5_000).map(lambda n: Decimal(n) / 100),
    least=money,
    quantity=st.integers(1, 10_000),
)
def test_a_total_is_exact_to_the_last_digit(
    amount: Decimal, each: Decimal, once: Decimal, percent: Decimal, least: Decimal, quantity: int
):
    objective = Objective.model_validate(
        {
            "minimize": "price",
            "quantity": quantity,
            "fees": {"a": "each", "b": "once", "c": "percent"},
            "minimum": "d",
        }
    )
    on_top = {"a": each, "b": once, "c": percent, "d": least}

    total = total_of(objective, amount, on_top)

    # in hundredths of hundredths of cents, with whole numbers
    base = max(int((amount + each) * 100) * quantity, int(least * 100)) * 10_000
    tenthousandths = base + base * int(percent * 100) // 10_000 + int(once * 100) * 10_000
    assert total * 1_000_000 == tenthousandths


def test_who_is_not_chosen_is_told_why():
    answers: dict[str, Said] = {"price_per_person": (50, "fifty, I guess")}
    story = called([quote(65), quote(62), talk("Hm.", answers=answers)])

    payload = build_summary(story.brief, story.state, "succeeded", story.now)

    reasons = [row["lost_because"] for row in payload["targets"]]
    assert reasons[:2] == ["$150 more in all", ""]
    assert reasons[2]
    tie = called([quote(62), quote(62)])
    payload = build_summary(tie.brief, tie.state, "succeeded", tie.now)
    assert payload["recommendation"]["because"] == (
        "the lowest like-for-like total of 2 proven offers, and the first to make it"
    )
    assert payload["targets"][1]["lost_because"] == (
        "the same total as Lakefront Catering, who offered it first"
    )


def test_past_the_walk_away_figure_the_advice_is_not_to_accept():
    objective = {**OBJECTIVE, "walk_away": 60, "target": None}
    story = called([quote(65)], make_brief(objective=objective))

    payload = build_summary(story.brief, story.state, "succeeded", story.now)

    assert payload["next_steps"] == [
        "Do not accept: Lakefront Catering is past the walk-away figure, and is the best."
    ]


def test_what_the_brief_forbids_to_say_is_noted_where_the_assistant_said_it():
    brief = make_brief(mandate={"never_say": ["our budget is 80"]})
    said = quote(65)
    loud = Talk((*said.turns, ("assistant", "Well, Our budget is 80.")), said.insight)
    story = called([loud, said], brief)

    payload = build_summary(story.brief, story.state, "succeeded", story.now)

    note = 'the assistant said "our budget is 80", which the brief forbids'
    assert [note in row["notes"] for row in payload["targets"][:2]] == [True, False]


def test_whether_the_assistant_spoke_of_the_offer_is_told():
    said = quote(62)
    heard = Talk((*said.turns, ("assistant", "We have an offer of $65.")), said.insight)
    story = running().call(LAKEFRONT, quote(65))
    told = {"text": "$65", "amount": "65", "target": "Lakefront Catering"}
    story.call(GRILL, heard, told)

    payload = build_summary(story.brief, story.state, "succeeded", story.now)

    assert payload["targets"][1]["told"] == {**told, "spoken": True}


def test_an_offer_of_an_attempt_that_is_not_collected_is_none():
    story = running()
    story.schedule(LAKEFRONT)

    assert offer_in(story.brief, story.state, story.state.attempts[0]) is None
