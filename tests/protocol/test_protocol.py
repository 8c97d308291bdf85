"""Each decision about one call, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from telnyx_toolkit import protocol as p
from telnyx_toolkit.errors import ErrorResponse, NoResponse, NotReached, TelnyxError
from telnyx_toolkit.model import Attempt, AttemptPhase

RING = datetime(2026, 12, 1, 15, 2, tzinfo=UTC)
LEAD = timedelta(seconds=120)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
ATTEMPT = Attempt(
    attempt_id="a1",
    step_id="call-1",
    body='{"a": 1}',
    scheduled_at=RING,
    leverage=None,
    reserved_usd="1.00",
    phase="unknown",
    requested_at=RING - LEAD,
)
SETTLED = RING + p.SETTLE
ONCE = replace(ATTEMPT, looks=1, sought_at=SETTLED)
LONGEST = timedelta(minutes=10)


@dataclass(frozen=True)
class Seen:
    """A scheduled event, as far as the protocol asks."""

    scheduled_event_id: str = "e1"
    status: str = "pending"
    call_status: str = ""
    conversation_metadata: Mapping[str, Any] = field(default_factory=lambda: {"attempt_id": "a1"})
    scheduled_at_fixed_datetime: datetime | None = RING
    created_at: datetime | None = None
    dispatched_at: datetime | None = None


def answered(status: int, text: str = "no") -> ErrorResponse:
    return ErrorResponse(text, status=status)


REUSED = "Idempotency-Key was used with a different body"


@pytest.mark.parametrize(
    ("problem", "verdict"),
    [
        (None, "executed"),
        (NotReached("nobody listens"), "not_executed"),
        *((answered(s), "not_executed") for s in (302, 400, 401, 403, 404, 413, 422, 429)),
        (NoResponse("no answer, half an answer, not JSON"), "unknown"),
        *((answered(s), "unknown") for s in (408, 409, 500, 502, 503, 504)),
        (TelnyxError("nobody knows what this is"), "unknown"),
        (answered(422, REUSED), "key_misused"),
        (answered(400, "Idempotency-Key must be 1 to 255 letters"), "not_executed"),
    ],
)
def test_an_answer_tells_whether_it_was_executed(problem: TelnyxError | None, verdict: str) -> None:
    assert p.judge(problem) == verdict


@pytest.mark.parametrize(
    ("phase", "gone", "step"),
    [
        ("requested", timedelta(), p.Mark()),
        ("requested", HOUR, p.Mark()),
        ("sent", timedelta(), p.Send("a1", b'{"a": 1}')),
        ("sent", p.STALE, p.Send("a1", b'{"a": 1}')),
        ("sent", p.STALE + SECOND, p.Drop),
        ("sent", -p.STALE - SECOND, p.Drop),
        ("sent", timedelta(hours=25), p.Drop),
        *((phase, timedelta(), p.Drop) for phase in ("unknown", "scheduled", "abandoned")),
    ],
)
def test_a_request_leaves_once_right_after_its_fact(
    phase: AttemptPhase, gone: timedelta, step: Any
) -> None:
    got = p.before_dial(replace(ATTEMPT, phase=phase), gone)

    assert got == step if not isinstance(step, type) else isinstance(got, step)


@pytest.mark.parametrize(
    ("phase", "now", "move"),
    [
        ("requested", RING - HOUR, p.Drop("never sent")),
        ("sent", RING - HOUR, p.Look()),
        ("unknown", RING - HOUR, p.Look()),
        ("unknown", RING + HOUR, p.Look()),
        ("scheduled", RING - SECOND, p.Wait()),
        ("scheduled", RING, p.Follow()),
        *((phase, RING + HOUR, p.Wait()) for phase in ("ended", "collected", "abandoned")),
        ("unresolved", RING + HOUR, p.Wait()),
    ],
)
def test_what_comes_next_is_never_a_second_request(
    phase: AttemptPhase, now: datetime, move: Any
) -> None:
    assert p.next_move(replace(ATTEMPT, phase=phase), now) == move


OTHERS = Seen("e9", conversation_metadata={"attempt_id": "a2"})
EARLIER = RING - LEAD


@pytest.mark.parametrize(
    ("events", "seen"),
    [
        ([], p.Ask()),
        ([OTHERS, Seen("e8", conversation_metadata={})], p.Ask()),
        ([OTHERS, Seen("e1")], p.Adopt("e1")),
        ([Seen("e1", status="completed")], p.Adopt("e1")),
        ([Seen("e2"), Seen("e1")], p.Prune(("e2",))),
        ([Seen("e1", created_at=RING), Seen("e2", created_at=EARLIER)], p.Prune(("e1",))),
        ([Seen("e1"), Seen("e2", scheduled_at_fixed_datetime=EARLIER)], p.Prune(("e1",))),
        ([Seen("e1"), Seen("e2", "in_progress", dispatched_at=RING)], p.Prune(("e1",))),
        (
            [
                Seen("e1", "completed", dispatched_at=RING),
                Seen("e2", "completed", dispatched_at=EARLIER),
            ],
            p.Adopt("e2"),
        ),
        ([Seen("e1"), Seen("e2"), Seen("e3")], p.Prune(("e2", "e3"))),
    ],
)
def test_of_the_events_of_an_attempt_the_first_to_ring_stays(events: list[Seen], seen: Any) -> None:
    assert p.after_list(ATTEMPT, events, RING - SECOND) == seen


@pytest.mark.parametrize(
    ("deleted", "now", "seen"),
    [
        ((), RING + 2 * p.STUCK, p.Prune(("e2",))),
        (("e2",), RING + p.STUCK, p.Prune(("e2",))),
        (("e2",), RING + p.STUCK + SECOND, p.Adopt("e1")),
    ],
)
def test_a_surplus_that_cannot_be_deleted_does_not_hold_up_for_ever(
    deleted: tuple[str, ...], now: datetime, seen: Any
) -> None:
    attempt = replace(ATTEMPT, surplus=deleted)

    assert p.after_list(attempt, [Seen("e1"), Seen("e2")], now) == seen


GONE = p.Drop("Telnyx has no such call: looked twice after its time")
SECOND_LOOK = SETTLED + p.AGAIN


@pytest.mark.parametrize(
    ("attempt", "talked", "now", "move"),
    [
        (ATTEMPT, True, SECOND_LOOK, p.Wait()),
        (ONCE, True, SECOND_LOOK, p.Wait()),
        (ATTEMPT, False, SETTLED - SECOND, p.Wait()),
        (ATTEMPT, False, SETTLED, p.Count()),
        (ATTEMPT, False, SETTLED + HOUR, p.Count()),
        (ONCE, False, SECOND_LOOK - SECOND, p.Wait()),
        (ONCE, False, SECOND_LOOK, GONE),
        (ONCE, False, SETTLED - HOUR, p.Wait()),
        (replace(ONCE, is_frozen=True), False, SECOND_LOOK, p.Unresolve(GONE.reason)),
    ],
)
def test_only_two_late_looks_in_vain_prove_that_there_is_no_call(
    attempt: Attempt, talked: bool, now: datetime, move: Any
) -> None:
    assert p.after_conversations(attempt, talked, now, strict=False) == move
    wanted = p.Unresolve(GONE.reason) if move == GONE else move
    assert p.after_conversations(attempt, talked, now, strict=True) == wanted


@pytest.mark.parametrize(
    ("attempt", "now", "due"),
    [
        (ATTEMPT, RING - LEAD, RING - p.EARLY),
        (ATTEMPT, RING - p.EARLY, SETTLED),
        (ATTEMPT, RING + HOUR, SETTLED),
        (ONCE, SETTLED, SECOND_LOOK),
    ],
)
def test_a_look_is_due_when_it_can_tell_something_new(
    attempt: Attempt, now: datetime, due: datetime
) -> None:
    assert p.due(attempt, now) == due


OVERDUE = RING + LONGEST + p.STUCK


@pytest.mark.parametrize(
    ("channel", "event", "now", "status"),
    [
        ("call", Seen(status="pending"), RING, None),
        ("call", Seen(status="in_progress"), OVERDUE, None),
        ("call", Seen(status="in_progress"), OVERDUE + SECOND, "unknown"),
        ("call", Seen(status="completed", call_status="busy"), RING, "busy"),
        ("call", Seen(status="failed"), RING, "failed"),
        ("sms", Seen(status="completed"), RING, "delivered"),
        ("sms", Seen(status="failed", call_status="x"), RING, "failed"),
        ("call", None, RING, "unknown"),
    ],
)
def test_an_end_is_told_in_the_word_of_telnyx(
    channel: str, event: Seen | None, now: datetime, status: str | None
) -> None:
    assert p.ending(replace(ATTEMPT, channel=channel), event, now, LONGEST) == status


@pytest.mark.parametrize(
    ("now", "is_withdrawn"),
    [
        (RING - SECOND, True),
        (RING, False),
        (RING - LEAD - p.SKEW, True),
        (RING - LEAD - p.SKEW - SECOND, False),
    ],
)
def test_gone_before_its_time_is_withdrawn_if_the_clock_can_be_believed(
    now: datetime, is_withdrawn: bool
) -> None:
    assert p.is_withdrawn(ATTEMPT, now) is is_withdrawn


@pytest.mark.parametrize(
    ("sought_at", "now", "moved"),
    [
        (None, RING - LEAD - p.SKEW, False),
        (None, RING - LEAD - p.SKEW - SECOND, True),
        (RING + HOUR, RING + HOUR - p.SKEW - SECOND, True),
        (RING + HOUR, RING + HOUR, False),
    ],
)
def test_a_clock_before_its_own_facts_was_moved_back(
    sought_at: datetime | None, now: datetime, moved: bool
) -> None:
    assert p.has_moved_back(replace(ATTEMPT, sought_at=sought_at), now) is moved


def test_an_attempt_without_a_time_tells_nothing_about_the_clock() -> None:
    assert not p.has_moved_back(replace(ATTEMPT, requested_at=None), RING - HOUR)


@pytest.mark.parametrize("status", ["pending", "in_progress", "completed", "failed"])
def test_only_what_has_not_begun_can_be_taken_back(status: str) -> None:
    assert p.may_delete(Seen(status=status)) is (status == "pending")
