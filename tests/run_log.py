"""Reads a run's log at Telnyx: a line tells of one fact, or of several that went together."""

from collections.abc import Iterable
from typing import Any

Doc = dict[str, Any]


def facts(log: Iterable[Doc]) -> list[Doc]:
    """Every fact that the lines tell of, in order: `seq`, `type`, `summary`, `step_id`."""
    told = [fact for line in log for fact in _of(line)]
    return sorted(told, key=lambda fact: fact["seq"])


def _of(line: Doc) -> list[Doc]:
    step = {"step_id": line["step_id"]}
    together = line["payload"].get("facts")
    if together:
        return [{**fact, **step} for fact in together]
    only = {"seq": line["payload"]["seq"], "type": line["type"], "summary": line["summary"]}
    return [{**only, **step}]
