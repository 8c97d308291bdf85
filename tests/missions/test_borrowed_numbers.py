"""Numbers are borrowed: a free one is found wherever it is, and nobody's line is ever taken."""

from functools import partial
from typing import Any

import pytest

from telnyx_toolkit.errors import AccountNotReady, ErrorResponse

Doc = dict[str, Any]
FREE = "+13125550157"


def _many(account: Doc) -> None:
    """260 numbers: one is being bought, one is free, the others are in use."""
    numbers: list[Doc] = [
        {
            "id": str(10_000 + n),
            "phone_number": f"+1{301 + n // 100}55501{n % 100:02}",
            "status": "active",
            "connection_id": "1293384261075731401",
            "connection_name": "Front desk",
        }
        for n in range(260)
    ]
    for place, status in ((40, "purchase-pending"), (256, "active")):
        del numbers[place]["connection_id"], numbers[place]["connection_name"]
        numbers[place]["status"] = status
    numbers[256]["phone_number"] = FREE
    account["numbers"] = numbers


def test_the_only_free_number_is_found_on_the_last_page(make_rig: Any, catering: Doc) -> None:
    rig = make_rig(change=_many)

    summary = rig.ran(catering)

    assert summary["state"] == "succeeded"
    dials = [r.body for r in rig.sandbox.requests if r.path.endswith("/scheduled_events")]
    assert {dial["telnyx_agent_target"] for dial in dials if dial} == {FREE}
    taken = [r.path for r in rig.sandbox.requests if r.method == "PATCH" and "phone_n" in r.path]
    assert set(taken) == {"/phone_numbers/10256"}


def test_a_second_mission_never_gets_the_number_of_the_first(
    rig: Any, catering: Doc, survey: Doc
) -> None:
    first, second = rig.approved(catering), rig.approved(survey)
    rig.call("assign_number", mission_id=first)

    with pytest.raises(AccountNotReady) as caught:
        rig.call("run_mission", mission_id=second)

    assert caught.value.code == "no_free_number"
    assert rig.call("run_mission", mission_id=first)["state"] == "succeeded"
    assert rig.call("run_mission", mission_id=second)["state"] == "succeeded"


def test_two_missions_at_once_use_two_numbers(make_rig: Any, catering: Doc, survey: Doc) -> None:
    def another_free(account: Doc) -> None:
        spare = {"id": "77", "phone_number": "+13125550177", "status": "active"}
        account["numbers"].append(spare)

    rig = make_rig(change=another_free)
    first, second = rig.approved(catering), rig.approved(survey)
    numbers = {
        rig.call("assign_number", mission_id=mission)["phone_number"] for mission in (first, second)
    }

    assert len(numbers) == 2
    for mission in (first, second):
        assert rig.call("run_mission", mission_id=mission)["state"] == "succeeded"


