"""Detail records: what calls and texts cost, a while later, one type at a time."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.simulator import Sandbox

Doc = dict[str, Any]
Order = Callable[..., Doc]
Rows = Callable[..., list[Doc]]
LAKEFRONT, NO_ANSWER, TEXTS_BACK, LANDLINE = (f"+131255501{n}" for n in ("01", "11", "31", "34"))
ENDED_S = 60 + 9 + 84  # lakefront rings for 9 s and talks for 84
MINUTE = 60
SESSION = {
    "ai-voice-assistant": "telnyx_session_id",
    "inference": "call_session_id",
    "sip-trunking": "telnyx_session_id",
    "call-control": "telnyx_session_id",
    "recording": "telnyx_session_id",
}


@pytest.fixture
def rows(http: httpx.Client) -> Rows:
    def read(kind: str, **query: str) -> list[Doc]:
        given = {"filter[record_type]": kind, **query}
        answer = http.get("/detail_records", params=given)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    return read


def place(http: httpx.Client, ready: Doc, order: Doc) -> None:
    path = f"/ai/assistants/{ready['assistant']}/scheduled_events"
    answer = http.post(path, json=order)
    assert answer.status_code == 201, answer.text


def test_a_calls_records_appear_a_quarter_of_an_hour_after_its_end(
    http: httpx.Client, clock: ManualClock, ready: Doc, order: Order, rows: Rows
) -> None:
    place(http, ready, order(LAKEFRONT))
    clock.advance(ENDED_S + 15 * MINUTE - 1)
    assert not any(rows(kind) for kind in SESSION)
    clock.advance(1)
    assert [len(rows(kind)) for kind in SESSION] == [1, 2, 1, 1, 1]


def test_a_call_costs_what_its_started_minutes_do_and_says_so_in_strings(
    http: httpx.Client, clock: ManualClock, ready: Doc, order: Order, rows: Rows
) -> None:
    place(http, ready, order(LAKEFRONT))
    clock.advance(ENDED_S + 15 * MINUTE)
    cost = {kind: [row["cost"] for row in rows(kind)] for kind in SESSION}
    assert {kind: sum(map(Decimal, given)) for kind, given in cost.items()} == {
        "ai-voice-assistant": Decimal("0.10"),
        "inference": Decimal("0.0085"),
        "sip-trunking": Decimal("0.01"),
        "call-control": Decimal("0.004"),
        "recording": Decimal("0.004"),
    }
    assert "5E-4" in cost["inference"]
    (row,) = rows("sip-trunking")
    assert (row["call_sec"], row["billed_sec"], row["currency"]) == (84, 120, "USD")


def test_each_type_names_the_session_its_own_way(
    http: httpx.Client, clock: ManualClock, ready: Doc, order: Order, rows: Rows
) -> None:
    place(http, ready, order(LAKEFRONT))
    clock.advance(ENDED_S + 15 * MINUTE)
    (talk,) = http.get("/ai/conversations").json()["data"]
    session = talk["metadata"]["call_session_id"]
    for kind, name in SESSION.items():
        assert {row[name] for row in rows(kind)} == {session}
        assert rows(kind, **{f"filter[{name}]": session}) == rows(kind)
        assert rows(kind, **{f"filter[{name}]": "other"}) == []


def test_a_call_that_nobody_answers_has_no_records(
    http: httpx.Client, clock: ManualClock, ready: Doc, order: Order, rows: Rows
) -> None:
    place(http, ready, order(NO_ANSWER))
    clock.advance(86400)
    assert not any(rows(kind) for kind in SESSION)


def test_a_call_that_is_not_recorded_costs_no_recording(
    http: httpx.Client, clock: ManualClock, ready: Doc, order: Order, rows: Rows
) -> None:
    off = {"telephony_settings": {"recording_settings": {"enabled": False}}}
    http.post(f"/ai/assistants/{ready['assistant']}", json=off)
    place(http, ready, order(LAKEFRONT))
    clock.advance(ENDED_S + 15 * MINUTE)
    assert (rows("recording"), len(rows("ai-voice-assistant"))) == ([], 1)


@pytest.mark.parametrize(("length", "parts"), [(160, 1), (161, 2)])
def test_a_text_costs_by_the_part_and_a_failed_one_nothing(
    http: httpx.Client,
    clock: ManualClock,
    ready: Doc,
    order: Order,
    rows: Rows,
    length: int,
    parts: int,
) -> None:
    one = f"/ai/assistants/{ready['assistant']}"
    shown = http.post(one, json={"enabled_features": ["telephony", "messaging"]}).json()
    profile = shown["messaging_settings"]["default_messaging_profile_id"]
    number = "/phone_numbers/1293384261075731492/messaging"
    http.patch(number, json={"messaging_profile_id": profile})
    for to in (TEXTS_BACK, LANDLINE):
        words = {"telnyx_conversation_channel": "sms_chat", "text": "x" * length}
        place(http, ready, order(to, **words))
    clock.advance(60 + 15 * MINUTE - 1)
    assert rows("messaging") == []
    clock.advance(1)
    (row,) = rows("messaging")
    assert (row["cld"], row["parts"], row["cost"], row["currency"]) == (
        TEXTS_BACK,
        parts,
        f"0.00{4 * parts}",
        "USD",
    )
    assert row["sent_at"] == "2026-12-01T15:01:00.000Z"


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("sip-trunking", {"filter[call_session_id]": "x"}),
        ("sip-trunking", {"filter[created_at][gte]": "2026-12-01"}),
        ("recording", {"filter[call_control_id]": "x"}),
        ("inference", {"filter[telnyx_session_id]": "x"}),
        ("messaging", {"filter[telnyx_session_id]": "x"}),
        ("amd", {"filter[telnyx_session_id]": "x"}),
        ("wireless", {"filter[colour]": "x"}),
        ("call-control", {"filter[cld][gte]": "2026-12-01"}),
        ("call-control", {"filter[started_at][gte]": "noon"}),
        ("call-control", {"filter[started_at][near]": "2026-12-01"}),
        ("call-control", {"filter[]": "x"}),
        ("call-control", {"sort": "-created_at"}),
    ],
)
def test_an_attribute_that_a_type_does_not_have_is_400(
    sandbox: Sandbox, http: httpx.Client, kind: str, query: dict[str, str]
) -> None:
    refused = http.get("/detail_records", params={"filter[record_type]": kind} | query)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "10015")
    assert sandbox.problems == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"filter[record_type]": "calls"},
        {"filter[record_type]": "amd", "filter[date_range]": "last_year"},
        {"filter[record_type]": "amd", "filter[date_range]": "last_x_days"},
        {"filter[record_type]": "amd", "filter[cld]": ""},
    ],
)
def test_a_missing_type_and_an_unknown_type_or_range_are_422(
    http: httpx.Client, query: dict[str, str]
) -> None:
    assert http.get("/detail_records", params=query).status_code == 422


def test_a_parameter_that_is_no_filter_is_422_and_a_problem(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    query = {"filter[record_type]": "amd", "record_type": "amd"}
    assert http.get("/detail_records", params=query).status_code == 422
    assert len(sandbox.problems) == 1


def test_types_without_rows_are_empty(rows: Rows) -> None:
    assert [rows("amd"), rows("wireless"), rows("tts", **{"filter[call_session_id]": "x"})] == [
        [],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("now", "within"),
    [
        (
            "2026-12-01T23:00:00+00:00",
            "today this_week this_month last_0_days last_1_days last_7_days",
        ),
        ("2026-12-02T00:30:00+00:00", "yesterday this_week this_month last_1_days last_7_days"),
        ("2026-12-06T23:00:00+00:00", "this_week this_month last_7_days"),
        ("2026-12-07T12:00:00+00:00", "last_week this_month last_7_days"),
        ("2027-01-01T12:00:00+00:00", "last_month"),
        ("2027-02-01T12:00:00+00:00", ""),
    ],
)
def test_a_range_of_dates_holds_whole_days_in_utc(
    http: httpx.Client,
    clock: ManualClock,
    ready: Doc,
    order: Order,
    rows: Rows,
    now: str,
    within: str,
) -> None:
    spans = """
    yesterday today tomorrow last_week this_week next_week last_month this_month next_month
    last_0_days last_1_days last_7_days
    """
    place(http, ready, order(LAKEFRONT))
    clock.sleep_until(datetime.fromisoformat(now))
    for kind in ("call-control", "inference"):
        found = [span for span in spans.split() if rows(kind, **{"filter[date_range]": span})]
        assert sorted(found) == sorted(within.split())


def test_records_are_filtered_by_time_and_paged_with_the_latest_first(
    http: httpx.Client, clock: ManualClock, ready: Doc, order: Order, rows: Rows
) -> None:
    for _ in range(3):
        place(http, ready, order(LAKEFRONT))
        clock.advance(600)
    clock.advance(15 * MINUTE)
    starts = [row["started_at"] for row in rows("call-control", sort="started_at")]
    assert starts == sorted(starts, reverse=True)
    for side, count in (("gte", 2), ("gt", 1), ("lte", 2), ("lt", 1)):
        name = f"filter[started_at][{side}]"
        assert len(rows("call-control", **{name: starts[1]})) == count
    pages = [rows("call-control", **{"page[size]": "2", "page[number]": n}) for n in "12"]
    assert [row["started_at"] for page in pages for row in page] == starts


def test_a_quirk_says_how_late_records_are(
    quirky: Callable[[str], Sandbox],
    connect: Callable[[Sandbox], httpx.Client],
    prepare: Callable[[httpx.Client], Doc],
    clock: ManualClock,
    order: Order,
) -> None:
    http = connect(quirky("detail_records_after_minutes: 0"))
    place(http, prepare(http), order(LAKEFRONT))
    clock.advance(ENDED_S)
    query = {"filter[record_type]": "sip-trunking"}
    assert len(http.get("/detail_records", params=query).json()["data"]) == 1


def test_a_quirk_leaves_inference_without_a_session(
    quirky: Callable[[str], Sandbox],
    connect: Callable[[Sandbox], httpx.Client],
    prepare: Callable[[httpx.Client], Doc],
    clock: ManualClock,
    order: Order,
) -> None:
    http = connect(quirky("inference_records_joined: false"))
    place(http, prepare(http), order(LAKEFRONT))
    clock.advance(ENDED_S + 15 * MINUTE)
    query = {"filter[record_type]": "inference"}
    shown = http.get("/detail_records", params=query).json()["data"]
    assert [row["call_session_id"] for row in shown] == [None, None]
