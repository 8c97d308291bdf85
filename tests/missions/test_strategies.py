"""Screening and booking on the sandbox: the shipped missions, and a stop in the middle of sixty."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from telnyx_toolkit.pace import Pace
from telnyx_toolkit.simulator.improvise import Question, improvise
from telnyx_toolkit.tools import TOOLS

Doc = dict[str, Any]
MISSIONS = Path(__file__).parents[2] / "fixtures" / "missions"
_MINUTE = timedelta(minutes=1)
BOOK = {"confirmed_by": "table_reserved"}
RESERVED = Question("table_reserved", (), {"type": "boolean"})


def fixture(name: str) -> Doc:
    return yaml.safe_load((MISSIONS / f"{name}.yaml").read_text(encoding="utf-8"))


def numbers(says_yes: bool) -> Iterator[str]:
    """Numbers of strangers who say that a table is reserved, or that it is not."""
    for area in ("773", "872", "630"):
        for n in range(100, 200):
            phone = f"+1{area}5550{n}"
            if (improvise(phone, RESERVED) or (None,))[0] is says_yes:
                yield phone


def restaurants(*answers: bool) -> list[Doc]:
    yes, no = numbers(True), numbers(False)
    phones = [next(yes) if answer else next(no) for answer in answers]
    return [
        {"name": f"Place {n}", "phone": phone, "timezone": "America/Chicago"}
        for n, phone in enumerate(phones, 1)
    ]


def table(*answers: bool, **changes: Any) -> Doc:
    """A table at one of several restaurants, which say yes or no."""
    return {
        "name": "A table",
        "goal": "Reserve a table for six.",
        "on_behalf_of": "Dana Reyes",
        "strategy": "book",
        "targets": restaurants(*answers),
        "collect": {"table_reserved": {"type": "boolean", "required": True}},
        "book": dict(BOOK),
        "limits": {"spend_usd": "90.00"},
        **changes,
    }


def hurried(rig: Any) -> Any:
    """The rig with an account that may place many calls at once."""
    rig.toolkit.close()
    rig.toolkit = rig.another(pace=Pace(at_once=10, an_hour=None, a_day=None))
    return rig


def rang(rig: Any) -> list[str]:
    return [call["to"] for call in rig.rang()]


def deleted(rig: Any) -> list[str]:
    """Scheduled events that were deleted at the sandbox, by id."""
    paths = [r.path for r in rig.sandbox.requests if r.method == "DELETE" and r.status < 300]
    return [path.rsplit("/", 1)[-1] for path in paths if "/scheduled_events/" in path]


def test_a_sweep_asks_everybody(rig: Any) -> None:
    summary = rig.ran(fixture("sweep"))

    said = {r["name"]: r["answers"]["open_until"] for r in summary["result_payload"]["targets"]}
    assert summary["state"] == "succeeded"
    assert said == {
        "Lincoln Square Hardware": "two in the afternoon",
        "Gibson Tools and Paint": "6 pm",
        "Halsted Home Supply": "closed",
    }


def test_a_screening_ranks_whom_it_asked_and_says_why(rig: Any) -> None:
    summary = rig.ran(fixture("screen"))

    ranking = summary["result_payload"]["ranking"]
    assert summary["state"] == "succeeded"
    assert [(row["target"], row["score"]) for row in ranking["ranked"]] == [
        ("Lakeside Plumbing", 72.6),
        ("North Branch Plumbing", 58.9),
        ("Uptown Rooter", 31.7),
        ("Wrightwood Mechanical", 81.3),
    ]
    assert ranking["shortlist"] == ["Lakeside Plumbing", "North Branch Plumbing", "Uptown Rooter"]
    lines = summary["result_summary"].splitlines()
    assert lines[0].startswith("Shortlist: Lakeside Plumbing (72.6), North Branch Plumbing (58.9)")
    assert "Ravenswood Drain and Pipe, insured: no instead of yes (\"we don't carry ins" in lines[5]
    assert len(rig.rang()) == 5


def test_a_booking_calls_until_one_confirms_and_nobody_after_that(rig: Any) -> None:
    summary = rig.ran(fixture("book"))
    mission = summary["mission_id"]

    assert summary["state"] == "succeeded"
    assert summary["result_summary"].startswith(
        'Booked: Harvest and Vine ("Yes, the table is reserved for Reyes").\n'
    )
    assert rang(rig) == ["+13125550168", "+13125550169", "+13125550170"]
    steps = rig.steps_at_telnyx(mission)
    assert [steps[f"call-{n}"] for n in range(1, 6)] == [*["completed"] * 3, *["skipped"] * 2]
    reasons = [e.data["reason"] for e in rig.events if e.kind == "step.skipped"]
    assert reasons == ["Harvest and Vine confirmed"] * 2
    assert rig.run_at_telnyx(mission)["result_payload"]["booking"]["booked"]["words"]


def test_a_booking_goes_on_to_the_fallback_when_nobody_of_the_first_list_can(rig: Any) -> None:
    summary = rig.ran(fixture("book-fallback"))

    assert summary["state"] == "succeeded"
    assert summary["result_payload"]["booking"]["booked"]["target"] == "Riverview Inn"
    assert rang(rig) == ["+13125550173", "+13125550174", "+13125550175"]


def test_a_booking_that_nobody_confirms_fails_and_everything_is_put_back(rig: Any) -> None:
    before = rig.connections()

    summary = rig.ran(table(False, False))

    assert summary["state"] == "failed"
    assert summary["result_summary"].startswith("Nobody confirmed.\n")
    assert rig.connections() == before
    assert set(rig.made_at_telnyx().values()) == {0}


def test_call_twenty_one_of_sixty_is_deleted_at_telnyx_when_the_twentieth_confirms(
    rig: Any,
) -> None:
    hurried(rig)
    brief = table(*[False] * 19, *[True] * 41)
    brief["book"]["at_once"] = 5
    brief["targets"][16]["phone"] = "+13125550112"  # busy at once, so the next one is scheduled

    summary = rig.ran(brief)

    state = rig.state(summary["mission_id"])
    (withdrawn,) = [a for a in state.attempts if a.phase == "abandoned"]
    assert summary["result_payload"]["booking"]["booked"]["target"] == "Place 20"
    assert withdrawn.step_id == "call-21"
    assert withdrawn.scheduled_event_id in deleted(rig)
    assert state.target("call-21").phone not in rang(rig)
    assert len(rang(rig)) == 20
    assert rig.steps_at_telnyx(summary["mission_id"])["call-21"] == "skipped"


def test_one_at_a_time_the_twenty_first_of_sixty_is_never_asked_for(rig: Any) -> None:
    hurried(rig)

    rig.ran(table(*[False] * 19, *[True] * 41))

    asked = [r for r in rig.sandbox.requests if r.method == "POST"]
    assert len([r for r in asked if r.path.endswith("/scheduled_events")]) == 20
    assert len(rang(rig)) == 20


def test_a_call_in_progress_is_followed_to_its_end_and_a_second_yes_is_told(rig: Any) -> None:
    hurried(rig)

    brief = table(True, True, True, book={**BOOK, "at_once": 2})
    brief["targets"][1]["phone"] = "+13125550170"  # speaks longer than the first

    summary = rig.ran(brief)

    first, second = (a.attempt_id for a in rig.state(summary["mission_id"]).attempts)
    told = [(e.kind, e.data.get("attempt_id")) for e in rig.events]
    assert told.index(("attempt.collected", first)) < told.index(("attempt.ended", second))
    booking = summary["result_payload"]["booking"]
    assert booking["booked"]["target"] == "Place 1"
    assert [other["target"] for other in booking["also_confirmed"]] == ["Place 2"]
    assert "Place 2 confirmed too" in summary["result_summary"]
    assert "cancel one of them yourself" in summary["result_summary"]
    assert len(rang(rig)) == 2
    assert rig.steps_at_telnyx(summary["mission_id"])["call-2"] == "completed"


def test_a_fallback_number_is_checked_like_any_other(rig: Any) -> None:
    brief = table(False, fallback=[{"name": "Late", "phone": "+13125550113"}])
    rig.call("do_not_call", action="add", phone="+13125550113", reason="They asked.")

    with pytest.raises(Exception, match="Late"):
        rig.call("create_mission", brief=brief)


def test_by_hand_nobody_else_can_be_called_after_a_confirmation(rig: Any) -> None:
    mission = rig.approved(table(True, True))
    rig.clock.sleep_until(rig.clock.now() + 60 * _MINUTE)  # past nine
    rig.call("schedule_call", mission_id=mission, target="Place 1")
    while rig.state(mission).open_attempts:
        rig.clock.sleep_until(rig.clock.now().replace(microsecond=0) + _MINUTE)
        rig.call("poll_call", mission_id=mission, target="Place 1")

    with pytest.raises(Exception, match="turn"):
        rig.call("schedule_call", mission_id=mission, target="Place 2")
    summary = rig.call("summarize", mission_id=mission)

    assert summary["final"]
    assert summary["state"] == "succeeded"
    assert rig.steps_at_telnyx(mission)["call-2"] == "skipped"
    skipped = [event.data["reason"] for event in rig.events if event.kind == "step.skipped"]
    assert skipped == ["Place 1 confirmed"]


def test_a_fallback_number_may_not_be_one_of_the_account(rig: Any) -> None:
    own = {"name": "Ourselves", "phone": "+13125550190"}
    plan = rig.call("plan_steps", brief=table(False, fallback=[own]))

    assert [problem["code"] for problem in plan["account_problems"]] == ["own_number"]


def test_the_account_must_be_allowed_to_call_the_country_of_the_fallback(rig: Any) -> None:
    abroad = {"name": "London", "phone": "+442079460123"}
    brief = table(False, fallback=[abroad], calling={"countries": ["US", "GB"]})

    plan = rig.call("plan_steps", brief=brief)

    assert "country_not_allowed" in [problem["code"] for problem in plan["account_problems"]]


def test_whoever_gives_the_yes_again_while_it_runs_watches(rig: Any) -> None:
    plan = rig.call("plan_steps", brief=table(False, True))
    yes = {"plan_hash": plan["plan_hash"], "approved_by": "Dana", "words": "Yes."}
    command = {"mission_id": plan["mission_id"], **yes}
    second = rig.another()
    seen: list[Doc] = []

    def also_run(event: Any, _state: Any) -> None:
        if event.kind == "attempt.scheduled" and not seen:
            seen.append(TOOLS["run_mission"](second, {**command, "wait": "5s"}))

    first = rig.another(observe=also_run)
    done = TOOLS["run_mission"](first, command)

    assert seen[0]["state"] in {"running", "waiting"}
    assert seen[0]["result_payload"] is None
    assert done["result_payload"]["booking"]["booked"]["target"] == "Place 2"
    assert len(rang(rig)) == 2
    first.close()
    second.close()
