"""Answers become typed objects: the id is certain, everything else may be missing or new."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from telnyx_toolkit.errors import NoResponse
from telnyx_toolkit.settings import TELNYX_URL, ApiKey
from telnyx_toolkit.telnyx import (
    Assistant,
    InsightRun,
    Message,
    PhoneNumber,
    Run,
    ScheduledEvent,
    TelnyxClient,
    TexmlApplication,
)

Ask = Callable[[TelnyxClient], Any]


def telnyx(answer: Any) -> TelnyxClient:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    return TelnyxClient(TELNYX_URL, ApiKey("example"), transport)


def test_a_wrapped_answer_is_unwrapped():
    mission = telnyx({"data": {"mission_id": "m", "name": "Quotes"}}).missions.get("m")

    assert (mission.mission_id, mission.name) == ("m", "Quotes")


def test_a_bare_answer_is_taken_as_it_is():
    assistant = telnyx({"id": "assistant-example", "name": "Ann"}).assistants.get("x")

    assert (assistant.id, assistant.name) == ("assistant-example", "Ann")


def test_a_bare_object_that_owns_a_data_field_is_not_unwrapped():
    event = telnyx({"scheduled_event_id": "v", "data": {"scheduled_event_id": "w"}})

    assert event.calls.get("a", "v").scheduled_event_id == "v"


def test_what_has_no_name_here_is_kept_raw():
    received = {"run_id": "r", "status": "running", "novelty": {"deep": [1]}}

    run = telnyx({"data": received}).missions.get_run("m", "r")

    assert run.raw == received
    assert not hasattr(run, "novelty")


LACKING: list[tuple[Ask, str, str]] = [
    (lambda t: t.missions.get("m"), "GET /ai/missions/m", "mission_id"),
    (lambda t: t.missions.cancel_run("m", "r"), "POST /ai/missions/m/runs/r/cancel", "run_id"),
    (lambda t: t.assistants.update("a", {}), "POST /ai/assistants/a", "id"),
    (
        lambda t: t.calls.schedule("a", b"{}", idempotency_key="k"),
        "POST /ai/assistants/a/scheduled_events",
        "scheduled_event_id",
    ),
    (lambda t: t.account.balance(), "GET /balance", "available_credit"),
]


@pytest.mark.parametrize("answer", [{}, None, [], "ok", {"data": None}, {"data": []}, {"data": {}}])
@pytest.mark.parametrize(("ask", "where", "lacking"), LACKING)
def test_an_answer_without_its_id_is_an_unknown_outcome(
    ask: Ask, where: str, lacking: str, answer: Any
):
    with pytest.raises(NoResponse) as caught:
        ask(telnyx(answer))

    assert caught.value.message == f"{where} was answered, but without a usable `{lacking}`."


@pytest.mark.parametrize("value", [None, "", [], {}, True])
def test_an_id_that_is_none_is_no_id(value: Any):
    with pytest.raises(NoResponse):
        telnyx({"scheduled_event_id": value}).calls.get("a", "v")


def test_an_id_may_be_a_number():
    assert telnyx({"data": {"id": 17}}).numbers.get("17").id == "17"


def test_a_row_without_its_id_is_an_unknown_outcome():
    with pytest.raises(NoResponse, match=r"GET /ai/assistants was answered.*`id`"):
        telnyx({"data": [{"id": "1"}, {"name": "Ann"}]}).assistants.list_all()


def test_a_row_of_messages_that_is_no_object_is_an_unknown_outcome():
    with pytest.raises(NoResponse, match="without the object it should hold"):
        telnyx({"data": ["hello"]}).conversations.messages("c")


def test_words_that_nobody_knows_yet_are_kept():
    event = ScheduledEvent.model_validate(
        {"scheduled_event_id": "v", "status": "reimagined", "call_status": "on-hold"}
    )

    assert (event.status, event.call_status) == ("reimagined", "on-hold")
    assert Run.model_validate({"run_id": "r", "status": "cancelled"}).status == "cancelled"
    assert Message.model_validate({"role": "narrator"}).role == "narrator"


def test_a_bare_minimum_is_enough():
    event = ScheduledEvent.model_validate({"scheduled_event_id": "v"})

    assert event.status == "pending"
    assert (event.call_status, event.conversation_id, event.errors) == ("", "", ())
    assert (event.call_duration, event.scheduled_at_fixed_datetime) == (None, None)


def test_nulls_and_surprises_have_the_default():
    event = ScheduledEvent.model_validate(
        {
            "scheduled_event_id": "v",
            "status": None,
            "conversation_id": {"odd": 1},
            "errors": None,
            "conversation_metadata": "none",
            "call_attempts": "none",
            "call_duration": "a while",
            "created_at": "yesterday",
        }
    )

    assert (event.status, event.conversation_id, event.errors) == ("pending", "", ())
    assert (event.conversation_metadata, event.call_attempts) == ({}, ())
    assert (event.call_duration, event.created_at) == (None, None)
    assert event.raw["created_at"] == "yesterday"


def test_defaults_are_not_shared():
    one = Run.model_validate({"run_id": "1"})
    other = Run.model_validate({"run_id": "2"})

    assert one.metadata is not other.metadata


def test_a_reply_cannot_be_changed():
    with pytest.raises(ValidationError):
        Run.model_validate({"run_id": "r"}).status = "succeeded"


def test_a_whole_event_is_read():
    event = ScheduledEvent.model_validate(
        {
            "scheduled_event_id": "v",
            "status": "completed",
            "call_status": "completed",
            "conversation_id": "c",
            "conversation_metadata": {"attempt_id": "x"},
            "scheduled_at_fixed_datetime": "2026-03-08T07:00:00-05:00",
            "dispatched_at": "2026-03-08T12:00:01",
            "call_duration": 61,
            "errors": ["busy once"],
            "call_attempts": [{"attempt_number": 1, "call_status": "busy"}],
        }
    )

    assert event.scheduled_at_fixed_datetime == datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert event.dispatched_at == datetime(2026, 3, 8, 12, 0, 1, tzinfo=UTC)
    assert (event.call_duration, event.errors) == (61.0, ("busy once",))
    assert event.call_attempts[0].call_status == "busy"
    assert event.conversation_metadata == {"attempt_id": "x"}


@pytest.mark.parametrize(
    ("fields", "free"),
    [
        ({"status": "active", "connection_id": None}, True),
        ({"status": "active", "connection_id": ""}, True),
        ({"status": "active"}, True),
        ({"status": "active", "connection_id": "9"}, False),
        ({"status": "active", "connection_id": 9}, False),
        ({"status": "active", "connection_id": {"id": "9"}}, False),
        ({"status": "port-pending", "connection_id": None}, False),
        ({"connection_id": None}, False),
    ],
)
def test_a_number_is_free_when_it_is_active_and_serves_nobody(fields: dict[str, Any], free: bool):
    assert PhoneNumber.model_validate({"id": "17", **fields}).is_free_for_voice is free


@pytest.mark.parametrize("settings", [None, {}, {"default_texml_app_id": None}, "odd"])
def test_a_new_assistant_may_have_no_application_yet(settings: Any):
    assistant = Assistant.model_validate({"id": "a", "telephony_settings": settings})

    assert assistant.texml_app_id is None


def test_an_assistant_names_its_application_and_its_insights():
    assistant = Assistant.model_validate(
        {
            "id": "a",
            "telephony_settings": {"default_texml_app_id": 9},
            "insight_settings": {"insight_group_id": "g"},
        }
    )

    assert (assistant.texml_app_id, assistant.insight_group_id) == ("9", "g")


@pytest.mark.parametrize(
    ("outbound", "profile"), [(None, None), ({"outbound_voice_profile_id": "p"}, "p")]
)
def test_an_application_names_its_profile(outbound: Any, profile: str | None):
    app = TexmlApplication.model_validate({"id": "9", "outbound": outbound})

    assert app.outbound_voice_profile_id == profile


def test_money_is_exact():
    balance = telnyx({"data": {"available_credit": "10.10", "currency": "USD"}}).account.balance()

    assert balance.available_credit == Decimal("10.10")
    assert balance.credit_limit is None


def test_an_insight_result_is_always_a_string():
    run = InsightRun.model_validate(
        {
            "id": "1",
            "conversation_insights": [
                {"insight_id": "i", "result": '{"price": 58}'},
                {"insight_id": "j", "result": {"price": 62}},
                {"insight_id": "k", "result": None},
            ],
        }
    )

    results = {row.insight_id: row.result for row in run.conversation_insights}
    assert results == {"i": '{"price": 58}', "j": '{"price": 62}', "k": ""}


def test_no_insights_yet_is_an_empty_list():
    assert telnyx({"data": [], "meta": {"total_pages": 0}}).conversations.insights("c") == []


def test_a_transcript_is_in_the_order_it_was_spoken():
    rows = [
        {"role": "assistant", "text": "c", "created_at": "2026-03-08T12:00:03Z"},
        {"role": "tool", "text": None},
        {"role": "user", "text": "b", "sent_at": "2026-03-08T07:00:02-05:00"},
        {
            "role": "assistant",
            "text": "a",
            "sent_at": "2026-03-08T12:00:01.5Z",
            "created_at": "2026-03-08T12:00:09Z",
        },
    ]

    messages = telnyx({"data": rows}).conversations.messages("c")

    assert [message.text for message in messages] == ["a", "b", "c", ""]
    assert messages[0].at == datetime(2026, 3, 8, 12, 0, 1, 500_000, tzinfo=UTC)


def test_a_log_is_in_the_order_of_its_times():
    rows = [
        {"event_id": "2", "timestamp": "2026-03-08T12:00:02Z"},
        {"event_id": "1", "timestamp": "2026-03-08T12:00:01Z"},
    ]

    events = telnyx({"data": rows}).missions.list_events("m", "r")

    assert [event.event_id for event in events] == ["1", "2"]


PLANS: list[Ask] = [
    lambda t: t.missions.get_plan("m", "r"),
    lambda t: t.missions.post_plan("m", "r", []),
    lambda t: t.missions.add_steps("m", "r", []),
]


@pytest.mark.parametrize("ask", PLANS, ids=["get", "post", "add"])
def test_a_plan_is_in_sequence(ask: Ask):
    rows = [{"step_id": "late", "sequence": 9}, {"step_id": "early", "sequence": 1}]

    assert [step.step_id for step in ask(telnyx({"data": rows}))] == ["early", "late"]


def test_a_deletion_may_answer_anything_or_nothing():
    telnyx({"id": "a", "deleted": True}).assistants.delete("a")
    empty = httpx.MockTransport(lambda _: httpx.Response(204))
    TelnyxClient(TELNYX_URL, ApiKey("example"), empty).missions.delete("m")
