"""Which offers compare, which of them is best, and what may be cited to whom."""

from decimal import Decimal
from typing import Any

import pytest

from telnyx_toolkit.negotiation import leverage
from telnyx_toolkit.offers import Offer, baseline, best, final_offers, offer_in
from tests.unit.build import (
    GRILL,
    LAKEFRONT,
    OBJECTIVE,
    PRAIRIE,
    Said,
    Story,
    Talk,
    called,
    catering,
    make_brief,
    quote,
    running,
    sweep_brief,
    talk,
)


def last_offer(story: Story) -> Offer:
    offer = offer_in(story.brief, story.state, story.state.attempts[-1])
    assert offer is not None
    return offer


def cited(story: Story, step_id: str) -> Decimal | None:
    offer = leverage(story.brief, story.state, step_id, story.now)
    return offer.amount if offer else None


def test_an_offer_tells_the_figure_with_its_words_and_conversation():
    offer = last_offer(called([quote(65)]))

    assert offer == Offer(
        step_id=LAKEFRONT,
        target_name="Lakefront Catering",
        attempt_id="a1",
        conversation_id="conv-a1",
        stage="answers",
        amount=Decimal(65),
        currency="USD",
        words="We can do $65 per person",
        status="confirmed",
        why="",
        stands=True,
        doubts=(),
        differs=(),
        unknown=(),
        scope={"includes_dessert": True},
        total=Decimal(3250),
    )
    assert offer.is_comparable
    assert offer.counts


def test_an_offer_without_dessert_does_not_compare():
    offer = last_offer(called([quote(58, dessert=False)]))

    assert offer.gaps == ("includes_dessert",)
    assert offer.confirmed
    assert not offer.counts


def test_a_scope_nobody_spoke_of_is_a_gap():
    said = talk("$58 per person.", answers={"price_per_person": (58, "$58 per person")})

    offer = last_offer(called([said]))

    assert offer.gaps == ("includes_dessert",)
    assert offer.scope == {"includes_dessert": None}


def test_a_scope_without_proof_is_a_gap():
    answers: dict[str, Said] = {
        "price_per_person": (58, "$58 per person"),
        "includes_dessert": (True, "dessert is in"),
    }
    offer = last_offer(called([talk("$58 per person.", answers=answers)]))

    assert offer.confirmed
    assert offer.gaps == ("includes_dessert",)
    assert not offer.counts


def test_a_figure_without_proof_does_not_count():
    offer = last_offer(called([quote(62, heard="We can do $68 per person")]))

    assert offer.is_comparable
    assert not offer.confirmed
    assert not offer.counts


@pytest.mark.parametrize(
    ("kind", "wanted", "value", "compares"),
    [
        ("string", "buffet", "buffet", True),
        ("string", "buffet", "plated", False),
        ("boolean", True, True, True),
        ("boolean", True, False, False),
        ("boolean", False, False, True),
        ("boolean", False, True, False),
        ("number", Decimal(18), 18, True),
        ("number", Decimal(18), 20, False),
    ],
)
def test_a_scope_compares_by_the_value_the_brief_wants(
    kind: str, wanted: object, value: Any, compares: bool
):
    collect = {"price": {"type": "number"}, "scope": {"type": kind}}
    objective = {"minimize": "price", "like_for_like": {"scope": wanted}}
    words = {True: "yes, we do", False: "no, we do not"}.get(value, f"it is {value}")
    if kind == "number":
        words = f"it is {value}"
    answers: dict[str, Said] = {"price": (58, "$58"), "scope": (value, words)}
    said = talk(f"$58. For that scope, {words}.", answers=answers)

    offer = last_offer(called([said], make_brief(collect=collect, objective=objective)))

    assert offer.is_comparable == compares


@pytest.mark.parametrize("said", ["no-answer", talk("Hm."), talk(answered_by="voicemail")])
def test_a_call_without_a_figure_makes_no_offer(said: Talk | str):
    story = running().call(LAKEFRONT, said)

    assert offer_in(story.brief, story.state, story.state.attempts[0]) is None
    assert final_offers(story.brief, story.state) == []


def test_a_call_still_under_way_makes_no_offer():
    story = running()
    attempt_id = story.schedule(LAKEFRONT)
    story.end(attempt_id)

    assert offer_in(story.brief, story.state, story.state.attempts[0]) is None


def test_without_an_objective_there_are_no_offers():
    story = running(sweep_brief()).call(LAKEFRONT, quote(65))

    assert final_offers(story.brief, story.state) == []
    offers = final_offers(make_brief(), called([quote(65)]).state)
    assert best(story.brief, offers, story.now) is None


def test_the_opening_is_an_offer_of_its_own():
    story = catering()
    grill = story.state.attempts[1]

    opening = offer_in(story.brief, story.state, grill, "opening")

    assert opening is not None
    assert (opening.amount, opening.stage, opening.counts) == (Decimal(58), "opening", False)


