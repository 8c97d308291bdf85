"""What our client sends is what Telnyx's own SDK would let a program send."""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import GenericAlias
from typing import Annotated, Any, cast, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import pytest
from pydantic import ConfigDict, TypeAdapter, ValidationError
from telnyx.types import (
    DetailRecordListParams,
    OutboundVoiceProfileListParams,
    PhoneNumberListParams,
    PhoneNumberUpdateParams,
    RecordingListParams,
    TexmlApplicationUpdateParams,
    TextToSpeechListVoicesParams,
)
from telnyx.types.ai import (
    AssistantCreateParams,
    AssistantUpdateParams,
    ConversationListParams,
    ConversationUpdateParams,
    MissionCreateParams,
    MissionListParams,
    MissionUpdateMissionParams,
)
from telnyx.types.ai.assistants import ScheduledEventCreateParams, ScheduledEventListParams
from telnyx.types.ai.conversations import (
    InsightCreateParams,
    InsightGroupInsightGroupsParams,
    InsightGroupRetrieveInsightGroupsParams,
    InsightListParams,
    MessageListParams,
)
from telnyx.types.ai.missions import RunCreateParams, RunListParams, RunUpdateParams
from telnyx.types.ai.missions.runs import (
    EventListParams,
    EventLogParams,
    PlanAddStepsToPlanParams,
    PlanCreateParams,
    PlanUpdateStepParams,
    TelnyxAgentLinkParams,
)
from telnyx.types.phone_numbers import MessagingUpdateParams

from telnyx_toolkit.settings import ApiKey
from telnyx_toolkit.simulator.wire import Request
from telnyx_toolkit.telnyx import TelnyxClient, in_process

Doc = dict[str, Any]
FREE_NUMBER = "+13125550192"
CLOSED: Doc = {"type": "object", "additionalProperties": False, "properties": {}}
MISSION = "/ai/missions/{mission_id}"
RUN = MISSION + "/runs/{run_id}"
ASSISTANT = "/ai/assistants/{assistant_id}"
EVENTS = ASSISTANT + "/scheduled_events"
TALK = "/ai/conversations"
ONE_TALK = TALK + "/{conversation_id}"
GROUPS = TALK + "/insight-groups"
MEMBER = GROUPS + "/{group_id}/insights/{insight_id}"

