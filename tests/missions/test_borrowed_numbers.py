"""Numbers are borrowed: a free one is found wherever it is, and nobody's line is ever taken."""

from typing import Any

import pytest

from telnyx_toolkit.errors import AccountNotReady

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
