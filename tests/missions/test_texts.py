"""Targets that are reached by a text message: sent once, answered or not, and never pressed."""

from datetime import timedelta
from typing import Any

import pytest

from telnyx_toolkit.errors import InvalidInput

Doc = dict[str, Any]
ANSWERS, IGNORES = "+13125550131", "+13125550132"
STOPS, LANDLINE = "+13125550133", "+13125550134"
STRANGER = "+13125550120"


@pytest.fixture
def texts(catering: Doc) -> Doc:
    """The caterers' questions, by text."""
    who = {"Answers": ANSWERS, "Ignores": IGNORES, "Stops": STOPS, "Landline": LANDLINE}
    targets = [
        {"name": name, "phone": phone, "timezone": "America/Chicago", "channel": "sms"}
        for name, phone in who.items()
    ]
    limits = {**catering["limits"], "reply_hours": 3}
    return {**catering, "strategy": "sweep", "targets": targets, "limits": limits}


def _only(brief: Doc, name: str) -> Doc:
    return {**brief, "targets": [t for t in brief["targets"] if t["name"] == name]}


def _rows(summary: Doc) -> dict[str, Doc]:
    return {row["name"]: row for row in summary["result_payload"]["targets"]}


def _sent(rig: Any) -> list[Doc]:
    requests = [r for r in rig.sandbox.requests if r.method == "POST"]
    return [r.body for r in requests if r.path.endswith("/scheduled_events")]


def test_each_ending_of_a_text_has_its_own_name(rig: Any, texts: Doc) -> None:
    rows = _rows(rig.ran(texts))

    assert {name: row["outcome"] for name, row in rows.items()} == {
        "Answers": "quoted",
        "Ignores": "no-reply",
        "Stops": "opted_out",
        "Landline": "failed",
    }
    assert rows["Answers"]["offer"]["text"] == "$63"
    assert rows["Answers"]["offer"]["confirmed"]


def test_nobody_is_written_to_twice_unless_the_message_failed(rig: Any, texts: Doc) -> None:
    rig.ran(texts)

    sent = [body["telnyx_end_user_target"] for body in _sent(rig)]
    assert sorted(sent) == sorted([ANSWERS, IGNORES, STOPS, *[LANDLINE] * 3])


def test_the_text_is_shown_in_the_plan_and_sent_as_it_was_approved(rig: Any, texts: Doc) -> None:
    mission = rig.call("create_mission", brief=texts)["mission_id"]
    plan = rig.call("plan_steps", mission_id=mission)
    text = plan["messages"]["call-1"]

    rig.ran(texts)

    assert text.startswith("Hello Answers, this is an AI assistant writing on behalf of Dana")
    assert "price per person" in text
    assert text.endswith("Reply STOP to get no more messages.")
    assert _sent(rig)[0]["text"] == text
    assert _sent(rig)[0]["telnyx_conversation_channel"] == "sms_chat"


def test_a_persons_own_words_are_sent_instead(rig: Any, texts: Doc) -> None:
    text = "An AI here, for Dana Reyes of Northwind Events. What is lunch for 50?"

    rig.ran({**_only(texts, "Answers"), "message": text})

    assert _sent(rig)[0]["text"] == text


def test_a_text_that_carriers_would_split_is_refused_before_anybody_approves_it(
    rig: Any, texts: Doc
) -> None:
    mission = rig.call("create_mission", brief={**texts, "goal": "g" * 1_000})["mission_id"]

    with pytest.raises(InvalidInput) as caught:
        rig.call("plan_steps", mission_id=mission)

    assert "message" in caught.value.fix


def test_an_answer_is_waited_for_until_its_deadline_and_no_longer(rig: Any, texts: Doc) -> None:
    mission = rig.approved(_only(texts, "Ignores"))
    rig.call("run_mission", mission_id=mission)

    (attempt,) = rig.state(mission).attempts
    finished = rig.state(mission).finished_at
    waited = finished - attempt.ended_at
    assert timedelta(hours=3) <= waited <= timedelta(hours=3, minutes=6)
    assert rig.state(mission).phase == "failed"