#: Every request of our client: the parameters that the SDK has for it, None when it has none
#: beside those of the path. The first that fits is the one.
TABLE: dict[str, Any] = {
    "POST /ai/missions": MissionCreateParams,
    "GET /ai/missions": MissionListParams,
    f"GET {MISSION}": None,
    f"PUT {MISSION}": MissionUpdateMissionParams,
    f"DELETE {MISSION}": None,
    f"POST {MISSION}/runs": RunCreateParams,
    f"GET {MISSION}/runs": RunListParams,
    f"GET {RUN}": None,
    f"PATCH {RUN}": RunUpdateParams,
    f"POST {RUN}/pause": None,
    f"POST {RUN}/resume": None,
    f"POST {RUN}/cancel": None,
    f"POST {RUN}/plan": PlanCreateParams,
    f"GET {RUN}/plan": None,
    f"POST {RUN}/plan/steps": PlanAddStepsToPlanParams,
    f"PATCH {RUN}/plan/steps/{{step_id}}": PlanUpdateStepParams,
    f"POST {RUN}/events": EventLogParams,
    f"GET {RUN}/events": EventListParams,
    f"POST {RUN}/telnyx-agents": TelnyxAgentLinkParams,
    f"GET {RUN}/telnyx-agents": None,
    f"DELETE {RUN}/telnyx-agents/{{telnyx_agent_id}}": None,
    "POST /ai/assistants": AssistantCreateParams,
    "GET /ai/assistants": None,
    f"GET {ASSISTANT}": None,
    f"POST {ASSISTANT}": AssistantUpdateParams,
    f"DELETE {ASSISTANT}": None,
    f"POST {EVENTS}": ScheduledEventCreateParams,
    f"GET {EVENTS}": ScheduledEventListParams,
    f"GET {EVENTS}/{{event_id}}": None,
    f"DELETE {EVENTS}/{{event_id}}": None,
    f"POST {TALK}/insights": InsightCreateParams,
    f"GET {TALK}/insights": InsightListParams,
    f"DELETE {TALK}/insights/{{insight_id}}": None,
    f"POST {GROUPS}": InsightGroupInsightGroupsParams,
    f"GET {GROUPS}": InsightGroupRetrieveInsightGroupsParams,
    f"GET {GROUPS}/{{group_id}}": None,
    f"DELETE {GROUPS}/{{group_id}}": None,
    f"POST {MEMBER}/assign": None,
    f"DELETE {MEMBER}/unassign": None,
    f"GET {TALK}": ConversationListParams,
    f"GET {ONE_TALK}": None,
    f"PUT {ONE_TALK}": ConversationUpdateParams,
    f"GET {ONE_TALK}/messages": MessageListParams,
    f"GET {ONE_TALK}/conversations-insights": None,
    "GET /phone_numbers": PhoneNumberListParams,
    "GET /phone_numbers/{id}": None,
    "PATCH /phone_numbers/{phone_number_id}": PhoneNumberUpdateParams,
    "PATCH /phone_numbers/{id}/messaging": MessagingUpdateParams,
    "GET /detail_records": DetailRecordListParams,
    "GET /recordings": RecordingListParams,
    "GET /outbound_voice_profiles": OutboundVoiceProfileListParams,
    "GET /texml_applications/{id}": None,
    "PATCH /texml_applications/{id}": TexmlApplicationUpdateParams,
    "DELETE /texml_applications/{id}": None,
    "GET /balance": None,
    "GET /ai/openai/models": None,
    "GET /text-to-speech/voices": TextToSpeechListVoicesParams,
}
#: Telnyx keeps metadata of any name and filters by it; the SDK names six of them.
FREE_FILTER = "metadata->"

#: What we send although the SDK does not declare it, each with the reason why it may be sent.
UNDECLARED: Mapping[str, Mapping[str, str]] = {
    f"PUT {ONE_TALK}": {"name": "Tried for the portal's sake; a refusal is passed over"},
}
#: Where we lean on something that the two do not say: what it is, and who says it.
LEANS_ON: Mapping[str, str] = {
    "POST /ai/missions": "a repeat makes a second mission: inferred, so it is looked for first",
    f"PUT {MISSION}": "what becomes of fields left out: undocumented, so all are sent",
    f"POST {MISSION}/runs": "a repeat makes a second run: inferred, so it is looked for first",
    f"PATCH {RUN}": "which status may follow which, and changes after the end: undocumented",
    f"POST {RUN}/cancel": "of a pending run: undocumented, so that one is set by PATCH",
    f"POST {RUN}/plan": "a second plan: undocumented, so the first is looked for",
    f"POST {RUN}/events": "the answer to a repeated `idempotency_key`: undocumented; any 2xx does",
    f"POST {RUN}/telnyx-agents": "linking twice: undocumented, so links are looked at first",
    "GET /ai/assistants": "paging: undocumented; the answer's own `meta` is followed",
    "POST /ai/assistants": "unknown fields are dropped without a word: reported from a live"
    " account, so the assistant is read back",
    f"DELETE {ASSISTANT}": "application, insights and number stay: reported from a live account",
    f"POST {EVENTS}": "how far ahead, and that a past time is refused: undocumented",
    f"GET {EVENTS}": "how soon a new event shows: undocumented; looked for twice, 20 s apart",
    f"DELETE {EVENTS}/{{event_id}}": "a deleted event answers 404: inferred",
    f"POST {TALK}/insights": "an object needs `additionalProperties: false`: reported from a live"
    " account",
    f"PUT {ONE_TALK}": "`name`: undocumented, a refusal is passed over; whether `metadata` is"
    " merged: undocumented, so all of it is sent",
    f"GET {ONE_TALK}/messages": "rows in no order: reported from a live account, so"
    " they are sorted",
    f"GET {ONE_TALK}/conversations-insights": "empty for seconds, `result` not JSON: reported from"
    " live accounts",
    "PATCH /phone_numbers/{phone_number_id}": '`connection_id` of "" detaches: undocumented;'
    " HD voice refused by 400 or 422: inferred",
    "GET /text-to-speech/voices": "whether ids carry their provider: sources disagree; both do",
    "GET /ai/openai/models": "being listed is no promise: reported from a live account",
    "GET /detail_records": "pages of 50 at most, and when records show: reported from a live"
    " account; which id joins each type: partly declared",
    "GET /recordings": "links expire after 10 minutes: reported from a live account",
    "GET /balance": "it lags behind: reported from a live account",
}

