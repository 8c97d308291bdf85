"""Scoring: any schema is walked, and what nobody said stays empty."""

import json
from typing import Any

import pytest

from telnyx_toolkit.simulator.improvise import questions
from telnyx_toolkit.simulator.insights import fill, open_objects, scored
from telnyx_toolkit.simulator.talk import amounts

Doc = dict[str, Any]


@pytest.mark.parametrize(
    ("schema", "fact", "result"),
    [
        ({"type": "number"}, 62.5, 62.5),
        ({"type": "integer"}, 62.5, 0),
        ({"type": "integer"}, 62, 62),
        ({"type": "string"}, 62, "62"),
        ({"type": "number"}, "62", 0),
        ({"type": "boolean"}, True, True),
        ({"type": "number"}, True, 0),
        ({"type": ["number", "null"]}, None, None),
        ({"type": "string"}, None, ""),
        ({"type": "boolean"}, None, False),
        ({"enum": ["a", "b"]}, "b", "b"),
        ({"enum": ["a", "b"]}, "c", "a"),
        ({"type": ["string", "null"], "enum": ["a", None]}, "c", None),
        ({"type": "array", "items": {"type": "string"}}, ["x", 1], ["x", "1"]),
        ({"type": "array", "items": {"type": "string"}}, None, []),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, 3, 3),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, None, None),
        ({"type": ["object", "null"], "properties": {}}, None, None),
        ({"properties": {"a": {"type": "string"}}}, {"a": "x", "b": "y"}, {"a": "x"}),
        ({"properties": {"a": {"type": "string"}}}, None, {"a": ""}),
    ],
)
def test_a_schema_is_filled_with_the_fact_or_a_neutral_value(
    schema: Doc, fact: Any, result: Any
) -> None:
    assert fill(schema, fact, schema) == result


def test_references_inside_a_schema_are_followed() -> None:
    schema: Doc = {
        "properties": {"a": {"$ref": "#/$defs/quote"}},
        "$defs": {"quote": {"properties": {"value": {"type": "number"}}}},
    }
    assert fill(schema, {"a": {"value": 5}}, schema) == {"a": {"value": 5}}


def test_a_result_is_a_string_with_json_only_where_there_is_a_schema() -> None:
    schema = '{"type": "object", "properties": {"a": {"type": "number"}}}'
    assert json.loads(scored({"json_schema": schema}, {"a": 1}, "words")) == {"a": 1}
    assert scored({"json_schema": None}, {"a": 1}, "words") == "words"


def test_objects_left_open_are_named_by_place() -> None:
    schema: Doc = {
        "type": "object",
        "properties": {"type": {"type": "string"}, "b": {"anyOf": [{"type": "object"}]}},
    }
    assert open_objects(schema) == ["$", "$.properties.b.anyOf[0]"]


def test_one_question_stands_for_a_name_wanted_in_several_places() -> None:
    cell: Doc = {"properties": {"value": {"type": ["null", "number"]}, "words": {"type": "string"}}}
    part: Doc = {"properties": {"price": cell}}
    (question,) = questions([{"properties": {"opening": part, "answers": part}}])
    assert question.paths == (("opening", "price"), ("answers", "price"))
    assert question.value["type"] == "number"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("We have $65, and before that $1,070.50.", [65, 1070.5]),
        ("It was 64 dollars, or USD 63, or 62 USD.", [64, 63, 62]),
        ("They said 61 per person for 50 guests on 10 December.", [61]),
        ("We have an offer of {{best_offer}}.", []),
    ],
)
def test_amounts_are_heard_however_they_are_said(words: str, found: list[float]) -> None:
    assert amounts(words) == found
