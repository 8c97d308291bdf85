"""The body of an assistant, field by field: POST /ai/assistants and POST /ai/assistants/{id}."""

from collections.abc import Iterator
from typing import Any, cast

from telnyx_toolkit.simulator.shapes import (
    Flaw,
    Kind,
    Loc,
    Shape,
    anything,
    choice,
    document,
    either,
    flag,
    items,
    mapping,
    nullable,
    number,
    text,
)

NAMED = r"[a-zA-Z0-9_-]+"
whole = number(whole=True)


def _fields(kind: Kind, *names: str) -> dict[str, Kind]:
    return dict.fromkeys(names, kind)


VOICEMAIL_MESSAGE = Shape(
    {"type": choice("prompt", "message"), **_fields(text(), "prompt", "message")}
)
TELEPHONY = Shape(
    {
        "default_texml_app_id": text(),
        "supports_unauthenticated_web_calls": flag,
        "noise_suppression": choice("krisp", "deepfilternet", "aicoustics", "disabled"),
        "noise_suppression_config": document,
        "time_limit_secs": number(30, 14400, whole=True),
        "user_idle_timeout_secs": number(10, 14400, whole=True),
        "user_idle_reply_secs": number(0, whole=True),
        "recording_settings": Shape(
            {
                "enabled": flag,
                "channels": choice("single", "dual"),
                "format": choice("wav", "mp3"),
                "stop_on_conversation_end": flag,
            }
        ),
        "voicemail_detection": Shape(
            {
                "on_voicemail_detected": Shape(
                    {
                        "action": choice(
                            "stop_assistant",
                            "leave_message_and_stop_assistant",
                            "continue_assistant",
                        ),
                        "voicemail_message": VOICEMAIL_MESSAGE,
                    }
                )
            }
        ),
        "disable_dtmf": flag,
        "fallback_destination": text(),
        "send_message_history_updates": flag,
    }
)
VOICE = Shape(
    {
        "voice": text(1),
        "voice_speed": number(0.25, 2.0),
        "expressive_mode": flag,
        "language_boost": nullable(text()),
        "api_key_ref": text(),
        **_fields(number(), "temperature", "similarity_boost", "style", "speed"),
        "use_speaker_boost": flag,
        "background_audio": Shape(
            {
                "type": choice("predefined_media", "media_url", "media_name"),
                "value": text(1),
                "volume": number(0.1, 1),
            },
            ("type", "value"),
        ),
    },
    ("voice",),
)
TRANSCRIPTION = Shape(
    {
        "model": choice(
            "deepgram/flux",
            "deepgram/nova-3",
            "deepgram/nova-2",
            "azure/fast",
            "assemblyai/universal-streaming",
            "assemblyai/universal-3-5-pro",
            "xai/grok-stt",
            "soniox/stt-rt-v4",
            "soniox/stt-rt-v5",
            "nvidia/parakeet-v3",
            "humain/realtime",
            "reson8/turns",
            "distil-whisper/distil-large-v2",
            "openai/whisper-large-v3-turbo",
            "omi-health/omi-med-stt-v1",
            "cohere/ar-stt",
        ),
        **_fields(text(), "language", "region", "api_key_ref"),
        "settings": Shape(
            {
                "eot_threshold": number(0.5, 0.9),
                "eager_eot_threshold": number(0.3, 0.9),
                "eot_timeout_ms": number(500, 10000, whole=True),
                "keyterm": text(),
                **_fields(flag, "smart_format", "numerals", "interim_results"),
                "enable_endpoint_detection": flag,
                "end_of_turn_confidence_threshold": number(0, 1),
                "min_turn_silence": number(100, 5000, whole=True),
                "max_turn_silence": whole,
                "max_endpoint_delay_ms": number(500, 3000, whole=True),
                "context": anything,
                "language_hints": items(text()),
            }
        ),
    }
)
SPEAKING_PLAN = Shape(
    {
        "wait_seconds": number(0),
        "transcription_endpointing_plan": Shape(
            _fields(
                number(0),
                "on_punctuation_seconds",
                "on_no_punctuation_seconds",
                "on_number_seconds",
            )
        ),
    }
)
EXTERNAL_LLM = Shape(
    {
        **_fields(text(1), "base_url", "model"),
        "authentication_method": choice("token", "certificate"),
        **_fields(text(), "certificate_ref", "token_retrieval_url", "llm_api_key_ref"),
        "forward_metadata": flag,
    },
    ("base_url", "model"),
)

