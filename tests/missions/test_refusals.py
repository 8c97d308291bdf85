"""What must not be dialled is refused by name, and nothing is sent to Telnyx for it."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.errors import ErrorResponse, PolicyDenied
from telnyx_toolkit.pace import Pace
from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.tools import TOOLS

Doc = dict[str, Any]
FIRST = "Lakefront Catering"


def _asked(rig: Any) -> list[tuple[str, str]]:
    """Every request that changes something at Telnyx."""
    return [(r.method, r.path) for r in rig.sandbox.requests if r.method != "GET"]


def _refused(rig: Any, tool: str, **arguments: Any) -> str:
    """The code of a refusal that sent nothing."""
    before = _asked(rig)
    with pytest.raises(PolicyDenied) as caught:
        rig.call(tool, **arguments)
    assert caught.value.exit_code == 5
    assert caught.value.fix
    assert _asked(rig) == before
    return caught.value.code


@pytest.mark.parametrize(
    ("phone", "code"),
    [
        ("911", "emergency_number"),
        (911, "emergency_number"),
        ("112", "emergency_number"),
        ("+1911", "emergency_number"),
        ("988", "emergency_number"),
        ("+19005550123", "premium_number"),
        ("72345", "short_code"),
        ("+12125551212", "service_number"),
        ("+442071838750", "wrong_country"),
        ("+18765551234", "wrong_country"),
        ("+15555551234", "invalid_number"),
        ("+18005550142", "needs_timezone"),
    ],
)
def test_a_number_that_is_never_called(rig: Any, catering: Doc, phone: object, code: str) -> None:
    catering["targets"][1] = {"name": "Chicago Grill Co", "phone": phone}

    assert _refused(rig, "create_mission", brief=catering) == code
    assert _asked(rig) == []


def test_a_number_that_is_not_in_the_plan(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)

    found = _refused(rig, "schedule_call", mission_id=mission, target="+13125550188")

    assert found == "not_in_plan"


def test_a_number_of_the_plan_is_as_good_as_the_name(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    rig.clock.advance(3_600)

    placed = rig.call("schedule_call", mission_id=mission, target="+13125550101")

    assert placed["target"] == FIRST


def test_a_mission_that_nobody_approved(rig: Any, catering: Doc) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]

    assert _refused(rig, "run_mission", mission_id=mission) == "not_planned"
    rig.call("plan_steps", mission_id=mission)
    assert _refused(rig, "run_mission", mission_id=mission) == "not_approved"
    assert _refused(rig, "schedule_call", mission_id=mission, target=FIRST) == "not_approved"


def test_an_approval_that_lapsed(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    rig.clock.advance(timedelta(days=7, seconds=1).total_seconds())

    assert _refused(rig, "run_mission", mission_id=mission) == "approval_expired"
    assert _refused(rig, "schedule_call", mission_id=mission, target=FIRST) == "approval_expired"


def test_a_plan_that_lapsed_before_anybody_approved_it(rig: Any, catering: Doc) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    plan = rig.call("plan_steps", mission_id=mission)
    rig.clock.advance(timedelta(days=7, seconds=1).total_seconds())
    yes = {"plan_hash": plan["plan_hash"], "approved_by": "Dana", "words": "Yes"}

    assert _refused(rig, "approve_plan", mission_id=mission, **yes) == "plan_expired"
    again = rig.call("plan_steps", mission_id=mission)
    assert again["plan_hash"] == plan["plan_hash"]
    assert again["expires_at"] > plan["expires_at"]
    assert rig.call("approve_plan", mission_id=mission, **yes)["state"] == "approved"


def test_one_digit_changed_after_the_approval(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    catering["targets"][0]["phone"] = "+13125550111"
    rig.call("create_mission", brief=catering, replaces=mission)

    assert _refused(rig, "run_mission", mission_id=mission) == "not_planned"
    rig.call("plan_steps", mission_id=mission)
    assert _refused(rig, "run_mission", mission_id=mission) == "not_approved"


def test_a_paused_mission(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    rig.clock.advance(3_600)
    rig.call("schedule_call", mission_id=mission, target=FIRST)
    rig.call("pause_mission", mission_id=mission, reason="Dana is ill")

    assert _refused(rig, "run_mission", mission_id=mission) == "paused"
    assert _refused(rig, "schedule_call", mission_id=mission, target=FIRST) == "paused"


def test_a_call_that_could_go_over_the_money(rig: Any, catering: Doc) -> None:
    catering["limits"]["spend_usd"] = 0.01
    mission = rig.call("create_mission", brief=catering)["mission_id"]

    assert _refused(rig, "plan_steps", mission_id=mission) == "spend_cap"


def test_what_cannot_be_done_in_time_and_why(rig: Any, survey: Doc) -> None:
    people = [f"+13125550{n}" for n in range(100, 190)]
    zone = {"timezone": "America/Chicago"}
    survey["targets"] = [{"name": f"Shop {n}", "phone": p, **zone} for n, p in enumerate(people)]
    survey["limits"] = {"spend_usd": "100.00"}
    survey["calling"] = {"finish_by": "2026-11-23"}
    mission = rig.call("create_mission", brief=survey)["mission_id"]
    before = _asked(rig)

    with pytest.raises(PolicyDenied) as caught:
        rig.call("plan_steps", mission_id=mission)

    assert caught.value.code == "no_permitted_time"
    assert "It cannot be done by 2026-11-23" in caught.value.message
    assert (
        "10 of 90 (Shop 80, Shop 81, Shop 82, Shop 83, Shop 84 and others)" in caught.value.message
    )
    assert "the account's 10 calls an hour" in caught.value.message
    assert "TELNYX_TOOLKIT_LEVEL" in caught.value.fix
    assert _asked(rig) == before


class Silent(Prompts):
    """Templates that somebody changed."""

    def greeting(self, brief: Brief, language: str | None = None) -> str:
        return f"Hello, this is Anna from {brief.on_behalf_of}. ({language})"


def test_first_words_that_hide_the_ai_whoever_wrote_them(rig: Any, catering: Doc) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    with closing(rig.another(prompts=Silent())) as changed, pytest.raises(PolicyDenied) as caught:
        TOOLS["plan_steps"](changed, {"mission_id": mission})

    assert caught.value.code == "not_disclosed"
    assert "that an AI speaks" in caught.value.message


def _until_over(rig: Any, mission: str, target: str) -> Doc:
    for _ in range(100):
        polled: Doc = rig.call("poll_call", mission_id=mission, target=target)["attempt"]
        if polled["phase"] == "collected":
            return polled
        rig.clock.advance(20)
    raise AssertionError(target)


def _tried(rig: Any, mission: str, target: str) -> None:
    """One call to a target that is followed to its end, as soon as the rules allow it."""
    for _ in range(100):
        try:
            rig.call("schedule_call", mission_id=mission, target=target)
        except PolicyDenied as refusal:
            if refusal.until is None:
                raise
            rig.clock.sleep_until(refusal.until)
        else:
            _until_over(rig, mission, target)
            return


def test_the_fourth_attempt(rig: Any, survey: Doc) -> None:
    survey["targets"] = [{**survey["targets"][0], "phone": "+13125550111"}]  # nobody answers there
    mission = rig.approved(survey)
    for _ in range(3):
        _tried(rig, mission, "North Hardware")

    found = _refused(rig, "schedule_call", mission_id=mission, target="North Hardware")

    assert found == "attempts_used_up"


def test_the_money_is_used_up_before_the_tries_are(rig: Any, survey: Doc) -> None:
    survey["limits"] = {"spend_usd": "1.05", "minutes_per_call": 10}
    mission = rig.approved(survey)
    _tried(rig, mission, "North Hardware")

    found = _refused(rig, "schedule_call", mission_id=mission, target="South Hardware")

    assert found == "spend_cap"


def _eleven(survey: Doc) -> Doc:
    phones = [f"+13125550{n}" for n in (120, 121, *range(180, 189))]
    zone = {"timezone": "America/Chicago"}
    survey["targets"] = [{"name": f"Shop {n}", "phone": p, **zone} for n, p in enumerate(phones)]
    survey["limits"] = {"spend_usd": "50.00"}
    return survey


def test_the_eleventh_call_within_the_hour(rig: Any, survey: Doc) -> None:
    mission = rig.approved(_eleven(survey))
    rig.clock.advance(3_600)
    for n in range(10):
        _tried(rig, mission, f"Shop {n}")

    found = _refused(rig, "schedule_call", mission_id=mission, target="Shop 10")

    assert found == "calls_per_hour"


def test_a_call_that_was_decided_on_a_day_ago_and_rang_after_that_counts(
    rig: Any, survey: Doc
) -> None:
    rig.toolkit.close()
    rig.toolkit = rig.another(pace=Pace(at_once=2, an_hour=None, a_day=1))
    east = {"phone": "+12125550121", "timezone": "America/New_York"}  # open an hour earlier
    survey["targets"][1] |= east
    mission = rig.approved(survey)
    rig.clock.advance(26 * 60)  # four minutes before nine in Chicago
    rig.call("schedule_call", mission_id=mission, target="North Hardware")
    _until_over(rig, mission, "North Hardware")
    first = rig.state(mission).attempts[0]
    assert first.scheduled_at - first.requested_at == timedelta(minutes=4)
    rig.clock.sleep_until(first.requested_at + timedelta(days=1, seconds=1))

    rig.call("schedule_call", mission_id=mission, target="South Hardware")

    assert rig.state(mission).attempts[1].scheduled_at - first.scheduled_at >= timedelta(days=1)


def test_the_third_call_at_once(rig: Any, survey: Doc) -> None:
    mission = rig.approved(_eleven(survey))
    rig.clock.advance(3_600)
    for n in range(2):
        rig.call("schedule_call", mission_id=mission, target=f"Shop {n}")

    found = _refused(rig, "schedule_call", mission_id=mission, target="Shop 2")

    assert found == "calls_at_once"


def _one_more_number(account: Doc) -> None:
    free = {"id": "1293384261075731495", "phone_number": "+13125550195", "status": "active"}
    account["numbers"].append(free)


def test_lines_and_hours_are_shared_by_all_missions(
    make_rig: Callable[..., Any], survey: Doc
) -> None:
    rig = make_rig(change=_one_more_number)
    first = rig.approved(_eleven(survey))
    second = rig.approved({**survey, "name": "Opening hours again"})
    rig.clock.advance(3_600)
    rig.call("schedule_call", mission_id=first, target="Shop 0")
    rig.call("schedule_call", mission_id=second, target="Shop 1")

    for mission in (first, second):
        found = _refused(rig, "schedule_call", mission_id=mission, target="Shop 2")
        assert found == "calls_at_once"


def test_a_line_that_another_mission_takes_at_the_last_moment_is_not_used_twice(
    make_rig: Callable[..., Any], survey: Doc
) -> None:
    rig = make_rig(change=_one_more_number)
    first = rig.approved(_eleven(survey))
    second = rig.approved({**survey, "name": "Opening hours again"})
    rig.clock.advance(3_600)
    rig.call("schedule_call", mission_id=second, target="Shop 0")
    rig.call("assign_number", mission_id=first)
    taken: list[bool] = []

    def meanwhile(environ: Any, start: Any) -> Any:
        """The first mission looks at its number right before it writes its decision down."""
        if "/phone_numbers/" in environ["PATH_INFO"] and not taken:
            taken.append(True)
            rig.call("schedule_call", mission_id=second, target="Shop 1")
        return rig.sandbox(environ, start)

    with closing(rig.another(app=meanwhile)) as racer, pytest.raises(PolicyDenied) as caught:
        TOOLS["schedule_call"](racer, {"mission_id": first, "target": "Shop 2"})

    assert caught.value.code == "calls_at_once"
    assert taken
    assert rig.state(first).attempts == ()


def test_a_sweep_of_eleven_keeps_to_the_pace_by_itself(rig: Any, survey: Doc) -> None:
    mission = rig.approved(_eleven(survey))

    rig.call("run_mission", mission_id=mission)

    rings = sorted(rig.rang(), key=lambda call: call["dispatched_at"])
    assert len({call["to"] for call in rings}) == 11
    times = [_instant(call["dispatched_at"]) for call in rings]
    late = zip(times, times[10:], strict=False)
    assert all(other - one >= timedelta(hours=1) for one, other in late)


def test_texts_do_not_wait_for_a_line(rig: Any, survey: Doc) -> None:
    survey = _eleven(survey)
    survey["targets"].append({**survey["targets"][0], "name": "Texts", "phone": "+13125550131"})
    survey["targets"][-1]["channel"] = "sms"

    rig.call("run_mission", mission_id=rig.approved(survey))

    first_calls = [t["phone"] for t in survey["targets"][:2]]
    dials = [r for r in rig.sandbox.requests if r.path.endswith("/scheduled_events")]
    asked = [r.body["telnyx_end_user_target"] for r in dials if r.method == "POST"]
    assert asked[:3] == [*first_calls, "+13125550131"]


@pytest.mark.parametrize("status", ["429"])
def test_a_refusal_for_the_rate_slows_the_calls_down(
    make_rig: Callable[..., Any], survey: Doc, status: str
) -> None:
    rig = make_rig(
        faults=[{"on": "POST /ai/assistants/*/scheduled_events", "do": status, "times": 2}]
    )
    mission = rig.approved(_eleven(survey))
    rig.clock.advance(3_600)
    asked = rig.clock.now()
    with pytest.raises(ErrorResponse):
        rig.call("schedule_call", mission_id=mission, target="Shop 0")
    rig.call("poll_call", mission_id=mission, target="Shop 0")  # Telnyx is told of it

    found = _refused(rig, "schedule_call", mission_id=mission, target="Shop 1")

    assert found == "rate_limited"
    rig.call("run_mission", mission_id=mission)
    dials = [r for r in rig.sandbox.requests if r.path.endswith("/scheduled_events")]
    assert {call["to"] for call in rig.rang()} == {t["phone"] for t in survey["targets"]}
    assert len([r for r in dials if r.method == "POST"]) == 13
    assert rig.clock.now() - asked > timedelta(hours=1)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
