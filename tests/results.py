"""Holds what a tool answered against its published schema."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from telnyx_toolkit.result_schema import Result
from telnyx_toolkit.tool import Tool

Doc = dict[str, Any]
_ANY = {"type": ["object", "null"]}


def held(tool: Tool, document: Doc) -> Doc:
    """The document, once it has every key that the tool promises and none that it does not tell."""
    fault: ValidationError | None = next(_faults(tool, document), None)
    assert fault is None, f"{tool.name} answered otherwise than it says: {fault}"
    if payload := document.get("result_payload"):
        Result.model_validate(payload)
    return document


def _faults(tool: Tool, document: Doc) -> Iterator[ValidationError]:
    return validator(tool.name, json.dumps(tool.results())).iter_errors(document)  # pyright: ignore


@cache
def validator(_name: str, results: str) -> Draft202012Validator:
    """Of a tool's results; a payload is held against the model that its schema is made of."""
    schema: Doc = {**json.loads(results), "additionalProperties": False}
    fields = {k: _ANY if "$ref" in str(v) else v for k, v in schema["properties"].items()}
    return Draft202012Validator({**schema, "properties": fields})
