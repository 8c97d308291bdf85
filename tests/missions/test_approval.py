"""Nothing is dialled without a person's yes to exactly this plan."""

from typing import Any

import pytest

from telnyx_toolkit.errors import ConfigError, InvalidInput, PolicyDenied
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS

Doc = dict[str, Any]


def _denied(rig: Any, name: str, **arguments: Any) -> PolicyDenied:
    with pytest.raises(PolicyDenied) as caught:
        rig.call(name, **arguments)
    assert rig.rang() == []
    assert set(rig.made_at_telnyx().values()) == {0}
    return caught.value


@pytest.mark.parametrize("tool", ["run_mission", "create_assistant", "assign_number"])
def test_nothing_happens_before_there_is_a_plan(rig: Any, catering: Doc, tool: str) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]

    denied = _denied(rig, tool, mission_id=mission)

    assert denied.code == "not_planned"
    assert "plan-steps" in denied.fix


def test_nothing_happens_before_the_plan_is_approved(rig: Any, catering: Doc) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    plan_hash = rig.call("plan_steps", mission_id=mission)["plan_hash"]

    denied = _denied(rig, "run_mission", mission_id=mission)

    assert denied.code == "not_approved"
    assert plan_hash in denied.fix
    assert denied.exit_code == 5


def test_a_changed_brief_needs_a_new_plan_and_a_new_approval(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    old = rig.state(mission)
    catering["targets"][2]["phone"] = "+13125550104"

    same = rig.call("create_mission", brief=catering, replaces=mission)

    assert same["mission_id"] == mission
    assert _denied(rig, "run_mission", mission_id=mission).code == "not_planned"
    new_hash = rig.call("plan_steps", mission_id=mission)["plan_hash"]
    assert new_hash != old.plan.plan_hash
    assert _denied(rig, "run_mission", mission_id=mission).code == "not_approved"
    stale = {"plan_hash": old.plan.plan_hash, "approved_by": "Dana", "words": "Yes"}
    assert _denied(rig, "approve_plan", mission_id=mission, **stale).code == "plan_changed"


def test_a_replaced_brief_closes_the_run_it_replaces(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    old = rig.state(mission)
    catering["limits"]["minutes_per_call"] = 5

    rig.call("create_mission", brief=catering, replaces=mission)

    path = f"/ai/missions/{old.telnyx_mission_id}/runs/{old.run_id}"
    assert rig.ask("GET", path)["data"]["status"] == "cancelled"
    assert rig.state(mission).run_id != old.run_id
    assert rig.state(mission).telnyx_mission_id == old.telnyx_mission_id


def test_a_brief_that_comes_back_gets_a_run_of_its_own(rig: Any, catering: Doc) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    first = rig.state(mission).run_id
    for name in ("Other", catering["name"]):
        rig.call("create_mission", brief={**catering, "name": name}, replaces=mission)

    assert rig.state(mission).run_id != first
    assert rig.run_at_telnyx(mission)["status"] == "pending"


def test_a_mission_that_has_started_keeps_its_brief(rig: Any, catering: Doc) -> None:
    mission = rig.ran(catering)["mission_id"]
    changed = {**catering, "name": "Other"}

    with pytest.raises(PolicyDenied) as caught:
        rig.call("create_mission", brief=changed, replaces=mission)

    assert caught.value.code == "already_started"


def test_the_same_brief_is_the_same_mission_unless_repeated(rig: Any, catering: Doc) -> None:
    first = rig.call("create_mission", brief=catering)
    again = rig.call("create_mission", brief=catering)
    repeated = rig.call("create_mission", brief=catering, repeat=2)

    assert first == again
    assert repeated["mission_id"] != first["mission_id"]
    assert len(rig.ask("GET", "/ai/missions")["data"]) == 2


def test_a_brief_that_was_replaced_is_a_new_mission_only_when_repeated(
    rig: Any, catering: Doc
) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    rig.call("create_mission", brief={**catering, "name": "Other"}, replaces=mission)

    with pytest.raises(InvalidInput) as caught:
        rig.call("create_mission", brief=catering)

    assert "--repeat 2" in caught.value.fix
    assert rig.call("create_mission", brief=catering, repeat=2)["mission_id"] != mission


def test_an_empty_approval_is_refused(rig: Any, catering: Doc) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    plan_hash = rig.call("plan_steps", mission_id=mission)["plan_hash"]

    with pytest.raises(InvalidInput):
        rig.call(
            "approve_plan", mission_id=mission, plan_hash=plan_hash, approved_by="Dana", words=" "
        )


def test_a_mission_planned_for_a_sandbox_is_never_carried_out_elsewhere(
    rig: Any, catering: Doc
) -> None:
    mission = rig.approved(catering)
    elsewhere = Toolkit(Settings("https://api.telnyx.com/v2", rig.home, ApiKey("example")))

    with pytest.raises(ConfigError, match="lives at"):
        TOOLS["run_mission"](elsewhere, {"mission_id": mission})
    elsewhere.close()


def test_a_number_that_may_never_be_called_is_refused_before_anything_is_created(
    rig: Any, catering: Doc
) -> None:
    catering["targets"][0]["phone"] = "+19005550123"

    denied = _denied(rig, "create_mission", brief=catering)

    assert denied.code in {"premium_number", "invalid_number"}
    assert rig.sandbox.requests[-1].path.endswith("/texml_applications")  # our own look, no POST
    assert not [r for r in rig.sandbox.requests if r.method == "POST"]


def test_a_cancelled_mission_is_not_approved_any_more(rig: Any, catering: Doc) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    plan_hash = rig.call("plan_steps", mission_id=mission)["plan_hash"]
    rig.call("cancel_mission", mission_id=mission, reason="not wanted")

    yes = {"plan_hash": plan_hash, "approved_by": "Dana", "words": "Yes"}
    assert _denied(rig, "approve_plan", mission_id=mission, **yes).code == "mission_over"
