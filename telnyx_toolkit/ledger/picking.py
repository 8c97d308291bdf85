"""What is asked of the data of facts, across missions: of a file's JSON, of columns in Postgres.

Postgres refuses to look into JSON that holds half an emoji or a zero byte, which strangers' words
may. So it has columns for what is asked of all missions at once, filled in when a fact is written.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from telnyx_toolkit.ledger.database import Kind
from telnyx_toolkit.ledger.schema import HEARD

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
def decided(kind: Kind) -> str:
    """The dials after an instant: who, by what, from where, decided, rings and is over when."""
    names = {name: _value(kind, name) for name in _TEXTS}
    return f"""
        SELECT {names["attempt_id"]}, {names["phone"]}, coalesce({names["channel"]}, 'call'),
          coalesce({names["server"]}, ''), at, {names["scheduled_at"]},
          coalesce({names["busy_until"]}, {names["scheduled_at"]})
        FROM events WHERE kind = 'attempt.requested' AND at > ? AND {_is_sound(kind)} ORDER BY at
        """  # noqa: S608


@cache
def ended(kind: Kind) -> str:
    """The ends of tries after an instant: which, how, when, and whether by a limit of Telnyx's."""
    return f"""
        SELECT {_value(kind, "attempt_id")}, kind, at, {_value(kind, "limited")} FROM events
        WHERE kind IN ('attempt.abandoned', 'attempt.ended', 'attempt.unresolved') AND at > ?
          AND {_is_sound(kind)}
        """  # noqa: S608


@cache
def calling(kind: Kind) -> str:
    """Missions with a try at a listed number of which something is still to happen."""
    return f"""
        SELECT mission_id FROM events AS asked
        WHERE asked.kind = 'attempt.requested'
          AND 'add' = (SELECT action FROM do_not_call
            WHERE phone = {_sound_value(kind, "phone", "asked")}
            ORDER BY id DESC LIMIT 1)
          AND NOT EXISTS (
            SELECT 1 FROM events AS over WHERE over.mission_id = asked.mission_id
              AND over.kind IN {_OVER}
              AND {_value(kind, "attempt_id", "asked.")} =
                {_sound_value(kind, "attempt_id", "over")})
        GROUP BY mission_id ORDER BY min(asked.rowid)
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
