"""What Telnyx is told of each fact, in order, and nothing of the others."""

import copy
from typing import Any

import pytest

from telnyx_toolkit.engine.mirror import LogLine, RunMove, StepMove, Told, batch, mirror
from tests.unit.build import (
    GRILL,
    LAKEFRONT,
    Doc,
    Story,
    catering,
    make_brief,
    quote,
    running,
    told_of,
)

PAYLOAD: Doc = {"headline": "Recommended:\nChicago Grill Co"}


def told(story: Story) -> tuple[Told, ...]:
    """What is told of the latest fact."""
    return mirror(story.events[-1], story.state)


def test_a_start_moves_the_run_and_then_says_so():
    story = running()

    assert told(story) == (
        RunMove("running"),
        LogLine("status_change", "Mission started: 3 to call", None, {"plan_hash": "plan-1"}),
    )


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_an_end_is_logged_before_the_run_is_closed_with_its_result(status: str):
    story = running().finish(status, PAYLOAD, text="Text")

    assert told(story) == (
        LogLine("status_change", f"Mission {status}: Recommended: Chicago Grill Co"),
        RunMove(status, "Text", PAYLOAD),
    )


@pytest.mark.parametrize(
    ("fact", "status", "type_"),
    [
        ("started", "in_progress", "step_started"),
        ("failed", "failed", "step_failed"),
        ("skipped", "skipped", "custom"),
    ],
)
def test_a_step_is_moved_and_then_logged_with_what_it_is(fact: str, status: str, type_: str):
    story = running().tell(f"step.{fact}", step_id=LAKEFRONT)

    assert told(story) == (
        StepMove(LAKEFRONT, status),
        LogLine(type_, "Call Lakefront Catering", LAKEFRONT),
    )


@pytest.mark.parametrize(
    ("data", "summary"),
    [
        ({"summary": "Lakefront Catering: $65, confirmed"}, "Lakefront Catering: $65, confirmed"),
        ({"reason": "not called"}, "not called"),
        ({"summary": "two\nlines \x1b[31mred\x1b[0m"}, "two lines red"),
        ({}, "Call Lakefront Catering"),
    ],
)
def test_a_step_says_why_in_one_line(data: Doc, summary: str):
    story = running().tell("step.started", step_id=LAKEFRONT)
    story.tell("step.completed", step_id=LAKEFRONT, **data)

    assert told(story) == (
        StepMove(LAKEFRONT, "completed"),
        LogLine("step_completed", summary, LAKEFRONT),
    )


@pytest.mark.parametrize(
    ("leverage", "summary", "cited"),
    [
        (None, "Call to Lakefront Catering scheduled", ""),
        (told_of("62", "Grill"), "Call to Lakefront Catering scheduled, citing $62", "$62"),
    ],
)
def test_a_scheduled_call_says_what_it_cites(leverage: Any, summary: str, cited: str):
    story = running()
    story.schedule(LAKEFRONT, leverage)

    payload = {
        "attempt_id": "a1",
        "scheduled_event_id": "ev-a1",
        "scheduled_at": "2026-12-01T15:02:00+00:00",
        "cited": cited,
    }
    assert told(story) == (LogLine("tool_call", summary, LAKEFRONT, payload),)


def test_an_ended_call_says_how():
    story = running()
    story.end(story.schedule(LAKEFRONT), "busy", seconds=0)

    payload = {"attempt_id": "a1", "call_status": "busy", "conversation_id": "", "duration_s": 0}
    summary = "Call to Lakefront Catering ended: busy"
    assert told(story) == (LogLine("tool_result", summary, LAKEFRONT, payload),)


def test_a_call_that_never_was_is_an_error_with_its_reason():
    story = running()
    story.tell("attempt.abandoned", attempt_id=story.request(LAKEFRONT), reason="never sent")

    summary = "No call to Lakefront Catering: never sent"
    assert told(story) == (LogLine("error", summary, LAKEFRONT, {"attempt_id": "a1"}),)


def test_what_a_person_must_find_out_is_an_error_with_its_reason():
    story = running()
    story.tell("attempt.sent", attempt_id=story.request(LAKEFRONT))
    story.tell("attempt.unresolved", attempt_id="a1", reason="not found")

    summary = "A person must find out whether Lakefront Catering was called: not found"
    assert told(story) == (LogLine("error", summary, LAKEFRONT, {"attempt_id": "a1"}),)


@pytest.mark.parametrize(("step_id", "shown"), [("research", "research"), ("", None)])
def test_what_the_agent_noted_is_passed_on(step_id: str, shown: str | None):
    payload = {"source": "their website"}
    story = running().tell(
        "agent.noted", type="message", summary="Found them", step_id=step_id, payload=payload
    )

    assert told(story) == (LogLine("message", "Found them", shown, payload),)


