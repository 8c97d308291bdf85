"""The clock, the nearest name, the errors and the nouns."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from telnyx_toolkit.clock import ManualClock, SystemClock, aware
from telnyx_toolkit.errors import (
    AccountNotReady,
    ConfigError,
    ErrorResponse,
    IllegalTransition,
    InvalidInput,
    LedgerConflict,
    NoResponse,
    NotReached,
    PolicyDenied,
    ToolkitBug,
    ToolkitError,
    UnknownMission,
    describe,
)
from telnyx_toolkit.nearest import did_you_mean
from tests.unit.build import START


def test_a_manual_clock_moves_when_told_and_never_back():
    clock = ManualClock(START)

    clock.advance(90)
    clock.sleep_until(START)
    clock.advance(-60)

    assert clock.now() == START + timedelta(seconds=90)


def test_a_clock_tells_the_time_in_utc():
    east = timezone(timedelta(hours=5, minutes=30))

    clock = ManualClock(START.astimezone(east))

    assert clock.now() == START
    assert clock.now().tzinfo is UTC


def test_the_system_clock_is_in_utc_and_does_not_wait_for_the_past():
    clock = SystemClock()

    clock.sleep_until(START - timedelta(days=3650))

    assert clock.now().tzinfo is UTC


def test_a_time_without_a_zone_is_no_instant():
    naive = datetime.fromisoformat("2026-12-01T15:00:00")

    with pytest.raises(ValueError, match="2026-12-01T15:00:00 has no time zone"):
        aware(naive)
    with pytest.raises(ValueError, match="has no time zone"):
        ManualClock(START).sleep_until(naive)


@pytest.mark.parametrize(
    ("given", "known", "hint"),
    [
        ("negociate", ["sweep", "negotiate"], " (did you mean 'negotiate'?)"),
        ("sweap", ["sweep", "negotiate"], " (did you mean 'sweep'?)"),
        ("xyz", ["sweep", "negotiate"], ""),
        ("peers", ["sweep", "negotiate"], ""),
        ("sweep", [], ""),
    ],
)
def test_the_nearest_name_is_offered_if_it_is_near(given: str, known: list[str], hint: str):
    assert did_you_mean(given, known) == hint
    assert did_you_mean(given, iter(known)) == hint


@pytest.mark.parametrize(
    ("problem", "exit_code", "code"),
    [
        (InvalidInput("x"), 2, "bad_input"),
        (ConfigError("x"), 3, "configuration"),
        (UnknownMission("x"), 4, "unknown_mission"),
        (PolicyDenied("x", code="spend_cap"), 5, "spend_cap"),
        (LedgerConflict("x"), 5, "busy"),
        (NoResponse("x"), 6, "no_response"),
        (NotReached("x"), 6, "not_reached"),
        (ErrorResponse("x", status=422), 6, "telnyx_422"),
        (AccountNotReady("x", code="no_free_number"), 6, "no_free_number"),
        (ToolkitBug("x"), 70, "bug"),
        (IllegalTransition("x"), 70, "illegal_transition"),
    ],
)
def test_every_error_has_its_exit_code_and_slug(problem: ToolkitError, exit_code: int, code: str):
    assert (problem.exit_code, problem.code, problem.message) == (exit_code, code, "x")
    assert str(problem) == "x"


@pytest.mark.parametrize(
    ("status", "may_have_happened", "transient"),
    [
        (400, False, False),
        (404, False, False),
        (408, True, True),
        (409, True, True),
        (422, False, False),
        (429, False, True),
        (499, False, False),
        (500, True, True),
        (503, True, True),
    ],
)
def test_a_refusal_tells_whether_the_call_may_ring_all_the_same(
    status: int, may_have_happened: bool, transient: bool
):
    problem = ErrorResponse("x", status=status)

    assert (problem.may_have_happened, problem.transient) == (may_have_happened, transient)


def test_an_error_is_a_document_with_code_message_and_fix():
    problem = PolicyDenied("Too much.", code="spend_cap", fix="Raise the cap.")

    expected = {"error": {"code": "spend_cap", "message": "Too much.", "fix": "Raise the cap."}}
    assert problem.as_dict() == describe(problem) == expected


def test_a_stray_exception_is_told_as_our_bug():
    told = describe(KeyError("x"))["error"]

    assert told["code"] == "bug"
    assert told["message"] == "KeyError: 'x'"
    assert "please report it" in told["fix"]
