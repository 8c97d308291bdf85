"""The report as data: of any mission, in any state, with its calls, windows and trail."""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.permitted import why_not
from telnyx_toolkit.report import report_page
from telnyx_toolkit.report.days import windows_of
from telnyx_toolkit.report.markdown import report_markdown
from telnyx_toolkit.report.table import report_table
from telnyx_toolkit.transitions import fold
from tests.report.made import BRIEFS, Doc, brief_of, document, facts, poisoned, rehearsed
from tests.report.page import read


def every_format(told: Doc) -> None:
    """It can be made into each of them."""
    assert json.loads(json.dumps(told)) == told
    read(report_page(told))
    assert report_markdown(told)
    assert report_table(told)


@pytest.mark.parametrize("name", BRIEFS)
def test_every_prefix_of_a_mission_s_facts_has_a_report(name: str) -> None:
    events = rehearsed(name)
    step = max(1, len(events) // 4)

    for end in (*range(1, len(events), step), len(events)):
        told = document(events[:end])
        every_format(told)
        assert len(told["audit"]) == end


@pytest.mark.parametrize("name", BRIEFS)
def test_a_quote_s_place_in_the_transcript_holds_its_words(name: str) -> None:
    told = document(rehearsed(name))
    quotes = [(call, quote) for call in told["calls"] for quote in call["quotes"]]

    assert quotes
    for call, quote in quotes:
        if quote["status"] == "confirmed":
            place = quote["anchor"]
            said = call["turns"][place["turn"]]
            assert said["role"] == "user"
            assert said["text"][place["start"] : place["end"]] == quote["words"]


@pytest.mark.parametrize("name", BRIEFS)
def test_the_figures_are_those_of_the_result(name: str) -> None:
    events = rehearsed(name)
    payload = fold(events).result_payload
    told = document(events)

    assert payload
    assert told["headline"] == payload["headline"]
    for row, mine in zip(payload["targets"], told["rows"], strict=True):
        assert mine["answers"] == row["answers"]
        assert (mine["offer"] and mine["offer"]["total"]) == (
            row["offer"] and row["offer"]["total"]
        )
        assert [f["text"] for f in mine["evidence"]] == [f["text"] for f in row["evidence"]]


@pytest.mark.parametrize("name", ["catering", "bilingual", "book"])
def test_what_is_shaded_is_when_a_call_may_ring(name: str) -> None:
    brief = Brief.model_validate(brief_of(name))
    state = fold(rehearsed(name))

    for target in state.targets:
        zone = ZoneInfo(target.timezone or "America/Chicago")
        for day in (date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 28)):
            shaded = windows_of(brief.calling, target, day)
            for minute in range(0, 24 * 60, 7):
                instant = datetime.combine(day, time(), zone).astimezone(UTC) + timedelta(
                    minutes=minute
                )
                inside = any(first <= minute <= last for first, last in shaded)
                assert inside == (why_not(brief.calling, target, instant) == ""), (day, minute)


def test_a_call_is_within_the_window_that_is_shaded_for_it() -> None:
    for name in BRIEFS:
        for day in document(rehearsed(name))["days"]:
            for row in day["rows"]:
                for call in row["calls"]:
                    assert any(first <= call["minute"] <= last for first, last in row["windows"])


def test_telephone_numbers_are_masked_unless_they_are_asked_for() -> None:
    events = poisoned(rehearsed("catering"), " Call me at +13125550177 or (312) 555-0178.")
    masked, whole = json.dumps(document(events)), json.dumps(document(events, numbers=True))

    for number in ("+13125550101", "+13125550177", "(312) 555-0178", "+13125550192"):
        assert number not in masked
        assert number in whole
    assert document(events)["rows"][0]["phone"] == "+1•••••0101"


def test_words_that_hold_a_number_are_still_found_where_it_is_masked() -> None:
    events = list(rehearsed("catering"))
    text = "You can reach me at +13125550177 and it is $65 per person"
    changed = [_said_instead(event, "it is $65 per person", text) for event in events]
    told = document(changed)

    call = told["calls"][0]
    place = next(q["anchor"] for q in call["quotes"] if q["field"] == "price_per_person")
    assert "+13125550177" not in json.dumps(told)
    assert "$65 per person" in call["turns"][place["turn"]]["text"][place["start"] : place["end"]]


