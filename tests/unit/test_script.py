"""The bodies that Telnyx is sent: closed schemas, text variables, and no redials of its own."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.prompts import VARIABLE_DEFAULTS, Prompts
from telnyx_toolkit.script import (
    assistant_body,
    call_body,
    insight_schema,
    mission_instructions,
    script_of,
    zulu,
)
from tests.unit.build import START, Doc, make_brief, sweep_brief

KINDS: Doc = {
    "price": {"type": "number"},
    "guests": {"type": "integer"},
    "dessert": {"type": "boolean"},
    "menu": {"type": "string"},
}


def objects(schema: object) -> Iterator[Doc]:
    """Every object that a schema describes, at any depth."""
    if isinstance(schema, dict):
        found = cast("Doc", schema)
        if found.get("type") == "object":
            yield found
        for inner in found.values():
            yield from objects(inner)


def body(brief: Brief) -> Doc:
    return assistant_body(brief, Prompts(), "group-1")


def placed(**changes: Any) -> Doc:
    given: Doc = {
        "to_number": "+13125550101",
        "from_number": "+13125550192",
        "ring_at": START,
        "metadata": {"attempt_id": "a1"},
        "variables": Prompts().variables("Joe's Catering", None),
        **changes,
    }
    return json.loads(call_body(**given))


@pytest.mark.parametrize("brief", [make_brief(), sweep_brief()], ids=["negotiate", "sweep"])
def test_every_object_of_the_insight_is_closed_and_complete(brief: Brief):
    found = list(objects(insight_schema(brief)))

    assert len(found) > 2
    for schema in found:
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(schema["properties"])


def test_every_answer_is_nullable_and_comes_with_words():
    answers = insight_schema(sweep_brief(collect=KINDS))["properties"]["answers"]["properties"]

    assert {name: a["properties"]["value"]["type"] for name, a in answers.items()} == {
        "price": ["number", "null"],
        "guests": ["integer", "null"],
        "dessert": ["boolean", "null"],
        "menu": ["string", "null"],
    }
    assert all(a["properties"]["words"] == {"type": "string"} for a in answers.values())


def test_only_a_negotiation_extracts_the_opening():
    assert "opening" in insight_schema(make_brief())["properties"]
    assert "opening" not in insight_schema(sweep_brief())["properties"]


def test_the_insight_tells_who_answered_and_what_they_asked_for():
    properties = insight_schema(sweep_brief())["properties"]

    assert properties["answered_by"]["enum"] == [
        "person",
        "voicemail",
        "phone_tree",
        "wrong_number",
        "nobody",
    ]
    assert properties["asked_not_to_be_called_again"] == {"type": "boolean"}


@pytest.mark.parametrize("record", [True, False])
def test_a_call_is_recorded_only_on_request(record: bool):
    settings = body(make_brief(record=record))["telephony_settings"]["recording_settings"]

    assert settings == {"enabled": record}


def test_a_call_is_not_recorded_unless_the_brief_says_so():
    assert body(make_brief())["telephony_settings"]["recording_settings"] == {"enabled": False}


def test_the_transcript_is_kept():
    assert body(make_brief())["privacy_settings"] == {"data_retention": True}


@pytest.mark.parametrize("minutes", [1, 10, 60])
def test_a_call_is_cut_at_its_limit(minutes: int):
    made = body(make_brief(limits={"minutes_per_call": minutes}))

    assert made["telephony_settings"]["time_limit_secs"] == 60 * minutes


@pytest.mark.parametrize(("hold", "call", "minutes"), [(5, 10, 5), (20, 10, 10), (5, 2, 2)])
def test_hold_is_capped_in_words_and_by_the_longest_silence(hold: int, call: int, minutes: int):
    made = body(make_brief(limits={"hold_minutes": hold, "minutes_per_call": call}))

    assert made["telephony_settings"]["user_idle_timeout_secs"] == 60 * minutes
    assert f"After {minutes} minutes of waiting, hang up." in made["instructions"]


def test_keys_reach_the_assistant_as_a_variable_and_never_confirm_a_purchase():
    instructions = body(make_brief())["instructions"]

    assert 'The keys for this line are "{{keys}}"' in instructions
    assert "Never press a key, or say a word, that confirms a purchase" in instructions
    assert Prompts().variables("Joe's", None, None, "1,0")["keys"] == "1,0"


def test_the_assistant_can_hang_up_and_press_keys():
    made = body(make_brief())

    assert [tool["type"] for tool in made["tools"]] == ["hangup", "send_dtmf"]
    assert made["enabled_features"] == ["telephony"]
    assert made["insight_settings"] == {"insight_group_id": "group-1"}


def test_every_variable_has_a_text_before_any_call_is_placed():
    assert body(make_brief())["dynamic_variables"] == dict(VARIABLE_DEFAULTS)


def test_a_voice_and_a_model_are_sent_only_if_the_brief_names_them():
    plain = body(make_brief())
    chosen = body(make_brief(voice={"voice": "Telnyx.NaturalHD.astra", "model": "example/model"}))

    assert "model" not in plain
    assert "voice_settings" not in plain
    assert chosen["model"] == "example/model"
    assert chosen["voice_settings"] == {"voice": "Telnyx.NaturalHD.astra"}


def test_what_is_approved_is_what_is_said():
    brief = make_brief()
    script = script_of(brief, Prompts())

    made = body(brief)

    assert made["greeting"] == script["greeting"]
    assert made["instructions"] == script["instructions"]
    assert script["insight_schema"] == insight_schema(brief)
    assert script["greetings"] == {"en-US": script["greeting"]}
    assert set(script) == {
        "greeting",
        "greetings",
        "instructions",
        "insight_answers",
        "insight_summary",
        "insight_schema",
        "messages",
    }


def test_a_call_carries_its_attempt_and_nothing_about_redials():
    assert set(placed()) == {
        "telnyx_conversation_channel",
        "telnyx_end_user_target",
        "telnyx_agent_target",
        "scheduled_at_fixed_datetime",
        "conversation_metadata",
        "dynamic_variables",
    }
    assert placed()["conversation_metadata"] == {"attempt_id": "a1"}
    assert placed()["telnyx_conversation_channel"] == "phone_call"
    assert placed()["telnyx_end_user_target"] == "+13125550101"
    assert placed()["telnyx_agent_target"] == "+13125550192"


def test_every_variable_of_a_call_is_text():
    variables = placed()["dynamic_variables"]

    assert set(variables) == set(VARIABLE_DEFAULTS)
    assert all(isinstance(value, str) for value in variables.values())


@pytest.mark.parametrize("name", ["Joe's Catering", "日本語", "$62", "a\nb", "👩\u200d🍳", '"'])
def test_names_survive_in_the_body(name: str):
    variables = Prompts().variables(name, None)

    assert placed(variables=variables)["dynamic_variables"]["target_name"] == name


def test_the_same_call_has_the_same_bytes():
    given: Doc = {
        "to_number": "+13125550101",
        "from_number": "+13125550192",
        "ring_at": START,
        "metadata": {"attempt_id": "a1"},
        "variables": {},
    }

    assert call_body(**given) == call_body(**given)
    assert ", " not in call_body(**given)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 12, 1, 15, 2, tzinfo=UTC), "2026-12-01T15:02:00Z"),
        (datetime(2026, 12, 1, 15, 2, 7, 999_999, tzinfo=UTC), "2026-12-01T15:02:07Z"),
    ],
)
def test_an_instant_is_written_in_whole_seconds_and_ends_in_z(instant: datetime, text: str):
    assert zulu(instant) == text
    assert placed(ring_at=instant)["scheduled_at_fixed_datetime"] == text
    assert (
        datetime.fromisoformat(text)
        <= instant
        < datetime.fromisoformat(text) + timedelta(seconds=1)
    )


def test_the_mission_says_what_it_is_about():
    assert mission_instructions(make_brief(goal="G.", details="D.")) == (
        "G.\n\nD.\n\nOn behalf of Dana Reyes of Northwind Events."
    )
    assert mission_instructions(make_brief(goal="G.", details="")) == (
        "G.\n\nOn behalf of Dana Reyes of Northwind Events."
    )


def test_a_day_is_asked_for_as_text_of_one_form():
    brief = sweep_brief(collect={"ready": {"type": "date", "required": True}})

    wanted = insight_schema(brief)["properties"]["answers"]["properties"]["ready"]["properties"]

    assert wanted["value"]["type"] == ["string", "null"]
    assert "YYYY-MM-DD" in wanted["value"]["description"]
