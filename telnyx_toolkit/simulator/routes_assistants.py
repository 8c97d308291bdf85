"""AI assistants: bare bodies, POST to update, and a TeXML application made on the way."""

import re
from collections import Counter
from typing import Any

from telnyx_toolkit.simulator.assistant_shapes import ASSISTANT, REPEATABLE_TOOLS, UPDATE
from telnyx_toolkit.simulator.router import DELETE, GET, POST, Route
from telnyx_toolkit.simulator.shapes import Shape, text
from telnyx_toolkit.simulator.wire import Ask, Doc, Reply, bad_request, refusal
from telnyx_toolkit.simulator.world import Assistant, World

SECTION = re.compile(r"\{\{\s*[#^](?!integration_secret\s*\}\})")
RESERVED = "telnyx_"
RECORDING = {
    "enabled": True,
    "channels": "dual",
    "format": "mp3",
    "stop_on_conversation_end": False,
}
TELEPHONY_DEFAULTS: Doc = {
    "supports_unauthenticated_web_calls": False,
    "time_limit_secs": 1800,
    "user_idle_reply_secs": 10,
    "disable_dtmf": False,
}
DEFAULTS: Doc = {
    "description": "",
    "tools": [],
    "tool_ids": [],
    "enabled_features": [],
    "voice_settings": {"voice": "Telnyx.NaturalHD.astra", "voice_speed": 1.0},
    "transcription": {"model": "deepgram/flux", "language": "auto"},
    "telephony_settings": {},
    "messaging_settings": {},
    "insight_settings": {},
    "privacy_settings": {"data_retention": True},
    "dynamic_variables": {},
    "dynamic_variables_webhook_timeout_ms": 1500,
    "interruption_settings": {"enable": True},
    "tags": [],
}


def create(world: World, ask: Ask) -> Reply:
    """POST /ai/assistants."""
    _check(world, ask.body)
    assistant = Assistant(
        id=f"assistant-{world.uuid()}",
        created_at=world.stamp(),
        settings=_with_defaults(world, ask.body),
        version_created_at=world.stamp(),
        hidden_reads=world.account.quirks.assistant_app_id_delayed,
    )
    world.assistants[assistant.id] = assistant
    _provide(world, assistant)
    return Reply(200, _view(world, assistant, show_app=assistant.hidden_reads == 0))


def update(world: World, ask: Ask) -> Reply:
    """POST /ai/assistants/{id}: what is sent replaces what was there, whole objects at a time."""
    assistant = world.assistant(ask.params["assistant_id"])
    _check(world, ask.body)
    changes = {k: v for k, v in ask.body.items() if k not in {"promote_to_main", "version_name"}}
    settings = _with_defaults(world, assistant.settings | changes)
    if not ask.body.get("promote_to_main", True):
        return Reply(200, _view(world, assistant) | changes)
    assistant.settings = settings
    assistant.version += 1
    assistant.version_name = ask.body.get("version_name", assistant.version_name)
    assistant.version_created_at = world.stamp()
    _provide(world, assistant)
    return _read(world, assistant)


def show(world: World, ask: Ask) -> Reply:
    """GET /ai/assistants/{id}."""
    return _read(world, world.assistant(ask.params["assistant_id"]))


def listed(world: World, ask: Ask) -> Reply:  # noqa: ARG001  a route takes both
    """GET /ai/assistants: newest first, without `meta`."""
    views = [
        _view(world, assistant, show_app=assistant.hidden_reads == 0)
        for assistant in world.assistants.values()
    ]
    return Reply(200, {"data": views[::-1]})


def delete(world: World, ask: Ask) -> Reply:
    """`/ai/assistants/{id}`, DELETE: leaves its app, insights, groups, the number's connection."""
    assistant = world.assistant(ask.params["assistant_id"])
    del world.assistants[assistant.id]
    return Reply(200, {"id": assistant.id, "object": "assistant", "deleted": True})


def _read(world: World, assistant: Assistant) -> Reply:
    hidden = assistant.hidden_reads > 0
    assistant.hidden_reads -= hidden
    return Reply(200, _view(world, assistant, show_app=not hidden))


def _view(world: World, assistant: Assistant, *, show_app: bool = True) -> Doc:
    telephony = dict(assistant.settings["telephony_settings"])
    messaging = dict(assistant.settings["messaging_settings"])
    if assistant.app_id and show_app:
        telephony["default_texml_app_id"] = assistant.app_id
    if assistant.messaging_profile_id:
        messaging["default_messaging_profile_id"] = assistant.messaging_profile_id
    linked = {doc["run_id"] for doc in world.links if doc["telnyx_agent_id"] == assistant.id}
    missions = {world.runs[run_id]["mission_id"]: None for run_id in sorted(linked)}
    # Telnyx declares `tool_ids` of what it is sent, not of what it answers.
    shown = {name: value for name, value in assistant.settings.items() if name != "tool_ids"}
    return {
        "id": assistant.id,
        **shown,
        "telephony_settings": telephony,
        "messaging_settings": messaging,
        "created_at": assistant.created_at,
        "version_id": world.derived(assistant.id, "version", assistant.version),
        "version_name": assistant.version_name,
        "version_created_at": assistant.version_created_at,
        "import_metadata": None,
        "related_mission_ids": list(missions),
    }