PAGE = Path(__file__).parents[2] / "docs" / "endpoints.md"
_ABOUT = """# Every endpoint we use

Generated by `make endpoints` from the table that the tests hold every request of our client
against: a request that is not in it fails, and so does an entry that nobody uses.

The second column is the class of Telnyx's own Python SDK, generated from Telnyx's OpenAPI, whose
fields and types the request satisfies; where there is none, the request has nothing but its path.
Paths, fields and types are as sure as those two, which agree on every line here. The last column
says what we lean on beyond them, and how sure that is: *undocumented* and *inferred* things are
built so that either answer works, and tested against the sandbox; *reported* ones were seen by
others on a live account. Nothing here was seen on one by us.

| request | SDK parameters | beyond the specification |
|---|---|---|
"""

pytestmark = pytest.mark.filterwarnings(
    # Some of the SDK's nested types take anything; Pydantic says so while it builds the checker.
    "ignore:TypedDict class .* allows extra items:UserWarning"
)


def mismatches(requests: Iterable[Any]) -> list[str]:
    """Whatever the SDK has no place for, or another type, in requests of ours."""
    return [f"{entry_of(one)[0]}: {flaw}" for one in requests for flaw in flaws_of(one)]


def flaws_of(request: Any) -> list[str]:
    entry, in_path = entry_of(request)
    body: Doc = request.body or {}
    given = {**request.query, **body}
    if request.idempotency_key:
        given["Idempotency-Key"] = request.idempotency_key
    given = {name: value for name, value in given.items() if not name.startswith(FREE_FILTER)}
    params = TABLE[entry]
    names = by_alias(params) if params else {}
    given = nested(given) if "filter" in names else given
    given = {name: value for name, value in given.items() if name not in UNDECLARED.get(entry, {})}
    homeless = [f"{name} has no place" for name in given if name not in set(names) - set(in_path)]
    if params is None or homeless:
        return homeless
    doc = {names[name]: value for name, value in given.items()}
    doc |= {name: value for name, value in in_path.items() if name in names}
    return against(params, doc, strict=bool(body))


def nested(query: Mapping[str, Any]) -> Doc:
    """`filter[a]=b` as the SDK takes it: `filter={"a": "b"}`."""
    plain: Doc = {name: value for name, value in query.items() if not name.startswith("filter[")}
    inner = {name[7:-1]: query[name] for name in query if name not in plain}
    return plain | ({"filter": inner} if inner else {})


def entry_of(request: Any) -> tuple[str, Mapping[str, str]]:
    """The entry of the table for a request, and what stands in its path."""
    for entry in TABLE:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", entry)
        found = re.fullmatch(pattern, f"{request.method} {request.path}")
        if found:
            return entry, found.groupdict()
    raise AssertionError(f"{request.method} {request.path} has no entry in the table")


def by_alias(params: Any) -> dict[str, str]:
    """The SDK's name of each parameter, by the name that it has on the wire."""
    hints = get_type_hints(params, include_extras=True)
    return {wire_name(hint) or name: name for name, hint in hints.items()}


