"""Sweeps, unanswered calls, refusals, cancellation: each ends as data, and tidily."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from telnyx_toolkit.errors import ErrorResponse, TelnyxError

Doc = dict[str, Any]


def _to(survey: Doc, *phones: str) -> Doc:
    survey["targets"] = [
        {"name": f"Shop {n}", "phone": phone, "timezone": "America/Chicago"}
        for n, phone in enumerate(phones, 1)
    ]
    return survey


def callee(name: str) -> str:
    """The number of a shipped callee."""
    path = Path(__file__).parents[2] / "fixtures" / "callees" / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))["phone"]


def test_a_sweep_asks_everybody_and_reports_their_answers(rig: Any, survey: Doc) -> None:
    summary = rig.ran(survey)

    payload = summary["result_payload"]
    assert [row["outcome"] for row in payload["targets"]] == ["answered", "answered"]
    assert payload["recommendation"] is None
    assert payload["counts"]["text"] == "2 answered of 2 called"
    assert all(row["answers"]["open_until"] for row in payload["targets"])


def test_a_sweep_has_at_most_two_calls_under_way(rig: Any, survey: Doc) -> None:
    _to(survey, *(f"+131255501{n}" for n in range(20, 26)))

    rig.ran(survey)

    attempts = rig.state(rig.events[0].mission_id).attempts
    for attempt in attempts:
        busy = [a for a in attempts if a.scheduled_at <= attempt.scheduled_at < a.ended_at]
        assert len(busy) <= 2
    assert len(rig.rang()) == 6


def test_a_busy_callee_is_tried_again_after_a_pause_until_they_answer(
    rig: Any, survey: Doc
) -> None:
    rig.ran(_to(survey, callee("busy-twice")))

    state = rig.state(rig.events[0].mission_id)
    assert [a.call_status for a in state.attempts] == ["busy", "busy", "completed"]
    for earlier, later in zip(state.attempts, state.attempts[1:], strict=False):
        assert later.scheduled_at - earlier.ended_at >= timedelta(minutes=20)


def test_a_mission_in_which_nobody_answers_fails_with_its_result_stored(
    rig: Any, survey: Doc
) -> None:
    summary = rig.ran(_to(survey, callee("no-answer")))
    mission = summary["mission_id"]

    assert summary["state"] == "failed"
    assert rig.run_at_telnyx(mission)["status"] == "failed"
    assert rig.run_at_telnyx(mission)["result_payload"]["targets"][0]["outcome"] == "no-answer"
    assert rig.steps_at_telnyx(mission)["call-1"] == "failed"
    assert summary["result_payload"]["targets"][0]["attempts"] == 3
    assert set(rig.made_at_telnyx().values()) == {0}


def test_voicemail_is_no_answer_to_the_question(rig: Any, survey: Doc) -> None:
    summary = rig.ran(_to(survey, callee("voicemail")))

    row = summary["result_payload"]["targets"][0]
    assert row["outcome"] in {"voicemail", "answered"}
    assert rig.state(summary["mission_id"]).attempts[0].call_status == "completed"
    assert len(rig.rang()) > 1


def test_who_asks_not_to_be_called_again_is_not_called_again(rig: Any, survey: Doc) -> None:
    summary = rig.ran(_to(survey, callee("opts-out")))

    assert summary["result_payload"]["targets"][0]["outcome"] == "opted_out"
    assert len(rig.rang()) == 1


def test_the_spending_cap_stops_further_calls(rig: Any, catering: Doc) -> None:
    catering["limits"]["spend_usd"] = "1.15"

    summary = rig.ran(catering)

    assert len(rig.rang()) == 1
    assert rig.steps_at_telnyx(summary["mission_id"])["call-2"] == "skipped"
    assert summary["result_payload"]["counts"]["text"] == "1 quoted of 1 called, 2 not called"


@pytest.mark.parametrize("minutes", [0, 29, 31, 33, 60])
def test_a_mission_cancelled_at_any_time_keeps_its_record_and_puts_everything_back(
    rig: Any, catering: Doc, minutes: int
) -> None:
    before = rig.connections()
    mission = rig.approved(catering)
    if minutes:
        _run_for(rig, mission, minutes)

    rig.call("cancel_mission", mission_id=mission, reason="plans changed")
    _run_out(rig, mission)

    run = rig.run_at_telnyx(mission)
    rang = len(rig.rang())
    rig.clock.advance(7 * 86_400)
    assert len(rig.rang()) == rang
    assert run["status"] == ("succeeded" if minutes == 60 else "cancelled")
    assert run["result_payload"]["schema_version"] == 2
    assert rig.connections() == before
    assert set(rig.made_at_telnyx().values()) == {0}


def _run_for(rig: Any, mission: str, minutes: int) -> None:
    until = rig.clock.now() + timedelta(minutes=minutes)
    engine = rig.toolkit.engine
    while (wake := engine.advance(mission).wake_at) and wake <= until:
        rig.clock.sleep_until(wake)
    rig.clock.sleep_until(until)


def _run_out(rig: Any, mission: str) -> None:
    engine = rig.toolkit.engine
    for _ in range(100):
        wake = engine.advance(mission).wake_at
        if wake is None:
            return
        rig.clock.sleep_until(wake)
    raise AssertionError("it does not end")


def test_a_run_can_be_left_and_taken_up_again(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)

    waiting = rig.call("run_mission", mission_id=mission, wait="10m")
    assert waiting["state"] == "waiting"
    assert waiting["next_due_at"] == "2026-11-23T14:58:00+00:00"

    rig.clock.advance(3 * 3_600)
    assert rig.call("run_mission", mission_id=mission)["state"] == "succeeded"


def test_a_call_whose_answer_was_lost_is_withdrawn_by_a_cancellation(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig(faults=[{"on": "POST /ai/assistants/*/scheduled_events", "do": "drop_after"}])
    mission = rig.approved(catering)
    rig.clock.advance(40 * 60)
    rig.call("schedule_call", mission_id=mission, target="call-1")

    status = rig.call("cancel_mission", mission_id=mission, reason="plans changed")

    assert status["state"] == "cancelled"
    rig.clock.advance(86_400)
    assert rig.rang() == []


def test_a_mission_whose_plan_never_reached_telnyx_can_be_cancelled(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig(faults=[{"on": "POST /ai/missions/*/runs/*/plan", "do": "500_before"}])
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    with pytest.raises(TelnyxError):
        rig.call("plan_steps", mission_id=mission)

    status = rig.call("cancel_mission", mission_id=mission, reason="plans changed")

    assert status["state"] == "cancelled"
    assert rig.run_at_telnyx(mission)["status"] == "cancelled"
    assert set(rig.steps_at_telnyx(mission).values()) == {"skipped"}


def test_a_call_that_began_to_ring_while_it_was_being_withdrawn_is_followed_to_its_end(
    make_rig: Any, catering: Doc
) -> None:
    on = "DELETE /ai/assistants/*/scheduled_events/*"
    rig = make_rig(faults=[{"on": on, "do": "429", "retry_after": 25}])
    mission = rig.approved(catering)
    rig.clock.advance(40 * 60)
    rig.call("schedule_call", mission_id=mission, target="call-1")
    rig.clock.advance(105)  # a quarter of a minute is left

    with pytest.raises(ErrorResponse):
        rig.call("cancel_mission", mission_id=mission, reason="plans changed")
    rig.clock.advance(25)
    rig.call("run_mission", mission_id=mission)

    (attempt,) = rig.state(mission).attempts
    assert len(rig.rang()) == 1
    assert (attempt.phase, attempt.call_status) == ("collected", "completed")
    assert attempt.transcript
    assert rig.state(mission).phase == "cancelled"
