"""Whom to call next, and when to stop."""

from collections.abc import Callable

import pytest

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.strategies import Call, Finish, Wait, next_actions
from tests.unit.build import (
    GRILL,
    LAKEFRONT,
    PRAIRIE,
    Said,
    Story,
    make_brief,
    quote,
    running,
    sweep_brief,
    talk,
)

FREE: dict[str, Said] = {"available": (True, "yes we are")}
ANSWER = talk("Yes, we are.", answers=FREE)


def actions(story: Story) -> list[Call | Wait | Finish]:
    return list(next_actions(story.brief, story.state, story.now))


def calls(*step_ids: str) -> list[Call]:
    return [Call(step_id) for step_id in step_ids]


@pytest.mark.parametrize("brief", [make_brief(), sweep_brief()], ids=["negotiate", "sweep"])
def test_the_targets_are_called_in_the_order_of_the_brief(brief: Brief):
    assert actions(running(brief)) == calls(LAKEFRONT, GRILL, PRAIRIE)


@pytest.mark.parametrize("upto", ["requested", "sent", "unknown", "scheduled", "ended"])
def test_negotiating_waits_for_the_call_under_way(upto: str):
    story = running()
    attempt_id = story.request(LAKEFRONT)
    facts = {
        "requested": (),
        "sent": ("attempt.sent",),
        "unknown": ("attempt.sent", "attempt.unknown"),
        "scheduled": ("attempt.sent", "attempt.scheduled"),
        "ended": ("attempt.sent", "attempt.scheduled"),
    }
    for kind in facts[upto]:
        story.tell(kind, attempt_id=attempt_id, reason="lost", scheduled_event_id="ev-1")
    if upto == "ended":
        story.end(attempt_id)

    assert story.state.attempt(attempt_id).phase == upto
    assert actions(story) == [Wait()]


def test_negotiating_goes_on_to_the_next_once_a_call_is_collected():
    story = running().call(LAKEFRONT, quote(65))

    assert actions(story) == calls(GRILL, PRAIRIE)


def test_negotiating_comes_back_to_whoever_was_not_reached():
    story = running().call(LAKEFRONT, "busy").call(GRILL, quote(62))

    assert actions(story) == calls(PRAIRIE, LAKEFRONT)
    assert actions(story.call(PRAIRIE, quote(64))) == calls(LAKEFRONT)


def test_negotiating_ends_only_when_every_target_is_resolved():
    story = running().call(LAKEFRONT, quote(65)).call(GRILL, quote(62))
    assert Finish() not in actions(story)

    story.call(PRAIRIE, talk("Never again.", asked_not_to_be_called_again=True))

    assert actions(story) == [Finish()]


def test_a_sweep_wants_everybody_who_is_left_and_not_being_called():
    story = running(sweep_brief())

    first = story.schedule(LAKEFRONT)
    assert actions(story) == calls(GRILL, PRAIRIE)
    story.schedule(GRILL)
    assert actions(story) == calls(PRAIRIE)
    story.end(first)
    story.collect(first, ANSWER)
    assert actions(story) == calls(PRAIRIE)


def test_a_sweep_does_not_call_whoever_is_on_the_phone():
    story = running(sweep_brief()).call(LAKEFRONT, ANSWER).call(GRILL, ANSWER)
    story.schedule(PRAIRIE)

    assert actions(story) == [Wait()]


def test_a_sweep_tries_again_whoever_was_not_reached():
    story = running(sweep_brief()).call(LAKEFRONT, "no-answer").call(GRILL, ANSWER)

    assert actions(story) == calls(LAKEFRONT, PRAIRIE)


def test_a_sweep_ends_only_when_every_target_is_resolved():
    story = running(sweep_brief(limits={"attempts_per_target": 1}))
    story.call(LAKEFRONT, "no-answer").call(GRILL, ANSWER)
    assert actions(story) == calls(PRAIRIE)

    story.call(PRAIRIE, talk(answered_by="voicemail"))

    assert actions(story) == [Finish()]


@pytest.mark.parametrize("make", [make_brief, sweep_brief])
@pytest.mark.parametrize("attempts", [1, 2, 3])
def test_a_mission_nobody_answers_makes_every_try_and_no_more(
    make: Callable[..., Brief], attempts: int
):
    story = running(make(limits={"attempts_per_target": attempts}))

    while Finish() not in (wanted := actions(story)):
        assert isinstance(wanted[0], Call)
        story.call(wanted[0].step_id, "no-answer")

    assert len(story.state.attempts) == 3 * attempts


@pytest.mark.parametrize("make", [make_brief, sweep_brief])
def test_a_strategy_is_a_function_of_the_state_alone(make: Callable[..., Brief]):
    story = running(make()).call(LAKEFRONT, "busy")
    before = story.state

    assert actions(story) == actions(story)
    assert story.state is before
