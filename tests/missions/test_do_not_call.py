"""Whom never: nobody on the do-not-call list is planned, called or written to, by any mission."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from telnyx_toolkit.errors import PolicyDenied
from telnyx_toolkit.ledger.database import Closed
from telnyx_toolkit.telnyx import in_process
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from tests.sampling import some

Doc = dict[str, Any]
OPTS_OUT, STOPS, OTHER = "+13125550113", "+13125550133", "+13125550120"


class Killed(BaseException):
    """The process is gone: nothing catches it, nothing cleans up."""


def _three_numbers_free(account: Doc) -> None:
    for number in account["numbers"]:
        number["status"] = "active"


@pytest.fixture
def rig(make_rig: Callable[..., Any]) -> Any:
    return make_rig(change=_three_numbers_free)


def _to(brief: Doc, *phones: str, name: str = "One", **more: Any) -> Doc:
    targets = [
        {"name": f"Target {n}", "phone": phone, "timezone": "America/Chicago", **more}
        for n, phone in enumerate(phones, 1)
    ]
    return {**brief, "name": name, "targets": targets}


def _add(toolkit: Toolkit, phone: str) -> Doc:
    asked = {"action": "add", "phone": phone, "reason": "wrote us a letter"}
    return TOOLS["do_not_call"](toolkit, asked)


def _listed(rig: Any) -> dict[str, Doc]:
    rows = rig.call("do_not_call", action="list")["numbers"]
    return {row["phone"]: row for row in rows}


def _asked_for(rig: Any) -> list[str]:
    """Whom Telnyx was asked to call or write to, in order."""
    requests = [r for r in rig.sandbox.requests if r.method == "POST"]
    bodies = [r.body for r in requests if r.path.endswith("/scheduled_events")]
    return [body["telnyx_end_user_target"] for body in bodies]


def _at_fact(kind: str, act: Callable[[], object]) -> Callable[[Any, Any], None]:
    """Acts once, right after the first fact of that kind."""
    done: list[object] = []

    def observe(event: Any, _state: Any) -> None:
        if event.kind == kind and not done:
            done.append(1)
            act()

    return observe


def _kinds(rig: Any, mission: str) -> list[str]:
    return [event.kind for event in rig.toolkit.ledger.events(mission)]


@pytest.fixture
def hearing(rig: Any, survey: Doc) -> tuple[str, str]:
    """A mission whose call rings in seconds and opts out, and one with a call ten later.

    Both have the same number to reach; nobody runs them.
    """
    first = rig.approved(_to(survey, OPTS_OUT, name="First"))
    second = rig.approved(_to(survey, OPTS_OUT, OTHER, name="Second"))
    rig.clock.advance(40 * 60)
    rig.call("schedule_call", mission_id=first, target="call-1")
    rig.clock.advance(110)
    rig.call("schedule_call", mission_id=second, target="call-1")
    return first, second


def _withdrawn(rig: Any, mission: str) -> None:
    """The mission's call to its first target is gone, and it says why."""
    state = rig.state(mission)
    attempts = [a for a in state.attempts if a.step_id == "call-1"]
    assert [a.phase for a in attempts] == ["abandoned"]
    rig.clock.advance(86_400)
    assert [call["to"] for call in rig.rang()].count(OPTS_OUT) == 1
    step = state.step("call-1")
    assert step
    assert step.status == "skipped"


def test_f49_who_says_do_not_call_again_is_left_alone_by_every_mission(
    rig: Any, hearing: tuple[str, str], survey: Doc
) -> None:
    first, second = hearing

    rig.call("run_mission", mission_id=first)

    entry = _listed(rig)[OPTS_OUT]
    assert entry["reason"] == ("Is this one of those robots? Please do not call this number again.")
    attempt = rig.state(first).attempts[0].attempt_id
    assert entry["source"] == f"mission {first}, attempt {attempt}"
    _withdrawn(rig, second)
    assert rig.steps_at_telnyx(second)["call-1"] == "skipped"
    assert "target.barred" not in _kinds(rig, first)
    made = len(rig.ask("GET", "/ai/missions")["data"])
    with pytest.raises(PolicyDenied, match=r"Target 1: .* do-not-call list since 20") as caught:
        rig.call("create_mission", brief=_to(survey, OPTS_OUT, name="Third"))
    assert (caught.value.code, caught.value.exit_code) == ("do_not_call", 5)
    assert "they asked for it themselves" in caught.value.message
    assert "Is this one of those robots" not in caught.value.message
    assert f"do-not-call remove --phone {OPTS_OUT} --reason" in caught.value.fix
    assert len(rig.ask("GET", "/ai/missions")["data"]) == made
    assert len(rig.toolkit.ledger.mission_ids()) == 2


