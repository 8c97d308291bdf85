"""The state is a pure fold over the facts: the same facts, the same state, in any portions."""

import json
from dataclasses import replace

import pytest

from telnyx_toolkit.errors import IllegalTransition
from telnyx_toolkit.model import Event
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.transitions import fold
from tests.unit.build import (
    GRILL,
    LAKEFRONT,
    PRAIRIE,
    SANDBOX,
    START,
    Story,
    make_brief,
    quote,
    running,
    sweep_brief,
)


def whole_mission() -> Story:
    """A mission in which everything happens that can happen."""
    story = Story(sweep_brief())
    story.tell("effect.requested", effect="mission", key="k1", body={"name": "x"})
    story.tell("effect.executed", effect="mission", result={"mission_id": "tm-1"})
    revised = make_brief().model_dump(mode="json")
    story.plan().approve().tell("brief.revised", brief=revised, brief_hash="h2")
    story.tell("effect.requested", effect="run-2", key="k2", body={})
    story.tell("effect.executed", effect="run-2", result={"run_id": "run-b"})
    story.brief = make_brief()
    story.start()
    story.tell("effect.requested", effect="number", key="k3", body={})
    story.tell("effect.executed", effect="number", result={"phone_number": "+13125550192"})
    story.tell("step.started", step_id="setup")
    story.tell("step.completed", step_id="setup")
    lost = story.request(LAKEFRONT)
    story.tell("attempt.sent", attempt_id=lost)
    story.tell("attempt.unknown", attempt_id=lost, reason="no answer")
    story.tell("attempt.sought", attempt_id=lost)
    story.tell("attempt.abandoned", attempt_id=lost, reason="not there")
    story.call(LAKEFRONT, "busy").call(LAKEFRONT, quote(65)).call(GRILL, quote(62))
    story.tell("step.started", step_id=LAKEFRONT)
    story.tell("step.completed", step_id=LAKEFRONT)
    story.tell("step.failed", step_id=GRILL)
    story.tell("step.skipped", step_id=PRAIRIE)
    story.tell("agent.noted", type="custom", summary="Looked it up", step_id="", payload={})
    story.tell("cancel.requested", reason="Enough")
    story.finish("cancelled", {"headline": "Enough"})
    return story.tell("effect.undone", effect="number")


def test_the_same_facts_give_the_same_state():
    events = whole_mission().events

    assert fold(events) == fold(events) == whole_mission().state


def test_facts_may_be_folded_in_any_two_portions():
    events = whole_mission().events
    whole = fold(events)

    for n in range(1, len(events)):
        assert fold(events[n:], start=fold(events[:n])) == whole


def test_folding_changes_neither_the_state_it_began_with_nor_the_facts():
    events = whole_mission().events
    start, told = fold(events[:20]), json.dumps([dict(e.data) for e in events])
    before = replace(start)

    fold(events[20:], start=start)

    assert start == before
    assert json.dumps([dict(e.data) for e in events]) == told


def test_facts_survive_the_ledgers_json():
    events = [replace(e, data=json.loads(json.dumps(e.data))) for e in whole_mission().events]

    assert fold(events) == whole_mission().state


def test_a_whole_mission_reads_as_it_went():
    state = whole_mission().state

    assert (state.phase, state.is_finished, state.cancel_reason) == ("cancelled", True, "Enough")
    assert (state.telnyx_mission_id, state.run_id, state.revision) == ("tm-1", "run-b", 2)
    assert (state.name, state.base_url, state.created_at) == (
        "Corporate catering quotes",
        SANDBOX,
        START,
    )
    assert [a.phase for a in state.attempts] == ["abandoned", *["collected"] * 3]
    assert [(s.step_id, s.status) for s in state.steps] == [
        ("research", "pending"),
        ("setup", "completed"),
        (LAKEFRONT, "completed"),
        (GRILL, "failed"),
        (PRAIRIE, "skipped"),
        ("compare", "pending"),
    ]
    assert state.result_summary == "Done."
    assert state.result_payload == {"headline": "Enough"}
    assert not state.did("number")
    assert state.notes == 1


