"""A text conversation from the event that sends it to the insights that are scored of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.simulator import Sandbox
from telnyx_toolkit.simulator.callees import load_callee

Doc = dict[str, Any]
Order = Callable[..., Doc]
NUMBER = "/phone_numbers/1293384261075731492"
STRANGER, LAKEFRONT = "+13125550177", "+13125550101"
TEXTS_BACK, IGNORES, STOPS, LANDLINE = (f"+131255501{n}" for n in (31, 32, 33, 34))
WORDS = "Is the 10th free? {{caller}}"


@pytest.fixture
def text(clock: ManualClock, order: Order) -> Callable[..., Doc]:
    """Send a text to a number from an assistant of one's own: its event and its path."""

    def send(http: httpx.Client, ready: Doc, to: str, **settings: Any) -> Doc:
        one = f"/ai/assistants/{ready['assistant']}"
        both = {"enabled_features": ["telephony", "messaging"]}
        shown = http.post(one, json=both | settings).json()
        profile = shown["messaging_settings"]["default_messaging_profile_id"]
        http.patch(f"{NUMBER}/messaging", json={"messaging_profile_id": profile})
        notes = {"conversation_metadata": {"run": "r-1"}, "text": WORDS}
        asked = order(to, telnyx_conversation_channel="sms_chat", **notes)
        placed = http.post(f"{one}/scheduled_events", json=asked)
        assert placed.status_code == 201, placed.text
        clock.advance(60)
        return http.get(f"{one}/scheduled_events/{placed.json()['scheduled_event_id']}").json()

    return send


def lines(http: httpx.Client, event: Doc) -> list[tuple[str, str]]:
    rows = http.get(f"/ai/conversations/{event['conversation_id']}/messages").json()["data"]
    ordered = sorted(rows, key=lambda row: row["sent_at"])
    return [(row["role"], row["text"]) for row in ordered]


def scores(http: httpx.Client, conversation: str) -> list[Doc]:
    path = f"/ai/conversations/{conversation}/conversations-insights"
    runs = http.get(path).json()["data"]
    return [json.loads(row["result"]) for run in runs for row in run["conversation_insights"]]


def test_a_text_is_sent_with_its_variables_and_answered_a_minute_apart(
    http: httpx.Client, clock: ManualClock, ready: Doc, text: Callable[..., Doc]
) -> None:
    event = text(http, ready, TEXTS_BACK)
    assert (event["status"], event["errors"]) == ("completed", [])
    ours = ("assistant", "Is the 10th free? Dana Reyes of Northwind Events")
    assert lines(http, event) == [ours]
    clock.advance(60)
    first = ("user", "Yes, we are free on 10 December.")
    assert lines(http, event) == [ours, first]
    clock.advance(60)
    assert len(lines(http, event)) == 3


def test_a_text_conversation_is_scored_when_it_has_been_quiet_for_half_an_hour(
    http: httpx.Client, clock: ManualClock, ready: Doc, text: Callable[..., Doc]
) -> None:
    event = text(http, ready, TEXTS_BACK)
    clock.advance(2 * 60 + 30 * 60 - 1)
    assert scores(http, event["conversation_id"]) == []
    clock.advance(1)
    (result,) = scores(http, event["conversation_id"])
    assert result["answered_by"] == "person"
    assert {name: cell["value"] for name, cell in result["answers"].items()} == {
        "price_per_person": 63,
        "includes_dessert": True,
        "service_fee_percent": 0,
        "available": True,
    }


def test_the_assistant_says_how_long_quiet_is(
    http: httpx.Client, clock: ManualClock, ready: Doc, text: Callable[..., Doc]
) -> None:
    quiet = {"conversation_inactivity_minutes": 5}
    event = text(http, ready, TEXTS_BACK, messaging_settings=quiet)
    clock.advance(2 * 60 + 5 * 60 - 1)
    assert scores(http, event["conversation_id"]) == []
    clock.advance(1)
    assert len(scores(http, event["conversation_id"])) == 1


@pytest.mark.parametrize(
    ("minutes", "status"), [(0, 422), (1, 200), (10**7, 200), (10**7 + 1, 422)]
)
def test_quiet_is_from_a_minute_to_ten_million(
    http: httpx.Client, minutes: int, status: int
) -> None:
    settings = {"conversation_inactivity_minutes": minutes}
    asked = {"name": "A", "instructions": "x", "messaging_settings": settings}
    assert http.post("/ai/assistants", json=asked).status_code == status


def test_a_text_that_nobody_answers_was_answered_by_nobody(
    http: httpx.Client, clock: ManualClock, ready: Doc, text: Callable[..., Doc]
) -> None:
    event = text(http, ready, IGNORES)
    clock.advance(30 * 60)
    assert [role for role, _ in lines(http, event)] == ["assistant"]
    (result,) = scores(http, event["conversation_id"])
    assert result["answered_by"] == "nobody"
    assert result["answers"]["price_per_person"] == {"value": None, "words": ""}


def test_stop_is_a_wish_not_to_be_called_again(
    http: httpx.Client, clock: ManualClock, ready: Doc, text: Callable[..., Doc]
) -> None:
    event = text(http, ready, STOPS)
    clock.advance(60 + 30 * 60)
    assert lines(http, event)[-1] == ("user", "STOP")
    (result,) = scores(http, event["conversation_id"])
    assert (result["answered_by"], result["asked_not_to_be_called_again"]) == ("person", True)