def wire_name(hint: Any) -> str | None:
    """The alias in the SDK's `PropertyInfo`, which may be inside `Required[]`."""
    if get_origin(hint) is Annotated:
        aliases = [getattr(one, "alias", None) for one in get_args(hint)[1:]]
        return next((alias for alias in aliases if alias), None)
    return next((alias for one in get_args(hint) if (alias := wire_name(one))), None)


def against(params: Any, doc: Doc, *, strict: bool) -> list[str]:
    """What Pydantic has against a value of a TypedDict; a query is all strings, so not strict."""
    config = ConfigDict(extra="forbid", strict=strict)
    # In a list, since a TypedDict by itself takes no configuration.
    many: Any = GenericAlias(list, (params,))
    checker: TypeAdapter[Any] = TypeAdapter(many, config=config)
    try:
        exhaust(checker.validate_python([doc]))
    except ValidationError as error:
        return [f"{one['loc']}: {one['msg']}" for one in error.errors()]
    return []


def exhaust(value: Any) -> None:
    """Walk through everything: Pydantic checks an `Iterable` only as it is read."""
    if isinstance(value, dict):
        exhaust(list(cast("Doc", value).values()))
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for item in cast("Iterable[Any]", value):
            exhaust(item)


@pytest.fixture
def telnyx(rig: Any) -> TelnyxClient:
    return TelnyxClient("http://127.0.0.1/v2", ApiKey("example"), in_process(rig.sandbox))


def test_every_request_of_the_catering_mission_is_one_that_the_sdk_could_have_sent(
    rig: Any, catering: Doc
) -> None:
    rig.ran(catering)
    requests = rig.sandbox.requests
    assert mismatches(requests) == []
    assert {entry_of(one)[0] for one in requests if one.body} == {
        "POST /ai/missions",
        f"POST {MISSION}/runs",
        f"PATCH {RUN}",
        f"POST {RUN}/plan",
        f"PATCH {RUN}/plan/steps/{{step_id}}",
        f"POST {RUN}/events",
        f"POST {RUN}/telnyx-agents",
        "POST /ai/assistants",
        f"POST {EVENTS}",
        f"POST {TALK}/insights",
        f"POST {GROUPS}",
        "PATCH /phone_numbers/{phone_number_id}",
        "PATCH /texml_applications/{id}",
        f"PUT {ONE_TALK}",
    }


def test_every_request_of_a_mission_of_texts_with_its_costs_and_recordings_is_one_too(
    rig: Any, survey: Doc
) -> None:
    survey["targets"][0]["channel"] = "sms"
    mission = rig.ran({**survey, "record": True})["mission_id"]
    rig.clock.advance(7_200)
    rig.call("summarize", mission_id=mission)
    rig.call("get_recording", mission_id=mission, target="South Hardware")
    assert mismatches(rig.sandbox.requests) == []
    used = {entry_of(one)[0] for one in rig.sandbox.requests}
    assert used >= {
        "PATCH /phone_numbers/{id}/messaging",
        "GET /detail_records",
        "GET /recordings",
    }


def test_every_request_of_a_cancelled_mission_with_a_lost_answer_is_one_too(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig(faults=[{"on": "POST /ai/assistants/*/scheduled_events", "do": "drop_after"}])
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission, wait="31m")
    rig.call("cancel_mission", mission_id=mission, reason="plans changed")
    rig.call("run_mission", mission_id=mission)
    assert mismatches(rig.sandbox.requests) == []
    used = {entry_of(one)[0] for one in rig.sandbox.requests}
    assert used >= {f"GET {EVENTS}", f"DELETE {ASSISTANT}", f"POST {RUN}/cancel"}


def test_every_method_of_our_client_asks_what_the_sdk_could_have_asked(
    rig: Any, telnyx: TelnyxClient
) -> None:
    _missions(telnyx)
    made, order = _prepared(telnyx, rig.clock.now() + timedelta(minutes=1))
    _called(telnyx, made, order, lambda: rig.clock.advance(600))
    _deleted(telnyx, made)
    assert {entry_of(request)[0] for request in rig.sandbox.requests} == set(TABLE)
    assert mismatches(rig.sandbox.requests) == []


