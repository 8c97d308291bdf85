"""What a mission looks like from outside: one state, the next step, no words of strangers."""

import json
from datetime import timedelta

import pytest

from telnyx_toolkit.forecast import foresee
from telnyx_toolkit.ledger import Progress
from telnyx_toolkit.pace import Pace
from telnyx_toolkit.plan import make_plan
from telnyx_toolkit.views import (
    attempt_view,
    mission_row,
    plan_view,
    status_view,
    transcript_view,
)
from tests.unit.build import (
    GRILL,
    LAKEFRONT,
    PRAIRIE,
    RATES,
    SANDBOX,
    START,
    Doc,
    Story,
    make_brief,
    quote,
    running,
    told_of,
)

NOTHING = Progress()
WAITING = Progress(3, START + timedelta(hours=8))


def status(story: Story, progress: Progress = NOTHING) -> Doc:
    return status_view(story.state, progress)


@pytest.mark.parametrize(
    ("story", "progress", "state", "command"),
    [
        (Story(make_brief()), NOTHING, "draft", "plan-steps m_example"),
        (Story(make_brief()), WAITING, "draft", "plan-steps m_example"),
        (
            Story(make_brief()).plan(),
            NOTHING,
            "planned",
            "run-mission m_example --plan-hash plan-1 --approved-by WHO --words '…'",
        ),
        (Story(make_brief()).plan().approve(), NOTHING, "approved", "run-mission m_example"),
        (running(), NOTHING, "running", "run-mission m_example"),
        (running(), WAITING, "waiting", "run-mission m_example"),
        (running().finish("succeeded", {}), NOTHING, "succeeded", ""),
        (running().finish("failed", {}), WAITING, "failed", ""),
        (running().finish("cancelled", {}), NOTHING, "cancelled", ""),
    ],
)
def test_a_mission_says_where_it_stands_and_what_comes_next(
    story: Story, progress: Progress, state: str, command: str
):
    view = status(story, progress)

    assert view["state"] == state
    assert view["next"] == (f"telnyx-toolkit {command}" if command else "")


def test_a_waiting_mission_says_until_when():
    assert status(running(), WAITING)["next_due_at"] == "2026-12-01T23:00:00+00:00"
    assert status(running())["next_due_at"] is None
    assert status(running().finish("failed", {}), WAITING)["next_due_at"] is None


def test_a_status_shows_the_steps_and_the_attempts_without_what_was_said():
    story = running().call(LAKEFRONT, quote(65))
    story.call(GRILL, quote(62), told_of("65", "Lakefront Catering"))

    view = status(story)

    assert [step["step_id"] for step in view["steps"]][:3] == ["research", "setup", LAKEFRONT]
    assert {step["status"] for step in view["steps"]} == {"pending"}
    assert [(a["target"], a["told"]) for a in view["attempts"]] == [
        ("Lakefront Catering", ""),
        ("Chicago Grill Co", "$65"),
    ]
    assert "We can do" not in json.dumps(view)
    assert "+1312" not in json.dumps(view)


@pytest.mark.parametrize(
    ("facts", "unknown"),
    [
        ([], []),
        (["attempt.sent"], ["a1"]),
        (["attempt.sent", "attempt.unknown"], ["a1"]),
        (["attempt.sent", "attempt.scheduled"], []),
        (["attempt.abandoned"], []),
    ],
)
def test_a_status_names_the_calls_nobody_knows_about(facts: list[str], unknown: list[str]):
    story = running()
    attempt_id = story.request(LAKEFRONT)
    for kind in facts:
        story.tell(kind, attempt_id=attempt_id, reason="lost", scheduled_event_id="ev-1")

    assert status(story)["unknown"] == unknown


