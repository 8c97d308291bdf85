"""What calls really cost, and their recordings: asked of Telnyx when somebody wants to know."""

from typing import Any

import pytest

from telnyx_toolkit.errors import ConfigError, InvalidInput

Doc = dict[str, Any]
HOURS = 3_600


def _cost(rig: Any, mission: str) -> Doc:
    return rig.call("summarize", mission_id=mission)["result_payload"]["cost"]


def test_the_summary_tells_the_estimate_first_and_the_real_cost_once_it_is_known(
    rig: Any, catering: Doc
) -> None:
    mission = rig.ran(catering)["mission_id"]
    assert _cost(rig, mission)["actual_usd"] is None

    rig.clock.advance(2 * HOURS)
    cost = _cost(rig, mission)

    records = [r for r in rig.sandbox.requests if r.path == "/detail_records"]
    attempts = rig.state(mission).attempts
    minutes = sum(-(-attempt.duration_s // 60) for attempt in attempts)
    assert float(cost["actual_usd"]) >= 0.057 * minutes
    assert cost["actual_is_complete"]
    assert cost["text"].startswith(f"${float(cost['actual_usd']):g}"[:4])
    assert records
    assert all(a.cost_usd for a in attempts)


def test_the_run_at_telnyx_gets_the_real_cost_too(rig: Any, catering: Doc) -> None:
    mission = rig.ran(catering)["mission_id"]
    rig.clock.advance(2 * HOURS)
    cost = _cost(rig, mission)

    run = rig.run_at_telnyx(mission)

    assert run["result_payload"]["cost"] == cost
    assert run["status"] == "succeeded"
    assert cost["text"] in run["result_summary"]


def test_costs_are_read_once(rig: Any, catering: Doc) -> None:
    mission = rig.ran(catering)["mission_id"]
    rig.clock.advance(2 * HOURS)
    first = _cost(rig, mission)
    asked = len(rig.sandbox.requests)

    assert _cost(rig, mission) == first
    assert not [r for r in rig.sandbox.requests[asked:] if r.path == "/detail_records"]


def test_records_that_are_not_there_yet_leave_the_estimate(make_rig: Any, catering: Doc) -> None:
    def late(account: Doc) -> None:
        account["quirks"]["detail_records_after_minutes"] = 600

    rig = make_rig(change=late)
    mission = rig.ran(catering)["mission_id"]
    rig.clock.advance(2 * HOURS)
    assert _cost(rig, mission)["actual_usd"] is None

    rig.clock.advance(10 * HOURS)
    assert _cost(rig, mission)["actual_usd"] is not None


@pytest.mark.parametrize("do", ["403", "500_before", "drop_before", "502_html"])
def test_a_summary_does_not_depend_on_the_records(make_rig: Any, catering: Doc, do: str) -> None:
    rig = make_rig(faults=[{"on": "GET /detail_records", "do": do, "times": 99}])
    mission = rig.ran(catering)["mission_id"]
    rig.clock.advance(2 * HOURS)

    summary = rig.call("summarize", mission_id=mission)

    assert summary["result_payload"]["cost"]["actual_usd"] is None
    assert summary["result_payload"]["recommendation"]["saving"] == 150


def test_what_a_text_cost_is_found_by_its_numbers(rig: Any, survey: Doc) -> None:
    survey["targets"][0]["channel"] = "sms"
    mission = rig.ran(survey)["mission_id"]
    rig.clock.advance(30 * HOURS)

    _cost(rig, mission)

    text, call = rig.state(mission).attempts
    assert text.channel == "sms"
    assert 0 < float(text.cost_usd) < float(call.cost_usd)


def test_a_persons_own_prices_rule_the_plan(rig: Any, catering: Doc) -> None:
    rig.home.mkdir(mode=0o700, exist_ok=True)
    own = "minute: {US: {usd: '0.20', as_of: 2026-11-01, source: our contract}}\n"
    (rig.home / "rates.yaml").write_text(own, encoding="utf-8")
    mission = rig.call("create_mission", brief=catering)["mission_id"]

    plan = rig.call("plan_steps", mission_id=mission)

    assert plan["estimate"]["usd"] == "2.40"
    assert plan["rates"]["minute"]["US"]["source"] == "our contract"
    assert plan["rates"]["message"]["US"]["usd"] == "0.01"


@pytest.mark.parametrize(
    "own",
    [
        "minute: {US: {usd: free, as_of: 2026-11-01}}",
        "minute: {us: {usd: 1, as_of: 2026-11-01}}",
        "minute: {US: {usd: 1}}",
        "hour: {US: {usd: 1, as_of: 2026-11-01}}",
        "minute: [",
        "- 1",
    ],
)
def test_unusable_prices_of_ones_own_are_an_error_that_names_the_file(
    rig: Any, catering: Doc, own: str
) -> None:
    rig.home.mkdir(mode=0o700, exist_ok=True)
    (rig.home / "rates.yaml").write_text(own, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"rates\.yaml"):
        rig.call("create_mission", brief=catering)

    assert rig.sandbox.requests == []


@pytest.mark.parametrize(("read_on", "old"), [("2026-01-01", True), ("2026-11-01", False)])
def test_prices_read_long_ago_are_shown_as_old(
    rig: Any, catering: Doc, read_on: str, old: bool
) -> None:
    rig.home.mkdir(mode=0o700, exist_ok=True)
    own = f"minute: {{US: {{usd: '0.20', as_of: {read_on}}}}}\n"
    (rig.home / "rates.yaml").write_text(own, encoding="utf-8")
    mission = rig.call("create_mission", brief=catering)["mission_id"]

    plan = rig.call("plan_steps", mission_id=mission)

    assert plan["estimate"]["rates_are_old"] is old


def test_recordings_are_fetched_on_demand_and_their_links_are_kept_nowhere(
    rig: Any, catering: Doc
) -> None:
    mission = rig.ran({**catering, "record": True})["mission_id"]
    rig.clock.advance(60)

    found = rig.call("get_recording", mission_id=mission, target="Lakefront Catering")

    (recording,) = found["recordings"]
    link = recording["links"]["mp3"]
    assert link.startswith("https://")
    assert recording["duration_s"] > 0
    assert link.encode() not in (rig.home / "ledger.db").read_bytes()


def test_a_mission_that_records_nothing_says_so(rig: Any, catering: Doc) -> None:
    mission = rig.ran(catering)["mission_id"]

    with pytest.raises(InvalidInput, match="record: false"):
        rig.call("get_recording", mission_id=mission, target="Lakefront Catering")


@pytest.mark.parametrize("quirk", ["taken", "ignored", "refused"])
def test_conversations_get_a_name_if_telnyx_takes_one_and_nothing_breaks_if_not(
    make_rig: Any, catering: Doc, quirk: str
) -> None:
    def change(account: Doc) -> None:
        account["quirks"]["conversation_names"] = quirk

    rig = make_rig(change=change)

    summary = rig.ran(catering)

    names = {c["name"] for c in rig.ask("GET", "/ai/conversations")["data"]}
    expected = "Lakefront Catering - Corporate catering quotes"
    assert (expected in names) == (quirk == "taken")
    assert summary["state"] == "succeeded"
    kept = rig.ask("GET", "/ai/conversations")["data"][0]["metadata"]
    assert kept["attempt_id"]