def _said_instead(event: Any, words: str, others: str) -> Any:
    return replace(event, data=json.loads(json.dumps(event.data).replace(words, others)))


def test_a_rounds_mission_tells_of_each_stage() -> None:
    told = document(rehearsed("rounds"))

    assert [stage["name"] for stage in told["stages"]] == ["who can do it"]
    assert len(told["stages"][0]["rows"]) > len(told["rows"])
    assert {call["stage"] for call in told["calls"]} == {1, 2}
    assert len(told["approvals"]) == 2


def test_an_offer_that_has_run_out_since_is_told_to_have() -> None:
    brief = brief_of("catering")
    events = list(rehearsed("catering"))
    told = document(events)
    assert told["recommendation"]["has_run_out"] is False
    assert brief["objective"]

    payload = json.loads(json.dumps(dict(fold(events).result_payload or {})))
    payload["recommendation"]["valid_until"] = "2026-11-23T15:00:00+00:00"
    late = [_with_payload(event, payload) for event in events]
    assert document(late)["recommendation"]["has_run_out"] is True
    assert "The offer ran out on 23 Nov 2026 15:00 UTC." in report_page(document(late))


def _with_payload(event: Any, payload: Doc) -> Any:
    if "result_payload" not in event.data:
        return event
    return replace(event, data={**event.data, "result_payload": payload})


def test_a_mission_that_is_cancelled_says_why(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    rig.call("cancel_mission", mission_id=mission, reason="found somebody else")
    told = document(rig.toolkit.ledger.events(mission))

    every_format(told)
    assert told["state"] == "cancelled"
    assert "found somebody else" in told["headline"]
    assert told["recommendation"] is None
    assert any("found somebody else" in fact["line"] for fact in told["audit"])


def test_a_mission_in_which_nobody_answers_still_has_a_report(rig: Any, survey: Doc) -> None:
    silent = {"name": "Nobody", "phone": "+13125550111", "timezone": "America/Chicago"}
    mission = rig.approved({**survey, "targets": [silent]})
    rig.call("run_mission", mission_id=mission)
    told = document(rig.toolkit.ledger.events(mission))

    every_format(told)
    assert told["state"] == "failed"
    assert [call["turns"] for call in told["calls"]] == [[] for _ in told["calls"]]
    assert told["offers"] is None


def many(count: int) -> Doc:
    """The catering brief with as many targets, all of whom answer by improvising."""
    brief = brief_of("catering")
    targets = [
        {
            "name": f"Caterer number {n} with quite a long name of its own",
            "phone": f"+1{312 + n // 100}5550{100 + n % 100}",
            "timezone": "America/Chicago",
        }
        for n in range(count)
    ]
    limits = {**brief.get("limits", {}), "spend_usd": 100}
    objective = {k: v for k, v in brief["objective"].items() if k not in {"target", "walk_away"}}
    return {**brief, "targets": targets, "limits": limits, "objective": objective}


@pytest.mark.parametrize(
    "count",
    [1, 3, pytest.param(12, marks=pytest.mark.slow), pytest.param(40, marks=pytest.mark.slow)],
)
def test_charts_fit_whatever_the_number_of_targets(count: int) -> None:
    told = document(facts(many(count)))
    page = read(report_page(told))

    every_format(told)
    for chart in page.all("svg"):
        rows = [int(text.attributes["y"]) for text in chart.all("text", class_="name")]
        assert all(after - before >= 30 for before, after in itertools.pairwise(rows))
        for text in chart.all("text", class_="name"):
            assert len(text.text) <= 24
        ticks = chart.all("text", class_="tick")
        places = [float(tick.attributes["x"].rstrip("%")) for tick in ticks]
        widest = max(len(tick.text) for tick in ticks) * 7
        gaps = [300 * (b - a) / 100 for a, b in itertools.pairwise(places)]
        assert min(gaps, default=1_000) >= widest


def test_making_a_report_changes_nothing(make_rig: Callable[..., Any], catering: Doc) -> None:
    rig = make_rig()
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission)
    events = rig.toolkit.ledger.events(mission)

    assert document(events) == document(events)
    assert rig.toolkit.ledger.events(mission) == events