def test_who_opted_out_in_this_mission_keeps_that_as_the_outcome(rig: Any, survey: Doc) -> None:
    summary = rig.ran(_to(survey, OPTS_OUT, "+13125550111"))

    rows = summary["result_payload"]["targets"]
    assert [row["outcome"] for row in rows] == ["opted_out", "no-answer"]
    assert "target.barred" not in _kinds(rig, summary["mission_id"])


def test_f49_the_rest_of_the_other_mission_goes_on_and_its_result_says_whom_it_left_out(
    rig: Any, hearing: tuple[str, str]
) -> None:
    first, second = hearing
    rig.call("run_mission", mission_id=first)

    rig.call("run_mission", mission_id=second)

    rows = rig.call("summarize", mission_id=second)["result_payload"]["targets"]
    assert [row["outcome"] for row in rows] == ["do_not_call", "answered"]
    assert rows[0]["headline"] == "do not call"
    assert [call["to"] for call in rig.rang()] == [OPTS_OUT, OTHER]
    assert rig.run_at_telnyx(second)["status"] == "succeeded"


def test_f49_a_mission_that_another_process_runs_is_told_and_withdraws_by_itself(
    rig: Any, survey: Doc
) -> None:
    first = rig.approved(_to(survey, OPTS_OUT, name="First"))
    second = rig.approved(_to(survey, OPTS_OUT, OTHER, name="Second"))
    rig.clock.advance(40 * 60)
    rig.call("schedule_call", mission_id=first, target="call-1")
    rig.clock.advance(110)
    deleted: list[int] = []

    def hear() -> None:
        rig.call("run_mission", mission_id=first)
        deleted.append(sum(r.method == "DELETE" for r in rig.sandbox.requests))
        assert OPTS_OUT in _listed(rig)
        assert rig.state(second).barred

    runner = rig.another(observe=_at_fact("attempt.scheduled", hear))
    status = TOOLS["run_mission"](runner, {"mission_id": second})
    runner.close()

    assert status["state"] == "succeeded"
    assert deleted
    _withdrawn(rig, second)
    assert [call["to"] for call in rig.rang()] == [OPTS_OUT, OTHER]


@pytest.mark.parametrize("who_goes_on", ["first", "second", "third"])
def test_f49_killed_between_hearing_and_withdrawing_any_mission_makes_up_for_it(
    rig: Any, hearing: tuple[str, str], survey: Doc, who_goes_on: str
) -> None:
    first, second = hearing
    third = rig.approved(_to(survey, OTHER, name="Third"))

    def die() -> None:
        doomed.close()
        raise Killed

    doomed = rig.another(observe=_at_fact("attempt.collected", die))
    with suppress(Killed, Closed):
        TOOLS["run_mission"](doomed, {"mission_id": first})
    doomed.close()
    assert OPTS_OUT in _listed(rig)
    assert rig.state(second).open_attempts

    mission = {"first": first, "second": second, "third": third}[who_goes_on]
    rig.call("run_mission", mission_id=mission, wait="10s")

    _withdrawn(rig, second)


def test_f49_killed_after_the_other_mission_was_told_it_is_withdrawn_all_the_same(
    rig: Any, hearing: tuple[str, str]
) -> None:
    first, second = hearing

    def die() -> None:
        doomed.close()
        raise Killed

    doomed = rig.another(observe=_at_fact("target.barred", die))
    with suppress(Killed, Closed):
        TOOLS["run_mission"](doomed, {"mission_id": first})
    doomed.close()
    assert rig.state(second).open_attempts

    rig.call("run_mission", mission_id=first)

    _withdrawn(rig, second)
    assert _kinds(rig, second).count("target.barred") == 1


def test_f49_looking_at_the_call_by_hand_withdraws_elsewhere_too(
    rig: Any, hearing: tuple[str, str]
) -> None:
    first, second = hearing
    rig.clock.advance(60)

    rig.call("poll_call", mission_id=first, target="call-1")

    assert OPTS_OUT in _listed(rig)
    _withdrawn(rig, second)


