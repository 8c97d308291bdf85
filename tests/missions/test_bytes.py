"""Names and money survive byte for byte, from the brief to Telnyx and back."""

from typing import Any

import pytest

Doc = dict[str, Any]


@pytest.mark.parametrize(
    "name",
    [
        "Joe's Catering",
        "日本語ケータリング",
        'Under $62 & "best"',
        "Two\nlines",
        "Cake 🎂 & Co 👩‍🍳",
    ],
)
def test_a_name_arrives_everywhere_as_it_was_written(rig: Any, catering: Doc, name: str) -> None:
    catering["targets"][0]["name"] = name
    catering["name"] = name
    catering["details"] = name

    summary = rig.ran(catering)

    mission = summary["mission_id"]
    state = rig.state(mission)
    assert state.targets[0].name == name
    assert summary["result_payload"]["targets"][0]["name"] == name
    at_telnyx = rig.ask("GET", f"/ai/missions/{state.telnyx_mission_id}")["data"]
    assert at_telnyx["name"] == name
    assert rig.run_at_telnyx(mission)["result_payload"]["targets"][0]["name"] == name
    dials = [r.body for r in rig.sandbox.requests if r.path.endswith("/scheduled_events")]
    assert dials[0]["dynamic_variables"]["target_name"] == name
    assert name in rig.rang()[0]["agent_lines"][0]


def test_money_is_said_and_stored_to_the_cent(rig: Any, catering: Doc) -> None:
    catering["limits"]["spend_usd"] = "3.30"

    summary = rig.ran(catering)

    assert summary["result_payload"]["cost"]["cap_usd"] == "3.30"
    told = [
        r.body["dynamic_variables"]["best_offer"]
        for r in rig.sandbox.requests
        if r.method == "POST" and r.path.endswith("/scheduled_events")
    ]
    assert told == ["", "$65", "$62"]
