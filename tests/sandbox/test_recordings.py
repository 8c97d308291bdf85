"""Recordings: which calls have one, when it appears, and how long its links are good for."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.simulator import Sandbox

Doc = dict[str, Any]
Order = Callable[..., Doc]
LAKEFRONT, VOICEMAIL, NO_ANSWER = "+13125550101", "+13125550110", "+13125550111"
ENDED_S = 60 + 9 + 84  # lakefront rings for 9 s and talks for 84
LINK = r"https://recordings\.example/([0-9a-f-]+)\.mp3\?expires=(\d+)&signature=([0-9a-f-]+)"
RECORDS = {"telephony_settings": {"recording_settings": {"enabled": True, "format": "mp3"}}}


@pytest.fixture
def rows(http: httpx.Client) -> Callable[..., list[Doc]]:
    def read(**query: str) -> list[Doc]:
        answer = http.get("/recordings", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    return read


def test_a_recording_appears_five_seconds_after_the_end_of_its_call(
    http: httpx.Client,
    clock: ManualClock,
    events: str,
    order: Order,
    rows: Callable[..., list[Doc]],
    ready: Doc,
) -> None:
    http.post(events, json=order(LAKEFRONT))
    clock.advance(ENDED_S + 4.9)
    assert rows() == []
    clock.advance(0.1)
    (row,) = rows()
    assert (row["from"], row["to"]) == ("+13125550192", LAKEFRONT)
    assert (row["duration_millis"], row["connection_id"]) == (84_000, ready["app"])
    assert row["recording_started_at"] == "2026-12-01T15:01:09.000Z"
    assert row["recording_ended_at"] == "2026-12-01T15:02:33.000Z"
    assert (row["channels"], row["status"]) == ("dual", "completed")


def test_links_change_with_every_read_and_say_that_they_last_ten_minutes(
    http: httpx.Client, clock: ManualClock, call: Callable[..., Doc], rows: Callable[..., list[Doc]]
) -> None:
    call(LAKEFRONT)
    (row,) = rows()
    one = http.get(f"/recordings/{row['id']}").json()["data"]
    links = [shown["download_urls"].pop("mp3") for shown in (row, one)]
    assert row == one
    found = [re.fullmatch(LINK, link) for link in links]
    assert all(found)
    parts = [match.groups() for match in found if match]
    assert {part[0] for part in parts} == {row["id"]}
    assert {part[1] for part in parts} == {str(int(clock.now().timestamp()) + 600)}
    assert len({part[2] for part in parts}) == 2


@pytest.mark.parametrize(("to", "made"), [(LAKEFRONT, 1), (VOICEMAIL, 1), (NO_ANSWER, 0)])
def test_every_answered_call_is_recorded_and_no_other(
    call: Callable[..., Doc], rows: Callable[..., list[Doc]], to: str, made: int
) -> None:
    call(to)
    assert len(rows()) == made


def test_what_the_assistant_says_when_it_is_dialled_decides(
    http: httpx.Client,
    clock: ManualClock,
    events: str,
    order: Order,
    rows: Callable[..., list[Doc]],
    ready: Doc,
) -> None:
    one = f"/ai/assistants/{ready['assistant']}"

    def recording(**settings: Any) -> None:
        body = {"telephony_settings": {"recording_settings": settings}}
        assert http.post(one, json=body).status_code == 200

    recording(enabled=False)
    http.post(events, json=order(LAKEFRONT))
    clock.advance(61)
    recording(enabled=True, format="wav", channels="single")
    clock.advance(600)
    assert rows() == []
    http.post(events, json=order(LAKEFRONT))
    clock.advance(61)
    recording(enabled=False)
    clock.advance(600)
    (row,) = rows()
    assert (row["channels"], list(row["download_urls"])) == ("single", ["wav"])


def test_a_recording_is_found_by_what_the_conversation_carries(
    http: httpx.Client, call: Callable[..., Doc], rows: Callable[..., list[Doc]], ready: Doc
) -> None:
    event = call(LAKEFRONT)["event"]
    call(VOICEMAIL)
    talk = http.get(f"/ai/conversations/{event['conversation_id']}").json()["data"]
    for name in ("call_session_id", "call_control_id", "call_leg_id"):
        (row,) = rows(**{f"filter[{name}]": talk["metadata"][name]})
        assert (row["to"], row[name]) == (LAKEFRONT, talk["metadata"][name])
        assert rows(**{f"filter[{name}]": "none"}) == []
    assert (
        event["call_attempts"][0]["telnyx_call_control_id"] == talk["metadata"]["call_control_id"]
    )
    assert len(rows(**{"filter[connection_id]": ready["app"]})) == 2
    assert [row["to"] for row in rows(**{"filter[to]": VOICEMAIL})] == [VOICEMAIL]
    assert len(rows(**{"filter[from]": "+13125550192"})) == 2


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("created_at", "2026-12-01T15:02:38.000Z"),
        ("start_time", "2026-12-01T15:01:09.000Z"),
        ("end_time", "2026-12-01T15:02:33.000Z"),
    ],
)
def test_recordings_are_found_by_time_with_both_ends_included(
    call: Callable[..., Doc], rows: Callable[..., list[Doc]], name: str, at: str
) -> None:
    call(LAKEFRONT)
    for side, beyond in (("gte", at.replace(":0", ":5", 1)), ("lte", "2026-12-01T15:00:00Z")):
        assert len(rows(**{f"filter[{name}][{side}]": at})) == 1
        assert rows(**{f"filter[{name}][{side}]": beyond}) == []


def test_recordings_are_paged_newest_first(
    http: httpx.Client, call: Callable[..., Doc], rows: Callable[..., list[Doc]]
) -> None:
    for to in (LAKEFRONT, VOICEMAIL, LAKEFRONT):
        call(to)
    seen = [row["to"] for n in "123" for row in rows(**{"page[size]": "1", "page[number]": n})]
    assert seen == [LAKEFRONT, VOICEMAIL, LAKEFRONT]
    starts = [row["recording_started_at"] for row in rows()]
    assert starts == sorted(starts, reverse=True)
    assert http.get("/recordings").json()["meta"]["page_size"] == 20
    assert http.get("/recordings", params={"page[size]": "250"}).status_code == 200
    assert http.get("/recordings", params={"page[size]": "251"}).status_code == 422


@pytest.mark.parametrize(
    "query", ["filter[conversation_id]=c", "filter[start_time]=2026-12-01", "sort=created_at"]
)
def test_an_unknown_filter_of_recordings_is_422_and_a_problem(
    sandbox: Sandbox, http: httpx.Client, query: str
) -> None:
    assert http.get(f"/recordings?{query}").status_code == 422
    assert len(sandbox.problems) == 1


def test_a_recording_that_is_not_there_is_404(http: httpx.Client) -> None:
    missing = http.get("/recordings/none")
    assert (missing.status_code, missing.json()["errors"][0]["code"]) == (404, "10005")
