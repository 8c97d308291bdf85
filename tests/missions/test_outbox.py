"""What Telnyx is told of a mission, when Telnyx knows some of it already."""

from typing import Any

Doc = dict[str, Any]


def test_a_step_that_telnyx_has_further_on_does_not_hold_up_the_rest(
    rig: Any, catering: Doc
) -> None:
    mission = rig.approved(catering)
    state = rig.state(mission)
    run = (state.telnyx_mission_id, state.run_id)
    client = rig.toolkit.engine.client
    for status in ("in_progress", "completed"):
        client.missions.update_step(*run, "setup", status=status)

    rig.call("run_mission", mission_id=mission)

    assert rig.run_at_telnyx(mission)["status"] == "succeeded"
    assert set(rig.steps_at_telnyx(mission).values()) == {"completed"}


def test_a_run_finished_by_somebody_else_keeps_its_status_and_gets_our_result(
    rig: Any, catering: Doc
) -> None:
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission, wait="10m")
    state = rig.state(mission)
    rig.toolkit.engine.client.missions.cancel_run(state.telnyx_mission_id, state.run_id)

    rig.call("run_mission", mission_id=mission)

    run = rig.run_at_telnyx(mission)
    assert run["status"] == "cancelled"
    assert run["result_payload"]["recommendation"]["target"] == "Chicago Grill Co"
