"""The main job: three caterers called, a price negotiated with true leverage, and proof."""

from typing import Any

import pytest

from tests.run_log import facts

Doc = dict[str, Any]


def _row(summary: Doc, name: str) -> Doc:
    return next(r for r in summary["result_payload"]["targets"] if r["name"] == name)


def test_the_seed_mission_ends_with_its_three_prices_and_the_right_recommendation(
    rig: Any, catering: Doc
) -> None:
    summary = rig.ran(catering)
    payload = summary["result_payload"]

    amounts = {row["name"]: row["offer"]["amount"] for row in payload["targets"]}
    assert amounts == {
        "Lakefront Catering": 65,
        "Chicago Grill Co": 62,
        "Prairie Table Events": 65,
    }
    assert payload["recommendation"]["target"] == "Chicago Grill Co"
    assert payload["recommendation"]["saving"] == 150
    assert summary["final"]
    assert summary["state"] == "succeeded"


def test_each_call_carries_the_best_offer_in_hand_and_never_a_stale_one(
    rig: Any, catering: Doc
) -> None:
    rig.ran(catering)

    said = {call["to"]: " ".join(call["agent_lines"]) for call in rig.rang()}
    assert "$" not in said["+13125550101"]
    assert "$65" in said["+13125550102"]
    assert "$62" in said["+13125550103"]
    assert "$65" not in said["+13125550103"]


def test_an_opening_without_dessert_is_reported_as_not_comparable(rig: Any, catering: Doc) -> None:
    summary = rig.ran(catering)

    opening = _row(summary, "Chicago Grill Co")["opening"]
    assert opening["amount"] == 58
    assert not opening["comparable"]
    assert opening["not_comparable_because"] == ["includes_dessert"]
    assert "opened at $58, not comparable" in summary["result_summary"]


def test_every_figure_cites_its_conversation_and_words_that_the_callee_really_said(
    rig: Any, catering: Doc
) -> None:
    summary = rig.ran(catering)

    spoken = {call["conversation_id"]: call["callee_lines"] for call in rig.rang()}
    facts = [fact for row in summary["result_payload"]["targets"] for fact in row["evidence"]]
    assert len(facts) == 12
    for fact in facts:
        assert fact["confirmed"]
        assert any(fact["words"] in line for line in spoken[fact["conversation_id"]])


def test_the_run_at_telnyx_tells_the_whole_story(rig: Any, catering: Doc) -> None:
    summary = rig.ran(catering)
    mission = summary["mission_id"]

    run = rig.run_at_telnyx(mission)
    assert run["status"] == "succeeded"
    assert run["result_summary"] == summary["result_summary"]
    assert run["result_payload"] == summary["result_payload"]
    assert set(rig.steps_at_telnyx(mission).values()) == {"completed"}
    state = rig.state(mission)
    path = f"/ai/missions/{state.telnyx_mission_id}/runs/{state.run_id}/telnyx-agents"
    assert len(rig.ask("GET", path)["data"]) == 1


def test_the_log_at_telnyx_is_in_order_and_without_repetition(rig: Any, catering: Doc) -> None:
    mission = rig.ran(catering)["mission_id"]

    lines = sorted(rig.log_at_telnyx(mission), key=lambda line: line["payload"]["seq"])
    posted = [
        r.body["payload"]["seq"]
        for r in rig.sandbox.requests
        if r.method == "POST" and r.path.endswith("/events")
    ]
    assert posted == [line["payload"]["seq"] for line in lines] == sorted(posted)
    keys = [line["idempotency_key"] for line in lines]
    assert len(keys) == len(set(keys))
    told = facts(lines)
    started = [fact["step_id"] for fact in told if fact["type"] == "step_started"]
    assert started == ["research", "setup", "call-1", "call-2", "call-3", "compare"]
    completed = [fact["step_id"] for fact in told if fact["type"] == "step_completed"]
    assert completed == started
    assert len({(fact["seq"], fact["type"]) for fact in told}) == len(told)
    assert lines[-1]["type"] == "status_change"