def test_the_targets_take_their_steps_in_order():
    assert [(t.step_id, t.name) for t in running().targets] == [
        (LAKEFRONT, "Lakefront Catering"),
        (GRILL, "Chicago Grill Co"),
        (PRAIRIE, "Prairie Table Events"),
    ]


def test_a_revised_brief_voids_plan_and_approval():
    story = Story(make_brief()).plan().approve()
    brief = sweep_brief().model_dump(mode="json")

    state = story.tell("brief.revised", brief=brief, brief_hash="h2").state

    assert (state.phase, state.plan, state.approval, state.steps) == ("draft", None, None, ())
    assert (state.revision, state.brief_hash) == (2, "h2")


def test_a_new_plan_voids_the_approval_of_the_old_one():
    state = Story(make_brief()).plan().approve().plan().state

    assert (state.phase, state.approval) == ("planned", None)


def test_an_attempt_keeps_what_was_sent_and_what_came_of_it():
    story = running().call(LAKEFRONT, quote(65))

    attempt = story.state.attempt("a1")

    assert attempt.call_status == "completed"
    assert attempt.conversation_id == "conv-a1"
    assert attempt.scheduled_event_id == "ev-a1"
    assert attempt.duration_s == 120
    assert (attempt.requested_at, attempt.ended_at) == (START, story.now)
    assert attempt.transcript == quote(65).transcript
    assert not attempt.is_open


def test_an_abandoned_attempt_is_no_try():
    story = running()
    attempt_id = story.request(LAKEFRONT)
    assert story.state.open_attempts == story.state.attempts

    story.tell("attempt.abandoned", attempt_id=attempt_id, reason="never sent")

    assert story.state.attempts_at(LAKEFRONT) == ()
    assert story.state.open_attempts == ()
    assert not story.state.attempt(attempt_id).may_have_rung


def test_a_second_look_for_a_lost_call_is_counted():
    story = running()
    attempt_id = story.request(LAKEFRONT)
    story.tell("attempt.sent", attempt_id=attempt_id)

    for looks in (1, 2):
        story.tell("attempt.sought", attempt_id=attempt_id)
        attempt = story.state.attempt(attempt_id)
        assert (attempt.looks, attempt.sought_at, attempt.phase) == (looks, story.now, "sent")


def test_what_was_undone_may_be_done_anew():
    story = running()
    for result in ({"id": "1"}, {"id": "2"}):
        story.tell("effect.requested", effect="assistant", key="k", body={})
        assert not story.state.did("assistant")
        assert story.state.result_of("assistant") == {}
        story.tell("effect.executed", effect="assistant", result=result)
        assert story.state.did("assistant")
        assert story.state.result_of("assistant") == result
        story.tell("effect.undone", effect="assistant")

    assert not story.state.did("assistant")


def test_an_empty_answer_is_an_answer():
    story = running().tell("effect.requested", effect="agent-link", key="k", body={})

    story.tell("effect.executed", effect="agent-link", result={})

    assert story.state.did("agent-link")


def test_there_is_no_state_without_facts():
    with pytest.raises(IllegalTransition, match="no events to fold"):
        fold([])
    assert fold([], start=MissionState("m_example")) == MissionState("m_example")


def test_the_first_fact_has_number_one():
    draft = Story(make_brief()).events[0]

    with pytest.raises(IllegalTransition, match="Event 2 follows event 0"):
        fold([replace(draft, seq=2)])


def test_an_unknown_fact_is_named():
    unknown = Event("m_example", 2, "run.paused", START, {})

    with pytest.raises(IllegalTransition, match=r"an unknown event: 'run\.paused'"):
        fold([*Story(make_brief()).events, unknown])
