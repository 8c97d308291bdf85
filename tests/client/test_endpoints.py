"""Each method asks its endpoint: verb, path, query, body and key as Telnyx documents them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.settings import TELNYX_URL, ApiKey
from telnyx_toolkit.telnyx import TelnyxClient

Ask = Callable[[TelnyxClient], object]
EVERY_ID = {
    "id": "1",
    "mission_id": "m",
    "run_id": "r",
    "step_id": "s",
    "event_id": "e",
    "telnyx_agent_id": "a",
    "scheduled_event_id": "v",
    "available_credit": "1.00",
}
MISSION: dict[str, Any] = {
    "name": "n",
    "description": "d",
    "instructions": "i",
    "metadata": {"nonce": "x"},
}
STEP = {"step_id": "s", "description": "d", "sequence": 1}
RUN = "/ai/missions/m/runs/r"
EVENTS = "/ai/assistants/a/scheduled_events"
EVENING = datetime(2026, 3, 8, 19, tzinfo=timezone(timedelta(hours=-5)))


def requests_of(ask: Ask) -> list[httpx.Request]:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        rows = [EVERY_ID] if request.method == "GET" or "/plan" in request.url.path else []
        return httpx.Response(200, json={**EVERY_ID, "data": rows})

    ask(TelnyxClient(TELNYX_URL, ApiKey("example"), httpx.MockTransport(handler)))
    return seen


def line_of(request: httpx.Request) -> str:
    path = str(request.url).removeprefix(TELNYX_URL)
    return f"{request.method} {path.replace('%5B', '[').replace('%5D', ']')}"


def paged(path: str, size: int) -> str:
    return f"GET {path}?page[number]=1&page[size]={size}"


READS: list[tuple[Ask, str]] = [
    (lambda t: t.missions.list_all(), paged("/ai/missions", 1000)),
    (lambda t: t.missions.get("m"), "GET /ai/missions/m"),
    (lambda t: t.missions.delete("m"), "DELETE /ai/missions/m"),
    (lambda t: t.missions.list_runs("m"), paged("/ai/missions/m/runs", 1000)),
    (lambda t: t.missions.get_run("m", "r"), f"GET {RUN}"),
    (lambda t: t.missions.pause_run("m", "r"), f"POST {RUN}/pause"),
    (lambda t: t.missions.resume_run("m", "r"), f"POST {RUN}/resume"),
    (lambda t: t.missions.cancel_run("m", "r"), f"POST {RUN}/cancel"),
    (lambda t: t.missions.get_plan("m", "r"), f"GET {RUN}/plan"),
    (lambda t: t.missions.list_events("m", "r"), paged(f"{RUN}/events", 1000)),
    (lambda t: t.missions.list_agents("m", "r"), f"GET {RUN}/telnyx-agents"),
    (lambda t: t.missions.unlink_agent("m", "r", "a"), f"DELETE {RUN}/telnyx-agents/a"),
    (lambda t: t.assistants.get("a"), "GET /ai/assistants/a"),
    (lambda t: t.assistants.list_all(), "GET /ai/assistants"),
    (lambda t: t.assistants.delete("a"), "DELETE /ai/assistants/a"),
    (lambda t: t.calls.get("a", "v"), f"GET {EVENTS}/v"),
    (lambda t: t.calls.list_all("a"), paged(EVENTS, 100)),
    (
        lambda t: t.calls.list_all("a", from_date=EVENING),
        f"GET {EVENTS}?from_date=2026-03-09T00%3A00%3A00.000Z&page[number]=1&page[size]=100",
    ),
    (lambda t: t.calls.delete("a", "v"), f"DELETE {EVENTS}/v"),
    (lambda t: t.conversations.get("c"), "GET /ai/conversations/c"),
    (
        lambda t: t.conversations.find({"attempt_id": "x", "to": "+12025550101"}),
        "GET /ai/conversations?metadata-%3Eattempt_id=eq.x&metadata-%3Eto=eq.%2B12025550101"
        "&order=created_at.desc&limit=100",
    ),
    (lambda t: t.conversations.messages("c"), paged("/ai/conversations/c/messages", 100)),
    (
        lambda t: t.conversations.insights("c"),
        "GET /ai/conversations/c/conversations-insights",
    ),
    (lambda t: t.insights.list_all(), paged("/ai/conversations/insights", 99)),
    (lambda t: t.insights.delete("i"), "DELETE /ai/conversations/insights/i"),
    (lambda t: t.insights.list_groups(), paged("/ai/conversations/insight-groups", 99)),
    (lambda t: t.insights.get_group("g"), "GET /ai/conversations/insight-groups/g"),
    (lambda t: t.insights.delete_group("g"), "DELETE /ai/conversations/insight-groups/g"),
    (
        lambda t: t.insights.assign("g", "i"),
        "POST /ai/conversations/insight-groups/g/insights/i/assign",
    ),
    (
        lambda t: t.insights.unassign("g", "i"),
        "DELETE /ai/conversations/insight-groups/g/insights/i/unassign",
    ),
    (lambda t: t.numbers.list_all(), paged("/phone_numbers", 250)),
    (lambda t: t.numbers.get("17"), "GET /phone_numbers/17"),
    (lambda t: t.account.balance(), "GET /balance"),
    (lambda t: t.account.voice_profiles(), paged("/outbound_voice_profiles", 250)),
    (lambda t: t.account.texml_application("9"), "GET /texml_applications/9"),
    (lambda t: t.account.delete_texml_application("9"), "DELETE /texml_applications/9"),
]

WRITES: list[tuple[Ask, str, dict[str, Any]]] = [
    (lambda t: t.missions.create(**MISSION), "POST /ai/missions", MISSION),
    (lambda t: t.missions.update("m", **MISSION), "PUT /ai/missions/m", MISSION),
    (
        lambda t: t.missions.create_run("m", input={"goal": "g"}, metadata={}),
        "POST /ai/missions/m/runs",
        {"input": {"goal": "g"}, "metadata": {}},
    ),
    (
        lambda t: t.missions.update_run("m", "r", status="running"),
        f"PATCH {RUN}",
        {"status": "running"},
    ),
    (
        lambda t: t.missions.update_run(
            "m", "r", error="e", metadata={}, result_summary="", result_payload={"a": None}
        ),
        f"PATCH {RUN}",
        {"error": "e", "metadata": {}, "result_summary": "", "result_payload": {"a": None}},
    ),
    (
        lambda t: t.missions.store_result("m", "r", status=None, summary="", payload={"a": None}),
        f"PATCH {RUN}",
        {"result_summary": "", "result_payload": {"a": None}},
    ),
    (
        lambda t: t.missions.post_plan("m", "r", [STEP]),
        f"POST {RUN}/plan",
        {"steps": [STEP]},
    ),
    (
        lambda t: t.missions.add_steps("m", "r", [STEP]),
        f"POST {RUN}/plan/steps",
        {"steps": [STEP]},
    ),
    (
        lambda t: t.missions.update_step("m", "r", "s", status="completed"),
        f"PATCH {RUN}/plan/steps/s",
        {"status": "completed"},
    ),
    (
        lambda t: t.missions.log_event(
            "m", "r", type="custom", summary="t", idempotency_key="k:1.2"
        ),
        f"POST {RUN}/events",
        {"type": "custom", "summary": "t", "idempotency_key": "k:1.2"},
    ),
    (
        lambda t: t.missions.log_event(
            "m",
            "r",
            type="tool_call",
            summary="t",
            step_id="s",
            agent_id="a",
            payload={"conversation_id": "c"},
            idempotency_key="k",
        ),
        f"POST {RUN}/events",
        {
            "type": "tool_call",
            "summary": "t",
            "step_id": "s",
            "agent_id": "a",
            "payload": {"conversation_id": "c"},
            "idempotency_key": "k",
        },
    ),
    (
        lambda t: t.missions.link_agent("m", "r", "a"),
        f"POST {RUN}/telnyx-agents",
        {"telnyx_agent_id": "a"},
    ),
    (
        lambda t: t.assistants.update("a", {"greeting": ""}),
        "POST /ai/assistants/a",
        {"greeting": ""},
    ),
    (
        lambda t: t.numbers.set_connection("17", "9"),
        "PATCH /phone_numbers/17",
        {"connection_id": "9"},
    ),
    (
        lambda t: t.numbers.set_connection("17", ""),
        "PATCH /phone_numbers/17",
        {"connection_id": ""},
    ),
]

KEYED: list[tuple[Ask, str, dict[str, Any]]] = [
    (
        lambda t: t.assistants.create({"name": "n"}, idempotency_key="k-1"),
        "POST /ai/assistants",
        {"name": "n"},
    ),
    (
        lambda t: t.calls.schedule("a", b'{"text":"x"}', idempotency_key="k-1"),
        f"POST {EVENTS}",
        {"text": "x"},
    ),
    (
        lambda t: t.insights.create(name="n", instructions="i", idempotency_key="k-1"),
        "POST /ai/conversations/insights",
        {"name": "n", "instructions": "i"},
    ),
    (
        lambda t: t.insights.create(
            name="n", instructions="i", json_schema={"type": "object"}, idempotency_key="k-1"
        ),
        "POST /ai/conversations/insights",
        {"name": "n", "instructions": "i", "json_schema": {"type": "object"}},
    ),
    (
        lambda t: t.insights.create_group(name="n", description="d", idempotency_key="k-1"),
        "POST /ai/conversations/insight-groups",
        {"name": "n", "description": "d"},
    ),
]


@pytest.mark.parametrize(("ask", "line"), READS, ids=[line for _, line in READS])
def test_a_request_without_a_body_asks_its_endpoint(ask: Ask, line: str):
    [request] = requests_of(ask)

    assert line_of(request) == line
    assert request.content == b""
    assert "idempotency-key" not in request.headers


@pytest.mark.parametrize(("ask", "line", "body"), WRITES, ids=[line for _, line, _ in WRITES])
def test_a_request_with_a_body_asks_its_endpoint(ask: Ask, line: str, body: dict[str, Any]):
    [request] = requests_of(ask)

    assert line_of(request) == line
    assert json.loads(request.content) == body
    assert "idempotency-key" not in request.headers


@pytest.mark.parametrize(("ask", "line", "body"), KEYED, ids=[line for _, line, _ in KEYED])
def test_an_endpoint_that_takes_a_key_gets_it(ask: Ask, line: str, body: dict[str, Any]):
    [request] = requests_of(ask)

    assert line_of(request) == line
    assert json.loads(request.content) == body
    assert request.headers["idempotency-key"] == "k-1"


def test_a_call_is_scheduled_with_exactly_the_bytes_given():
    content = b'{ "telnyx_end_user_target" : "+12025550101",\r\n "b": "\xc3\xa9" }\n'

    [request] = requests_of(lambda t: t.calls.schedule("a", content, idempotency_key="example"))

    assert request.content == content


def test_an_id_never_changes_the_endpoint():
    [request] = requests_of(lambda t: t.assistants.delete("a/../b?c"))

    assert request.url.raw_path == b"/v2/ai/assistants/a%2F..%2Fb%3Fc"
    with pytest.raises(InvalidInput):
        requests_of(lambda t: t.assistants.delete(""))


def test_a_date_without_a_zone_is_refused():
    naive = datetime(2026, 3, 8, 12, tzinfo=UTC).replace(tzinfo=None)

    with pytest.raises(ValueError, match="no time zone"):
        requests_of(lambda t: t.calls.list_all("a", from_date=naive))


def test_nothing_is_sent_before_the_first_call_and_a_closed_client_can_go_on():
    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=EVERY_ID)

    with TelnyxClient(TELNYX_URL, ApiKey("example"), httpx.MockTransport(handler)) as client:
        assert client.missions.get("m").mission_id == "m"
    client.close()

    assert client.missions.get("m").mission_id == "m"
