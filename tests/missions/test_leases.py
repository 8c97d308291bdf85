"""One runner per mission: a second one is refused or watches, and a dead one is replaced."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from telnyx_toolkit.errors import LeaseHeld, LeaseLost, PolicyDenied
from telnyx_toolkit.ledger import LeaseRow
from telnyx_toolkit.model import Event
from telnyx_toolkit.present import ENOUGH, found
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from tests.sampling import some

Doc = dict[str, Any]
CALLED = ["+13125550101", "+13125550102", "+13125550103"]


def _at_fact(kind: str, act: Callable[[], object]) -> Callable[[Any, Any], None]:
    """Acts once, right after the first fact of that kind."""
    done: list[object] = []

    def observe(event: Any, _state: Any) -> None:
        if event.kind == kind and not done:
            done.append(1)
            act()

    return observe


def _alive(_row: LeaseRow) -> bool:
    return False


def _run(toolkit: Toolkit, mission: str, **more: Any) -> Doc:
    return TOOLS["run_mission"](toolkit, {"mission_id": mission, **more})


@pytest.mark.parametrize(
    ("tool", "more"),
    some(
        [
            ("schedule_call", {"target": "call-1"}),
            ("poll_call", {"target": "call-1"}),
            ("create_assistant", {}),
            ("assign_number", {}),
            ("plan_steps", {}),
            ("release_mission", {}),
            ("resume_mission", {}),
        ],
        3,
    ),
)
def test_f31_who_comes_second_is_told_who_is_at_work(
    rig: Any, catering: Doc, tool: str, more: Doc
) -> None:
    mission = rig.approved(catering)
    second = rig.another()
    refused: list[LeaseHeld] = []

    def interfere() -> None:
        with pytest.raises(LeaseHeld) as caught:
            TOOLS[tool](second, {"mission_id": mission, **more})
        refused.append(caught.value)

    first = rig.another(observe=_at_fact("attempt.scheduled", interfere))
    status = _run(first, mission)

    assert status["state"] == "succeeded"
    assert (refused[0].exit_code, refused[0].code) == (5, "busy")
    assert "process" in refused[0].message
    assert [call["to"] for call in rig.rang()] == CALLED
    first.close()
    second.close()


def test_a_second_run_mission_watches_until_its_wait_is_over(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    told: list[str] = []
    second = Toolkit(
        rig.toolkit.settings,
        clock=rig.clock,
        transport=rig.toolkit._transport,
        busy=lambda holder, _: told.append(holder),
    )
    seen: list[Doc] = []

    def also_run() -> None:
        seen.append(_run(second, mission, wait="20s"))

    first = rig.another(observe=_at_fact("attempt.scheduled", also_run))
    assert _run(first, mission)["state"] == "succeeded"

    assert seen[0]["state"] in {"running", "waiting"}
    assert "process" in seen[0]["runner"]
    assert len(told) == 1
    assert [call["to"] for call in rig.rang()] == CALLED
    first.close()
    second.close()


@pytest.mark.parametrize(
    "fact", some(["attempt.requested", "attempt.sent", "attempt.ended", "run.started"], 4)
)
def test_a_note_written_meanwhile_disturbs_nobody(rig: Any, catering: Doc, fact: str) -> None:
    mission = rig.approved(catering)
    second = rig.another()
    note = {"mission_id": mission, "summary": "They have a garden"}
    first = rig.another(observe=_at_fact(fact, lambda: TOOLS["log_event"](second, note)))

    assert _run(first, mission)["state"] == "succeeded"

    assert [call["to"] for call in rig.rang()] == CALLED
    told = [line["summary"] for line in rig.log_at_telnyx(mission)]
    assert told.count("They have a garden") == 1
    first.close()
    second.close()


@pytest.mark.parametrize(
    ("fact", "called"),
    some(
        [
            ("run.started", 0),
            ("attempt.requested", 0),
            ("attempt.sent", 0),
            ("attempt.scheduled", 0),
            ("attempt.ended", 1),
            ("attempt.collected", 1),
        ],
        2,
    ),
)
def test_a_cancellation_by_another_process_is_carried_out_by_the_runner(
    rig: Any, catering: Doc, fact: str, called: int
) -> None:
    before = rig.connections()
    mission = rig.approved(catering)
    second = rig.another()
    asked = {"mission_id": mission, "reason": "found somebody"}
    first = rig.another(observe=_at_fact(fact, lambda: TOOLS["cancel_mission"](second, asked)))

    assert _run(first, mission)["state"] == "cancelled"

    rig.clock.advance(86_400)
    assert len(rig.rang()) == called
    assert rig.run_at_telnyx(mission)["status"] == "cancelled"
    assert rig.connections() == before
    assert set(rig.made_at_telnyx().values()) == {0}
    first.close()
    second.close()


def test_f33_a_runner_of_another_machine_is_waited_for_until_its_lease_expires(
    rig: Any, catering: Doc
) -> None:
    mission = rig.approved(catering)
    until = rig.clock.now() + timedelta(minutes=5)
    elsewhere = rig.another()
    rig.shows_life(elsewhere, "token")
    other = LeaseRow(mission, "elsewhere, process 7", "token", until)
    elsewhere.ledger.leases.take(other, rig.clock.now(), _alive)

    with pytest.raises(LeaseHeld, match="elsewhere, process 7"):
        rig.call("assign_number", mission_id=mission)
    assert rig.call("mission_status", mission_id=mission)["runner"] == "elsewhere, process 7"

    assert rig.call("run_mission", mission_id=mission)["state"] == "succeeded"
    assert rig.call("mission_status", mission_id=mission)["runner"] is None
    elsewhere.close()


def test_f34_a_runner_that_slept_past_its_lease_sends_nothing_more(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    rig.clock.advance(40 * 60)

    def taken_over() -> None:
        rig.clock.advance(11 * 60)
        other = LeaseRow(mission, "elsewhere, process 7", "token", rig.clock.now())
        rig.toolkit.ledger.leases.take(other, rig.clock.now(), _alive)

    sleeper = rig.another(observe=_at_fact("attempt.requested", taken_over))
    with pytest.raises(LeaseLost):
        TOOLS["schedule_call"](sleeper, {"mission_id": mission, "target": "call-1"})
    sleeper.close()

    assert not [r for r in rig.sandbox.requests if r.path.endswith("/scheduled_events")]
    assert rig.call("run_mission", mission_id=mission)["state"] == "succeeded"
    assert [call["to"] for call in rig.rang()] == CALLED


def test_the_end_of_a_command_frees_the_mission(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission, wait="5m")

    other = rig.another()
    assert TOOLS["poll_call"](other, {"mission_id": mission, "target": "call-1"})
    other.close()


def test_a_pause_withdraws_what_has_not_rung_and_gives_the_number_back(
    rig: Any, catering: Doc
) -> None:
    before = rig.connections()
    mission = rig.approved(catering)
    rig.clock.advance(40 * 60)
    rig.call("schedule_call", mission_id=mission, target="call-1")

    status = rig.call("pause_mission", mission_id=mission, reason="Dana is ill")

    assert status["state"] == "paused"
    assert status["next"].endswith(f"resume-mission {mission}")
    assert rig.run_at_telnyx(mission)["status"] == "paused"
    assert rig.connections() == before
    rig.clock.advance(3_600)
    assert rig.rang() == []
    with pytest.raises(PolicyDenied) as caught:
        rig.call("run_mission", mission_id=mission)
    assert caught.value.code == "paused"
    assert "Dana is ill" in caught.value.message


def test_a_resumed_mission_goes_on_where_it_stopped(rig: Any, catering: Doc) -> None:
    before = rig.connections()
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission, wait="35m")
    first = len(rig.rang())
    rig.call("pause_mission", mission_id=mission, reason="lunch")
    rig.clock.advance(3_600)

    assert rig.call("resume_mission", mission_id=mission)["state"] == "running"
    assert rig.run_at_telnyx(mission)["status"] == "running"
    assert rig.call("run_mission", mission_id=mission)["state"] == "succeeded"

    assert first < 3
    assert [call["to"] for call in rig.rang()] == CALLED
    assert rig.connections() == before
    assert set(rig.steps_at_telnyx(mission).values()) == {"completed"}


@pytest.mark.parametrize("minutes", some(range(28, 40), 6))
def test_a_pause_at_any_moment_lets_a_call_that_rings_finish(
    rig: Any, catering: Doc, minutes: int
) -> None:
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission, wait=f"{minutes}m")

    rig.call("pause_mission", mission_id=mission, reason="lunch")
    if rig.state(mission).open_attempts:
        rig.call("run_mission", mission_id=mission)

    state = rig.state(mission)
    assert state.phase == "paused"
    assert not state.open_attempts
    rang = len(rig.rang())
    assert len([a for a in state.attempts if a.phase == "collected"]) == rang
    rig.clock.advance(86_400)
    assert len(rig.rang()) == rang
    rig.call("resume_mission", mission_id=mission)
    rig.call("run_mission", mission_id=mission)
    assert [call["to"] for call in rig.rang()] == CALLED


def test_a_pause_by_another_process_is_carried_out_by_the_runner(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    second = rig.another()
    asked = {"mission_id": mission, "reason": "lunch"}
    first = rig.another(
        observe=_at_fact("attempt.requested", lambda: TOOLS["pause_mission"](second, asked))
    )

    assert _run(first, mission)["state"] == "paused"

    assert rig.rang() == []
    first.close()
    second.close()


def test_a_paused_mission_can_be_cancelled(rig: Any, catering: Doc) -> None:
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission, wait="35m")
    rig.call("pause_mission", mission_id=mission, reason="lunch")

    rig.call("cancel_mission", mission_id=mission, reason="found somebody")

    assert rig.call("run_mission", mission_id=mission)["state"] == "cancelled"
    assert rig.run_at_telnyx(mission)["status"] == "cancelled"
    assert set(rig.made_at_telnyx().values()) == {0}


@pytest.mark.parametrize("tool", ["pause_mission", "resume_mission"])
def test_what_does_not_run_is_neither_paused_nor_resumed(
    rig: Any, catering: Doc, tool: str
) -> None:
    mission = rig.approved(catering)
    reason = {"reason": "lunch"} if tool == "pause_mission" else {}

    with pytest.raises(PolicyDenied) as caught:
        rig.call(tool, mission_id=mission, **reason)

    assert caught.value.code == "not_running"


@pytest.mark.parametrize("tool", ["pause_mission", "resume_mission"])
def test_asking_twice_is_asking_once(rig: Any, catering: Doc, tool: str) -> None:
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission, wait="5m")
    reason = {"reason": "lunch"} if tool == "pause_mission" else {}
    if tool == "resume_mission":
        rig.call("pause_mission", mission_id=mission, reason="lunch")
    first = rig.call(tool, mission_id=mission, **reason)
    facts = len(rig.events)

    assert rig.call(tool, mission_id=mission, **reason) == first
    assert len(rig.events) == facts


class Interrupted:
    """A clock; when it is first looked at, something else happens before it answers."""

    def __init__(self, clock: Any, first: Callable[[], Any]) -> None:
        self._clock, self._first = clock, [first]

    def now(self) -> Any:
        if self._first:
            self._first.pop()()
        return self._clock.now()

    def sleep_until(self, instant: Any) -> None:
        self._clock.sleep_until(instant)


@pytest.mark.parametrize(
    ("tool", "code"), [("cancel_mission", ""), ("pause_mission", "not_running")]
)
def test_a_mission_that_ends_while_it_is_to_be_stopped_has_ended(
    rig: Any, catering: Doc, tool: str, code: str
) -> None:
    mission = rig.approved(catering)
    rig.call("run_mission", mission_id=mission, wait="5m")
    clock = Interrupted(rig.clock, lambda: rig.call("run_mission", mission_id=mission))
    late = rig.another(clock=clock)

    try:
        ended = TOOLS[tool](late, {"mission_id": mission, "reason": "changed my mind"})["state"]
    except PolicyDenied as refusal:
        ended = refusal.code
    late.close()

    assert ended == (code or "succeeded")
    assert rig.state(mission).phase == "succeeded"
    assert [call["to"] for call in rig.rang()] == CALLED


def test_a_mission_with_much_behind_it_leaves_a_copy_to_the_next_process(
    rig: Any, survey: Doc
) -> None:
    mission = rig.approved(survey)
    state = rig.state(mission)
    data: Doc = {"type": "message", "summary": "Looked.", "step_id": "", "payload": {}}
    ledger = rig.toolkit.ledger
    for n in range(1, ENOUGH + 1):
        ledger.append(Event(mission, state.seq + n, "agent.noted", rig.clock.now(), data))
    ledger.note_mirrored(mission, state.seq + ENOUGH)
    assert ledger.snapshots.of(mission) is None

    rig.call("run_mission", mission_id=mission)
    kept = ledger.snapshots.of(mission)
    assert kept is not None
    assert found(ledger, mission) == (rig.state(mission), kept.seq)