#: What stands under the tool's own type, as in `{"type": "hangup", "hangup": {...}}`.
TOOLS: dict[str, Shape] = {
    "hangup": Shape({"description": text()}),
    "webhook": Shape(
        {
            **_fields(text(1), "name", "description", "url"),
            "method": choice("GET", "POST", "PUT", "DELETE", "PATCH"),
            "headers": items(Shape(_fields(text(), "name", "value"))),
            **_fields(document, "body_parameters", "query_parameters", "path_parameters"),
            **_fields(document, "preset_body_fields", "preset_query_params"),
            "async": flag,
            "async_timeout_ms": number(1, 15000, whole=True),
            "store_fields_as_variables": items(
                Shape(_fields(text(1), "name", "value_path"), ("name", "value_path"))
            ),
            "messages": items(document),
        },
        ("name", "description", "url"),
    ),
    "transfer": Shape(
        {
            "targets": either(items(Shape(_fields(text(), "to", "name"), ("to",)), 1), text(1)),
            **_fields(text(), "from", "description", "warm_transfer_instructions"),
            "warm_message_delay_ms": number(0, whole=True),
            "custom_headers": items(document),
            "voicemail_detection": document,
        },
        ("targets", "from"),
    ),
    "handoff": Shape(
        {
            "ai_assistants": items(Shape(_fields(text(1), "id", "name"), ("id", "name")), 1),
            "voice_mode": choice("unified", "distinct"),
        },
        ("ai_assistants",),
    ),
    "retrieval": Shape(
        {"bucket_ids": items(text(1), 1), "max_num_results": number(1, whole=True)},
        ("bucket_ids",),
    ),
    "send_dtmf": Shape(),
    "send_message": Shape({"message_template": text()}),
    "skip_turn": Shape({"description": text()}),
    "update_dynamic_variables": Shape(
        {
            "name": text(1, pattern=NAMED),
            "description": text(1),
            "updatable_variables": items(
                Shape(_fields(text(1), "name", "type", "description"), ("name",)), 1
            ),
        },
        ("name", "description", "updatable_variables"),
    ),
    "function": Shape(
        {**_fields(text(), "name", "description"), "parameters": document}, ("name",)
    ),
}
REPEATABLE_TOOLS = frozenset({"webhook", "function"})


def tool(value: Any, loc: Loc) -> Iterator[Flaw]:
    """An inline tool: its `type`, its parameters under that name, and a `timeout_ms`."""
    kind = cast("dict[str, Any]", value).get("type") if isinstance(value, dict) else None
    if kind not in TOOLS:
        yield Flaw((*loc, "type"), f"Input should be one of {', '.join(TOOLS)}", "enum")
        return
    fields: dict[str, Kind] = {"type": text(), kind: TOOLS[kind]}
    yield from Shape(fields | {"timeout_ms": number(1, 60000)}, ("type", kind))(value, loc)


ASSISTANT = Shape(
    {
        **_fields(text(1), "name", "instructions", "model"),
        "greeting": text(most=3000),
        "description": text(),
        "tools": items(tool),
        "tool_ids": items(text(1)),
        "enabled_features": items(choice("telephony", "messaging")),
        "voice_settings": VOICE,
        "transcription": TRANSCRIPTION,
        "telephony_settings": TELEPHONY,
        "messaging_settings": Shape(
            {
                **_fields(text(), "default_messaging_profile_id", "delivery_status_webhook_url"),
                "conversation_inactivity_minutes": number(1, 10_000_000, whole=True),
            }
        ),
        "insight_settings": Shape({"insight_group_id": text(1)}),
        "privacy_settings": Shape(_fields(flag, "data_retention", "in_transit_data_locality")),
        # A default of null, a fraction or an object breaks every later update of the assistant.
        "dynamic_variables": mapping(either(text(), flag, whole)),
        "dynamic_variables_webhook_url": text(),
        "dynamic_variables_webhook_timeout_ms": number(1, 10000, whole=True),
        "interruption_settings": Shape(
            {
                **_fields(flag, "enable", "disable_greeting_interruption"),
                "start_speaking_plan": SPEAKING_PLAN,
                "interrupt_prediction_threshold": number(0, 1),
            }
        ),
        "llm_api_key_ref": text(),
        "external_llm": EXTERNAL_LLM,
        "fallback_config": Shape(
            {"model": text(1), "external_llm": EXTERNAL_LLM, "llm_api_key_ref": text()}
        ),
        **_fields(items(document), "mcp_servers", "integrations"),
        **_fields(document, "observability_settings", "widget_settings", "conversation_flow"),
        "tags": items(text()),
        "post_conversation_settings": Shape({"enabled": flag}),
    },
    ("name", "instructions"),
)
UPDATE = Shape(
    {**ASSISTANT.fields, "promote_to_main": flag, "version_name": text(most=50)},
)