@pytest.mark.parametrize("which", range(1, 11))
def test_what_the_log_was_told_and_nobody_confirmed_is_told_once(
    make_rig: Any, catering: Doc, which: int
) -> None:
    fault = {"on": "POST /ai/missions/*/runs/*/events", "do": "drop_after", "nth": which}
    rig = make_rig(faults=[fault])
    mission = rig.ran(catering)["mission_id"]

    told = facts(rig.log_at_telnyx(mission))

    assert len({(fact["seq"], fact["type"]) for fact in told}) == len(told)
    ended = [fact["step_id"] for fact in told if fact["type"] == "step_completed"]
    assert ended == ["research", "setup", "call-1", "call-2", "call-3", "compare"]


def test_the_mission_asks_for_little(rig: Any, catering: Doc) -> None:
    rig.ran(catering)

    looks = [r for r in rig.sandbox.requests if "/scheduled_events/" in r.path]
    others = len(rig.sandbox.requests) - len(looks)
    told = [r for r in rig.sandbox.requests if r.path.endswith("/events") or "/plan/s" in r.path]
    assert others + 3 <= 75, "with one look at each call"
    assert len(told) <= 21


def test_where_a_step_has_to_begin_before_it_ends_it_does(make_rig: Any, catering: Doc) -> None:
    def change(account: Doc) -> None:
        account["quirks"]["steps_begin_first"] = True

    rig = make_rig(change=change)

    mission = rig.ran(catering)["mission_id"]

    assert set(rig.steps_at_telnyx(mission).values()) == {"completed"}


def test_the_number_is_returned_and_what_was_made_is_removed(rig: Any, catering: Doc) -> None:
    before = rig.connections()

    rig.ran(catering)

    assert rig.connections() == before
    assert set(rig.made_at_telnyx().values()) == {0}


def test_with_keep_the_assistant_and_its_insights_stay_and_the_number_goes_back(
    rig: Any, catering: Doc
) -> None:
    before = rig.connections()

    rig.ran({**catering, "keep": True})

    assert rig.connections() == before
    assert rig.made_at_telnyx() == {
        "assistants": 1,
        "insights": 2,
        "groups": 1,
        "applications": 1,
    }


def test_insights_are_attached_and_recording_is_off_before_any_call(
    rig: Any, catering: Doc
) -> None:
    rig.ran(catering)

    posts = [(r.path, r.body) for r in rig.sandbox.requests if r.method == "POST"]
    paths = [path for path, _ in posts]
    made = next(body for path, body in posts if path.endswith("/ai/assistants"))
    assert made["insight_settings"]["insight_group_id"]
    assert made["telephony_settings"]["recording_settings"] == {"enabled": False}
    assigned = [n for n, path in enumerate(paths) if path.endswith("/assign")]
    called = [n for n, path in enumerate(paths) if path.endswith("/scheduled_events")]
    assert max(assigned) < min(called)
    assert len(called) == 3


def test_two_runs_of_the_same_mission_are_the_same_to_the_byte(
    make_rig: Any, catering: Doc
) -> None:
    first, second = make_rig(), make_rig()

    assert first.ran(catering) == second.ran(catering)
    assert [r.raw_body for r in first.sandbox.requests] == [
        r.raw_body for r in second.sandbox.requests
    ]


def test_every_call_rings_inside_the_hours_of_the_called_person(rig: Any, catering: Doc) -> None:
    catering["calling"] = {"days": "tue,thu", "hours": "13:00-14:00"}

    rig.ran(catering)

    for attempt in rig.state(rig.events[0].mission_id).attempts:
        assert attempt.scheduled_at.weekday() in {1, 3}
        assert 19 <= attempt.scheduled_at.hour < 20  # Chicago is UTC-6 in November