def test_texts_that_wait_for_an_answer_do_not_hold_up_calls(rig: Any, texts: Doc) -> None:
    strangers = [
        {"name": f"S{n}", "phone": f"+131255501{20 + n}", "timezone": "America/Chicago"}
        for n in range(3)
    ]
    ignoring = _only(texts, "Ignores")["targets"]
    rig.ran({**texts, "targets": [*ignoring, *strangers], "objective": None})

    rang = [call for call in rig.rang() if call["to"].startswith("+131255501")]
    assert len(rang) == 3
    assert {call["dispatched_at"][:10] for call in rang} == {"2026-11-23"}


def test_the_number_sends_by_the_assistants_profile_and_by_none_afterwards(
    rig: Any, texts: Doc
) -> None:
    mission = rig.approved(texts)
    borrowed = rig.call("assign_number", mission_id=mission)
    number = rig.sandbox.world.numbers[borrowed["number_id"]]
    assistant = rig.sandbox.world.assistants[borrowed["assistant_id"]]
    assert number["messaging_profile_id"] == assistant.messaging_profile_id

    rig.call("run_mission", mission_id=mission)

    assert number["messaging_profile_id"] is None
    assert number["connection_id"] is None
    assert set(rig.made_at_telnyx().values()) == {0}


def test_a_mission_of_texts_needs_no_voice_profile(make_rig: Any, texts: Doc) -> None:
    def without(account: Doc) -> None:
        account["outbound_voice_profiles"] = []

    rig = make_rig(change=without)

    assert rig.call("check_account", brief=texts)["ok"]
    assert rig.ran(_only(texts, "Answers"))["state"] == "succeeded"


def test_a_cancelled_mission_waits_for_no_answer_and_keeps_what_came(rig: Any, texts: Doc) -> None:
    mission = rig.approved(_only(texts, "Ignores"))
    rig.call("run_mission", mission_id=mission, wait="2h")

    status = rig.call("cancel_mission", mission_id=mission, reason="found somebody")

    assert status["state"] == "cancelled"
    assert set(rig.made_at_telnyx().values()) == {0}


@pytest.mark.parametrize("do", ["drop_after", "500_after", "truncated"])
def test_a_text_whose_answer_was_lost_is_found_and_not_sent_again(
    make_rig: Any, texts: Doc, do: str
) -> None:
    rig = make_rig(faults=[{"on": "POST /ai/assistants/*/scheduled_events", "do": do}])

    rows = _rows(rig.ran(_only(texts, "Answers")))

    assert rows["Answers"]["outcome"] == "quoted"
    assert len(_sent(rig)) == 1


def test_by_hand_a_text_has_its_own_tool(rig: Any, texts: Doc) -> None:
    mission = rig.approved(_only(texts, "Answers"))
    rig.clock.advance(40 * 60)
    with pytest.raises(InvalidInput) as caught:
        rig.call("schedule_call", mission_id=mission, target="Answers")
    assert "schedule-message" in caught.value.fix

    placed = rig.call("schedule_message", mission_id=mission, target="Answers")["attempt"]
    rig.clock.advance(150)
    polled = rig.call("poll_call", mission_id=mission, target="Answers")["attempt"]

    assert placed["channel"] == "sms"
    assert polled["call_status"] == "delivered"


def test_a_negotiation_is_spoken(rig: Any, texts: Doc) -> None:
    with pytest.raises(InvalidInput, match="spoken"):
        rig.call("create_mission", brief={**texts, "strategy": "negotiate"})


def test_texts_go_out_inside_the_hours_of_who_gets_them(rig: Any, texts: Doc) -> None:
    mission = rig.approved({**texts, "calling": {"hours": "13:00-14:00"}})
    rig.call("run_mission", mission_id=mission)

    for attempt in rig.state(mission).attempts:
        assert attempt.scheduled_at.hour == 19  # 13 in Chicago


def test_what_a_text_costs_is_reserved_and_counted(rig: Any, texts: Doc) -> None:
    summary = rig.ran(_only(texts, "Answers"))
    plan = rig.state(summary["mission_id"]).plan.document

    assert plan["estimate"]["messages"] == 1
    assert plan["estimate"]["calls"] == 0
    parts = -(-len(plan["messages"]["call-1"]) // 160)
    assert summary["result_payload"]["cost"]["estimated_usd"] == f"{parts / 100:.2f}"