def test_a_number_is_detached_in_a_way_that_the_sdk_declares(
    rig: Any, telnyx: TelnyxClient
) -> None:
    telnyx.numbers.set_connection(telnyx.numbers.list_all()[0].id, "")
    assert mismatches(rig.sandbox.requests) == []


RUN_PATH = "/ai/missions/m/runs/r"
CALL: Doc = {
    "telnyx_conversation_channel": "phone_call",
    "telnyx_end_user_target": "+13125550101",
    "telnyx_agent_target": "+13125550192",
    "scheduled_at_fixed_datetime": "2026-12-01T15:01:00Z",
}
STEP: Doc = {"step_id": "s", "description": "d", "sequence": 1}


def asked(line: str, body: Doc | None = None, key: str = "", query: str = "") -> Request:
    method, path = line.split()
    return Request(method, path, dict(parse_qsl(query)), body, b"", key, 200)


@pytest.mark.parametrize(
    ("request_", "flaw"),
    [
        (asked("POST /ai/missions", {}), "name"),
        (asked("POST /ai/missions", {"name": 7}), "string"),
        (asked("POST /ai/missions", {"name": "n", "colour": "red"}), "colour has no place"),
        (asked("POST /ai/missions", {"name": "n"}, key="k"), "Idempotency-Key has no place"),
        (asked("GET /ai/missions/m", {"name": "n"}), "name has no place"),
        (asked("GET /ai/missions", query="page_size=5"), "page_size has no place"),
        (asked("GET /ai/missions", query="page[size]=all"), "integer"),
        (asked(f"PATCH {RUN_PATH}", {"mission_id": "m"}), "mission_id has no place"),
        (asked(f"POST {RUN_PATH}/pause", {"reason": "r"}), "reason has no place"),
        (asked(f"POST {RUN_PATH}/plan", {"steps": [{**STEP, "sequence": "1"}]}), "integer"),
        (asked(f"POST {RUN_PATH}/plan", {"steps": [{**STEP, "title": "t"}]}), "Extra inputs"),
        (asked(f"PATCH {RUN_PATH}", {"status": "done"}), "Input should be"),
        (asked("POST /ai/assistants/a/scheduled_events", {**CALL, "text": 5}), "string"),
        (
            asked(
                "POST /ai/assistants/a/scheduled_events",
                {**CALL, "call_settings": {"region": "US"}},
            ),
            "Extra inputs",
        ),
        (
            asked(
                "POST /ai/assistants", {"name": "n", "instructions": "i", "tools": [{"type": 1}]}
            ),
            "Field required",
        ),
    ],
)
def test_the_check_of_bodies_sees_what_the_sdk_would_not_send(request_: Request, flaw: str) -> None:
    assert flaw in " ".join(mismatches([request_]))


def test_a_request_without_an_entry_in_the_table_is_refused() -> None:
    with pytest.raises(AssertionError, match="no entry"):
        mismatches([asked("POST /ai/assistants/a/clone")])


def _missions(telnyx: TelnyxClient) -> None:
    what: Doc = {"name": "n", "description": "d", "instructions": "i", "metadata": {"a": "b"}}
    step = {"step_id": "s", "description": "d", "sequence": 1}
    missions = telnyx.missions
    mission = missions.create(**what).mission_id
    missions.get(mission)
    missions.list_all()
    missions.update(mission, **what)
    run = missions.create_run(mission, input={"goal": "g"}, metadata={"a": "b"}).run_id
    at = (mission, run)
    missions.list_runs(mission)
    missions.get_run(*at)
    missions.update_run(*at, status="running")
    missions.pause_run(*at)
    missions.resume_run(*at)
    missions.post_plan(*at, [step])
    missions.add_steps(*at, [{**step, "step_id": "t", "sequence": 2, "parent_step_id": "s"}])
    missions.get_plan(*at)
    missions.update_step(*at, "s", status="completed")
    missions.log_event(
        *at,
        type="tool_call",
        summary="t",
        step_id="s",
        agent_id="a",
        payload={"a": 1},
        idempotency_key="k",
    )
    missions.list_events(*at)
    agent = telnyx.assistants.create({"name": "n", "instructions": "i"}, idempotency_key="k-0").id
    missions.link_agent(*at, agent)
    missions.list_agents(*at)
    missions.unlink_agent(*at, agent)
    missions.update_run(
        *at, error="e", metadata={"a": "c"}, result_summary="r", result_payload={"a": None}
    )
    missions.store_result(*at, status=None, summary="r", payload={"a": None})
    missions.cancel_run(*at)
    missions.delete(mission)


