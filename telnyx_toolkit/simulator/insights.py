"""Scoring a talk: walk any JSON schema and pick the facts at its property paths."""

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from telnyx_toolkit.simulator.wire import Doc, inner

MISSING: Final = object()
NEUTRAL: Final[Mapping[str, Any]] = {"string": "", "boolean": False, "number": 0, "integer": 0}


def scored(insight: Mapping[str, Any], facts: Doc, summary: str) -> str:
    """An insight's result: always a string; JSON inside it when the insight has a schema."""
    schema = schema_of(insight)
    return json.dumps(fill(schema, facts, schema)) if schema else summary


def schema_of(insight: Mapping[str, Any]) -> Doc:
    """The insight's JSON schema, which may have been sent as a string; {} when it has none."""
    schema: Any = insight.get("json_schema")
    return json.loads(schema) if isinstance(schema, str) else inner(insight, "json_schema")


def open_objects(schema: Any, path: str = "$") -> list[str]:
    """Where a schema has an object without `additionalProperties: false`.

    POST /ai/conversations/insights refuses such a schema with 400.
    """
    found: list[str] = []
    if isinstance(schema, list):
        for position, element in enumerate(cast("list[Any]", schema)):
            found += open_objects(element, f"{path}[{position}]")
    elif isinstance(schema, dict):
        node = cast("Doc", schema)
        is_object = isinstance(node.get("properties"), dict) or node.get("type") == "object"
        if is_object and node.get("additionalProperties") is not False:
            found.append(path)
        for key, element in node.items():
            found += open_objects(element, f"{path}.{key}")
    return found


def fill(schema: Doc, fact: Any, root: Doc) -> Any:
    """A value that fits `schema`, taken from `fact` where there is one.

    What nobody said is null if the schema allows it, else "", false, 0, [] or the first enum.
    """
    types, plain = normal(schema, root)
    if "enum" in plain:
        return _listed(plain["enum"], types, fact)
    kind = next((name for name in types if name != "null"), "null")
    absent = fact is MISSING or fact is None
    if kind == "null" or (absent and "null" in types):
        return None
    if kind == "object":
        known: Doc = cast("Doc", fact) if isinstance(fact, dict) else {}
        wanted: Mapping[str, Doc] = plain.get("properties", {})
        return {name: fill(sub, known.get(name, MISSING), root) for name, sub in wanted.items()}
    if kind == "array":
        elements = cast("list[Any]", fact) if isinstance(fact, list) else []
        return [fill(plain.get("items", {}), element, root) for element in elements]
    value = _leaf(kind, fact)
    if value is not MISSING:
        return value
    return None if "null" in types else NEUTRAL.get(kind, "")


def normal(schema: Doc, root: Doc) -> tuple[list[str], Doc]:
    """The schema's types and the schema itself, with `$ref`, `anyOf` and `oneOf` resolved."""
    if "$ref" in schema:
        target: Any = root
        for part in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target[part]
        return normal(target, root)
    branches: list[Doc] = schema.get("anyOf") or schema.get("oneOf") or []
    if branches:
        resolved = [normal(branch, root) for branch in branches]
        types = [name for names, _ in resolved for name in names]
        main = [plain for names, plain in resolved if names != ["null"]]
        return types, main[0] if main else {}
    given: Any = schema.get("type", "object" if "properties" in schema else "string")
    return (cast("list[str]", given) if isinstance(given, list) else [str(given)]), schema


def _listed(words: list[Any], types: list[str], fact: Any) -> Any:
    if fact in words:
        return fact
    return None if None in words or "null" in types else words[0]


def _leaf(kind: str, fact: Any) -> Any:
    is_number = isinstance(fact, int | float) and not isinstance(fact, bool)
    fits = {
        "string": isinstance(fact, str) or is_number,
        "boolean": isinstance(fact, bool),
        "number": is_number,
        "integer": is_number and fact == int(fact),
    }
    if not fits.get(kind, False):
        return MISSING
    return str(fact) if kind == "string" else fact
