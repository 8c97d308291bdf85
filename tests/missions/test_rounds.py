"""Missions in stages: nobody is called in a stage before a person approved whom it goes on with."""

from contextlib import suppress
from typing import Any

import pytest
import yaml

from telnyx_toolkit.cli.show import show
from telnyx_toolkit.errors import InvalidInput, PolicyDenied
from telnyx_toolkit.ledger.database import Closed
from telnyx_toolkit.tools import TOOLS
from tests.conftest import FIXTURES
from tests.missions.test_crash_points import Killed, Killer
from tests.sampling import some

Doc = dict[str, Any]
LAKEFRONT, GRILL, PRAIRIE = "Lakefront Catering", "Chicago Grill Co", "Prairie Table Events"
#: From the end of the first stage to the plan of the second there are fewer facts and requests.
FACTS, REQUESTS = 24, 30


@pytest.fixture
def two_rounds() -> Doc:
    text = (FIXTURES / "missions" / "rounds.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def first_stage(rig: Any, brief: Doc) -> str:
    """A mission whose first stage is over."""
    mission: str = rig.approved(brief)
    rig.call("run_mission", mission_id=mission)
    return mission


def approve(rig: Any, mission: str) -> Doc:
    plan = rig.call("plan_steps", mission_id=mission)
    yes = {"plan_hash": plan["plan_hash"], "approved_by": "Dana", "words": "Yes, those two"}
    return rig.call("approve_plan", mission_id=mission, **yes)


def runs(rig: Any, mission: str) -> list[Doc]:
    path = f"/ai/missions/{rig.state(mission).telnyx_mission_id}/runs"
    return sorted(rig.ask("GET", path)["data"], key=lambda run: run["started_at"] or "9")


def test_after_a_stage_the_mission_waits_for_a_yes_to_its_shortlist(
    rig: Any, two_rounds: Doc
) -> None:
    mission = first_stage(rig, two_rounds)

    status = rig.call("mission_status", mission_id=mission)
    assert status["state"] == "planned"
    assert status["stage"]["number"] == 2
    assert status["stage"]["targets"] == [LAKEFRONT, GRILL]
    rang = len(rig.rang())
    rig.clock.advance(3 * 86_400)
    with pytest.raises(PolicyDenied) as refused:
        rig.call("run_mission", mission_id=mission)
    assert refused.value.code == "not_approved"
    assert len(rig.rang()) == rang
    assert set(rig.made_at_telnyx().values()) == {0}


def test_the_plan_of_a_later_stage_says_what_the_one_before_came_to(
    rig: Any, two_rounds: Doc
) -> None:
    mission = first_stage(rig, two_rounds)

    words = rig.call("plan_steps", mission_id=mission)["summary"]

    assert "Stage 2 of 2: for how much." in words
    assert any(line.startswith("Stage 1 came to: Shortlist: Lakefront") for line in words)
    assert any("--shortlist" in line for line in words)
    assert not any(PRAIRIE in line for line in words)


def test_what_is_shown_after_a_stage_leads_to_the_plan_of_the_next(
    rig: Any, two_rounds: Doc, capsys: pytest.CaptureFixture[str]
) -> None:
    mission = rig.approved(two_rounds)

    show("run_mission", rig.call("run_mission", mission_id=mission))

    shown = capsys.readouterr().out
    assert "Stage 2 of 2: for how much" in shown
    assert "stage 1 came to: Shortlist: Lakefront Catering (100.0), Chicago Grill Co" in shown
    assert "to go on with: Lakefront Catering; Chicago Grill Co" in shown
    assert f"Show the person its plan: telnyx-toolkit plan-steps {mission}" in shown


def test_the_yes_to_one_stage_is_none_to_the_next(rig: Any, two_rounds: Doc) -> None:
    mission = rig.approved(two_rounds)
    old = rig.state(mission).approval.plan_hash
    rig.call("run_mission", mission_id=mission)

    with pytest.raises(PolicyDenied) as refused:
        rig.call("approve_plan", mission_id=mission, plan_hash=old, approved_by="Dana", words="Yes")
    assert refused.value.code == "plan_changed"


def test_each_stage_asks_its_own_questions_and_has_its_own_run(rig: Any, two_rounds: Doc) -> None:
    mission = first_stage(rig, two_rounds)
    approve(rig, mission)
    rig.call("run_mission", mission_id=mission)
    summary = rig.call("summarize", mission_id=mission)

    assert summary["state"] == "succeeded"
    assert summary["result_payload"]["recommendation"]["target"] == GRILL
    assert [s["shortlist"] for s in summary["result_payload"]["stages"]] == [[LAKEFRONT, GRILL]]
    assert "Before that, stage 1 (who can do it): Shortlist" in summary["result_summary"]
    first, second = runs(rig, mission)
    assert (first["status"], second["status"]) == ("succeeded", "succeeded")
    assert first["result_payload"]["strategy"] == "screen"
    assert second["result_payload"]["strategy"] == "negotiate"
    made = [r.body for r in rig.sandbox.requests if r.path.endswith("/ai/assistants") and r.body]
    assert "price per person" not in made[0]["instructions"]
    assert "price per person" in made[1]["instructions"]
    assert set(rig.made_at_telnyx().values()) == {0}


def test_a_person_can_go_on_with_others_and_in_another_order(rig: Any, two_rounds: Doc) -> None:
    mission = first_stage(rig, two_rounds)
    before = rig.call("plan_steps", mission_id=mission)["plan_hash"]

    plan = rig.call("plan_steps", mission_id=mission, shortlist=f"{PRAIRIE}; {LAKEFRONT}")

    assert plan["plan_hash"] != before
    assert [call["target"] for call in plan["calls"]] == [PRAIRIE, LAKEFRONT]
    rang = len(rig.rang())
    approve(rig, mission)
    rig.call("run_mission", mission_id=mission)
    called = [call["to"] for call in rig.rang()[rang:]]
    assert called == ["+13125550103", "+13125550101"]
    assert sorted(run["status"] for run in runs(rig, mission)) == [
        "cancelled",
        "succeeded",
        "succeeded",
    ]


def test_the_same_shortlist_again_changes_nothing(rig: Any, two_rounds: Doc) -> None:
    mission = first_stage(rig, two_rounds)
    before = rig.call("plan_steps", mission_id=mission)["plan_hash"]

    plan = rig.call("plan_steps", mission_id=mission, shortlist=f"{LAKEFRONT}; {GRILL};")

    assert plan["plan_hash"] == before
    assert len(runs(rig, mission)) == 2


@pytest.mark.parametrize(
    ("names", "said"),
    [("Prairie Tabel Events", "did you mean 'Prairie Table Events'"), (" ; ", "names nobody")],
)
def test_a_shortlist_that_makes_no_sense_is_explained(
    rig: Any, two_rounds: Doc, names: str, said: str
) -> None:
    mission = first_stage(rig, two_rounds)

    with pytest.raises(InvalidInput, match=said):
        rig.call("plan_steps", mission_id=mission, shortlist=names)


def test_there_is_no_shortlist_before_the_first_stage(rig: Any, two_rounds: Doc) -> None:
    mission = rig.call("create_mission", brief=two_rounds)["mission_id"]

    with pytest.raises(PolicyDenied) as refused:
        rig.call("plan_steps", mission_id=mission, shortlist=GRILL)
    assert refused.value.code == "no_shortlist"


def test_whoever_asked_for_no_more_calls_meanwhile_is_not_called_in_the_next_stage(
    rig: Any, two_rounds: Doc
) -> None:
    mission = first_stage(rig, two_rounds)
    approve(rig, mission)
    rig.call("do_not_call", action="add", phone="+13125550101", reason="asked us by mail")
    rang = len(rig.rang())

    rig.call("run_mission", mission_id=mission)

    assert [call["to"] for call in rig.rang()[rang:]] == ["+13125550102"]


def test_where_nobody_qualifies_the_mission_ends_with_the_stage(rig: Any, two_rounds: Doc) -> None:
    two_rounds["targets"] = two_rounds["targets"][3:]

    summary = rig.ran(two_rounds)

    assert summary["state"] == "failed"
    assert summary["result_payload"]["headline"].startswith("Nobody is on the shortlist.")
    assert [run["status"] for run in runs(rig, summary["mission_id"])] == ["failed"]


def test_the_brief_cannot_change_between_stages(rig: Any, two_rounds: Doc) -> None:
    mission = first_stage(rig, two_rounds)

    with pytest.raises(PolicyDenied) as refused:
        rig.call("create_mission", brief={**two_rounds, "goal": "Another."}, replaces=mission)
    assert refused.value.code == "already_started"


def test_a_mission_can_be_cancelled_between_stages(rig: Any, two_rounds: Doc) -> None:
    mission = first_stage(rig, two_rounds)
    rang = len(rig.rang())

    rig.call("cancel_mission", mission_id=mission, reason="we cook ourselves")

    assert [run["status"] for run in runs(rig, mission)] == ["succeeded", "cancelled"]
    assert len(rig.rang()) == rang
    assert rig.call("summarize", mission_id=mission)["state"] == "cancelled"


def test_the_result_between_stages_is_that_of_the_last_one(rig: Any, two_rounds: Doc) -> None:
    mission = first_stage(rig, two_rounds)

    summary = rig.call("summarize", mission_id=mission)

    assert not summary["final"]
    assert summary["result_payload"]["ranking"]["shortlist"] == [LAKEFRONT, GRILL]


@pytest.mark.parametrize(
    ("where", "nth"),
    some(
        [("fact", n) for n in range(1, FACTS)]
        + [(where, n) for where in ("before", "after") for n in range(1, REQUESTS)],
        20,
    ),
)
def test_killed_anywhere_between_two_stages_the_next_one_begins_once(
    rig: Any, two_rounds: Doc, where: str, nth: int
) -> None:
    mission = rig.approved(two_rounds)
    killer = Killer(rig.sandbox, "never", nth)

    def observe(event: Any, state: Any) -> None:
        if event.kind == "stage.finished":
            killer.where = where
        killer.observe(event, state)

    doomed = killer.process = rig.another(killer.app, observe)
    with suppress(Killed, Closed):
        TOOLS["run_mission"](doomed, {"mission_id": mission})
    doomed.close()

    if rig.state(mission).phase == "running" or nth % 2:  # else planning alone goes on with it
        with suppress(PolicyDenied):
            rig.call("run_mission", mission_id=mission)
    plan = rig.call("plan_steps", mission_id=mission)

    assert [call["target"] for call in plan["calls"]] == [LAKEFRONT, GRILL]
    assert set(rig.made_at_telnyx().values()) == {0}
    assert [run["status"] for run in runs(rig, mission)] == ["succeeded", "pending"]
    assert [event.kind for event in rig.toolkit.ledger.events(mission)].count("stage.opened") == 1


def test_a_mission_that_was_stopped_right_after_a_stage_can_be_cancelled(
    rig: Any, two_rounds: Doc
) -> None:
    mission = rig.approved(two_rounds)
    killer = Killer(rig.sandbox, "never", 1)

    def observe(event: Any, state: Any) -> None:
        if event.kind == "stage.finished":
            killer.where = "fact"
        killer.observe(event, state)

    doomed = killer.process = rig.another(killer.app, observe)
    with suppress(Killed, Closed):
        TOOLS["run_mission"](doomed, {"mission_id": mission})
    doomed.close()
    status = rig.call("mission_status", mission_id=mission)
    assert status["state"] == "shortlisted"
    assert status["next"] == f"telnyx-toolkit run-mission {mission}"

    rig.call("cancel_mission", mission_id=mission, reason="we cook ourselves")

    assert rig.call("summarize", mission_id=mission)["state"] == "cancelled"
    assert set(rig.made_at_telnyx().values()) == {0}
    assert [run["status"] for run in runs(rig, mission)] == ["succeeded"]