def test_f49_a_number_listed_while_another_process_is_about_to_dial_is_not_dialled(
    rig: Any, survey: Doc
) -> None:
    mission = rig.approved(_to(survey, OTHER))
    rig.clock.advance(40 * 60)
    rig.call("assign_number", mission_id=mission)
    other = rig.another()

    def interfere() -> str:
        assert _add(other, OTHER)["added"] == 1
        return "00000000-0000-4000-8000-000000000000"

    dialler = Toolkit(
        rig.toolkit.settings,
        clock=rig.clock,
        transport=in_process(rig.sandbox),
        new_id=interfere,  # asked for once policy has said yes
    )
    with pytest.raises(PolicyDenied) as caught:
        TOOLS["schedule_call"](dialler, {"mission_id": mission, "target": "call-1"})
    dialler.close()
    other.close()

    assert caught.value.code == "do_not_call"
    assert "attempt.requested" not in _kinds(rig, mission)
    assert _asked_for(rig) == []


def test_a_number_that_is_added_is_withdrawn_at_once_where_nobody_runs_the_mission(
    rig: Any, hearing: tuple[str, str]
) -> None:
    told = _add(rig.toolkit, OPTS_OUT)

    assert (told["added"], told["pending"], told["problem"]) == (1, [], "")
    rig.clock.advance(86_400)
    assert rig.rang() == []
    for mission in hearing:
        assert [a.phase for a in rig.state(mission).attempts] == ["abandoned"]
        assert rig.steps_at_telnyx(mission)["call-1"] == "skipped"


def test_without_a_key_a_number_is_listed_and_its_calls_are_withdrawn_by_the_next_run(
    rig: Any, hearing: tuple[str, str]
) -> None:
    keyless = Toolkit(replace(rig.toolkit.settings, api_key=None), clock=rig.clock)
    told = _add(keyless, OPTS_OUT)
    keyless.close()

    assert set(told["pending"]) == set(hearing)
    assert told["problem"] == "there is no API key"
    assert "when any mission is run" in told["note"]
    for mission in hearing:
        assert _kinds(rig, mission)[-1] == "target.barred"
    rig.call("run_mission", mission_id=hearing[0], wait="10s")
    rig.clock.advance(86_400)
    assert rig.rang() == []


def test_looking_by_hand_at_a_call_to_a_listed_number_withdraws_it(
    rig: Any, hearing: tuple[str, str]
) -> None:
    keyless = Toolkit(replace(rig.toolkit.settings, api_key=None), clock=rig.clock)
    _add(keyless, OPTS_OUT)
    keyless.close()

    for mission in hearing:
        seen = rig.call("poll_call", mission_id=mission, target="call-1")
        assert seen["attempt"] is None
    rig.clock.advance(86_400)
    assert rig.rang() == []


def test_where_telnyx_cannot_be_reached_a_number_is_listed_all_the_same(
    rig: Any, hearing: tuple[str, str]
) -> None:
    def broken(_environ: Any, _start_response: Any) -> Any:
        raise ConnectionResetError

    cut_off = rig.another(broken)
    told = _add(cut_off, OPTS_OUT)
    cut_off.close()

    assert told["added"] == 1
    assert set(told["pending"]) == set(hearing)
    assert told["problem"]
    assert OPTS_OUT in _listed(rig)


@pytest.mark.parametrize("step", ["plan_steps", "approve_plan", "run_mission", "schedule_call"])
def test_a_number_listed_at_any_time_stops_the_mission_there(
    rig: Any, survey: Doc, step: str
) -> None:
    brief = _to(survey, OTHER)
    mission: str = rig.call("create_mission", brief=brief)["mission_id"]
    asked: Doc = {"mission_id": mission}
    yes: Doc = {"approved_by": "Dana", "words": "Yes"}
    if step != "plan_steps":
        yes["plan_hash"] = rig.call("plan_steps", **asked)["plan_hash"]
    if step == "approve_plan":
        asked |= yes
    if step in {"run_mission", "schedule_call"}:
        rig.call("approve_plan", **asked, **yes)
        asked |= {"target": "call-1"} if step == "schedule_call" else {}
    _add(rig.toolkit, OTHER)
    requests = len(rig.sandbox.requests)

    if step == "run_mission":
        assert rig.call(step, **asked)["state"] == "failed"
        assert rig.steps_at_telnyx(mission)["call-1"] == "skipped"
    else:
        with pytest.raises(PolicyDenied) as caught:
            rig.call(step, **asked)
        assert caught.value.code == "do_not_call"
        posted = [r.path for r in rig.sandbox.requests[requests:] if r.method == "POST"]
        assert not [path for path in posted if not path.endswith("/events")]
    rig.clock.advance(3 * 86_400)
    assert rig.rang() == []
    assert _asked_for(rig) == []


def test_a_text_that_says_stop_puts_the_number_on_the_list_and_nobody_calls_it_either(
    rig: Any, survey: Doc
) -> None:
    rig.ran(_to(survey, STOPS, channel="sms"))

    assert _listed(rig)[STOPS]["reason"] == "STOP"
    with pytest.raises(PolicyDenied, match="do-not-call list"):
        rig.call("create_mission", brief=_to(survey, STOPS, name="By phone"))


