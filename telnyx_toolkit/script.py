"""What Telnyx is asked to say and to extract: request bodies made from the brief."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from telnyx_toolkit.languages import base_of
from telnyx_toolkit.model import Json, step_id_of
from telnyx_toolkit.prompts import VARIABLE_DEFAULTS, Prompts

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief
    from telnyx_toolkit.brief_parts import AnswerType

_NULLABLE: Mapping[AnswerType, list[str]] = {
    "number": ["number", "null"],
    "integer": ["integer", "null"],
    "boolean": ["boolean", "null"],
    "string": ["string", "null"],
    "date": ["string", "null"],
}


#: A text conversation that is quiet for so long is over, and its insights are worked out.
QUIET_MINUTES = 60


#: What deepgram/flux takes as its language (Telnyx's OpenAPI, `transcription.language`).
_HEARD = {"en", "es", "fr", "de", "hi", "ru", "pt", "ja", "it", "nl"}


def script_of(brief: Brief, prompts: Prompts) -> dict[str, Any]:
    """Everything that will be said or extracted: what an approval is bound to.

    `greeting` and `instructions` are the assistant's own; `greetings` has the first words in each
    language, those of the targets before the brief's own.
    """
    spoken = dict.fromkeys((*brief.languages, brief.main_language))
    return {
        "greeting": _greeting(brief, prompts),
        "greetings": {language: prompts.greeting(brief, language) for language in spoken},
        "instructions": _instructions(brief, prompts),
        "insight_answers": prompts.insight_answers(brief),
        "insight_summary": prompts.insight_summary(brief),
        "insight_schema": insight_schema(brief),
        "messages": {
            step_id_of(n): prompts.message(
                brief, target.name, target.language or brief.voice.language
            )
            for n, target in enumerate(brief.everybody, 1)
            if target.channel == "sms"
        },
    }


def insight_schema(brief: Brief) -> dict[str, Any]:
    """JSON Schema of the structured insight.

    Telnyx refuses an object without `additionalProperties: false`
    (POST /ai/conversations/insights answers 400/10015).
    """
    answers = _closed({name: _claimed(q.type) for name, q in brief.collect.items()})
    properties: dict[str, Any] = {
        "answered_by": {
            "type": "string",
            "enum": ["person", "voicemail", "phone_tree", "wrong_number", "nobody"],
        },
        "declined": {"type": "boolean"},
        "asked_not_to_be_called_again": {"type": "boolean"},
        "ended": {"type": "string", "enum": ["finished", "hung_up", "cut_off"]},
        "call_back": _closed(
            {
                "wanted": {"type": "boolean"},
                "who": {"type": "string", "enum": ["us", "them"]},
                "when_words": {"type": "string"},
            }
        ),
        "answers": answers,
        "notes": {"type": "string"},
    }
    if brief.kind.carries_offers:
        properties["opening"] = answers
    return _closed(properties)


def assistant_body(brief: Brief, prompts: Prompts, insight_group_id: str) -> dict[str, Any]:
    """The body of POST /ai/assistants."""
    body: dict[str, Any] = {
        "name": f"{brief.name} (telnyx-toolkit)",
        "description": "Made by telnyx-toolkit for one mission.",
        "instructions": _instructions(brief, prompts),
        "greeting": _greeting(brief, prompts),
        # Telephony in any case: whoever is texted may call back.
        "enabled_features": ["telephony", *(["messaging"] if brief.sends_texts else [])],
        "tools": [
            {"type": "hangup", "hangup": {"description": "Hang up once the call is over."}},
            {"type": "send_dtmf", "send_dtmf": {}},
        ],
        "dynamic_variables": variable_defaults(brief, prompts),
        "insight_settings": {"insight_group_id": insight_group_id},
        "privacy_settings": {"data_retention": True},  # false would leave no transcript
        "telephony_settings": {
            "time_limit_secs": brief.limits.minutes_per_call * 60,
            # Silence for so long ends it: the nearest that Telnyx has to a limit of hold time.
            "user_idle_timeout_secs": brief.limits.longest_hold * 60,
            "recording_settings": {"enabled": brief.record},  # Telnyx records unless told not to
        },
    }
    if brief.sends_texts:
        body["messaging_settings"] = {"conversation_inactivity_minutes": QUIET_MINUTES}
    if brief.voice.model:
        body["model"] = brief.voice.model
    if brief.voice.voice:
        body["voice_settings"] = {"voice": brief.voice.voice}
    if heard := transcription(brief.languages):
        body["transcription"] = heard
    return body


def transcription(languages: Sequence[str]) -> dict[str, str] | None:
    """How Telnyx is to listen; None leaves its default, as for English and where nothing is known.

    Source: `transcription.language` in Telnyx's OpenAPI: deepgram/flux takes ten languages as
    hints, and `multi` for no hint.
    """
    bases = {base_of(language) for language in languages}
    if bases == {"en"} or not bases <= _HEARD:
        return None
    return {"model": "deepgram/flux", "language": bases.pop() if len(bases) == 1 else "multi"}


def variable_defaults(brief: Brief, prompts: Prompts) -> dict[str, str]:
    """The dynamic variables where a call has none: an unresolved name would be read aloud."""
    main = brief.main_language
    defaults = {**VARIABLE_DEFAULTS, "target_name": prompts.phrases(main).someone}
    return {**defaults, **_spoken_to(brief, prompts, defaults["target_name"], main)}


def call_variables(
    brief: Brief,
    prompts: Prompts,
    target_name: str,
    offer: Mapping[str, str] | None,
    earlier: Mapping[str, str] | None = None,
    keys: str = "",
) -> dict[str, str]:
    """The dynamic variables of one call, every one a string; see `Prompts.variables`."""
    spoken = _spoken_to(brief, prompts, target_name, brief.language_of(target_name))
    return {**prompts.variables(target_name, offer, earlier, keys), **spoken}


def _spoken_to(brief: Brief, prompts: Prompts, name: str, language: str) -> dict[str, str]:
    """What differs from call to call where targets speak different languages.

    The greeting is whole, with the name in it: that Telnyx fills in a variable within a variable
    is nowhere documented.
    """
    if len(brief.languages) == 1:
        return {}
    greeting = prompts.greeting(brief, language).replace("{{target_name}}", name)
    return {"greeting": greeting, "language": prompts.told(language)}


def _greeting(brief: Brief, templates: Prompts) -> str:
    return templates.greeting(brief) if len(brief.languages) == 1 else "{{greeting}}"


def _instructions(brief: Brief, templates: Prompts) -> str:
    """One assistant makes all the calls, so what to speak is told to it with each."""
    several = len(brief.languages) > 1
    return templates.assistant(brief, "{{language}}" if several else None)


def lost(sent: Json, kept: Json, where: str = "") -> list[str]:
    """Which fields of an assistant Telnyx did not keep as they were sent.

    Telnyx takes fields it does not know, or finds in the wrong place, with a 200 and drops them.
    What it adds, and settings of tools beyond their type, do not matter.
    """
    gone: list[str] = []
    for name, value in sent.items():
        path, present = f"{where}{name}", kept.get(name)
        if isinstance(value, Mapping):
            inner: Json = cast("Json", present) if isinstance(present, Mapping) else {}
            gone += lost(cast("Json", value), inner, f"{path}.")
        elif name == "tools":
            kinds = {tool.get("type") for tool in cast("list[Json]", present or [])}
            gone += [f"{path}.{tool['type']}" for tool in value if tool["type"] not in kinds]
        elif present != value:
            gone.append(path)
    return gone


def call_body(
    *,
    to_number: str,
    from_number: str,
    ring_at: datetime,
    metadata: Mapping[str, str],
    variables: Mapping[str, str],
    text: str = "",
) -> str:
    """The exact JSON text of POST /ai/assistants/{id}/scheduled_events.

    Telnyx's own redials stay off: they ring on Telnyx's clock and not inside our window.

    Args:
        to_number: Who is reached, E.164.
        from_number: The number of ours.
        ring_at: When.
        metadata: Comes back with the conversation.
        variables: The dynamic variables of this call.
        text: Sent as a text message instead of a call.
    """
    body = {
        "telnyx_conversation_channel": "sms_chat" if text else "phone_call",
        "telnyx_end_user_target": to_number,
        "telnyx_agent_target": from_number,
        "scheduled_at_fixed_datetime": zulu(ring_at),
        "conversation_metadata": dict(metadata),
        "dynamic_variables": dict(variables),
        **({"text": text} if text else {}),
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def mission_instructions(brief: Brief) -> str:
    """What the mission says of itself at Telnyx, for people who look at it there."""
    lines = [brief.goal, brief.details, f"On behalf of {brief.on_behalf_of}."]
    return "\n\n".join(line for line in lines if line)


def zulu(instant: datetime) -> str:
    """`2026-12-01T15:02:00Z`, as Telnyx writes instants."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _claimed(kind: AnswerType) -> Json:
    value: dict[str, Any] = {"type": _NULLABLE[kind]}
    if kind == "date":
        value["description"] = "A day as YYYY-MM-DD, reckoned from the day of the call."
    return _closed({"value": value, "words": {"type": "string"}})


def _closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": dict(properties),
    }
