"""A mission's state as bytes, and back: for copies that spare a process the reading of every fact.

The form is nobody else's business and is not kept stable: `STAMP` says which program wrote it, and
only the same program reads it. The first line has all but the attempts, which have a line each.
"""

import json
import zlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, cast

from telnyx_toolkit.model import Approval, Attempt, Code, Effect, Plan, Step, Target
from telnyx_toolkit.packed import PackedMap, PackedRows
from telnyx_toolkit.rows import Rows
from telnyx_toolkit.state import NO_ATTEMPTS, NO_STEPS, MissionState

#: Another one for whatever is folded, or written, in another way: a test says when.
STAMP = "1"
#: What reading a copy that is damaged, or of another program, may raise.
DAMAGED = (ValueError, LookupError, TypeError, AttributeError, zlib.error)
_FAST = 1
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
    first, *rest = zlib.decompress(content).split(b"\n")
    told: dict[str, Any] = json.loads(first)
    values = {name: _FROM[name](value) if name in _FROM else value for name, value in told.items()}
    attempts = (_attempt(json.loads(line)) for line in rest if line)
    return MissionState(**values, attempts=NO_ATTEMPTS.of(attempts))


def _lines(state: MissionState) -> Iterator[bytes]:
    values = {n: v for n, v in vars(state).items() if n not in {"attempts", "reckoned"}}
    yield _text({name: _TO[name](v) if name in _TO else v for name, v in values.items()})
    for attempt in state.attempts:
        yield b"\n" + _text([_TO_ATTEMPT.get(n, _same)(v) for n, v in vars(attempt).items()])


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
    return {name: Effect(*row) for name, row in told.items()}


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
    "plan": _row_of(Plan, 2),
    "approval": _row_of(Approval, 3),
    "code": _row_of(Code, 3),
    "effects": _effects,
    "past": tuple,
    "result_payload": _map,
    "under_way": tuple,
}
_TIMES = ("scheduled_at", "requested_at", "sought_at", "ended_at")
_TO_ATTEMPT: Mapping[str, _Way] = {
    **dict.fromkeys(_TIMES, _to_time),
    "transcript": _to_words,
    "insight": _to_map,
}
_PLACES = {one.name: place for place, one in enumerate(fields(Attempt))}
_FROM_ATTEMPT: tuple[tuple[int, _Way], ...] = (
    *((_PLACES[name], _time) for name in _TIMES),
    (_PLACES["transcript"], _words),
    (_PLACES["insight"], _map),
    (_PLACES["surplus"], tuple),
)