def test_a_text_to_a_landline_fails_and_leaves_no_conversation(
    http: httpx.Client, ready: Doc, text: Callable[..., Doc]
) -> None:
    event = text(http, ready, LANDLINE)
    assert (event["status"], event["conversation_id"]) == ("failed", None)
    assert event["errors"] == [f"Text to {LANDLINE} was not delivered: it takes no text messages"]
    assert http.get("/ai/conversations").json()["data"] == []


def test_the_stranger_answers_everything_in_one_message(
    http: httpx.Client, clock: ManualClock, ready: Doc, text: Callable[..., Doc]
) -> None:
    event = text(http, ready, STRANGER)
    clock.advance(60 + 30 * 60)
    _, (role, words) = lines(http, event)
    (result,) = scores(http, event["conversation_id"])
    assert role == "user"
    for cell in (*result["opening"].values(), *result["answers"].values()):
        assert cell["value"] is not None
        assert cell["words"] in words


def test_an_improvised_answer_to_no_question_is_still_an_answer(
    http: httpx.Client, clock: ManualClock, ready: Doc, text: Callable[..., Doc]
) -> None:
    plain = http.put(f"/ai/conversations/insights/{ready['insight']}", json={"json_schema": {}})
    assert plain.status_code == 200
    event = text(http, ready, STRANGER)
    clock.advance(60)
    assert lines(http, event)[-1] == ("user", "Thank you, I have read it.")


def test_a_conversation_by_text_carries_the_events_metadata(
    http: httpx.Client, ready: Doc, text: Callable[..., Doc]
) -> None:
    event = text(http, ready, LAKEFRONT)
    one = http.get(f"/ai/conversations/{event['conversation_id']}").json()["data"]
    assert one["metadata"]["run"] == "r-1"
    assert one["metadata"]["telnyx_conversation_channel"] == "sms_chat"


def test_an_answer_after_the_quiet_begins_a_conversation_that_no_event_names(
    make: Callable[..., Sandbox],
    connect: Callable[[Sandbox], httpx.Client],
    prepare: Callable[[httpx.Client], Doc],
    clock: ManualClock,
    text: Callable[..., Doc],
    tmp_path: Path,
) -> None:
    late = "name: Late\nabout: x\nphone: '+13125550150'\nreply_after_s: 1801\n"
    (tmp_path / "late.yaml").write_text(late + "sms_replies: ['Yes.', 'And hello?']\n")
    http = connect(make(callees=tmp_path))
    event = text(http, prepare(http), "+13125550150")
    clock.advance(4 * 3600)
    (result,) = scores(http, event["conversation_id"])
    assert (len(lines(http, event)), result["answered_by"]) == (1, "nobody")
    rows = http.get("/ai/conversations", params={"order": "created_at"}).json()["data"]
    others = [row for row in rows if row["id"] != event["conversation_id"]]
    assert [len(scores(http, row["id"])) for row in others] == [1, 1]
    assert all("run" not in row["metadata"] for row in others)
    assert all(row["metadata"]["assistant_id"] == event["assistant_id"] for row in others)


def test_an_assistant_that_keeps_no_data_leaves_no_text_either(
    http: httpx.Client, clock: ManualClock, ready: Doc, text: Callable[..., Doc]
) -> None:
    event = text(http, ready, TEXTS_BACK, privacy_settings={"data_retention": False})
    clock.advance(3600)
    assert lines(http, event) == []
    assert scores(http, event["conversation_id"]) == []


def test_a_text_takes_no_retries(
    http: httpx.Client, ready: Doc, text: Callable[..., Doc], order: Order
) -> None:
    text(http, ready, IGNORES)
    asked = order(IGNORES, telnyx_conversation_channel="sms_chat", text="x")
    path = f"/ai/assistants/{ready['assistant']}/scheduled_events"
    assert http.post(path, json=asked | {"max_retries_client_errors": 0}).status_code == 400


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("sms_replies: [{txt: Yes}]", "sms_replies.0.txt: Extra inputs"),
        ("sms_replies: [{learns: {a: 1}}]", "sms_replies.0: one of text and improvise"),
        (
            "sms_replies: [{text: Sure, improvise: true}]",
            "sms_replies.0: one of text and improvise",
        ),
        ("sms_replies: [{improvise: true, learns: {a: 1}}]", "only the callee's words"),
        ("sms_replies: [{text: Sure, learns: {a: {words: Never}}}]", "nobody says: Never"),
        ("reply_after_s: 0", "reply_after_s: Input should be greater"),
        ("reply_after_s: 1.5", "reply_after_s: Input should be a valid integer"),
        ("texts: bounced", "texts: Input should be one of delivered, failed"),
    ],
)
def test_a_callee_file_with_a_mistake_in_its_texts_is_refused_with_its_place(
    tmp_path: Path, change: str, words: str
) -> None:
    file = tmp_path / "somebody.yaml"
    file.write_text(f"name: Somebody\nabout: A test.\nphone: '+13125550150'\n{change}\n")
    with pytest.raises(InvalidInput) as problem:
        load_callee(file)
    assert words in problem.value.message
