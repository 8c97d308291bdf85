"""A mission of many targets: its long lists are held packed, and nobody can tell."""

import json

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.report import report_document
from telnyx_toolkit.state_text import read, written
from tests.bench.sweep import sweep_of
from tests.conftest import Rig

MANY = 70


def test_its_plan_its_run_and_its_copy_are_those_of_any_mission(rig: Rig) -> None:
    brief = sweep_of(MANY)
    names = [target["name"] for target in brief["targets"]]

    mission = rig.approved(brief)

    plan = json.loads(json.dumps(rig.call("plan_steps", mission_id=mission)))
    assert [call["target"] for call in plan["calls"]] == names
    assert len(plan["steps"]) == MANY + 2
    sent = rig.run_at_telnyx(mission)["input"]
    assert [target["name"] for target in sent["targets"]] == names
    state = rig.state(mission)
    assert not isinstance(state.brief["targets"], list)
    assert [target.name for target in Brief.model_validate(state.current).targets] == names
    assert read(written(state)) == state
    assert sent == dict(state.current)


def test_one_that_is_stopped_tells_of_everybody(rig: Rig) -> None:
    mission = rig.approved(sweep_of(MANY))
    rig.call("create_assistant", mission_id=mission)

    rig.call("cancel_mission", mission_id=mission, reason="enough")

    assert list(rig.steps_at_telnyx(mission).values()).count("skipped") > MANY
    assert len(rig.run_at_telnyx(mission)["result_payload"]["targets"]) == MANY
    told = report_document(rig.toolkit.ledger.events(mission), rig.clock.now())
    assert all(f"Shop {n}" in json.dumps(told) for n in range(MANY))
