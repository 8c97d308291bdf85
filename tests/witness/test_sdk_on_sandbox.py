"""Telnyx's own SDK finds in the sandbox what it expects of Telnyx, field by field."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import telnyx
from telnyx.types.ai import MissionData

from telnyx_toolkit.clock import ManualClock

Doc = dict[str, Any]
Sdk = telnyx.Telnyx
ACCOUNTS = Path(__file__).parents[2] / "fixtures" / "accounts"
STRANGER = "00000000-0000-4000-8000-000000000000"
CALL_IDS = ("session", "control", "leg")
CLOSED: Doc = {"type": "object", "additionalProperties": False, "properties": {}}
PLAN = [
    {"step_id": "call-1", "description": "Call Lakefront Catering", "sequence": 1},
    {
        "step_id": "report",
        "description": "Say what was found",
        "sequence": 2,
        "parent_step_id": "call-1",
        "metadata": {"kind": "report"},
    },
]


def _missed(action: Callable[[], object]) -> None:
    with pytest.raises(telnyx.NotFoundError):
        action()


def _open_schema(sdk: Sdk) -> object:
    return sdk.ai.conversations.insights.create(
        name="Q", instructions="Read.", json_schema={"type": "object", "properties": {}}
    )


def _pause_a_pending_run(sdk: Sdk) -> object:
    mission = sdk.ai.missions.create(name="M").data.mission_id
    run = sdk.ai.missions.runs.create(mission).data.run_id
    return sdk.ai.missions.runs.pause_run(run, mission_id=mission)


@pytest.fixture
def run(ask: Any, sdk: Sdk) -> Doc:
    """The ids of a run of a new mission, as every method below it wants them."""
    mission = ask(sdk.ai.missions.create, name="Catering").data.mission_id
    made = ask(sdk.ai.missions.runs.create, mission, input={"guests": 50}, metadata={"key": "a"})
    assert ask.status == 201
    return {"run_id": made.data.run_id, "mission_id": mission}


def test_the_sdk_creates_reads_lists_changes_and_deletes_a_mission(ask: Any, sdk: Sdk) -> None:
    missions = sdk.ai.missions
    made = ask(missions.create, name="Catering", instructions="Call them.", metadata={"key": "a"})
    assert ask.status == 201
    mission = made.data.mission_id
    assert made.data.execution_mode == "external"
    assert ask(missions.retrieve, mission).data == made.data
    assert ask(missions.list).data == [made.data]
    changed = ask(missions.update_mission, mission, name="Lunch", metadata={"key": "b"})
    assert (changed.data.name, changed.data.metadata) == ("Lunch", {"key": "b"})
    ask(missions.delete_mission, mission)
    assert ask.status == 204
    _missed(lambda: missions.retrieve(mission))


def test_the_sdk_creates_reads_lists_and_ends_a_run(
    ask: Any, sdk: Sdk, clock: ManualClock, run: Doc
) -> None:
    runs = sdk.ai.missions.runs
    made = ask(runs.retrieve, **run).data
    assert (made.status, made.input, made.metadata) == ("pending", {"guests": 50}, {"key": "a"})
    assert ask(runs.list, run["mission_id"]).data == [made]
    assert ask(runs.list_runs, status="pending").data == [made]
    assert ask(runs.list, run["mission_id"], status="running").data == []
    ask(runs.update, **run, status="running")
    clock.advance(60)
    ended = ask(
        runs.update,
        **run,
        status="succeeded",
        metadata={"key": "b"},
        result_summary="Found one.",
        result_payload={"saving": 150},
    ).data
    assert ended.finished_at - ended.started_at == timedelta(minutes=1)
    assert (ended.result_payload, ended.metadata) == ({"saving": 150}, {"key": "b"})


def test_the_sdk_pauses_resumes_and_cancels_a_run(ask: Any, sdk: Sdk, run: Doc) -> None:
    runs = sdk.ai.missions.runs
    ask(runs.update, **run, status="running")
    turns = [runs.pause_run, runs.resume_run, runs.cancel_run]
    assert [ask(turn, **run).data.status for turn in turns] == ["paused", "running", "cancelled"]


def test_the_sdk_writes_a_plan_adds_steps_and_takes_them(ask: Any, sdk: Sdk, run: Doc) -> None:
    plan = sdk.ai.missions.runs.plan
    made = ask(plan.create, **run, steps=PLAN).data
    assert ask.status == 201
    assert {(step.step_id, step.status) for step in made} == {
        ("call-1", "pending"),
        ("report", "pending"),
    }
    more = {"step_id": "call-2", "description": "Call Chicago Grill Co", "sequence": 3}
    (added,) = ask(plan.add_steps_to_plan, **run, steps=[more]).data
    assert (ask.status, added.sequence) == (201, 3)
    assert {step.step_id for step in ask(plan.retrieve, **run).data} == {
        "call-1",
        "call-2",
        "report",
    }
    assert ask(plan.get_step_details, "report", **run).data.parent_step_id == "call-1"
    assert ask(plan.update_step, "call-1", **run, status="in_progress").data.started_at
    done = ask(plan.update_step, "call-1", **run, status="completed", metadata={"a": 1}).data
    assert (done.status, done.metadata) == ("completed", {"a": 1})
    assert done.completed_at


def test_an_event_logged_twice_under_one_key_is_one_event(ask: Any, sdk: Sdk, run: Doc) -> None:
    events = sdk.ai.missions.runs.events
    entry: Doc = {"type": "custom", "summary": "It began.", "idempotency_key": "began"}
    first = ask(events.log, **run, **entry, payload={"n": 1}).data
    assert ask.status == 201
    assert ask(events.log, **run, **entry, payload={"n": 1}).data == first
    other = ask(
        events.log, **run, type="step_started", summary="Step.", step_id="call-1", agent_id="a"
    ).data
    assert ask(events.list, **run).data == [other, first]
    assert ask(events.list, **run, type="step_started", step_id="call-1").data == [other]
    assert ask(events.get_event_details, first.event_id, **run).data == first
    assert ask(sdk.ai.missions.list_events, type="custom").data == [first]


def test_the_sdk_links_lists_and_unlinks_an_assistant(
    ask: Any, sdk: Sdk, run: Doc, ready: Doc
) -> None:
    agents, assistant = sdk.ai.missions.runs.telnyx_agents, ready["assistant"]
    linked = ask(agents.link, **run, telnyx_agent_id=assistant).data
    assert (ask.status, linked.telnyx_agent_id) == (201, assistant)
    assert ask(agents.list, **run).data == [linked]
    known = ask(sdk.ai.assistants.retrieve, assistant)
    assert known.related_mission_ids == [run["mission_id"]]
    ask(agents.unlink, assistant, **run)
    assert ask(agents.list, **run).data == []


@pytest.mark.parametrize("schema", [CLOSED, json.dumps(CLOSED)])
def test_the_sdk_makes_changes_and_deletes_an_insight(
    ask: Any, sdk: Sdk, schema: Doc | str
) -> None:
    insights = sdk.ai.conversations.insights
    made = ask(
        insights.create,
        name="Quote",
        instructions="Read the quote.",
        json_schema=schema,
    ).data
    assert made.json_schema == schema
    assert made.insight_type == "custom"
    assert ask(insights.retrieve, made.id).data == made
    assert made in ask(insights.list).data
    assert ask(insights.update, made.id, name="Price").data.name == "Price"
    ask(insights.delete, made.id)
    _missed(lambda: insights.retrieve(made.id))


def test_the_sdk_fills_empties_and_deletes_an_insight_group(ask: Any, sdk: Sdk) -> None:
    talk = sdk.ai.conversations
    groups = talk.insight_groups
    made = ask(groups.insight_groups, name="Catering", description="Quotes").data
    insight = ask(talk.insights.create, name="Quote", instructions="Read the quote.").data
    ask(groups.insights.assign, insight.id, group_id=made.id)
    assert ask(groups.retrieve, made.id).data.insights == [insight]
    assert [one.id for one in ask(groups.retrieve_insight_groups).data] == [made.id]
    assert ask(groups.update, made.id, name="Lunch").data.name == "Lunch"
    ask(groups.insights.delete_unassign, insight.id, group_id=made.id)
    assert ask(groups.retrieve, made.id).data.insights == []
    ask(groups.delete, made.id)
    _missed(lambda: groups.retrieve(made.id))


def test_the_sdk_creates_reads_lists_changes_and_deletes_an_assistant(ask: Any, sdk: Sdk) -> None:
    assistants = sdk.ai.assistants
    settings: Doc = {
        "name": "Caller",
        "instructions": "Ask for a quote.",
        "model": "zai-org/GLM-5.2",
        "greeting": "Hello.",
        "enabled_features": ["telephony", "messaging"],
        "voice_settings": {"voice": "Telnyx.NaturalHD.orion", "voice_speed": 1.1},
        "transcription": {"model": "deepgram/flux", "language": "en"},
        "telephony_settings": {"time_limit_secs": 600, "user_idle_timeout_secs": 30},
        "privacy_settings": {"data_retention": True},
        "dynamic_variables": {"caller": "Dana Reyes"},
        "interruption_settings": {"enable": True},
        "tools": [{"type": "hangup", "hangup": {"description": "End the call."}}],
        "tool_ids": ["tool-1"],
    }
    made = ask(assistants.create, **settings)
    assert made.telephony_settings.default_texml_app_id
    assert made.tools[0].type == "hangup"
    assert ask(assistants.retrieve, made.id) == made
    assert [one.id for one in ask(assistants.list).data] == [made.id]
    changed = ask(assistants.update, made.id, greeting="Good day.", version_name="Second")
    assert (changed.greeting, changed.version_name) == ("Good day.", "Second")
    assert changed.version_id != made.version_id
    draft = ask(assistants.update, made.id, greeting="Hi.", promote_to_main=False)
    assert draft.greeting == "Hi."
    assert ask(assistants.retrieve, made.id).greeting == "Good day."
    assert ask(assistants.delete, made.id).deleted
    _missed(lambda: assistants.retrieve(made.id))


def test_an_assistant_made_twice_under_one_key_is_one_assistant(ask: Any, sdk: Sdk) -> None:
    asked: Doc = {"name": "Caller", "instructions": "Ask.", "idempotency_key": "caller-1"}
    first, again = (ask(sdk.ai.assistants.create, **asked) for _ in range(2))
    assert first == again
    assert len(ask(sdk.ai.assistants.list).data) == 1


@pytest.mark.parametrize("size", [1, 2, 5])
def test_the_sdk_pages_through_every_phone_number_once(ask: Any, sdk: Sdk, size: int) -> None:
    whole = ask(sdk.phone_numbers.list)
    seen = [number.phone_number for number in sdk.phone_numbers.list(page_size=size)]
    assert seen == [number.phone_number for number in whole.data]
    assert len(seen) == len(set(seen)) == 5
    assert len(ask.replies) == 1 + -(-5 // size)


def test_every_page_that_the_sdk_turns_is_complete(ask: Any, sdk: Sdk) -> None:
    page = ask(sdk.phone_numbers.list, page_size=2)
    sizes = [len(page.data)]
    while page.has_next_page():
        page = ask(page.get_next_page)
        sizes.append(len(page.data))
    assert sizes == [2, 2, 1]


def test_the_sdk_filters_sorts_and_reads_phone_numbers(ask: Any, sdk: Sdk) -> None:
    numbers = sdk.phone_numbers
    active = ask(numbers.list, filter={"status": "active", "phone_number": "312"}).data
    assert {one.phone_number for one in active} == {"+13125550190", "+13125550192"}
    named = ask(numbers.list, filter={"voice_connection_name": {"contains": "Front"}}).data
    assert [one.connection_name for one in named] == ["Front desk"]
    ordered = [one.phone_number for one in ask(numbers.list, sort="phone_number").data]
    assert ordered == sorted(ordered)
    assert ask(numbers.retrieve, active[0].id).data == active[0]


def test_the_sdk_gives_a_number_to_the_app_and_the_profile_of_an_assistant(
    ask: Any, sdk: Sdk, ready: Doc
) -> None:
    (mine,) = ask(sdk.phone_numbers.list, filter={"connection_id": ready["app"]}).data
    tagged = ask(sdk.phone_numbers.update, mine.id, tags=["mine"], customer_reference="42").data
    assert (tagged.tags, tagged.customer_reference) == (["mine"], "42")
    assert tagged.connection_id == ready["app"]
    assert ask(sdk.phone_numbers.update, mine.id, hd_voice_enabled=True).data.hd_voice_enabled
    messaging = sdk.phone_numbers.messaging
    texts = ask(messaging.retrieve, mine.id).data
    assert texts.messaging_profile_id == mine.messaging_profile_id
    assert texts.country_code == "US"
    assert ask(messaging.update, mine.id, messaging_profile_id="").data.messaging_profile_id is None


def test_the_sdk_reads_lists_changes_and_deletes_a_texml_application(
    ask: Any, sdk: Sdk, ready: Doc
) -> None:
    apps = sdk.texml_applications
    app = ask(apps.retrieve, ready["app"]).data
    assert ask(apps.list, filter={"friendly_name": app.friendly_name}).data == [app]
    changed = ask(
        apps.update,
        app.id,
        friendly_name="Line",
        voice_url=app.voice_url,
        outbound={
            "channel_limit": 3,
            "outbound_voice_profile_id": app.outbound.outbound_voice_profile_id,
        },
        tags=["mine"],
    ).data
    assert (changed.friendly_name, changed.outbound.channel_limit) == ("Line", 3)
    ask(apps.delete, app.id)
    _missed(lambda: apps.retrieve(app.id))


def test_the_sdk_reads_and_changes_an_outbound_voice_profile(ask: Any, sdk: Sdk) -> None:
    profiles = sdk.outbound_voice_profiles
    (profile,) = ask(profiles.list, filter={"name": {"contains": "Def"}}, sort="name").data
    assert ask(profiles.retrieve, profile.id).data == profile
    changed = ask(profiles.update, profile.id, name="Two lands", whitelisted_destinations=["US"])
    assert changed.data.whitelisted_destinations == ["US"]


def test_the_sdk_places_a_call_and_reads_what_came_of_it(
    ask: Any, sdk: Sdk, clock: ManualClock, ready: Doc, order: Doc
) -> None:
    events, assistant = sdk.ai.assistants.scheduled_events, ready["assistant"]
    placed = ask(
        events.create,
        **order,
        dynamic_variables={"best_offer": "$70"},
        conversation_metadata={"mission": "m-1", "attempt": 1, "first": True},
        max_retries_client_errors=1,
        retry_interval_secs=600,
        call_settings={"sip_region": "Europe"},
    )
    assert (ask.status, placed.status) == (201, "pending")
    event_id = placed.scheduled_event_id
    assert placed.scheduled_at_fixed_datetime == order["scheduled_at_fixed_datetime"]
    assert placed.call_settings.sip_region == "Europe"
    clock.advance(75)
    under_way = ask(events.retrieve, event_id, assistant_id=assistant)
    assert under_way.call_status
    clock.advance(600)
    done = ask(events.retrieve, event_id, assistant_id=assistant)
    assert (done.status, len(done.call_attempts)) == ("completed", 1)
    assert done.call_duration
    assert done.call_attempts[0].telnyx_call_control_id
    assert ask(events.list, assistant).data == [done]


@pytest.mark.parametrize("to", [f"+131255501{n:02}" for n in range(1, 13)])
def test_the_sdk_can_read_whatever_becomes_of_a_call(
    ask: Any, sdk: Sdk, clock: ManualClock, ready: Doc, order: Doc, to: str
) -> None:
    events = sdk.ai.assistants.scheduled_events
    retries: Doc = {"max_retries_client_errors": 2, "retry_interval_secs": 60}
    placed = ask(events.create, **order | retries | {"telnyx_end_user_target": to})
    event = placed
    for _ in range(40):
        clock.advance(20)
        event = ask(events.retrieve, placed.scheduled_event_id, assistant_id=ready["assistant"])
    assert event.status in {"completed", "failed"}
    if event.conversation_id:
        talk = sdk.ai.conversations
        ask(talk.retrieve, event.conversation_id)
        ask(talk.messages.list, event.conversation_id)
        ask(talk.retrieve_conversations_insights, event.conversation_id)


def test_the_sdk_places_a_text_message_beside_the_calls(
    ask: Any, sdk: Sdk, clock: ManualClock, ready: Doc, order: Doc
) -> None:
    events, assistant = sdk.ai.assistants.scheduled_events, ready["assistant"]
    call = ask(events.create, **order)
    words: Doc = {"telnyx_conversation_channel": "sms_chat", "text": "Is it still $65?"}
    placed = ask(events.create, **order | words)
    assert (ask.status, placed.text) == (201, "Is it still $65?")
    clock.advance(600)
    sent = ask(events.retrieve, placed.scheduled_event_id, assistant_id=assistant)
    assert (sent.status, sent.errors) == ("completed", [])
    assert ask(events.list, assistant, conversation_channel="sms_chat").data == [sent]
    both = {one.scheduled_event_id for one in events.list(assistant, page_size=1)}
    assert both == {call.scheduled_event_id, placed.scheduled_event_id}
    talk = sdk.ai.conversations
    assert ask(talk.messages.list, sent.conversation_id).data
    assert ask(talk.retrieve_conversations_insights, sent.conversation_id).data == []
    clock.advance(3600)
    (scored,) = ask(talk.retrieve_conversations_insights, sent.conversation_id).data
    assert json.loads(scored.conversation_insights[0].result)["answered_by"] == "person"


def test_the_sdk_reads_a_text_that_failed(
    ask: Any, sdk: Sdk, clock: ManualClock, ready: Doc, order: Doc
) -> None:
    events = sdk.ai.assistants.scheduled_events
    words: Doc = {"telnyx_conversation_channel": "sms_chat", "text": "Is it still $65?"}
    landline: Doc = {"telnyx_end_user_target": "+13125550134"}
    placed = ask(events.create, **order | words | landline)
    clock.advance(60)
    ended = ask(events.retrieve, placed.scheduled_event_id, assistant_id=ready["assistant"])
    assert (ended.status, len(ended.errors), ended.conversation_id) == ("failed", 1, None)


def test_the_sdk_finds_and_reads_the_recording_of_a_call(
    ask: Any, sdk: Sdk, clock: ManualClock, ready: Doc, order: Doc
) -> None:
    ask(sdk.ai.assistants.scheduled_events.create, **order)
    clock.advance(600)
    (talk,) = ask(sdk.ai.conversations.list).data
    within = {"gte": (clock.now() - timedelta(hours=1)).isoformat(), "lte": clock.now().isoformat()}
    by: Doc = {
        **{f"call_{name}_id": talk.metadata[f"call_{name}_id"] for name in CALL_IDS},
        "connection_id": ready["app"],
        "from": order["telnyx_agent_target"],
        "to": order["telnyx_end_user_target"],
        **dict.fromkeys(("created_at", "start_time", "end_time"), within),
    }
    (found,) = ask(sdk.recordings.list, filter=by, page_size=250).data
    assert (found.from_, found.source, found.channels) == (by["from"], "call", "dual")
    again = ask(sdk.recordings.retrieve, found.id).data
    assert again.download_urls.mp3 != found.download_urls.mp3
    assert (again.call_leg_id, again.duration_millis) == (found.call_leg_id, 84_000)
    _missed(lambda: sdk.recordings.retrieve("none"))


def test_the_sdk_adds_up_what_a_call_and_a_text_cost(
    ask: Any, sdk: Sdk, clock: ManualClock, order: Doc
) -> None:
    events = sdk.ai.assistants.scheduled_events
    words: Doc = {"telnyx_conversation_channel": "sms_chat", "text": "Is it still $65?"}
    ask(events.create, **order)
    ask(events.create, **order | words)
    clock.advance(3600)
    costs: Doc = {}
    for kind in ("ai-voice-assistant", "inference", "sip-trunking", "call-control", "recording"):
        by = {"record_type": kind, "date_range": "today"}
        found = ask(sdk.detail_records.list, filter=by, page_size=50).data
        assert {row.currency for row in found} == {"USD"}
        costs[kind] = sum(Decimal(row.cost) for row in found)
    assert sum(costs.values()) == Decimal("0.1265")
    assert costs["sip-trunking"] == Decimal("0.01")
    (text,) = ask(sdk.detail_records.list, filter={"record_type": "messaging"}).data
    assert (text.cost, text.parts, text.message_type) == ("0.004", 1, "SMS")
    assert text.model_extra == {}
    with pytest.raises(telnyx.BadRequestError):
        sdk.detail_records.list(filter={"record_type": "messaging", "call_session_id": "x"})


def test_the_sdk_lists_events_by_day_and_takes_a_pending_one_back(
    ask: Any, sdk: Sdk, clock: ManualClock, ready: Doc, order: Doc
) -> None:
    events, assistant = sdk.ai.assistants.scheduled_events, ready["assistant"]
    placed = ask(events.create, **order)
    later = clock.now() + timedelta(hours=1)
    assert ask(events.list, assistant, from_date=later).data == []
    assert ask(events.list, assistant, to_date=later).data == [placed]
    ask(events.delete, placed.scheduled_event_id, assistant_id=assistant)
    clock.advance(600)
    assert ask(events.list, assistant).data == []
    assert ask(sdk.ai.conversations.list).data == []
    _missed(lambda: events.retrieve(placed.scheduled_event_id, assistant_id=assistant))


def test_a_call_ordered_twice_under_one_key_rings_once(
    ask: Any, sdk: Sdk, clock: ManualClock, ready: Doc, order: Doc
) -> None:
    events: Any = sdk.ai.assistants.scheduled_events
    first = ask(events.create, **order, idempotency_key="dial-1")
    again = ask(events.create, **order, idempotency_key="dial-1")
    assert first == again
    assert ask.replies[-1].headers["Idempotent-Replayed"] == "true"
    with pytest.raises(telnyx.UnprocessableEntityError):
        events.create(
            **order | {"telnyx_end_user_target": "+13125550102"}, idempotency_key="dial-1"
        )
    clock.advance(600)
    assert len(ask(events.list, ready["assistant"]).data) == 1
    assert len(ask(sdk.ai.conversations.list).data) == 1


def test_the_sdk_finds_reads_and_relabels_a_conversation(
    ask: Any, sdk: Sdk, clock: ManualClock, ready: Doc, order: Doc
) -> None:
    placed = ask(sdk.ai.assistants.scheduled_events.create, **order)
    clock.advance(600)
    event = ask(
        sdk.ai.assistants.scheduled_events.retrieve,
        placed.scheduled_event_id,
        assistant_id=ready["assistant"],
    )
    talk = sdk.ai.conversations
    by = {
        "metadata_assistant_id": f"eq.{ready['assistant']}",
        "metadata_telnyx_end_user_target": f"eq.{order['telnyx_end_user_target']}",
        "metadata_telnyx_agent_target": f"eq.{order['telnyx_agent_target']}",
        "metadata_telnyx_conversation_channel": "eq.phone_call",
        "created_at": f"gte.{(clock.now() - timedelta(hours=1)).isoformat()}",
        "order": "created_at.desc",
        "limit": 10,
    }
    (found,) = ask(talk.list, **by).data
    assert found.id == event.conversation_id
    assert ask(talk.list, metadata_assistant_id="eq.assistant-other").data == []
    assert ask(talk.list, or_=f"(id.eq.{found.id},name.eq.x)").data == [found]
    assert ask(talk.retrieve, found.id).data == found
    lines = ask(talk.messages.list, found.id, page_size=100).data
    assert {line.role for line in lines} >= {"user", "assistant"}
    assert [line.text for line in talk.messages.list(found.id, page_size=3)] == [
        line.text for line in lines
    ]
    (scored,) = ask(talk.retrieve_conversations_insights, found.id).data
    assert scored.status == "completed"
    assert scored.conversation_insights[0].insight_id == ready["insight"]
    assert ask(talk.update, found.id, metadata={"read": "yes"}).data.metadata == {"read": "yes"}
    named = ask(talk.update, found.id, extra_body={"name": "Lakefront"}).data
    assert (named.name, named.metadata) == ("Lakefront", {"read": "yes"})


def test_the_sdk_begins_speaks_in_and_deletes_a_conversation(ask: Any, sdk: Sdk) -> None:
    talk = sdk.ai.conversations
    made = ask(talk.create, name="By hand", metadata={"key": "a"})
    ask(talk.add_message, made.id, role="user", content="Hello?")
    assert [line.text for line in ask(talk.messages.list, made.id).data] == ["Hello?"]
    ask(talk.delete, made.id)
    _missed(lambda: talk.retrieve(made.id))


def test_the_sdk_reads_the_balance(ask: Any, sdk: Sdk) -> None:
    balance = ask(sdk.balance.retrieve).data
    assert (balance.available_credit, balance.currency) == ("25.00", "USD")


def test_the_sdk_reads_the_voices(ask: Any, sdk: Sdk) -> None:
    assert ask(sdk.text_to_speech.list_voices, provider="telnyx").voices


@pytest.mark.parametrize("account", sorted(ACCOUNTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_sdk_can_read_every_account_that_we_ship(make: Any, account: Path) -> None:
    ask = make(account=account)
    ask(ask.sdk.balance.retrieve)
    for number in ask(ask.sdk.phone_numbers.list).data:
        ask(ask.sdk.phone_numbers.retrieve, number.id)
        ask(ask.sdk.phone_numbers.messaging.retrieve, number.id)
    for profile in ask(ask.sdk.outbound_voice_profiles.list).data:
        ask(ask.sdk.outbound_voice_profiles.retrieve, profile.id)
    ask(ask.sdk.ai.assistants.create, name="n", instructions="i", enabled_features=["telephony"])
    ask(ask.sdk.texml_applications.list)
    ask(ask.sdk.ai.conversations.insights.list)


def test_the_sdk_reads_numbers_of_which_not_everything_is_known(make: Any, tmp_path: Path) -> None:
    text = (ACCOUNTS / "default.yaml").read_text()
    more = "status: active\n    messaging_profile_id: UNAVAILABLE\n    messaging_campaign_id: C1"
    account = tmp_path / "quirky.yaml"
    account.write_text(
        text.replace("status: active", more, 1).replace("quirks:", "quirks:\n  no_hd_voice: true")
    )
    ask = make(account=account)
    first, *_ = ask(ask.sdk.phone_numbers.list).data
    assert (first.messaging_profile_id, first.messaging_campaign_id) == ("UNAVAILABLE", "C1")
    shown = ask(ask.sdk.phone_numbers.messaging.retrieve, first.id).data
    assert shown.messaging_profile_id == "UNAVAILABLE"
    with pytest.raises(telnyx.BadRequestError):
        ask.sdk.phone_numbers.update(first.id, hd_voice_enabled=True)


def test_a_key_that_telnyx_does_not_know_is_an_authentication_error(sdk: Sdk) -> None:
    with pytest.raises(telnyx.AuthenticationError):
        sdk.with_options(api_key="invalid").ai.missions.list()


REFUSED: list[tuple[type[telnyx.APIStatusError], Callable[[Sdk], object]]] = [
    (telnyx.NotFoundError, lambda sdk: sdk.ai.missions.retrieve(STRANGER)),
    (telnyx.NotFoundError, lambda sdk: sdk.ai.assistants.retrieve("assistant-none")),
    (telnyx.NotFoundError, lambda sdk: sdk.phone_numbers.retrieve("1")),
    (telnyx.UnprocessableEntityError, lambda sdk: sdk.ai.missions.retrieve("garbage")),
    (telnyx.UnprocessableEntityError, lambda sdk: sdk.ai.missions.list(page_size=0)),
    (telnyx.UnprocessableEntityError, lambda sdk: sdk.ai.missions.create(name="")),
    (telnyx.BadRequestError, _open_schema),
    (telnyx.ConflictError, _pause_a_pending_run),
]


@pytest.mark.parametrize(("kind", "do"), REFUSED)
def test_the_sdk_raises_its_own_error_for_each_refusal(
    ask: Any, sdk: Sdk, kind: type[telnyx.APIStatusError], do: Callable[[Sdk], object]
) -> None:
    with pytest.raises(kind) as caught:
        do(sdk)
    assert caught.value.body == ask.replies[-1].json()


def test_a_body_field_that_telnyx_does_not_know_is_unprocessable(make: Any) -> None:
    witness = make()
    with pytest.raises(telnyx.UnprocessableEntityError):
        witness.sdk.ai.missions.create(name="M", extra_body={"colour": "red"})
    assert witness.sandbox.problems == ["SIM: POST /ai/missions: unknown body field colour"]


@pytest.mark.parametrize(
    ("do", "kind"),
    [
        ("429", telnyx.RateLimitError),
        ("403", telnyx.PermissionDeniedError),
        ("500_before", telnyx.InternalServerError),
        ("502_html", telnyx.InternalServerError),
        ("truncated", ValueError),
    ],
)
def test_a_planned_failure_reaches_the_sdk_as_its_own_error(
    make: Any, do: str, kind: type[Exception]
) -> None:
    sdk: Sdk = make(faults=[{"on": "POST /ai/missions", "do": do}]).sdk
    with pytest.raises(kind):
        sdk.ai.missions.create(name="M")
    assert sdk.ai.missions.create(name="M").data.mission_id


@pytest.mark.parametrize("way", ["ask", "ask_over_a_socket"])
def test_a_whole_mission_runs_by_the_sdk_alone(
    request: pytest.FixtureRequest, clock: ManualClock, prepare: Any, order_of: Any, way: str
) -> None:
    ask: Any = request.getfixturevalue(way)
    ai = ask.sdk.ai
    mission = ask(ai.missions.create, name="Catering", metadata={"key": "a"}).data.mission_id
    run = ask(ai.missions.runs.create, mission, input={"guests": 50}).data.run_id
    at: Doc = {"run_id": run, "mission_id": mission}
    ask(ai.missions.runs.plan.create, **at, steps=PLAN)
    ask(ai.missions.runs.update, **at, status="running")
    ready = prepare(ask)
    ask(ai.missions.runs.telnyx_agents.link, **at, telnyx_agent_id=ready["assistant"])
    ask(ai.missions.runs.plan.update_step, "call-1", **at, status="in_progress")
    events = ai.assistants.scheduled_events
    placed = ask(events.create, **order_of(ready), idempotency_key="dial-1")
    clock.advance(600)
    done = ask(events.retrieve, placed.scheduled_event_id, assistant_id=ready["assistant"])
    lines = ask(ai.conversations.messages.list, done.conversation_id).data
    ((scored,),) = [
        one.conversation_insights
        for one in ask(ai.conversations.retrieve_conversations_insights, done.conversation_id).data
    ]
    assert any("$65 per person" in line.text for line in lines)
    said: Doc = {"type": "tool_result", "summary": "They spoke.", "step_id": "call-1"}
    ask(ai.missions.runs.events.log, **at, **said, payload={"result": scored.result})
    ask(ai.missions.runs.plan.update_step, "call-1", **at, status="completed")
    ended = ask(ai.missions.runs.update, **at, status="succeeded", result_summary="One spoke.")
    assert ended.data.status == "succeeded"
    ask(ai.assistants.delete, ready["assistant"])
    ask(ask.sdk.texml_applications.delete, ready["app"])
    assert ask.sdk.base_url.host == ("127.0.0.1" if "socket" in way else "sandbox.test")


@pytest.mark.parametrize(
    ("change", "how"),
    [
        ({}, None),
        ({"name": 7}, ValueError),
        ({"metadata": []}, ValueError),
        ({"execution_mode": "other"}, ValueError),
        ({"created_at": "yesterday"}, ValueError),
        ({"colour": "red"}, AssertionError),
        ({"name": None}, ValueError),
        ({"mission_id": ...}, ValueError),
    ],
)
# A field of the wrong type makes Pydantic warn before the judge gets to it.
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning")
def test_the_judge_sees_what_the_sdk_would_let_pass(
    make: Any, judge: Any, change: Doc, how: type[Exception] | None
) -> None:
    witness = make()
    witness.sdk.ai.missions.create(name="M")
    doc = {**witness.replies[-1].json()["data"], **change}
    raw = json.dumps({name: value for name, value in doc.items() if value is not ...}).encode()
    model = MissionData.construct(**json.loads(raw))
    if how is None:
        judge(model, raw)
    else:
        with pytest.raises(how):
            judge(model, raw)
