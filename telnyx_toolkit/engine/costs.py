"""What calls really cost: told by Telnyx's detail records some time after the calls."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.telling import tell
from telnyx_toolkit.model import Attempt
from telnyx_toolkit.telnyx import DetailRecord

#: One call leaves several records, and not all at once: looked for once all should be there.
SETTLED_AFTER = timedelta(hours=1)
#: Without one of these a call's records are not there yet.
_CARRIED = ("ai-voice-assistant", "sip-trunking", "call-control")
_CALL_TYPES = (
    *_CARRIED,
    "inference",
    "inference-speech-to-text",
    "stt",
    "tts",
    "amd",
    "recording",
    "noise-suppression",
    "media-streaming",
)
_TEXT_TYPES = ("messaging",)


def collect_costs(desk: Desk) -> None:
    """Record what the attempts of a finished mission cost, as far as Telnyx tells by now.

    The result gets it too, here and at Telnyx.

    Raises:
        TelnyxError: Telnyx did not tell; nothing was recorded.
    """
    now = desk.kit.clock.now()
    waiting = [a for a in desk.state.attempts if _may_be_told(a, now)]
    if not waiting:
        return
    found = _found(_records(desk, waiting, now))
    costs = {a.attempt_id: cost for a in waiting if (cost := _cost(a, found)) is not None}
    if not costs:
        return
    told = {attempt_id: str(cost) for attempt_id, cost in costs.items()}
    ended = desk.state.finished_at or now
    payload, text = tell(desk, desk.state.phase, ended, desk.state.with_costs(told))
    desk.record(
        "costs.recorded",
        costs=told,
        result_summary=text,
        result_payload=payload,
    )


def _may_be_told(attempt: Attempt, now: datetime) -> bool:
    """Whether there should be records of it, and they were not read yet."""
    happened = attempt.session_id or attempt.call_status == "delivered"
    settled = attempt.ended_at is not None and now >= attempt.ended_at + SETTLED_AFTER
    return bool(happened) and settled and attempt.cost_usd is None


def _records(desk: Desk, attempts: Iterable[Attempt], now: datetime) -> list[DetailRecord]:
    texts = any(attempt.channel == "sms" for attempt in attempts)
    calls = any(attempt.channel == "call" for attempt in attempts)
    types = (_CALL_TYPES if calls else ()) + (_TEXT_TYPES if texts else ())
    months = {(a.ended_at or now).strftime("%Y-%m") for a in attempts}
    this = now.strftime("%Y-%m")
    ranges = ["this_month"] * (this in months) + ["last_month"] * bool(months - {this})
    details = desk.client.records.details
    return [record for kind in types for dates in ranges for record in details(kind, dates)]


def _found(records: Iterable[DetailRecord]) -> Mapping[frozenset[str], list[DetailRecord]]:
    """The records by what attempts are found by: a session, or the two numbers of a text."""
    found: dict[frozenset[str], list[DetailRecord]] = {}
    for record in records:
        sessions = {record.call_session_id, record.telnyx_session_id} - {""}
        for key in {*(frozenset({s}) for s in sessions if s), frozenset({record.cli, record.cld})}:
            found.setdefault(key, []).append(record)
    return found


def _cost(attempt: Attempt, found: Mapping[frozenset[str], list[DetailRecord]]) -> Decimal | None:
    """The sum of an attempt's records, USD; None while they are not there, or in other money."""
    own = [record for record in found.get(_key(attempt), ()) if _is_about(record, attempt)]
    wanted = _TEXT_TYPES if attempt.channel == "sms" else _CARRIED
    complete = any(record.record_type in wanted for record in own)
    if not complete or any(record.currency not in {"", "USD"} for record in own):
        return None
    return sum((record.cost or Decimal(0) for record in own), Decimal(0))


def _key(attempt: Attempt) -> frozenset[str]:
    if attempt.channel == "call":
        return frozenset({attempt.session_id})
    sent = json.loads(attempt.body)
    return frozenset({sent["telnyx_agent_target"], sent["telnyx_end_user_target"]})


def _is_about(record: DetailRecord, attempt: Attempt) -> bool:
    if attempt.channel == "call":
        return attempt.session_id in {record.call_session_id, record.telnyx_session_id}
    since = record.sent_at or record.created_at
    between = frozenset({record.cli, record.cld})
    return between == _key(attempt) and since is not None and since >= attempt.scheduled_at
