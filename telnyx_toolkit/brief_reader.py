"""Reads a brief from YAML or JSON, and explains what is wrong with one."""

import json
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, cast, get_args

import yaml
from pydantic import BaseModel, ValidationError

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.errors import InvalidInput, PolicyDenied
from telnyx_toolkit.nearest import did_you_mean
from telnyx_toolkit.number_gate import short_number_problem

MAX_BYTES = 1_000_000
_SHOWN = 60
_EXAMPLE = "See the example in fixtures/missions/catering.yaml."


def read_brief(raw: bytes) -> Brief:
    """The brief in the bytes of a YAML or JSON file.

    Raises:
        InvalidInput: it is no such file, or not a usable brief; says where and why.
    """
    return parse_brief(load_document(raw))


def load_document(raw: bytes) -> object:
    """What the bytes of a YAML or JSON file say.

    Raises:
        InvalidInput: it is no such file; says where and why.
    """
    if len(raw) > MAX_BYTES:
        raise InvalidInput(f"The file is larger than {MAX_BYTES:,} bytes.", fix=_EXAMPLE)
    try:
        text = raw.decode("utf-8-sig")
        return _json(text) if text.lstrip().startswith("{") else _yaml(text)
    except UnicodeDecodeError as problem:
        raise InvalidInput(f"The file is not UTF-8 text: {problem}.", fix=_EXAMPLE) from problem
    except (ValueError, yaml.YAMLError, RecursionError) as problem:
        reason = " ".join(str(problem).split())
        raise InvalidInput(f"The file cannot be read: {reason}.", fix=_EXAMPLE) from problem


def parse_brief(document: object) -> Brief:
    """The brief in `document`, as YAML or JSON gave it.

    Raises:
        InvalidInput: naming each field, what was given and what is allowed.
        PolicyDenied: somebody's number is an emergency number or a short code.
    """
    if not isinstance(document, Mapping):
        raise InvalidInput(
            f"The brief is {type(document).__name__}, not a mapping of fields.",
            fix=_EXAMPLE,
        )
    _refuse_short_numbers(cast("Mapping[str, Any]", document))
    try:
        return Brief.model_validate(document)
    except ValidationError as problem:
        errors = problem.errors(include_url=False)
        lines = [_explain(error) for error in errors if not _is_echo(error)]
        raise InvalidInput(
            "The brief cannot be used:\n" + "\n".join(f"  {line}" for line in lines),
            fix="Correct the brief and run the command again; nothing was created.",
        ) from problem


def _refuse_short_numbers(document: Mapping[str, Any]) -> None:
    """Name them as what they are, and not as badly written numbers of somebody."""
    lists = [document.get("targets"), document.get("fallback")]
    targets = [t for given in lists if isinstance(given, list) for t in cast("list[Any]", given)]
    readable = [cast("Mapping[str, Any]", t) for t in targets if isinstance(t, Mapping)]
    for phone in (target.get("phone") for target in readable):
        if isinstance(phone, str | int) and (problem := short_number_problem(str(phone))):
            code, reason = problem
            raise PolicyDenied(
                f"{phone} {reason}. No call is ever placed to one.",
                code=code,
                fix="Give the number at which they really answer, or leave the target out.",
            )


class _StrictLoader(yaml.SafeLoader):
    """YAML in which a field given twice is an error, not a silent loss of the first."""

    def compose_node(self, parent: Any, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise ValueError("aliases (*name) are not supported: write the value out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        _refuse_twice([str(key.value) for key, _ in node.value])
        return super().construct_mapping(node, deep)


def _json(text: str) -> object:
    def pairs(fields: list[tuple[str, Any]]) -> dict[str, Any]:
        _refuse_twice([name for name, _ in fields])
        return dict(fields)

    return json.loads(text, object_pairs_hook=pairs)


def _refuse_twice(names: list[str]) -> None:
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise ValueError(f"the field {twice[0]!r} is given twice")


def _yaml(text: str) -> object:
    return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader, made stricter


def _is_echo(error: Any) -> bool:
    """Whether it only says that a list is short because its items were refused one by one."""
    return error["type"] == "too_short" and bool(error["input"])


def _explain(error: Any) -> str:
    where = _path(error["loc"])
    given = repr(error["input"])
    shown = given if len(given) <= _SHOWN else given[: _SHOWN - 3] + "..."
    match error["type"]:
        case "missing":
            return f"{where}: is required"
        case "extra_forbidden":
            known = _fields_at(error["loc"][:-1])
            return (
                f"{where}: is not a field{did_you_mean(str(error['loc'][-1]), known)}; "
                f"allowed here: {', '.join(known)}"
            )
        case "literal_error":
            allowed = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
            near = did_you_mean(str(error["input"]), allowed.split(", "))
            return f"{where}: {shown} is not one of: {allowed}{near}"
        case "too_short" if error["ctx"].get("actual_length") == 0:
            return f"{where}: is empty; give at least one"
        case "value_error":
            reason = str(error["ctx"]["error"])
            return f"{where}: {shown} {reason}" if error["loc"] and where != "brief" else reason
        case _:
            return f"{where}: {shown}: {error['msg'].lower()}"


def _path(loc: Sequence[Any]) -> str:
    path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in loc)
    return path.lstrip(".") or "brief"


def _fields_at(loc: Sequence[Any]) -> list[str]:
    """The fields allowed where `loc` points, following models through tuples and mappings."""
    model: type[BaseModel] = Brief
    for part in loc:
        field = model.model_fields.get(str(part))
        inner = _model_in(field.annotation) if field else None
        model = inner or model
    return sorted(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_model_in(inner) for inner in get_args(annotation))
    return next((m for m in models if m is not None), None)
