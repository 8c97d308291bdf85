"""The doctor: everything that keeps an account from calling, in one look, with a fix for each."""

from typing import Any

import pytest

from telnyx_toolkit.errors import AccountNotReady

Doc = dict[str, Any]


def test_a_good_account_is_ready_and_says_why_each_other_number_is_not_free(
    rig: Any, catering: Doc
) -> None:
    found = rig.call("check_account", brief=catering)

    assert found["ok"]
    assert found["problems"] == []
    assert {n["phone_number"]: n["because"] for n in found["numbers"]} == {
        "+13125550190": "it is used by Front desk",
        "+13125550191": "it is purchase-pending",
        "+13125550192": "",
        "+18475550193": "it is used by After-hours line",
        "+17735550194": "it is port-pending",
    }


def test_five_faults_are_reported_in_one_run(make_rig: Any, catering: Doc) -> None:
    rig = make_rig("five-faults")
    catering["voice"] = {"model": "example/none", "voice": "Telnyx.NaturalHD.nobody"}

    found = rig.call("check_account", brief=catering)

    assert not found["ok"]
    assert [problem["code"] for problem in found["problems"]] == [
        "no_credit",
        "no_free_number",
        "country_not_allowed",
        "unknown_model",
        "unknown_voice",
    ]
    assert all(problem["fix"] for problem in found["problems"])


def test_a_target_that_is_a_number_of_the_account_is_a_problem(rig: Any, catering: Doc) -> None:
    catering["targets"][1]["phone"] = "+13125550192"

    problems = rig.call("check_account", brief=catering)["problems"]

    assert [problem["code"] for problem in problems] == ["own_number"]
    assert "Chicago Grill Co" in problems[0]["message"]
    mission = rig.approved(catering)
    with pytest.raises(AccountNotReady):
        rig.call("run_mission", mission_id=mission)


def test_looking_changes_nothing(rig: Any, catering: Doc) -> None:
    rig.call("check_account", brief=catering)
    rig.call("check_account")

    assert {request.method for request in rig.sandbox.requests} == {"GET"}


def test_a_refused_look_is_one_problem_among_the_others(make_rig: Any) -> None:
    rig = make_rig("five-faults", faults=[{"on": "GET /balance", "do": "403"}])

    found = rig.call("check_account")

    assert [problem["code"] for problem in found["problems"]] == ["telnyx_403", "no_free_number"]


def test_a_country_that_no_profile_allows_stops_the_run_before_anything_is_made(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig("five-faults")
    rig.sandbox.world.numbers["1293384261075731691"]["status"] = "active"
    mission = rig.approved(catering)

    with pytest.raises(AccountNotReady) as caught:
        rig.call("run_mission", mission_id=mission)

    assert caught.value.code == "country_not_allowed"
    assert set(rig.made_at_telnyx().values()) == {0}


def test_a_plan_says_what_the_account_lacks_before_anybody_approves_it(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig("no-free-number")
    mission = rig.call("create_mission", brief=catering)["mission_id"]

    plan = rig.call("plan_steps", mission_id=mission)

    assert [problem["code"] for problem in plan["account_problems"]] == ["no_free_number"]
    assert plan["plan_hash"]
