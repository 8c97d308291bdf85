"""Who is left, and who was put off: asked about again in time, and never forgotten."""

from datetime import timedelta

from telnyx_toolkit.strategies import Call, Wait, next_actions
from telnyx_toolkit.unresolved import Unresolved, unresolved
from tests.unit.build import GRILL, LAKEFRONT, PRAIRIE, Story, running, sweep_brief

HOUR = timedelta(hours=1)


def people(story: Story) -> Unresolved:
    return unresolved(story.brief, story.state)


def ready(story: Story) -> list[str]:
    return [*people(story).ready(story.now)]


def put_off(hours: int) -> Story:
    """A sweep of three, the first of whom is not to be called for so long."""
    story = running(sweep_brief())
    people(story).put_off(LAKEFRONT, story.now, story.now + hours * HOUR)
    return story


def test_whoever_is_put_off_is_left_out_until_then_and_comes_back_to_their_place():
    story = put_off(2)
    assert ready(story) == [GRILL, PRAIRIE]
    assert people(story).next_due() == story.now + 2 * HOUR

    story.now += 2 * HOUR
    assert ready(story) == [LAKEFRONT, GRILL, PRAIRIE]
    assert people(story).next_due() is None


def test_a_clock_that_goes_back_puts_nobody_off():
    story = put_off(2)
    story.now -= HOUR
    assert ready(story) == [LAKEFRONT, GRILL, PRAIRIE]


def test_what_happens_with_somebody_ends_their_being_put_off():
    story = put_off(2)
    story.call(LAKEFRONT, "busy")
    assert LAKEFRONT in ready(story)
    assert people(story).next_due() is None


def test_whoever_is_called_again_after_their_step_ended_is_left_for_a_new_process_too():
    story = running(sweep_brief()).call(LAKEFRONT, "busy")
    story.tell("step.started", step_id=LAKEFRONT)
    story.tell("step.failed", step_id=LAKEFRONT, reason="enough")
    assert Unresolved(story.brief, story.state).left == {GRILL, PRAIRIE}

    story.request(LAKEFRONT)
    assert Unresolved(story.brief, story.state).left == {LAKEFRONT, GRILL, PRAIRIE}


def test_a_sweep_waits_for_those_who_are_put_off():
    story = put_off(2)
    *calls, wait = next_actions(story.brief, story.state, story.now)
    assert calls == [Call(GRILL), Call(PRAIRIE)]
    assert isinstance(wait, Wait)
    assert wait.until == story.now + 2 * HOUR