def _prepared(telnyx: TelnyxClient, due: datetime) -> tuple[Doc, bytes]:
    insights, account = telnyx.insights, telnyx.account
    insight = insights.create(
        name="n", instructions="i", json_schema=CLOSED, idempotency_key="k-1"
    ).id
    group = insights.create_group(name="n", description="d", idempotency_key="k-2").id
    insights.list_all()
    insights.list_groups()
    insights.assign(group, insight)
    insights.get_group(group)
    body: Doc = {
        "name": "n",
        "instructions": "i",
        "enabled_features": ["telephony"],
        "insight_settings": {"insight_group_id": group},
    }
    agent = telnyx.assistants.create(body, idempotency_key="k-3")
    telnyx.assistants.get(agent.id)
    telnyx.assistants.list_all()
    telnyx.assistants.update(agent.id, {"greeting": "Hello."})
    app = account.texml_application(agent.texml_app_id or "")
    profile = account.voice_profiles()[0].id
    account.update_texml_application(app, outbound_voice_profile_id=profile)
    number = next(one for one in telnyx.numbers.list_all() if one.phone_number == FREE_NUMBER)
    telnyx.numbers.get(number.id)
    telnyx.numbers.set_connection(number.id, app.id)
    telnyx.numbers.set_hd_voice(number.id, enabled=True)
    telnyx.numbers.set_messaging_profile(number.id, "")
    account.balance()
    account.models()
    account.voices("telnyx")
    order = {**CALL, "scheduled_at_fixed_datetime": due.isoformat()}
    made = {"agent": agent.id, "app": app.id, "group": group, "insight": insight}
    return made, json.dumps(order).encode()


def _called(telnyx: TelnyxClient, made: Doc, order: bytes, wait: Callable[[], None]) -> None:
    calls, talk, agent = telnyx.calls, telnyx.conversations, made["agent"]
    event = calls.schedule(agent, order, idempotency_key="k-4").scheduled_event_id
    wait()
    calls.list_all(agent)
    calls.list_all(agent, from_date=datetime(2026, 1, 1, tzinfo=UTC))
    conversation = calls.get(agent, event).conversation_id or ""
    talk.get(conversation)
    assert talk.find({"assistant_id": agent, "attempt_id": "x"}) == []
    assert talk.messages(conversation)
    talk.insights(conversation)
    talk.update_metadata(conversation, {"read": "yes"})
    talk.rename(talk.get(conversation), "A talk")
    telnyx.records.details("sip-trunking", "this_month")
    telnyx.records.recordings("s")
    calls.delete(agent, event)


def _deleted(telnyx: TelnyxClient, made: Doc) -> None:
    telnyx.insights.unassign(made["group"], made["insight"])
    telnyx.insights.delete_group(made["group"])
    telnyx.insights.delete(made["insight"])
    telnyx.assistants.delete(made["agent"])
    telnyx.account.delete_texml_application(made["app"])


def test_the_page_of_endpoints_is_up_to_date() -> None:
    assert set(LEANS_ON) <= set(TABLE)
    rows = (
        f"| `{entry}` | {_named(params)} | {LEANS_ON.get(entry, '')} |"
        for entry, params in sorted(TABLE.items())
    )
    text = _ABOUT + "\n".join(rows) + "\n"
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(text, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == text, "run make endpoints"


def _named(params: Any) -> str:
    return f"`{params.__name__}`" if params else "-"
