"""What calls really cost: told by Telnyx's detail records some time after the calls."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
    bills = _bills(desk, waiting, now)
    costs = {name: bill.usd for name, bill in bills.items() if bill.is_whole}
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


@dataclass
class _Bill:
    """What the records of one attempt come to so far; the records themselves are not kept.

    Attributes:
        is_there: The record without which the others are not all there was among them.
        is_foreign: Some are in other money.
    """

    attempt: Attempt
    usd: Decimal = Decimal(0)
    is_there: bool = False
    is_foreign: bool = False

    @property
    def is_whole(self) -> bool:
        return self.is_there and not self.is_foreign

    def take(self, record: DetailRecord) -> None:
        wanted = _TEXT_TYPES if self.attempt.channel == "sms" else _CARRIED
        self.usd += record.cost or Decimal(0)
        self.is_there |= record.record_type in wanted
        self.is_foreign |= record.currency not in {"", "USD"}


def _bills(desk: Desk, attempts: Iterable[Attempt], now: datetime) -> dict[str, _Bill]:
    """What the records come to for each attempt, by its id."""
    bills = {attempt.attempt_id: _Bill(attempt) for attempt in attempts}
    by_key: dict[frozenset[str], list[_Bill]] = {}
    for bill in bills.values():
        by_key.setdefault(_key(bill.attempt), []).append(bill)
    for record in _records(desk, [bill.attempt for bill in bills.values()], now):
        sessions = {record.call_session_id, record.telnyx_session_id} - {""}
        keys = {*(frozenset({session}) for session in sessions)}
        for key in keys | {frozenset({record.cli, record.cld})}:
            for bill in by_key.get(key, ()):
                if _is_about(record, bill.attempt):
                    bill.take(record)
    return bills


def _records(desk: Desk, attempts: Iterable[Attempt], now: datetime) -> Iterator[DetailRecord]:
    given = tuple(attempts)
    texts = any(attempt.channel == "sms" for attempt in given)
    calls = any(attempt.channel == "call" for attempt in given)
    types = (_CALL_TYPES if calls else ()) + (_TEXT_TYPES if texts else ())
    months = {(a.ended_at or now).strftime("%Y-%m") for a in given}
    this = now.strftime("%Y-%m")
    ranges = ["this_month"] * (this in months) + ["last_month"] * bool(months - {this})
    details = desk.client.records.details
    return (record for kind in types for dates in ranges for record in details(kind, dates))


def _key(attempt: Attempt) -> frozenset[str]:
    """What its records are found by: a session, or the two numbers of a text."""
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