def _with_defaults(world: World, body: Doc) -> Doc:
    models = [doc["id"] for doc in world.account.models if doc["recommended_for_assistants"]]
    defaults = DEFAULTS | ({"model": models[0]} if models and "external_llm" not in body else {})
    settings = {**defaults, **body}
    telephony = {**TELEPHONY_DEFAULTS, **settings["telephony_settings"]}
    telephony["recording_settings"] = RECORDING | telephony.get("recording_settings", {})
    telephony.pop("default_texml_app_id", None)
    settings["telephony_settings"] = telephony
    settings["privacy_settings"] = {"data_retention": True, **settings["privacy_settings"]}
    return settings


def _check(world: World, body: Doc) -> None:
    """What a shape cannot say about an assistant.

    Raises:
        Refusal: 400 for a tool given twice, a reserved name or an unknown group; 422 for a model.
    """
    model = body.get("model")
    known = {doc["id"] for doc in world.account.models}
    if model in world.account.models_not_for_assistants or (model and model not in known):
        raise refusal(422, "10027", f"Model {model} is not available for assistants")
    kinds = Counter(tool["type"] for tool in body.get("tools", []))
    twice = [kind for kind, times in kinds.items() if times > 1 and kind not in REPEATABLE_TOOLS]
    if twice:
        raise bad_request(f"An assistant has one {twice[0]} tool at most")
    reserved = [name for name in body.get("dynamic_variables", {}) if name.startswith(RESERVED)]
    if reserved:
        raise bad_request(f"Dynamic variable {reserved[0]}: the prefix {RESERVED} is reserved")
    group = body.get("insight_settings", {}).get("insight_group_id")
    if group and group not in world.groups:
        raise bad_request(f"Insight group {group} does not exist")
    _note_sections(world, body)


def _note_sections(world: World, body: Doc) -> None:
    """Telnyx documents no `{{#section}}`; such a text would be read aloud as it stands."""
    texts: dict[str, Any] = {name: body.get(name) or "" for name in ("instructions", "greeting")}
    world.problems.extend(
        f"SIM: {name} holds a {{{{#section}}}}, which assistants do not understand"
        for name, words in texts.items()
        if SECTION.search(words)
    )


def _provide(world: World, assistant: Assistant) -> None:
    """Make the TeXML application and the messaging profile that the enabled features need."""
    features = assistant.settings["enabled_features"]
    if "messaging" in features and not assistant.messaging_profile_id:
        assistant.messaging_profile_id = world.uuid()
    if "telephony" not in features or assistant.app_id:
        return
    enabled = (doc["id"] for doc in world.profiles.values() if doc["enabled"])
    profile = next(enabled, None) if world.account.quirks.app_has_voice_profile else None
    assistant.app_id = world.number_id()
    world.connections.add(assistant.app_id)
    world.apps[assistant.app_id] = {
        "id": assistant.app_id,
        "record_type": "texml_application",
        "friendly_name": f"ai-{assistant.id}",
        "active": True,
        "voice_url": f"https://api.telnyx.com/v2/ai/assistants/{assistant.id}/texml",
        "voice_method": "post",
        "voice_fallback_url": "",
        "status_callback": "",
        "status_callback_method": "post",
        "anchorsite_override": "Latency",
        "dtmf_type": "RFC 2833",
        "first_command_timeout": False,
        "first_command_timeout_secs": 30,
        "inbound": {"channel_limit": None, "shaken_stir_enabled": False},
        "outbound": {"channel_limit": None, "outbound_voice_profile_id": profile},
        "tags": [],
        "created_at": world.stamp(),
        "updated_at": world.stamp(),
    }


ONE = "/ai/assistants/{assistant_id}"
READ = Shape(
    {
        "call_control_id": text(),
        "fetch_dynamic_variables_from_webhook": text(pattern="true|false"),
        "from": text(),
        "to": text(),
    }
)
ROUTES = (
    Route(POST, "/ai/assistants", create, body=ASSISTANT, keyed=True),
    Route(GET, "/ai/assistants", listed),
    Route(GET, ONE, show, query=READ),
    Route(POST, ONE, update, body=UPDATE),
    Route(DELETE, ONE, delete),
)