@pytest.mark.parametrize(
    "kind",
    ["mission.drafted", "plan.made", "plan.approved", "attempt.requested", "attempt.sent"],
)
def test_of_most_facts_telnyx_is_told_nothing(kind: str):
    story = running()
    story.schedule(LAKEFRONT)
    [event] = [event for event in story.events if event.kind == kind]

    assert mirror(event, story.state) == ()


def test_what_was_said_is_never_told_but_the_rest_of_the_call_is():
    story = running()
    attempt_id = story.schedule(LAKEFRONT)
    story.end(attempt_id).collect(attempt_id, quote(65))

    assert told(story) == ()
    lost = Story(make_brief()).start()
    lost.tell("attempt.sent", attempt_id=lost.request(LAKEFRONT))
    lost.tell("attempt.unknown", attempt_id="a1", reason="no answer")
    assert told(lost) == ()
    lost.tell("cancel.requested", reason="Enough")
    assert told(lost) == ()


def test_a_log_line_is_never_too_long():
    story = running().tell("step.skipped", step_id=LAKEFRONT, reason="x" * 5_000)

    [_, line] = told(story)

    assert isinstance(line, LogLine)
    assert len(line.summary) == 400


def test_telling_changes_nothing_and_tells_the_same_each_time():
    story = catering().finish("succeeded", PAYLOAD)
    events, state = copy.deepcopy(story.events), story.state

    first = [mirror(event, state) for event in story.events]

    assert first == [mirror(event, state) for event in story.events]
    assert story.events == events


def test_a_whole_mission_is_told_from_its_start_to_its_end():
    story = catering().finish("succeeded", PAYLOAD)

    types = [t for event in story.events for t in mirror(event, story.state)]

    assert types[0] == RunMove("running")
    assert types[-1] == RunMove("succeeded", "Done.", PAYLOAD)
    lines = [t.type for t in types if isinstance(t, LogLine)]
    assert lines == ["status_change", *["tool_call", "tool_result"] * 3, "status_change"]


def test_facts_of_one_step_go_in_one_line_and_one_move():
    story = running().tell("step.started", step_id=LAKEFRONT)
    first = story.events[-1].seq
    story.schedule(LAKEFRONT)
    last = story.events[-1]

    move, line = batch([e for e in story.events if e.seq >= first], story.state)

    assert move == StepMove(LAKEFRONT, "in_progress")
    assert isinstance(line, LogLine)
    assert (line.type, line.step_id) == ("tool_call", LAKEFRONT)
    assert line.summary == "Call Lakefront Catering; Call to Lakefront Catering scheduled"
    assert (line.payload["seq"], line.payload["at"]) == (last.seq, last.at.isoformat())
    facts = line.payload["facts"]
    assert [(fact["seq"], fact["type"]) for fact in facts] == [
        (first, "step_started"),
        (last.seq, "tool_call"),
    ]
    assert facts[1]["payload"]["attempt_id"] == "a1"


def test_of_a_step_that_began_and_ended_only_the_end_is_moved_to():
    story = running().tell("step.started", step_id=LAKEFRONT)
    story.tell("step.completed", step_id=LAKEFRONT, summary="$65")

    told = batch(story.events[-2:], story.state)

    assert [item for item in told if isinstance(item, StepMove)] == [
        StepMove(LAKEFRONT, "completed")
    ]


def test_facts_of_different_steps_and_of_the_run_stay_apart_and_in_order():
    story = running().tell("step.started", step_id=LAKEFRONT)
    story.tell("step.started", step_id=GRILL).tell("step.skipped", step_id=LAKEFRONT, reason="no")

    told = batch([e for e in story.events if mirror(e, story.state)], story.state)

    lines = [item for item in told if isinstance(item, LogLine)]
    assert [(line.type, line.step_id) for line in lines] == [
        ("status_change", None),
        ("step_started", GRILL),
        ("custom", LAKEFRONT),
    ]
    assert told[0] == RunMove("running")
    seqs = [line.payload["seq"] for line in lines]
    assert seqs == sorted(seqs)


def test_what_an_agent_calls_facts_stays_the_agents():
    story = running().tell(
        "agent.noted", type="message", summary="Read", step_id=LAKEFRONT, payload={"facts": ["a"]}
    )

    (line,) = batch(story.events[-1:], story.state)

    assert isinstance(line, LogLine)
    assert line.payload["facts"] == ["a"]
