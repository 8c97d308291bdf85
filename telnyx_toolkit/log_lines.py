"""One line of log for each effect, on standard error: for machines as JSON, for people as text."""

import json
import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TextIO

from telnyx_toolkit.effect_watch import EXECUTED, Effect, watching
from telnyx_toolkit.untrusted import masked, one_line

FORMATS = ("text", "json")
LEVELS = ("info", "warning", "error")
LOG = logging.getLogger("telnyx_toolkit")
_LONGEST = 500
_FIELDS = "fields"
#: Somebody else was faster, or is at it: where several work, that is how they agree.
_USUAL = {"busy", "lease_lost"}


def say(level: int, text: str, **fields: Any) -> None:
    """A line about the process itself, such as that it has begun.

    Args:
        level: As `logging` counts.
        text: What happened; a few plain words.
        fields: What goes with it; only names, counts and times.
    """
    LOG.log(level, text, extra={_FIELDS: {"event": text, **fields}})


@contextmanager
def logged(
    form: str = "text", level: str = "info", stream: TextIO | None = None
) -> Generator[None]:
    """Write a line for each effect of this process meanwhile.

    Args:
        form: One of `FORMATS`.
        level: One of `LEVELS`; at `warning` only what was not executed, or nobody knows of.
        stream: Where to; standard error if None.
    """
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_AsJson() if form == "json" else _AsText())
    before = (LOG.level, LOG.propagate)
    LOG.addHandler(handler)
    LOG.setLevel(level.upper())
    LOG.propagate = False
    try:
        with watching(_line):
            yield
    finally:
        LOG.removeHandler(handler)
        LOG.level, LOG.propagate = before


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Whoever read the log has gone: no reason for a mission to stop."""
        del record


@contextmanager
def _line(now: Effect) -> Generator[None]:
    try:
        yield
    finally:
        fields = {
            "mission": now.mission,
            "attempt": now.attempt,
            "effect": now.name,
            "ms": now.ms,
            "outcome": now.outcome,
            "status": now.status,
            "tries": now.tries,
            "code": now.code,
        }
        usual = now.outcome == EXECUTED or now.code in _USUAL
        level = logging.INFO if usual else logging.WARNING
        LOG.log(level, now.name, extra={_FIELDS: fields})


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What a record says; of another library's no more than its first line, and never a trace."""
    given: dict[str, Any] = record.__dict__.get(_FIELDS) or {"event": record.getMessage()}
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    fields = {"at": at.replace("+00:00", "Z"), "level": record.levelname.lower(), **given}
    return {name: _shown(name, value) for name, value in fields.items() if value not in ("", None)}


def _shown(name: str, value: Any) -> Any:
    is_text = isinstance(value, str) and name != "at"
    return masked(one_line(value, _LONGEST)) if is_text else value


class _AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One JSON object on one line."""
        return json.dumps(_fields(record), ensure_ascii=False)


class _AsText(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Time, level, what, and the rest as `name=value`."""
        fields = _fields(record)
        what = fields.pop("effect", None) or fields.pop("event", "")
        head = f"{fields.pop('at')} {fields.pop('level'):7} {what}"
        return " ".join([head, *(f"{name}={_word(value)}" for name, value in fields.items())])


def _word(value: Any) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if " " in text else text
