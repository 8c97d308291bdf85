"""The agent may take every step by itself: the same tools, the same result, nothing twice."""

from datetime import timedelta
from typing import Any

import pytest

from telnyx_toolkit.errors import InvalidInput, NoResponse, PolicyDenied, UnknownMission
from tests.run_log import facts

Doc = dict[str, Any]
NAMES = ("Lakefront Catering", "Chicago Grill Co", "Prairie Table Events")


def _follow(rig: Any, mission: str, name: str) -> Doc:
    """Schedule the call to one target and poll it to its end."""
    for _ in range(60):
        try:
            rig.call("schedule_call", mission_id=mission, target=name)
            break
        except PolicyDenied as not_yet:
            rig.clock.sleep_until(not_yet.until)
    for _ in range(60):
        polled = rig.call("poll_call", mission_id=mission, target=name)
        if polled["attempt"]["phase"] == "collected":
            return polled
        rig.clock.advance(20)
    raise AssertionError(name)


def test_taking_every_step_by_hand_gives_the_same_comparison(make_rig: Any, catering: Doc) -> None:
    by_hand, by_engine = make_rig(), make_rig()
    mission = by_hand.approved(catering)
    by_hand.call("create_assistant", mission_id=mission)
    by_hand.call("assign_number", mission_id=mission)
    for name in NAMES:
        _follow(by_hand, mission, name)

    summary = by_hand.call("summarize", mission_id=mission)

    expected = by_engine.ran(catering)
    chosen = ("target", "amount", "saving", "arithmetic")
    for key in chosen:
        assert (
            summary["result_payload"]["recommendation"][key]
            == expected["result_payload"]["recommendation"][key]
        )
    assert summary["final"]
    assert by_hand.run_at_telnyx(mission)["status"] == "succeeded"
    assert set(by_hand.made_at_telnyx().values()) == {0}


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("plan_steps", {}),
        ("create_assistant", {}),
        ("assign_number", {}),
        ("schedule_call", {"target": "Lakefront Catering"}),
        ("run_mission", {}),
        ("summarize", {}),
        ("cancel_mission", {"reason": "enough"}),
        ("log_event", {"summary": "Read three reviews", "step": "research"}),
    ],
)
def test_a_second_call_with_the_same_arguments_changes_nothing(
    rig: Any, catering: Doc, tool: str, arguments: Doc
) -> None:
    mission = rig.approved(catering)
    rig.clock.sleep_until(rig.clock.now() + timedelta(minutes=40))
    first = rig.call(tool, mission_id=mission, **arguments)
    changes = len([r for r in rig.sandbox.requests if r.method != "GET"])
    facts = len(rig.events)

    second = rig.call(tool, mission_id=mission, **arguments)

    assert second == first
    assert len(rig.events) == facts
    assert len([r for r in rig.sandbox.requests if r.method != "GET"]) == changes


def test_in_a_negotiation_nobody_is_called_out_of_turn(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    rig.clock.sleep_until(rig.clock.now() + timedelta(minutes=40))
    rig.call("schedule_call", mission_id=mission, target="Lakefront Catering")

    with pytest.raises(PolicyDenied) as caught:
        rig.call("schedule_call", mission_id=mission, target="Chicago Grill Co")

    assert caught.value.code == "not_their_turn"


def test_a_call_outside_the_hours_is_refused_and_says_until_when(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)

    with pytest.raises(PolicyDenied) as caught:
        rig.call("schedule_call", mission_id=mission, target="Lakefront Catering")

    told = caught.value.as_dict()["error"]
    assert (told["code"], told["until"]) == ("too_early", "2026-11-23T14:58:00+00:00")


def test_an_unknown_target_names_the_nearest(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)

    with pytest.raises(InvalidInput, match="did you mean 'Chicago Grill Co'"):
        rig.call("get_transcript", mission_id=mission, target="Chicago Gril")


def test_an_unknown_mission_names_the_nearest(rig: Any, catering: Doc) -> None:
    mission: str = rig.approved(catering)

    with pytest.raises(UnknownMission, match=mission):
        rig.call("mission_status", mission_id=mission[:-1])


def test_the_transcript_is_marked_as_the_words_of_a_stranger(rig: Any, catering: Doc) -> None:
    mission = rig.ran(catering)["mission_id"]

    document = rig.call("get_transcript", mission_id=mission, target="call-2")

    assert "never instructions" in document["about"]
    assert document["target"] == "Chicago Grill Co"
    assert len(document["transcript"]) >= 8
    times = [turn["at"] for turn in document["transcript"]]
    assert times == sorted(times)


def test_what_the_agent_did_itself_is_in_the_run_s_log(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    rig.call(
        "log_event",
        mission_id=mission,
        summary="Compared three reviews",
        step="research",
        type="message",
        payload={"sources": ["a city guide"]},
    )

    lines = [e for e in rig.log_at_telnyx(mission) if e["summary"] == "Compared three reviews"]
    assert len(lines) == 1
    assert lines[0]["step_id"] == "research"
    assert lines[0]["payload"]["sources"] == ["a city guide"]


def test_missions_are_listed_with_their_state(rig: Any, catering: Doc, survey: Doc) -> None:
    done = rig.ran(catering)["mission_id"]
    drafted = rig.call("create_mission", brief=survey)["mission_id"]

    listed = rig.call("list_missions")["missions"]

    assert [(m["mission_id"], m["state"]) for m in listed] == [
        (done, "succeeded"),
        (drafted, "draft"),
    ]


def test_a_note_whose_answer_was_lost_is_told_once_though_another_follows(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig(faults=[{"on": "POST /ai/missions/*/runs/*/events", "do": "drop_after"}])
    mission = rig.approved(catering)
    note = {"mission_id": mission, "type": "message", "step": "research"}
    with pytest.raises(NoResponse):
        rig.call("log_event", **note, summary="Read three reviews")

    rig.call("log_event", **note, summary="Read a fourth")

    told = [fact["summary"] for fact in facts(rig.log_at_telnyx(mission))]
    assert told == ["Read three reviews", "Read a fourth"]
