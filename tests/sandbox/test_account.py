"""Assistants, numbers, applications, insights and conversations as resources."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.simulator import Sandbox
from telnyx_toolkit.simulator.account import load_account

Doc = dict[str, Any]
ACCOUNTS = Path(__file__).parents[2] / "fixtures" / "accounts"
HANGUP: Doc = {"type": "hangup", "hangup": {}}
ASSISTANT = {"name": "A", "instructions": "x"}
FREE = "/phone_numbers/1293384261075731492"
INSIGHTS, GROUPS = "/ai/conversations/insights", "/ai/conversations/insight-groups"


def test_an_assistant_is_bare_and_brings_its_application_without_a_voice_profile(
    http: httpx.Client,
) -> None:
    made = http.post("/ai/assistants", json=ASSISTANT | {"enabled_features": ["telephony"]})
    assert made.status_code == 200
    app_id = made.json()["telephony_settings"]["default_texml_app_id"]
    app = http.get(f"/texml_applications/{app_id}").json()["data"]
    assert app["outbound"]["outbound_voice_profile_id"] is None
    assert made.json()["telephony_settings"]["recording_settings"]["enabled"] is True
    plain = http.post("/ai/assistants", json=ASSISTANT).json()
    assert "default_texml_app_id" not in plain["telephony_settings"]
    assert [one["id"] for one in http.get("/ai/assistants").json()["data"]] == [
        plain["id"],
        made.json()["id"],
    ]


def test_quirks_give_the_application_a_profile_and_hide_its_id_for_some_reads(
    make: Callable[..., Sandbox], connect: Callable[[Sandbox], httpx.Client], tmp_path: Path
) -> None:
    text = (ACCOUNTS / "default.yaml").read_text()
    text = text.replace("app_has_voice_profile: false", "app_has_voice_profile: true")
    account = tmp_path / "quirks.yaml"
    account.write_text(text.replace("app_id_delayed: 0", "app_id_delayed: 2"))
    http = connect(make(account=account))
    asked = ASSISTANT | {"enabled_features": ["telephony"]}
    shown = [http.post("/ai/assistants", json=asked).json()]
    shown += [http.get(f"/ai/assistants/{shown[0]['id']}").json() for _ in range(3)]
    ids = [one["telephony_settings"].get("default_texml_app_id") for one in shown]
    assert ids[:3] == [None, None, None]
    app = http.get(f"/texml_applications/{ids[3]}").json()["data"]
    assert app["outbound"]["outbound_voice_profile_id"] == "1293384261075731300"


def test_an_update_is_a_post_that_replaces_what_it_names(http: httpx.Client) -> None:
    asked: Doc = ASSISTANT | {
        "enabled_features": ["telephony"],
        "telephony_settings": {"time_limit_secs": 600, "recording_settings": {"enabled": False}},
        "tools": [HANGUP],
    }
    made = http.post("/ai/assistants", json=asked).json()
    one = f"/ai/assistants/{made['id']}"
    changed = http.post(one, json={"greeting": "Hi", "tools": [], "version_name": "two"}).json()
    assert (changed["greeting"], changed["tools"], changed["version_name"]) == ("Hi", [], "two")
    assert changed["telephony_settings"] == made["telephony_settings"]
    assert changed["version_id"] != made["version_id"]
    draft = http.post(one, json={"greeting": "No", "promote_to_main": False}).json()
    assert (draft["greeting"], http.get(one).json()["greeting"]) == ("No", "Hi")


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"model": "example/batch-only"}, 422, "not available for assistants"),
        ({"model": "example/none"}, 422, "not available for assistants"),
        ({"tools": [HANGUP, HANGUP]}, 400, "one hangup tool"),
        ({"dynamic_variables": {"telnyx_x": "1"}}, 400, "reserved"),
        ({"insight_settings": {"insight_group_id": "none"}}, 400, "does not exist"),
    ],
)
def test_an_assistant_that_telnyx_would_not_take_is_refused(
    http: httpx.Client, change: Doc, status: int, words: str
) -> None:
    refused = http.post("/ai/assistants", json=ASSISTANT | change)
    assert (refused.status_code, words in refused.text) == (status, True)


def test_deleting_an_assistant_leaves_everything_around_it(http: httpx.Client, ready: Doc) -> None:
    gone = http.delete(f"/ai/assistants/{ready['assistant']}")
    assert gone.json() == {"id": ready["assistant"], "object": "assistant", "deleted": True}
    assert http.get(f"/ai/assistants/{ready['assistant']}").status_code == 404
    assert http.get(f"/texml_applications/{ready['app']}").status_code == 200
    assert http.get(f"{GROUPS}/{ready['group']}").status_code == 200
    assert http.get(FREE).json()["data"]["connection_id"] == ready["app"]


def test_the_free_number_is_the_third_of_the_list(http: httpx.Client) -> None:
    rows = http.get("/phone_numbers", params={"page[size]": "250"}).json()["data"]
    free = [row["status"] == "active" and not row["connection_id"] for row in rows]
    assert free == [False, False, True, False, False]
    query = {"filter[status]": "active", "filter[phone_number]": "0192"}
    (row,) = http.get("/phone_numbers", params=query).json()["data"]
    assert row["phone_number"] == "+13125550192"


def test_no_number_is_free_in_the_other_account() -> None:
    numbers = load_account(ACCOUNTS / "no-free-number.yaml").numbers
    assert not [one for one in numbers if one["status"] == "active" and not one["connection_id"]]


def test_assigning_steals_a_number_and_null_or_nothing_frees_it(
    http: httpx.Client, ready: Doc
) -> None:
    taken = "/phone_numbers/1293384261075731490"
    before = http.get(taken).json()["data"]
    stolen = http.patch(taken, json={"connection_id": ready["app"]}).json()["data"]
    assert stolen["connection_name"].startswith("ai-assistant-")
    for nothing in ("", None):
        freed = http.patch(taken, json={"connection_id": nothing}).json()["data"]
        assert (freed["connection_id"], freed["connection_name"]) == (None, None)
    assert http.patch(taken, json={"connection_id": "12"}).status_code == 422
    back = http.patch(taken, json={"connection_id": before["connection_id"]})
    assert back.status_code == 200


def test_a_messaging_profile_is_set_and_cleared_on_its_own_path(http: httpx.Client) -> None:
    for sent, kept in (("p-1", "p-1"), (None, "p-1"), ("", None)):
        http.patch(f"{FREE}/messaging", json={"messaging_profile_id": sent})
        assert http.get(FREE).json()["data"]["messaging_profile_id"] == kept


def test_hd_voice_is_kept_where_there_is_no_quirk(http: httpx.Client) -> None:
    changed = http.patch(FREE, json={"hd_voice_enabled": True}).json()["data"]
    assert changed["hd_voice_enabled"] is True
    assert http.get(FREE).json()["data"] == changed


def test_a_quirk_refuses_hd_voice_and_all_that_came_with_it(
    quirky: Callable[[str], Sandbox], connect: Callable[[Sandbox], httpx.Client]
) -> None:
    http = connect(quirky("no_hd_voice: true"))
    before = http.get(FREE).json()["data"]
    refused = http.patch(FREE, json={"tags": ["mine"], "hd_voice_enabled": True})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "10015")
    assert "HD voice is not supported for the number" in refused.text
    assert http.get(FREE).json()["data"] == before
    kept = http.patch(FREE, json={"tags": ["mine"], "hd_voice_enabled": False}).json()["data"]
    assert kept["tags"] == ["mine"]


@pytest.mark.parametrize(
    ("names", "status", "name", "metadata"),
    [
        ("taken", 200, "Two", {"b": "2"}),
        ("ignored", 200, "One", {"b": "2"}),
        ("refused", 422, "One", {"a": "1"}),
    ],
)
def test_a_quirk_says_what_becomes_of_a_conversations_new_name(
    quirky: Callable[[str], Sandbox],
    connect: Callable[[Sandbox], httpx.Client],
    names: str,
    status: int,
    name: str,
    metadata: Doc,
) -> None:
    sandbox = quirky(f"conversation_names: {names}")
    http = connect(sandbox)
    made = http.post("/ai/conversations", json={"name": "One", "metadata": {"a": "1"}}).json()
    one = f"/ai/conversations/{made['id']}"
    answer = http.put(one, json={"name": "Two", "metadata": {"b": "2"}})
    assert answer.status_code == status
    if status == 422:
        (flaw,) = answer.json()["detail"]
        assert (flaw["loc"], flaw["type"]) == (["body", "name"], "extra_forbidden")
    shown = http.get(one).json()["data"]
    assert (shown["name"], shown["metadata"]) == (name, metadata)
    assert sandbox.problems == []
    assert http.put(one, json={"title": "x"}).status_code == 422
    assert len(sandbox.problems) == 1


def test_a_number_may_have_a_campaign_and_an_unavailable_messaging_profile(tmp_path: Path) -> None:
    text = (ACCOUNTS / "default.yaml").read_text()
    more = "status: active\n    messaging_profile_id: UNAVAILABLE\n    messaging_campaign_id: C1"
    account = tmp_path / "campaign.yaml"
    account.write_text(text.replace("status: active", more, 1))
    first, second, *_ = load_account(account).numbers
    shown = [(one["messaging_profile_id"], one["messaging_campaign_id"]) for one in (first, second)]
    assert shown == [("UNAVAILABLE", "C1"), (None, None)]


def test_an_application_keeps_what_a_patch_leaves_out_and_needs_its_name_and_url(
    http: httpx.Client, ready: Doc
) -> None:
    app = f"/texml_applications/{ready['app']}"
    assert http.patch(app, json={"outbound": {}}).status_code == 422
    named = {"friendly_name": "Mine", "voice_url": "https://example.test"}
    profile = {"outbound": {"outbound_voice_profile_id": "12"}}
    assert http.patch(app, json=named | profile).status_code == 422
    changed = http.patch(app, json=named | {"outbound": {"channel_limit": 2}}).json()["data"]
    assert changed["outbound"] == {
        "channel_limit": 2,
        "outbound_voice_profile_id": "1293384261075731300",
    }
    assert http.delete(app).status_code == 200
    assert http.get(app).status_code == 404


def test_a_voice_profile_counts_its_connections_and_needs_its_name(
    http: httpx.Client, ready: Doc
) -> None:
    (profile,) = http.get("/outbound_voice_profiles").json()["data"]
    assert (profile["connections_count"], ready["app"] != "") == (1, True)
    one = f"/outbound_voice_profiles/{profile['id']}"
    assert http.patch(one, json={"enabled": False}).status_code == 422
    changed = http.patch(one, json={"name": "Default", "enabled": False}).json()["data"]
    assert changed["enabled"] is False


def test_balance_models_and_voices_have_each_their_own_wrapping(http: httpx.Client) -> None:
    assert http.get("/balance").json()["data"]["available_credit"] == "25.00"
    models = http.get("/ai/openai/models").json()
    assert (models["object"], len(models["data"])) == ("list", 3)
    assert len(http.get("/text-to-speech/voices?provider=telnyx").json()["voices"]) == 3
    assert http.get("/text-to-speech/voices?provider=nobody").status_code == 422


def test_a_structured_insight_must_close_every_object(http: httpx.Client) -> None:
    asked: Doc = {"name": "I", "instructions": "x"}
    leaf: Doc = {"type": "object", "properties": {}}
    outer: Doc = {"type": "object", "properties": {"a": leaf}, "additionalProperties": False}
    refused = http.post(INSIGHTS, json=asked | {"json_schema": outer})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "10015")
    assert "$.properties.a" in refused.text
    leaf["additionalProperties"] = False
    assert http.post(INSIGHTS, json=asked | {"json_schema": outer}).status_code == 200
    text = '{"type": "object", "additionalProperties": false}'
    assert http.post(INSIGHTS, json=asked | {"json_schema": text}).status_code == 200
    assert http.post(INSIGHTS, json=asked | {"json_schema": "{"}).status_code == 422


def test_a_group_gains_and_loses_insights_with_empty_replies(http: httpx.Client) -> None:
    insight = http.post(INSIGHTS, json={"name": "I", "instructions": "x"}).json()["data"]
    group = http.post(GROUPS, json={"name": "G"}).json()["data"]["id"]
    member = f"{GROUPS}/{group}/insights/{insight['id']}"
    assert http.post(f"{member}/assign").content == b""
    assert http.get(f"{GROUPS}/{group}").json()["data"]["insights"] == [insight]
    assert http.delete(f"{member}/unassign").status_code == 200
    assert http.get(f"{GROUPS}/{group}").json()["data"]["insights"] == []
    http.post(f"{member}/assign")
    assert http.delete(f"{INSIGHTS}/{insight['id']}").content == b""
    assert http.get(f"{GROUPS}/{group}").json()["data"]["insights"] == []
    assert http.put(f"{GROUPS}/{group}", json={"name": "H"}).json()["data"]["name"] == "H"
    assert http.delete(f"{GROUPS}/{group}").status_code == 200
    assert [row["name"] for row in http.get(INSIGHTS).json()["data"]] == ["Summary"]


def test_a_conversation_is_bare_when_made_and_wrapped_when_read(http: httpx.Client) -> None:
    made = http.post("/ai/conversations", json={"name": "Dry run", "metadata": {"a": "1"}}).json()
    one = f"/ai/conversations/{made['id']}"
    assert http.post(f"{one}/message", json={"role": "user", "content": "Hi"}).content == b""
    assert http.get(f"{one}/messages").json()["data"][0]["text"] == "Hi"
    assert http.put(one, json={"metadata": {"b": "2"}}).json()["data"]["metadata"] == {"b": "2"}
    assert http.delete(one).status_code == 200
    assert http.get(one).status_code == 404


def test_conversations_are_found_by_postgrest_filters(http: httpx.Client) -> None:
    for name in ("Voice one", "Voice two", "Text"):
        metadata = {"kind": name.split()[0], "to": "+13125550101"}
        http.post("/ai/conversations", json={"name": name, "metadata": metadata})

    def names(query: str) -> list[str]:
        answer = http.get(f"/ai/conversations?{query}")
        assert answer.status_code == 200, answer.text
        return [row["name"] for row in answer.json()["data"]]

    assert names("name=like.Voice%25&order=name.desc") == ["Voice two", "Voice one"]
    assert names("metadata-%3Ekind=eq.Text&metadata-%3Eto=eq.%2B13125550101") == ["Text"]
    assert names("or=(name.eq.Text,name.eq.Voice%20one)&order=name") == ["Text", "Voice one"]
    assert names("created_at=gte.2026-12-01T15:00:00Z&order=name&limit=1") == ["Text"]
    assert names("created_at=lt.2026-12-01T15:00:00Z") == []
    assert names("name=in.(Text,None)") == ["Text"]
    for wrong in ("name=Text", "order=metadata", "or=(x.eq.1)", "limit=0", "created_at=gt.noon"):
        assert http.get(f"/ai/conversations?{wrong}").status_code == 422


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("status: purchase-pending", "status: pending"), "numbers.1.status"),
        (("balance: {", "balances: {"), "balances: Extra inputs"),
        (("level: verified", "level: gold"), "level: Input should be one of"),
        (("numbers:", "numbers: ]"), "while parsing"),
    ],
)
def test_an_account_file_with_a_mistake_is_refused_with_its_place(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    account = tmp_path / "account.yaml"
    account.write_text((ACCOUNTS / "default.yaml").read_text().replace(*change, 1))
    with pytest.raises(InvalidInput, match=words.replace(".", r"\.")):
        load_account(account)