def test_a_number_that_somebody_takes_meanwhile_is_left_to_them(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    borrowed = rig.call("assign_number", mission_id=mission)
    number = rig.sandbox.world.numbers[borrowed["number_id"]]
    number["connection_id"] = "1293384261075731402"

    rig.call("cancel_mission", mission_id=mission, reason="the line is needed")

    assert rig.connections()[borrowed["phone_number"]] == "1293384261075731402"
    assert set(rig.made_at_telnyx().values()) == {0}


@pytest.mark.parametrize("reads", [1, 3])
def test_an_application_that_shows_late_is_waited_for(
    make_rig: Any, catering: Doc, reads: int
) -> None:
    def late(account: Doc) -> None:
        account["quirks"]["assistant_app_id_delayed"] = reads

    rig = make_rig(change=late)

    assert rig.ran(catering)["state"] == "succeeded"
    assert len([r for r in rig.sandbox.requests if r.path == "/ai/assistants"]) == 1


def test_an_application_that_has_its_voice_profile_keeps_it(make_rig: Any, catering: Doc) -> None:
    def wired(account: Doc) -> None:
        account["quirks"]["app_has_voice_profile"] = True

    rig = make_rig(change=wired)

    rig.ran(catering)

    assert not [
        r for r in rig.sandbox.requests if r.method == "PATCH" and "texml_applications" in r.path
    ]


def _only(account: Doc, **number: Any) -> None:
    account["numbers"] = [
        {"id": "77", "phone_number": FREE, "status": "active", "country_iso_alpha2": "US", **number}
    ]


@pytest.mark.parametrize(
    ("number", "code", "because"),
    [
        ({"messaging_profile_id": "4001"}, "no_free_number", "it is used for messages"),
        (
            {"messaging_profile_id": "UNAVAILABLE"},
            "no_free_number",
            "Telnyx cannot tell just now whether messages use it",
        ),
        ({"country_iso_alpha2": "GB"}, "no_local_number", "it is of GB, and the calls go to US"),
    ],
)
def test_a_number_that_messages_use_or_that_is_of_another_country_is_not_taken(
    make_rig: Any, catering: Doc, number: Doc, code: str, because: str
) -> None:
    rig = make_rig(change=partial(_only, **number))
    mission = rig.approved(catering)

    with pytest.raises(AccountNotReady) as caught:
        rig.call("run_mission", mission_id=mission)

    assert caught.value.code == code
    assert rig.call("check_account", brief=catering)["numbers"][0]["because"] == because
    assert set(rig.made_at_telnyx().values()) == {0}


def test_a_number_across_the_border_of_one_numbering_plan_is_local(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig(change=partial(_only, country_iso_alpha2="CA"))

    assert rig.ran(catering)["state"] == "succeeded"


def test_the_number_that_the_brief_names_is_used_whatever_its_country(
    make_rig: Any, catering: Doc
) -> None:
    def two(account: Doc) -> None:
        _only(account, country_iso_alpha2="GB")
        account["numbers"].append({"id": "78", "phone_number": "+13125550178", "status": "active"})

    rig = make_rig(change=two)

    assert rig.ran({**catering, "call_from": FREE})["state"] == "succeeded"
    assert {call["from"] for call in rig.rang()} == {FREE}


@pytest.mark.parametrize(
    ("wanted", "why"),
    [("+13125550190", "it is used by Front desk"), ("+13125550199", "does not have it")],
)
def test_a_number_that_the_brief_names_and_that_is_not_free_is_a_problem_with_a_reason(
    rig: Any, catering: Doc, wanted: str, why: str
) -> None:
    found = rig.call("check_account", brief={**catering, "call_from": wanted})

    (problem,) = found["problems"]
    assert problem["code"] == "number_not_free"
    assert why in problem["message"]
    assert wanted not in problem["message"]


def test_a_number_taken_between_two_calls_is_replaced_before_the_next_one(
    make_rig: Any, catering: Doc
) -> None:
    def another_free(account: Doc) -> None:
        account["numbers"].append({"id": "77", "phone_number": FREE, "status": "active"})

    rig = make_rig(change=another_free)
    mission = rig.approved(catering)
    first = rig.call("assign_number", mission_id=mission)
    rig.call("run_mission", mission_id=mission, wait="31m")
    rig.sandbox.world.numbers[first["number_id"]]["connection_id"] = "1293384261075731402"

    assert rig.call("run_mission", mission_id=mission)["state"] == "succeeded"

    lines = [call["from"] for call in rig.rang()]
    assert lines[0] == first["phone_number"]
    assert first["phone_number"] not in lines[1:]
    assert len(lines) == 3
    assert rig.connections()[first["phone_number"]] == "1293384261075731402"
    assert list(rig.connections().values()).count("") >= 3


def test_hd_voice_is_turned_on_while_the_number_is_borrowed_and_off_again(
    rig: Any, catering: Doc
) -> None:
    mission = rig.approved(catering)
    number = rig.sandbox.world.numbers[rig.call("assign_number", mission_id=mission)["number_id"]]
    assert number["hd_voice_enabled"] is True

    rig.call("run_mission", mission_id=mission)

    assert number["hd_voice_enabled"] is False


def test_a_number_that_cannot_have_hd_voice_is_used_without_it(
    make_rig: Any, catering: Doc
) -> None:
    def without(account: Doc) -> None:
        account["quirks"]["no_hd_voice"] = True

    rig = make_rig(change=without)

    assert rig.ran(catering)["state"] == "succeeded"


@pytest.mark.parametrize("do", ["403", "500_before"])
def test_only_hd_voices_own_refusal_is_taken_for_not_available(
    make_rig: Any, catering: Doc, do: str
) -> None:
    rig = make_rig(faults=[{"on": "PATCH /phone_numbers/*", "nth": 2, "do": do, "times": 9}])
    mission = rig.approved(catering)

    with pytest.raises(ErrorResponse):
        rig.call("run_mission", mission_id=mission)

    assert rig.rang() == []


@pytest.mark.parametrize("do", ["drop_after", "truncated", "slow"])
def test_a_number_that_was_given_back_unheard_is_borrowed_anew_before_anything_is_asked_of_it(
    make_rig: Any, catering: Doc, do: str
) -> None:
    on = "PATCH /phone_numbers/*"  # taken, refused HD voice, given back
    faults = [{"on": on, "do": "403", "nth": 2}, {"on": on, "do": do, "nth": 3}]
    rig = make_rig(faults=faults)
    before = {n["id"]: dict(n) for n in rig.sandbox.world.numbers.values()}

    assert rig.ran(catering)["state"] == "succeeded"

    after = {n["id"]: dict(n) for n in rig.sandbox.world.numbers.values()}
    changed = ("connection_id", "hd_voice_enabled")
    assert all(after[i][name] == before[i][name] for i in before for name in changed)
