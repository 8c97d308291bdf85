"""An account that cannot call, and set-ups that fail half-way: nothing is left behind."""

from typing import Any

import pytest

from telnyx_toolkit.errors import AccountNotReady, ErrorResponse, TelnyxError
from tests.sampling import some

Doc = dict[str, Any]


def test_without_a_free_number_nothing_is_made_and_the_error_says_where_to_buy_one(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig("no-free-number")
    before = rig.connections()
    mission = rig.approved(catering)

    with pytest.raises(AccountNotReady) as caught:
        rig.call("run_mission", mission_id=mission)

    assert caught.value.exit_code == 6
    assert "portal.telnyx.com/#/numbers/buy-numbers" in caught.value.fix
    assert set(rig.made_at_telnyx().values()) == {0}
    assert rig.connections() == before
    assert rig.run_at_telnyx(mission)["status"] == "pending"
    assert rig.rang() == []


def test_once_there_is_a_number_the_same_command_goes_on(make_rig: Any, catering: Doc) -> None:
    rig = make_rig("no-free-number")
    mission = rig.approved(catering)
    with pytest.raises(AccountNotReady):
        rig.call("run_mission", mission_id=mission)
    taken = next(n for n in rig.sandbox.world.numbers.values() if n.get("status") == "active")
    taken["connection_id"] = None

    assert rig.call("run_mission", mission_id=mission)["state"] == "succeeded"


@pytest.mark.parametrize(
    "refused",
    [
        "POST /ai/conversations/insight-groups",
        "POST /ai/assistants",
        "POST /ai/missions/*/runs/*/telnyx-agents",
        "PATCH /texml_applications/*",
        "PATCH /phone_numbers/*",
    ],
)
def test_a_refused_set_up_step_leaves_nothing_behind(
    make_rig: Any, catering: Doc, refused: str
) -> None:
    rig = make_rig(faults=[{"on": refused, "do": "403"}])
    before = rig.connections()
    mission = rig.approved(catering)

    with pytest.raises(ErrorResponse) as caught:
        rig.call("run_mission", mission_id=mission)

    assert caught.value.status == 403
    assert set(rig.made_at_telnyx().values()) == {0}
    assert rig.connections() == before
    assert rig.call("run_mission", mission_id=mission)["state"] == "succeeded"


def test_an_assistant_that_cannot_be_linked_is_removed_when_made_by_hand(
    make_rig: Any, catering: Doc
) -> None:
    rig = make_rig(faults=[{"on": "POST /ai/missions/*/runs/*/telnyx-agents", "do": "403"}])
    mission = rig.approved(catering)

    with pytest.raises(ErrorResponse):
        rig.call("create_assistant", mission_id=mission)

    assert set(rig.made_at_telnyx().values()) == {0}


@pytest.mark.parametrize(
    "do",
    [
        "drop_after",
        pytest.param("drop_before", marks=pytest.mark.slow),
        pytest.param("500_after", marks=pytest.mark.slow),
        pytest.param("502_html", marks=pytest.mark.slow),
        pytest.param("truncated", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize(
    "unheard",
    some(
        [
            "POST /ai/missions",
            "POST /ai/missions/*/runs",
            "POST /ai/missions/*/runs/*/plan",
            "POST /ai/conversations/insights",
            "POST /ai/conversations/insight-groups",
            "POST /ai/assistants",
            "POST /ai/missions/*/runs/*/telnyx-agents",
            "PATCH /phone_numbers/*",
            "POST /ai/missions/*/runs/*/events",
            "PATCH /ai/missions/*/runs/*",
            "DELETE /ai/assistants/*",
        ],
        3,
    ),
)
def test_an_unheard_answer_is_looked_up_and_nothing_is_made_twice(
    make_rig: Any, catering: Doc, unheard: str, do: str
) -> None:
    rig = make_rig(faults=[{"on": unheard, "do": do}])
    before = rig.connections()
    for tool in ("create_mission", "plan_steps"):
        _twice(rig, tool, catering)
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission)

    assert rig.state(mission).phase == "succeeded"
    assert len(rig.rang()) == 3
    assert len(rig.ask("GET", "/ai/missions")["data"]) == 1
    assert len(rig.ask("GET", "/ai/missions/runs")["data"]) == 1
    assert set(rig.made_at_telnyx().values()) == {0}
    assert rig.connections() == before
    keys = [line["idempotency_key"] for line in rig.log_at_telnyx(mission)]
    assert len(keys) == len(set(keys))


def _twice(rig: Any, tool: str, brief: Doc) -> None:
    """As a person would: the same command again after an error."""
    for _ in range(2):
        try:
            mission = rig.call("create_mission", brief=brief)["mission_id"]
            if tool == "plan_steps":
                rig.call("plan_steps", mission_id=mission)
        except TelnyxError:
            continue