def test_an_attempt_shows_its_ids_and_its_end():
    story = running().call(LAKEFRONT, quote(65))

    assert attempt_view(story.state, story.state.attempts[0]) == {
        "attempt_id": "a1",
        "target": "Lakefront Catering",
        "step_id": LAKEFRONT,
        "channel": "call",
        "phase": "collected",
        "scheduled_at": "2026-12-01T15:02:00+00:00",
        "scheduled_event_id": "ev-a1",
        "call_status": "completed",
        "conversation_id": "conv-a1",
        "duration_s": 120,
        "cost_usd": None,
        "told": "",
        "reason": "",
    }


def test_a_status_shows_telnyxs_ids_and_the_result():
    story = running().tell("effect.requested", effect="mission", key="k", body={})
    assert (status(story)["telnyx_mission_id"], status(story)["run_id"]) == ("", "")

    story.tell("effect.executed", effect="mission", result={"mission_id": "tm-1"})
    story.tell("effect.requested", effect="run-1", key="k", body={})
    story.tell("effect.executed", effect="run-1", result={"run_id": "tr-1"})
    story.finish("succeeded", {}, text="All well.")

    view = status(story)
    assert (view["telnyx_mission_id"], view["run_id"]) == ("tm-1", "tr-1")
    assert view["result_summary"] == "All well."


def test_the_plan_shows_what_a_person_is_asked_to_approve():
    brief, story = make_brief(), Story(make_brief())
    words: Doc = {"greetings": {"en-US": "Hello."}, "messages": {}}
    forecast = foresee(brief, story.targets, START, Pace())
    plan_hash, plan = make_plan(brief, story.targets, words, SANDBOX, RATES, forecast)
    story.tell("plan.made", plan_hash=plan_hash, plan=plan)

    view = plan_view(story.state)

    assert view["plan_hash"] == plan_hash
    assert view["next"].startswith(f"telnyx-toolkit run-mission m_example --plan-hash {plan_hash} ")
    assert (view["on_behalf_of"], view["strategy"]) == (brief.on_behalf_of, "negotiate")
    assert view["permitted"] == {"days": "mon-fri", "hours": "09:00-17:00", "finish_by": None}
    assert view["limits"]["spend_usd"] == "5.00"
    assert [call["phone"] for call in view["calls"]] == [t.phone for t in story.targets]
    assert view["greeting"] == "Hello."
    assert json.loads(json.dumps(view)) == view


def test_without_a_plan_there_is_no_hash_to_approve():
    view = plan_view(Story(make_brief()).state)

    assert (view["plan_hash"], view["state"]) == ("", "draft")
    assert view["next"] == "telnyx-toolkit plan-steps m_example"


def test_a_transcript_is_quoted_as_the_words_of_a_stranger():
    story = running().call(LAKEFRONT, quote(65))

    view = transcript_view(story.state, story.state.target(LAKEFRONT))

    assert view["about"].startswith("Words of a stranger on the phone")
    assert view["conversation_id"] == "conv-a1"
    assert view["transcript"] == [dict(turn) for turn in quote(65).transcript]
    assert view["insight"] == quote(65).insight
    assert view["target"] == "Lakefront Catering"


def test_the_transcript_is_of_the_latest_call_in_which_anybody_spoke():
    story = running().call(LAKEFRONT, quote(70)).call(LAKEFRONT, quote(65))
    story.call(LAKEFRONT, "busy")

    view = transcript_view(story.state, story.state.target(LAKEFRONT))

    assert view["conversation_id"] == "conv-a2"


def test_without_a_talk_the_transcript_is_empty():
    story = running().call(PRAIRIE, "no-answer")

    view = transcript_view(story.state, story.state.target(PRAIRIE))

    assert (view["conversation_id"], view["transcript"], view["insight"]) == ("", [], None)


def test_a_row_of_the_list_says_what_and_where():
    assert mission_row(running().state, WAITING) == {
        "mission_id": "m_example",
        "name": "Corporate catering quotes",
        "state": "waiting",
        "next_due_at": "2026-12-01T23:00:00+00:00",
        "created_at": "2026-12-01T15:00:00+00:00",
        "targets": 3,
        "at": SANDBOX,
        "leftovers": [],
    }
