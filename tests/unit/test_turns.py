"""Whose turn it is in a negotiation, why, and when another call cannot pay for itself."""

from typing import Any

import pytest

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.negotiation import earlier, leverage, returns
from telnyx_toolkit.policy import Allow, Deny, check
from telnyx_toolkit.strategies import Action, Call, Finish, next_actions
from tests.unit.build import (
    GRILL,
    LAKEFRONT,
    OBJECTIVE,
    PRAIRIE,
    Doc,
    Said,
    Story,
    called,
    make_brief,
    quote,
    running,
    talk,
    target,
)


def wanted(story: Story) -> list[Action]:
    return list(next_actions(story.brief, story.state, story.now))


def reasons(story: Story) -> list[tuple[str, str]]:
    return [(a.step_id, a.why) for a in wanted(story) if isinstance(a, Call)]


def objective(**changes: Any) -> Doc:
    return {**OBJECTIVE, **changes}


def returning(**changes: Any) -> Brief:
    return make_brief(leverage={"return_to_earlier": True}, **changes)


def told(story: Story, step_id: str) -> Doc | None:
    """What a call to that target is told now."""
    offer = leverage(story.brief, story.state, step_id, story.now)
    if offer is None:
        return None
    return {"text": f"${offer.amount}", "total": str(offer.total), "target": offer.target_name}


def test_the_first_of_the_brief_gives_the_baseline():
    assert reasons(running())[0] == (LAKEFRONT, "gives the baseline")


def test_the_next_call_says_what_it_carries():
    story = called([quote(65)])

    assert reasons(story)[0] == (GRILL, "carries $65, the best offer so far")


def test_whoever_is_expected_to_be_best_comes_first_after_the_baseline():
    people = [
        target("A", "+13125550101"),
        target("B", "+13125550102"),
        {**target("C", "+13125550103"), "expects": 66},
        {**target("D", "+13125550104"), "expects": 60},
    ]

    steps = [step for step, _ in reasons(running(make_brief(targets=people)))]

    assert steps == ["call-1", "call-4", "call-3", "call-2"]


def test_to_maximize_the_highest_expectation_comes_first():
    people = [
        target("A", "+13125550101"),
        {**target("B", "+13125550102"), "expects": 60},
        {**target("C", "+13125550103"), "expects": 66},
    ]
    goal = objective(minimize=None, maximize="price_per_person")

    steps = [step for step, _ in reasons(running(make_brief(targets=people, objective=goal)))]

    assert steps == ["call-1", "call-3", "call-2"]


def test_whoever_has_to_be_tried_again_comes_after_those_who_were_not_tried():
    story = called(["busy"])

    assert reasons(story) == [
        (GRILL, "gives the baseline"),
        (PRAIRIE, "gives the baseline"),
        (LAKEFRONT, "tried again after: busy"),
    ]


@pytest.mark.parametrize(("price", "stops"), [(58, True), (57, True), (59, False)])
def test_once_the_target_figure_is_reached_nobody_else_is_called(price: int, stops: bool):
    story = called([quote(price)])

    [first, *_] = wanted(story)

    assert isinstance(first, Finish) == stops
    if isinstance(first, Finish):
        assert first.why == "the target figure is reached"


@pytest.mark.parametrize(("quantity", "stops"), [("0.1", True), ("50", False)])
def test_a_call_that_costs_more_than_is_left_to_gain_is_not_made(quantity: str, stops: bool):
    story = called([quote(59)], make_brief(objective=objective(quantity=quantity)))

    [first, *_] = wanted(story)

    assert isinstance(first, Finish) == stops
    if isinstance(first, Finish):
        assert first.why == "at most $0.10 is left to gain, and a call costs $0.40"


def test_without_a_target_figure_everybody_is_called():
    story = called([quote(1)], make_brief(objective=objective(target=None)))

    assert [step for step, _ in reasons(story)] == [GRILL, PRAIRIE]


def test_nobody_is_called_twice_unless_the_brief_says_so():
    story = called([quote(65), quote(62), quote(64)])

    assert wanted(story) == [Finish()]


def test_whoever_was_told_less_can_beat_the_best_offer_once():
    story = running(returning())
    for step, price in ((LAKEFRONT, 65), (GRILL, 62), (PRAIRIE, 64)):
        story.call(step, quote(price), told(story, step))

    assert reasons(story) == [(LAKEFRONT, "called once more with the better offer of $62")]
    story.call(LAKEFRONT, quote(61), told(story, LAKEFRONT))
    assert reasons(story) == [
        (GRILL, "called once more with the better offer of $61"),
        (PRAIRIE, "called once more with the better offer of $61"),
    ]
    story.call(GRILL, quote(60), told(story, GRILL))
    story.call(PRAIRIE, quote(64), told(story, PRAIRIE))
    assert wanted(story) == [Finish()]


def test_a_return_that_reaches_nobody_leaves_the_offer_as_it_was():
    story = running(returning())
    for step, price in ((LAKEFRONT, 65), (GRILL, 62), (PRAIRIE, 62)):
        story.call(step, quote(price), told(story, step))
    story.call(LAKEFRONT, "no-answer", told(story, LAKEFRONT))

    assert wanted(story) == [Finish()]
    offers = {o: leverage(story.brief, story.state, o, story.now) for o in (GRILL,)}
    assert offers[GRILL] is not None


def test_what_was_left_open_is_asked_where_it_could_win():
    brief = returning(objective=objective(target=None))
    words: dict[str, Said] = {
        "price_per_person": (60, "$60 per person"),
        "available": (True, "we are free"),
        "includes_dessert": (None, ""),
    }
    vague = talk("$60 per person and we are free.", answers=words)
    story = running(brief)
    story.call(LAKEFRONT, vague)
    for step, price in ((GRILL, 62), (PRAIRIE, 62)):
        story.call(step, quote(price), told(story, step))

    assert (LAKEFRONT, "called once more to ask: includes dessert") in reasons(story)
    asked = earlier(story.brief, story.state, LAKEFRONT, "en-US")
    assert asked is not None
    assert asked["open"] == "includes dessert"
    assert asked["text"].startswith("$60")


def test_what_was_left_open_is_not_asked_where_it_cannot_win():
    words: dict[str, Said] = {"price_per_person": (70, "$70 per person")}
    story = running(returning(objective=objective(target=None)))
    story.call(LAKEFRONT, quote(62))
    story.call(GRILL, talk("$70 per person.", answers=words), told(story, GRILL))
    story.call(PRAIRIE, quote(64), told(story, PRAIRIE))

    assert returns(story.brief, story.state, story.now) == []


def test_nobody_is_called_more_often_than_the_brief_allows():
    story = running(returning(limits={"attempts_per_target": 1}))
    for step, price in ((LAKEFRONT, 65), (GRILL, 62), (PRAIRIE, 64)):
        story.call(step, quote(price), told(story, step))

    assert wanted(story) == [Finish()]


def test_policy_allows_the_return_that_the_negotiation_wants_and_no_other():
    story = running(returning())
    for step, price in ((LAKEFRONT, 65), (GRILL, 62), (PRAIRIE, 64)):
        story.call(step, quote(price), told(story, step))

    def verdict(step: str) -> Any:
        return check(story.brief, story.state, story.state.target(step), story.now)

    assert isinstance(verdict(LAKEFRONT), Allow)
    assert isinstance(verdict(GRILL), Deny)
    assert verdict(GRILL).code == "resolved"