def test_a_listed_number_is_not_written_to(rig: Any, survey: Doc) -> None:
    mission = rig.approved(_to(survey, STOPS, OTHER, channel="sms"))
    _add(rig.toolkit, STOPS)

    rig.call("run_mission", mission_id=mission)

    assert set(_asked_for(rig)) == {OTHER}


def test_who_is_taken_off_the_list_is_called_by_a_new_mission_and_not_by_the_old_one(
    rig: Any, survey: Doc
) -> None:
    old = rig.approved(_to(survey, OTHER, "+13125550121", name="Old"))
    rig.clock.advance(40 * 60)
    rig.call("schedule_call", mission_id=old, target="call-1")
    _add(rig.toolkit, OTHER)
    rig.call("do_not_call", action="remove", phone=OTHER, reason="rang us: may be called")

    rig.call("run_mission", mission_id=old)
    assert [call["to"] for call in rig.rang()] == ["+13125550121"]
    rig.ran(_to(survey, OTHER, name="New"))

    assert OTHER in [call["to"] for call in rig.rang()]


def test_a_call_in_progress_is_let_finish(rig: Any, survey: Doc) -> None:
    mission = rig.approved(_to(survey, OTHER))
    rig.clock.advance(40 * 60)
    rig.call("schedule_call", mission_id=mission, target="call-1")
    rig.clock.advance(130)

    assert _add(rig.toolkit, OTHER)["pending"] == [mission]
    rig.call("run_mission", mission_id=mission)

    assert [row["phase"] for row in rig.call("mission_status", mission_id=mission)["attempts"]] == [
        "collected"
    ]
    assert len(rig.rang()) == 1


def test_no_further_try_is_made_once_the_number_is_listed(rig: Any, survey: Doc) -> None:
    nobody = "+13125550111"
    mission = rig.approved(_to(survey, nobody))
    rig.call("run_mission", mission_id=mission, wait="45m")
    tried = len(rig.rang())
    _add(rig.toolkit, nobody)

    rig.call("run_mission", mission_id=mission)

    assert len(rig.rang()) == tried == 1
    row = rig.call("summarize", mission_id=mission)["result_payload"]["targets"][0]
    assert (row["outcome"], row["attempts"]) == ("do_not_call", 1)


def test_a_lost_answer_to_a_listed_number_is_looked_for_and_taken_back(
    make_rig: Callable[..., Any], survey: Doc
) -> None:
    lost = [{"on": "POST /ai/assistants/*/scheduled_events", "do": "drop_after"}]
    rig = make_rig(faults=lost)
    mission = rig.approved(_to(survey, OTHER))
    rig.clock.advance(40 * 60)
    rig.call("schedule_call", mission_id=mission, target="call-1")
    assert rig.state(mission).attempts[0].phase == "unknown"
    rig.clock.advance(20)

    assert _add(rig.toolkit, OTHER)["pending"] == []

    rig.clock.advance(86_400)
    assert rig.rang() == []
    assert [a.phase for a in rig.state(mission).attempts] == ["abandoned"]


def test_a_mission_of_another_server_is_told_and_left_to_who_has_its_key(
    rig: Any, hearing: tuple[str, str]
) -> None:
    elsewhere = replace(rig.toolkit.settings, base_url="http://127.0.0.1:1/v2")
    stranger = Toolkit(elsewhere, clock=rig.clock, transport=in_process(rig.sandbox))
    deleted = sum(r.method == "DELETE" for r in rig.sandbox.requests)

    told = _add(stranger, OPTS_OUT)
    stranger.close()

    assert set(told["pending"]) == set(hearing)
    assert sum(r.method == "DELETE" for r in rig.sandbox.requests) == deleted
    assert all(rig.state(mission).barred for mission in hearing)


@pytest.mark.parametrize("fact", some(["run.started", "attempt.requested", "attempt.sent"], 2))
def test_a_number_added_in_the_middle_of_anothers_step_is_not_rung(
    rig: Any, survey: Doc, fact: str
) -> None:
    mission = rig.approved(_to(survey, OTHER, "+13125550121"))
    second = rig.another()
    first = rig.another(observe=_at_fact(fact, lambda: _add(second, OTHER)))

    assert TOOLS["run_mission"](first, {"mission_id": mission})["state"] == "succeeded"

    assert [call["to"] for call in rig.rang()] == ["+13125550121"]
    assert rig.steps_at_telnyx(mission)["call-1"] == "skipped"
    first.close()
    second.close()
