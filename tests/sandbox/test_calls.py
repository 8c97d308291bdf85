"""A scheduled event from the request that makes it to the last row of its transcript."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.simulator import Sandbox

Doc = dict[str, Any]
Order = Callable[..., Doc]
LAKEFRONT, NO_ANSWER, BUSY_TWICE = "+13125550101", "+13125550111", "+13125550112"
PHASES = ("status", "call_status", "conversation_id")


def test_a_call_goes_from_pending_over_ringing_and_talking_to_completed(
    http: httpx.Client, clock: ManualClock, events: str, order: Order
) -> None:
    placed = http.post(events, json=order(LAKEFRONT))
    assert placed.status_code == 201
    one = f"{events}/{placed.json()['scheduled_event_id']}"
    seen: list[tuple[str, str, bool]] = []
    for seconds in (0, 60, 9, 83, 1):  # lakefront rings for 9 s and talks 12 lines of 7 s
        clock.advance(seconds)
        status, call_status, conversation = (http.get(one).json()[name] for name in PHASES)
        seen.append((status, call_status, conversation is not None))
    assert seen == [
        ("pending", None, False),
        ("in_progress", "ringing", False),
        ("in_progress", "in-progress", True),
        ("in_progress", "in-progress", True),
        ("completed", "completed", True),
    ]
    ended = http.get(one).json()
    assert ended["call_duration"] == 84
    assert ended["dispatched_at"] == "2026-12-01T15:01:00.000Z"
    assert [row["call_status"] for row in ended["call_attempts"]] == ["completed"]


def test_phases_do_not_depend_on_how_often_somebody_looks(
    make: Callable[..., Sandbox],
    connect: Callable[[Sandbox], httpx.Client],
    prepare: Callable[[httpx.Client], Doc],
    clock: ManualClock,
    order: Order,
) -> None:
    asked = order(BUSY_TWICE, max_retries_client_errors=2, retry_interval_secs=60)
    ends: list[Doc] = []
    for steps in (1, 400):
        own = ManualClock(clock.now())
        http = connect(make(clock=own))
        assistant = prepare(http)["assistant"]
        events = f"/ai/assistants/{assistant}/scheduled_events"
        event = http.post(events, json=asked).json()["scheduled_event_id"]
        shown: Doc = {}
        for _ in range(steps):
            own.advance(800 / steps)
            shown = http.get(f"{events}/{event}").json()
        ends.append(shown)
    assert ends[0] == ends[1]


def test_messages_appear_as_they_are_said_and_not_in_that_order(
    http: httpx.Client, clock: ManualClock, events: str, order: Order
) -> None:
    event = http.post(events, json=order(LAKEFRONT)).json()["scheduled_event_id"]
    clock.advance(60 + 9 + 2 * 7)
    talk = http.get(f"{events}/{event}").json()["conversation_id"]
    rows = http.get(f"/ai/conversations/{talk}/messages").json()["data"]
    assert [row["role"] for row in rows] == ["assistant", "user", "assistant"]
    times = [row["sent_at"] for row in rows]
    assert times == sorted(times, reverse=True)
    greeting = rows[-1]["text"]
    assert greeting.endswith("on behalf of Dana Reyes of Northwind Events.")


def test_insights_are_empty_until_two_seconds_after_the_end(
    http: httpx.Client, clock: ManualClock, events: str, order: Order, ready: Doc
) -> None:
    event = http.post(events, json=order(LAKEFRONT)).json()["scheduled_event_id"]
    clock.advance(60 + 9 + 84 + 1.9)
    talk = http.get(f"{events}/{event}").json()["conversation_id"]
    path = f"/ai/conversations/{talk}/conversations-insights"
    assert http.get(path).json()["data"] == []
    clock.advance(0.1)
    (run,) = http.get(path).json()["data"]
    assert run["status"] == "completed"
    assert [row["insight_id"] for row in run["conversation_insights"]] == [ready["insight"]]
    assert isinstance(run["conversation_insights"][0]["result"], str)


def test_a_busy_line_goes_back_to_pending_until_its_retries_are_used(
    http: httpx.Client, clock: ManualClock, events: str, order: Order
) -> None:
    asked = order(BUSY_TWICE, max_retries_client_errors=1, retry_interval_secs=120)
    one = f"{events}/{http.post(events, json=asked).json()['scheduled_event_id']}"
    clock.advance(60)
    assert http.get(one).json()["status"] == "in_progress"
    clock.advance(4)
    between = http.get(one).json()
    assert (between["status"], between["call_status"]) == ("pending", "busy")
    assert between["scheduled_at_fixed_datetime"] == "2026-12-01T15:03:04.000Z"
    assert between["errors"] == []
    clock.advance(124)
    ended = http.get(one).json()
    assert (ended["status"], ended["call_status"], ended["retry_count"]) == ("failed", "busy", 1)
    assert len(ended["errors"]) == 2
    assert ended["conversation_id"] is None


def test_the_third_attempt_at_a_busy_line_is_answered(call: Callable[..., Doc]) -> None:
    outcomes = [call(BUSY_TWICE)["event"]["call_status"] for _ in range(3)]
    assert outcomes == ["busy", "busy", "completed"]


def test_nobody_answering_is_a_failure_without_a_conversation(call: Callable[..., Doc]) -> None:
    event = call(NO_ANSWER)["event"]
    assert (event["status"], event["call_status"]) == ("failed", "no-answer")
    assert event["errors"] == [f"Call to {NO_ANSWER} ended: no-answer"]
    assert event["conversation_id"] is None


def test_a_deleted_pending_event_never_rings(
    http: httpx.Client, clock: ManualClock, events: str, order: Order
) -> None:
    one = f"{events}/{http.post(events, json=order(LAKEFRONT)).json()['scheduled_event_id']}"
    gone = http.delete(one)
    assert (gone.status_code, gone.content) == (200, b"")
    clock.advance(600)
    assert http.get(one).status_code == 404
    assert http.get("/_sandbox/calls").json()["data"] == []


def test_deleting_an_event_does_not_hang_up(
    http: httpx.Client, clock: ManualClock, events: str, order: Order
) -> None:
    one = f"{events}/{http.post(events, json=order(LAKEFRONT)).json()['scheduled_event_id']}"
    clock.advance(65)
    http.delete(one)
    clock.advance(600)
    (rang,) = http.get("/_sandbox/calls").json()["data"]
    assert rang["call_status"] == "completed"
    assert http.get(f"/ai/conversations/{rang['conversation_id']}").status_code == 200


def test_what_rang_is_told_with_the_words_of_both_sides(
    http: httpx.Client, call: Callable[..., Doc]
) -> None:
    event = call(LAKEFRONT)["event"]
    (rang,) = http.get("/_sandbox/calls").json()["data"]
    assert rang["scheduled_event_id"] == event["scheduled_event_id"]
    assert rang["to"] == LAKEFRONT
    assert len(rang["agent_lines"]) == len(rang["callee_lines"]) == 6


def test_a_conversation_carries_the_events_metadata_as_strings(
    http: httpx.Client, clock: ManualClock, events: str, order: Order
) -> None:
    asked = order(LAKEFRONT, conversation_metadata={"attempt": 1, "dry": False, "run": "r-1"})
    http.post(events, json=asked)
    clock.advance(600)
    query = {"metadata->run": "eq.r-1", "order": "created_at.desc", "limit": "1"}
    (found,) = http.get("/ai/conversations", params=query).json()["data"]
    assert found["metadata"].items() >= {"attempt": "1", "dry": "false", "run": "r-1"}.items()
    assert found["metadata"]["telnyx_end_user_target"] == LAKEFRONT
    query["metadata->run"] = "eq.r-2"
    assert http.get("/ai/conversations", params=query).json()["data"] == []


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"scheduled_at_fixed_datetime": "2026-12-01T15:00:00Z"}, 400, "future"),
        ({"scheduled_at_fixed_datetime": "2026-12-02T15:00:00"}, 400, "time zone"),
        ({"telnyx_end_user_target": "3125550101"}, 400, "E.164"),
        ({"telnyx_end_user_target": "+442079460101"}, 403, "D13"),
        ({"telnyx_end_user_target": "+18765550101"}, 403, "D13"),
        ({"telnyx_agent_target": "+13125550199"}, 400, "not a number of this account"),
        ({"telnyx_agent_target": "+13125550191"}, 400, "not active"),
        ({"telnyx_agent_target": "+13125550190"}, 400, "TeXML application"),
        ({"max_retries_client_errors": 2}, 400, "together"),
        ({"retry_interval_secs": 60}, 400, "together"),
        ({"conversation_metadata": {"telnyx_x": "1"}}, 400, "reserved"),
        ({"dynamic_variables": {"price": 65}}, 422, "valid string"),
        ({"call_settings": {"sip_region": "Mars"}}, 422, "Europe"),
        ({"telnyx_conversation_channel": "sms"}, 422, "sms_chat"),
    ],
)
def test_an_event_that_cannot_be_dialled_is_refused(
    http: httpx.Client, events: str, order: Order, change: Doc, status: int, words: str
) -> None:
    refused = http.post(events, json=order(LAKEFRONT) | change)
    assert (refused.status_code, words in refused.text) == (status, True), refused.text
    assert http.get(events).json()["data"] == []


def test_an_app_without_a_voice_profile_cannot_call(
    http: httpx.Client, events: str, order: Order, ready: Doc
) -> None:
    kept = http.get(f"/texml_applications/{ready['app']}").json()["data"]
    change = {name: kept[name] for name in ("friendly_name", "voice_url")}
    change["outbound"] = {"outbound_voice_profile_id": None}
    http.patch(f"/texml_applications/{ready['app']}", json=change)
    refused = http.post(events, json=order(LAKEFRONT))
    assert refused.status_code == 400
    assert "outbound voice profile" in refused.json()["errors"][0]["detail"]


def test_an_assistant_without_telephony_cannot_call(http: httpx.Client, order: Order) -> None:
    made = http.post("/ai/assistants", json={"name": "Mute", "instructions": "x"}).json()
    refused = http.post(f"/ai/assistants/{made['id']}/scheduled_events", json=order(LAKEFRONT))
    assert refused.status_code == 400
    assert "telephony" in refused.text


def test_what_changes_before_the_dial_shows_in_the_errors_of_the_event(
    http: httpx.Client, clock: ManualClock, events: str, order: Order
) -> None:
    one = f"{events}/{http.post(events, json=order(LAKEFRONT)).json()['scheduled_event_id']}"
    http.patch("/phone_numbers/1293384261075731492", json={"connection_id": None})
    clock.advance(60)
    event = http.get(one).json()
    assert (event["status"], event["call_status"]) == ("failed", "failed")
    assert "TeXML application" in event["errors"][0]
    assert http.get("/_sandbox/calls").json()["data"] == []


def test_an_account_level_limits_calls_at_once_and_an_empty_balance_all(
    make: Callable[..., Sandbox],
    connect: Callable[[Sandbox], httpx.Client],
    prepare: Callable[[httpx.Client], Doc],
    clock: ManualClock,
    order: Order,
    tmp_path: Path,
) -> None:
    fixture = Path(__file__).parents[2] / "fixtures" / "accounts" / "default.yaml"
    account = tmp_path / "account.yaml"
    for change, errors in (
        (("level: verified", "level: trial"), ["", "", "D1"]),
        (('available_credit: "25.00"', 'available_credit: "0.00"'), ["D17"] * 3),
    ):
        account.write_text(fixture.read_text().replace(*change))
        http = connect(make(account=account))
        events = f"/ai/assistants/{prepare(http)['assistant']}/scheduled_events"
        for _ in range(3):
            http.post(events, json=order(LAKEFRONT))
        clock.advance(60)
        shown = http.get(events).json()["data"][::-1]
        said = ["".join(event["errors"]) for event in shown]
        assert [words.endswith(end) for words, end in zip(said, errors, strict=True)] == [True] * 3
        assert [bool(words) for words in said] == [bool(end) for end in errors]


def test_an_assistant_that_keeps_no_data_leaves_neither_transcript_nor_insight(
    http: httpx.Client, clock: ManualClock, events: str, order: Order, ready: Doc
) -> None:
    privacy = {"privacy_settings": {"data_retention": False}}
    assert http.post(f"/ai/assistants/{ready['assistant']}", json=privacy).status_code == 200
    one = f"{events}/{http.post(events, json=order(LAKEFRONT)).json()['scheduled_event_id']}"
    clock.advance(600)
    talk = f"/ai/conversations/{http.get(one).json()['conversation_id']}"
    assert http.get(f"{talk}/messages").json()["data"] == []
    assert http.get(f"{talk}/conversations-insights").json()["data"] == []


def test_a_call_is_cut_off_at_the_assistants_time_limit(
    http: httpx.Client, call: Callable[..., Doc], ready: Doc
) -> None:
    limit = {"telephony_settings": {"time_limit_secs": 30}}
    http.post(f"/ai/assistants/{ready['assistant']}", json=limit)
    ended = call(LAKEFRONT)
    assert len(ended["lines"]) == 4
    assert ended["event"]["call_duration"] == 28


def test_events_are_filtered_by_day_and_channel_and_paged(
    http: httpx.Client, clock: ManualClock, events: str, order: Order
) -> None:
    for days in range(4):
        due = (clock.now() + timedelta(days=days, hours=1)).isoformat()
        http.post(events, json=order(LAKEFRONT, scheduled_at_fixed_datetime=due))
    query = {"from_date": "2026-12-02", "to_date": "2026-12-03", "page[size]": "1"}
    shown = http.get(events, params=query).json()
    assert shown["meta"] == {
        "page_number": 1,
        "page_size": 1,
        "total_pages": 2,
        "total_results": 2,
    }
    assert http.get(events, params={"conversation_channel": "sms_chat"}).json()["data"] == []
    assert http.get(events, params={"page[size]": "101"}).status_code == 422