def test_an_opening_without_proof_does_not_count_though_the_end_of_the_call_is_proven():
    unproven: dict[str, Said] = {
        "price_per_person": (50, "we start at $50"),
        "includes_dessert": (True, "with dessert"),
    }
    story = called([quote(65, opening=unproven)])

    opening = offer_in(story.brief, story.state, story.state.attempts[0], "opening")

    assert opening is not None
    assert (opening.stands, opening.is_comparable, opening.confirmed) == (True, True, False)
    assert not opening.counts
    assert last_offer(story).counts


def test_a_new_offer_of_a_target_takes_the_place_of_its_old_one():
    story = called([quote(70), quote(66)]).call(LAKEFRONT, quote(65))

    offers = final_offers(story.brief, story.state)

    assert [(offer.step_id, offer.amount) for offer in offers] == [(GRILL, 66), (LAKEFRONT, 65)]


def test_the_catering_calls_carry_on_the_best_offer_in_hand():
    story = running()
    assert cited(story, LAKEFRONT) is None

    story.call(LAKEFRONT, quote(65))
    assert cited(story, GRILL) == 65

    story.call(GRILL, quote(62))
    assert cited(story, PRAIRIE) == 62


def test_an_offer_that_does_not_count_is_never_cited():
    story = called([quote(65), quote(58, dessert=False)])
    assert cited(story, PRAIRIE) == 65

    wrong = called([quote(65), quote(58, heard="We can do $85 per person")])
    assert cited(wrong, PRAIRIE) == 65


def test_nobody_is_told_of_their_own_offer():
    story = called([quote(62), quote(65)])

    assert cited(story, LAKEFRONT) == 65
    assert cited(story, GRILL) == 62


def test_among_equal_offers_the_earlier_is_the_best():
    story = called([quote(65), quote(62), quote(62)])

    chosen = best(story.brief, final_offers(story.brief, story.state), story.now)

    assert chosen is not None
    assert chosen.step_id == GRILL


def test_to_maximize_the_highest_offer_is_the_best():
    objective = {**OBJECTIVE, "minimize": None, "maximize": "price_per_person"}
    story = called([quote(65), quote(70), quote(62)], make_brief(objective=objective))

    chosen = best(story.brief, final_offers(story.brief, story.state), story.now)

    assert chosen is not None
    assert chosen.amount == 70
    assert cited(story, GRILL) == 65


def test_the_baseline_is_the_first_offer_that_counts():
    story = called([quote(50, dessert=False), quote(66), quote(62)])

    first = baseline(story.brief, story.state)

    assert first is not None
    assert (first.step_id, first.amount) == (GRILL, Decimal(66))


def test_without_an_offer_that_counts_there_is_no_baseline():
    story = called([quote(50, dessert=False), "no-answer"])

    assert baseline(story.brief, story.state) is None
    assert best(story.brief, final_offers(story.brief, story.state), story.now) is None


def test_a_target_that_quotes_after_a_missed_call_stands_with_its_quote():
    story = running().call(LAKEFRONT, "busy").call(GRILL, quote(62)).call(LAKEFRONT, quote(65))

    offers = final_offers(story.brief, story.state)

    assert [(offer.step_id, offer.amount) for offer in offers] == [(GRILL, 62), (LAKEFRONT, 65)]


@pytest.mark.parametrize(
    "special",
    [
        {"answered_by": "voicemail"},
        {"answered_by": "wrong_number"},
        {"answered_by": "phone_tree"},
        {"declined": True},
        {"asked_not_to_be_called_again": True},
    ],
)
def test_a_figure_from_a_call_that_reached_nobody_willing_is_never_cited(
    special: dict[str, Any],
):
    answers: dict[str, Said] = {
        "price_per_person": (9, "lunch special $9 per person"),
        "includes_dessert": (True, "with dessert"),
    }
    heard = "Lunch special $9 per person with dessert."
    story = called([quote(65), talk(heard, answers=answers, **special)])

    assert cited(story, PRAIRIE) == 65


def test_an_offer_with_a_decisive_answer_that_nobody_said_is_not_ranked():
    answers: dict[str, Said] = {
        "price_per_person": (50, "$50 per person"),
        "includes_dessert": (True, "with dessert"),
        "available": (True, "sure thing"),
    }
    story = called([quote(65), talk("It is $50 per person with dessert.", answers=answers)])
    doubtful = final_offers(story.brief, story.state)[1]
    chosen = best(story.brief, final_offers(story.brief, story.state), story.now)

    assert (doubtful.confirmed, doubtful.is_comparable, doubtful.stands) == (True, True, True)
    assert (doubtful.doubts, doubtful.counts) == (("available",), False)
    assert chosen
    assert chosen.amount == 65
