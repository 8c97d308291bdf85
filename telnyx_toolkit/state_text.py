"""A mission's state as bytes, and back: for copies that spare a process the reading of every fact.

The form is nobody else's business and is not kept stable: `STAMP` says which program wrote it, and
only the same program reads it. Each field has a line, then each attempt has one: little is held at
once.
"""

import json
import zlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

from telnyx_toolkit.model import Approval, Attempt, Code, Effect, Json, Plan, Step, Target
from telnyx_toolkit.packed import PackedMap, PackedRows
from telnyx_toolkit.rows import Rows
from telnyx_toolkit.state import NO_ATTEMPTS, NO_STEPS, MissionState, held

#: Another one for whatever is folded, or written, in another way: a test says when.
STAMP = "2"
#: What reading a copy that is damaged, or of another program, may raise.
DAMAGED = (ValueError, LookupError, TypeError, AttributeError, zlib.error)
_FAST = 1
_AT_ONCE = 65_536
_Way = Callable[[Any], Any]


def written(state: MissionState) -> bytes:
    """The state as bytes."""
    packer = zlib.compressobj(_FAST)
    return b"".join([*(packer.compress(line) for line in _lines(state)), packer.flush()])


def read(content: bytes) -> MissionState:
    """The state in these bytes.

    Raises:
        one of DAMAGED: they cannot be read.
    """
    lines = _unpacked(content)
    values = {name: _FROM.get(name, _same)(json.loads(next(lines))) for name in _FIELDS}
    attempts = (_attempt(json.loads(line)) for line in lines if line)
    return MissionState(**values, attempts=NO_ATTEMPTS.of(attempts))


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The lines of a compressed text, which is never unpacked as a whole."""
    unpacker, last = zlib.decompressobj(), b""
    for at in range(0, len(content), _AT_ONCE):
        *lines, last = (last + unpacker.decompress(content[at : at + _AT_ONCE])).split(b"\n")
        yield from lines
    yield last + unpacker.flush()
    if not unpacker.eof:
        raise zlib.error("it is cut off")


def _lines(state: MissionState) -> Iterator[bytes]:
    for name in _FIELDS:
        yield _text(_TO.get(name, _same)(vars(state)[name])) + b"\n"
    for attempt in state.attempts:
        row = zip(_ATTEMPT, _values_of(attempt), strict=True)
        yield _text([_TO_ATTEMPT.get(name, _same)(value) for name, value in row]) + b"\n"


def _attempt(row: list[Any]) -> Attempt:
    for place, way in _FROM_ATTEMPT:
        row[place] = way(row[place])
    return Attempt(*row)


def _text(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), default=_plain).encode()


def _plain(value: Any) -> Any:
    """What JSON has in the place of a mapping or a sequence of another sort."""
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, Any]", value))
    return list(value)


def _same(value: Any) -> Any:
    return value


def _to_time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _to_row(one: object | None) -> list[Any] | None:
    """A noun of a mission as a list, instants as text; None stays."""
    if one is None:
        return None
    values: dict[str, Any] = vars(one)
    return [v.isoformat() if isinstance(v, datetime) else v for v in values.values()]


def _to_rows(many: Iterable[Any]) -> list[Any]:
    return [_to_row(one) for one in many]


def _row_of(kind: type[Any], *times: int) -> _Way:
    def read_row(row: list[Any] | None) -> Any:
        if row is None:
            return None
        for place in times:
            row[place] = datetime.fromisoformat(row[place])
        return kind(*row)

    return read_row


def _to_effects(effects: Mapping[str, Effect]) -> dict[str, Any]:
    return {name: _to_row(one) for name, one in effects.items()}


def _effects(told: dict[str, list[Any]]) -> dict[str, Effect]:
    return {name: _effect(*row) for name, row in told.items()}


def _effect(name: str, key: str, body: Json, result: Json | None) -> Effect:
    return Effect(name, key, held(body, "steps"), result)


def _brief(document: Json) -> Json:
    return held(document, "targets")


def _plan(row: list[Any] | None) -> Plan | None:
    plan: Plan | None = _row_of(Plan, 2)(row)
    return plan and replace(plan, document=held(plan.document, "steps", "calls"))


def _targets(rows: list[list[Any]]) -> tuple[Target, ...]:
    return tuple(Target(*row) for row in rows)


def _steps(rows: list[list[Any]]) -> Rows[Step]:
    return NO_STEPS.of(Step(*row) for row in rows)


def _to_words(words: Any) -> list[Any]:
    if not words:
        return []
    packed = words if isinstance(words, PackedRows) else PackedRows.of(words)
    return [len(packed), b2a_base64(packed.packed, newline=False).decode()]


def _words(told: list[Any]) -> Any:
    return PackedRows(a2b_base64(told[1]), told[0]) if told else ()


def _to_map(found: Mapping[str, Any] | None) -> str | None:
    return None if found is None else b2a_base64(PackedMap.of(found).packed, newline=False).decode()


def _map(told: str | None) -> PackedMap | None:
    return None if told is None else PackedMap(a2b_base64(told))


_TO: Mapping[str, _Way] = {
    "created_at": _to_time,
    "last_at": _to_time,
    "finished_at": _to_time,
    "targets": _to_rows,
    "former": _to_rows,
    "steps": _to_rows,
    "plan": _to_row,
    "approval": _to_row,
    "code": _to_row,
    "effects": _to_effects,
    "result_payload": _to_map,
}
_FROM: Mapping[str, _Way] = {
    "created_at": _time,
    "last_at": _time,
    "finished_at": _time,
    "targets": _targets,
    "former": _targets,
    "steps": _steps,
    "brief": _brief,
    "plan": _plan,
    "approval": _row_of(Approval, 3),
    "code": _row_of(Code, 3),
    "effects": _effects,
    "past": tuple,
    "result_payload": _map,
    "under_way": tuple,
}
_FIELDS = tuple(
    one.name for one in fields(MissionState) if one.name not in {"attempts", "reckoned"}
)
_TIMES = ("scheduled_at", "requested_at", "sought_at", "ended_at")
_TO_ATTEMPT: Mapping[str, _Way] = {
    **dict.fromkeys(_TIMES, _to_time),
    "transcript": _to_words,
    "insight": _to_map,
}
_ATTEMPT = tuple(one.name for one in fields(Attempt))
_values_of = attrgetter(*_ATTEMPT)
_PLACES = {name: place for place, name in enumerate(_ATTEMPT)}
_FROM_ATTEMPT: tuple[tuple[int, _Way], ...] = (
    *((_PLACES[name], _time) for name in _TIMES),
    (_PLACES["transcript"], _words),
    (_PLACES["insight"], _map),
    (_PLACES["surplus"], tuple),
)
