"""A tool that says that it may be repeated adds nothing the second time; the others say why not."""

from typing import Any

from telnyx_toolkit.errors import PolicyDenied
from telnyx_toolkit.tools import TOOLS
from tests.conftest import Rig, at

Doc = dict[str, Any]
TARGET = "Lakefront Catering"
#: Each in turn is called twice, on one mission; what is not here only looks.
STORY: list[tuple[str, Doc]] = [
    ("create_mission", {}),
    ("approve_plan", {"approved_by": "Dana", "words": "Yes"}),
    ("create_assistant", {}),
    ("assign_number", {}),
    ("poll_call", {"target": TARGET}),
    ("log_event", {"summary": "Read their website"}),
    ("pause_mission", {"reason": "Dana asked"}),
    ("resume_mission", {}),
    ("run_mission", {}),
    ("summarize", {}),
    ("cancel_mission", {"reason": "Dana asked"}),
    ("release_mission", {}),
    ("do_not_call", {"action": "add", "phone": "+13125550199", "reason": "asked"}),
    ("do_not_call", {"action": "remove", "phone": "+13125550199", "reason": "a mistake"}),
]


def test_what_is_repeatable_adds_nothing_the_second_time(rig: Rig, catering: Doc) -> None:
    mission = rig.call("create_mission", brief=catering)["mission_id"]
    plan_hash = rig.call("plan_steps", mission_id=mission)["plan_hash"]

    for name, given in STORY:
        arguments = {"mission_id": mission, **given}
        if name == "create_mission":
            arguments = {"brief": catering}
        if name == "approve_plan":
            arguments["plan_hash"] = plan_hash
        if name == "do_not_call":
            del arguments["mission_id"]
        first = rig.call(name, **arguments)
        facts, made = len(rig.toolkit.ledger.events(mission)), rig.made_at_telnyx()
        listed = rig.call("do_not_call", action="list", phone="+13125550199")

        second = rig.call(name, **arguments)

        assert TOOLS[name].idempotent
        assert len(rig.toolkit.ledger.events(mission)) == facts, name
        assert rig.made_at_telnyx() == made, name
        assert rig.call("do_not_call", action="list", phone="+13125550199") == listed
        assert second.keys() == first.keys()
    looks = {"reads", "none"}
    changing = {t.name for t in TOOLS.values() if t.idempotent and t.effect.value not in looks}
    assert changing == {name for name, _ in STORY}
    assert len(rig.rang()) == 3


def test_a_new_code_is_another_one_and_a_new_try_rings_again(rig: Rig, catering: Doc) -> None:
    sent: list[str] = []
    guarded = rig.another(channel=sent.append)
    mission = TOOLS["create_mission"](guarded, {"brief": catering})["mission_id"]
    for _ in range(2):
        TOOLS["plan_steps"](guarded, {"mission_id": mission, "resend": True})

    assert len(set(sent)) == 2
    assert not TOOLS["plan_steps"].idempotent


def test_a_call_to_a_busy_line_is_placed_anew(rig: Rig, survey: Doc) -> None:
    survey["targets"] = [
        {"name": "Corner Deli", "phone": "+13125550112", "timezone": "America/Chicago"}
    ]
    mission = rig.approved(survey)

    for _ in range(10):
        try:
            rig.call("schedule_call", mission_id=mission, target="Corner Deli")
        except PolicyDenied as denied:
            rig.clock.sleep_until(denied.until or at("2026-12-01T00:00Z"))
            continue
        rig.clock.advance(3600)
        rig.call("poll_call", mission_id=mission, target="Corner Deli")

    assert len(rig.rang()) > 1
    assert not TOOLS["schedule_call"].idempotent
