"""What is asked of the data of facts, across missions: of a file's JSON, of columns in Postgres.

Postgres refuses to look into JSON that holds half an emoji or a zero byte, which strangers' words
may. So it has columns for what is asked of all missions at once, filled in when a fact is written.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from telnyx_toolkit.ledger.database import Kind
from telnyx_toolkit.ledger.schema import HEARD, PHONE

_TEXTS = ("attempt_id", "phone", "channel", "server", "scheduled_at", "busy_until")
#: The columns that Postgres has beside those of a file.
COLUMNS = (*_TEXTS, "limited", "asked_off")
_PICKED = {  # the kinds of facts that have any of them
    "attempt.requested",
    "attempt.abandoned",
    "attempt.collected",
    "attempt.ended",
    "attempt.unresolved",
}
_ENDED = "('attempt.abandoned', 'attempt.ended', 'attempt.unresolved')"
_TRIED = "('attempt.requested', 'attempt.abandoned', 'attempt.ended', 'attempt.unresolved')"
_OVER = "('attempt.abandoned', 'attempt.collected', 'attempt.unresolved')"
_HEARD = """INSERT INTO do_not_call (phone, action, reason, source, at, mission_id)
WITH heard AS (
    SELECT asked.phone, said.at, said.mission_id,
        'mission ' || said.mission_id || ', attempt ' || said.attempt_id AS source
    FROM events AS said
    JOIN events AS asked ON asked.mission_id = said.mission_id AND asked.kind = 'attempt.requested'
        AND asked.phone IS NOT NULL AND asked.attempt_id = said.attempt_id
    WHERE said.kind = 'attempt.collected' AND said.asked_off
)
SELECT phone, 'add', 'asked not to be called again', source, at, mission_id FROM heard
WHERE NOT EXISTS (
    SELECT 1 FROM do_not_call AS known
    WHERE known.phone = heard.phone AND known.source = heard.source)
ORDER BY at"""


def picked(kind: str, data: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values of `COLUMNS` for a fact."""
    if kind not in _PICKED:
        return (None,) * len(COLUMNS)
    texts = [value if isinstance(value := data.get(name), str) else None for name in _TEXTS]
    insight: Any = data.get("insight")
    said = cast("dict[str, Any]", insight) if isinstance(insight, dict) else {}
    return (*texts, bool(data.get("limited")), said.get("asked_not_to_be_called_again") is True)


@cache
def tries_since(kind: Kind) -> str:
    """Decisions on calls and texts, and their ends, after an instant: see `_tries`."""
    return f"{_tries(kind)} WHERE kind IN {_TRIED} AND at > ? AND {_is_sound(kind)} ORDER BY rowid"


@cache
def tries_behind(kind: Kind) -> str:
    """Those with a row behind that one, after an instant; in Postgres decisions alone.

    A plus sign keeps SQLite from going by the kind: what is new is few rows at the end.
    """
    behind = f"{_tries(kind)} WHERE rowid > ?1 AND at > ?2 AND {_is_sound(kind)}"
    kinds = f"+kind IN {_TRIED}" if kind == "sqlite" else "kind = 'attempt.requested'"
    return f"{behind} AND {kinds} ORDER BY rowid"


def ends_of(attempts: Sequence[str]) -> str:
    """The ends of so many attempts, in Postgres."""
    places = ", ".join("?" * len(attempts))
    ended = f"kind IN {_ENDED} AND attempt_id IN ({places})"
    return f"{_tries('postgres')} WHERE {ended} ORDER BY rowid"


def _tries(kind: Kind) -> str:
    """Row, kind, attempt, time; of a decision who, by what, from where, rings and over when."""
    names = {name: _value(kind, name) for name in (*_TEXTS, "limited")}
    return f"""
        SELECT rowid, kind, {names["attempt_id"]}, at, {names["phone"]},
          coalesce({names["channel"]}, 'call'), coalesce({names["server"]}, ''),
          {names["scheduled_at"]}, coalesce({names["busy_until"]}, {names["scheduled_at"]}),
          {names["limited"]}
        FROM events"""  # noqa: S608


@cache
def calling(kind: Kind) -> str:
    """Missions with a try at a number that was listed since an entry, still under way.

    A plus sign keeps SQLite from reading all of a kind.
    """
    phone = PHONE.format("asked.") if kind == "sqlite" else "asked.phone"
    return f"""
        SELECT asked.mission_id FROM do_not_call AS one
        JOIN events AS asked ON asked.kind = 'attempt.requested' AND {phone} = one.phone
        WHERE one.action = 'add' AND one.id > ?
          AND one.id = (SELECT max(id) FROM do_not_call WHERE phone = one.phone)
          AND NOT EXISTS (
            SELECT 1 FROM events AS over
            WHERE over.mission_id = asked.mission_id AND over.seq > asked.seq
              AND {"+" * (kind == "sqlite")}over.kind IN {_OVER}
              AND {_value(kind, "attempt_id", "asked.")} =
                {_sound_value(kind, "attempt_id", "over")})
        GROUP BY asked.mission_id ORDER BY min(asked.rowid)
        """  # noqa: S608


def heard(kind: Kind) -> str:
    """Puts on the list who asked for it in a fact, unless that was done then."""
    return HEARD if kind == "sqlite" else _HEARD


def _value(kind: Kind, name: str, of: str = "") -> str:
    return f"json_extract({of}data, '$.{name}')" if kind == "sqlite" else f"{of}{name}"


def _sound_value(kind: Kind, name: str, of: str) -> str:
    value = _value(kind, name, f"{of}.")
    return f"CASE WHEN json_valid({of}.data) THEN {value} END" if kind == "sqlite" else value


def _is_sound(kind: Kind) -> str:
    return "json_valid(data)" if kind == "sqlite" else "attempt_id IS NOT NULL"
