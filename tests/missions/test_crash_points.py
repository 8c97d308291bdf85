"""Killed at every single step, in this process, and taken up by another: nothing twice or lost."""

from contextlib import suppress
from typing import Any

import pytest

from telnyx_toolkit.ledger.database import Closed
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from tests.sampling import some

Doc = dict[str, Any]
#: A mission has fewer facts and fewer requests than this.
FACTS, REQUESTS = 90, 130
SAMPLE = 61


class Killed(BaseException):
    """The process is gone: nothing catches it, nothing cleans up."""


class Killer:
    """Ends the process at the nth fact, or before or after the nth request takes effect.

    Its ledger is closed first, so that no clean-up on the way out can write what a real kill
    would have left unwritten.
    """

    process: Toolkit

    def __init__(self, sandbox: Any, where: str, nth: int) -> None:
        self._sandbox, self.where, self._left = sandbox, where, nth

    def observe(self, _event: object, _state: object) -> None:
        self._step("fact")

    def app(self, environ: Any, start_response: Any) -> Any:
        self._step("before")
        answer = self._sandbox(environ, start_response)
        self._step("after")
        return answer

    def _step(self, where: str) -> None:
        if where == self.where:
            self._left -= 1
            if self._left == 0:
                self.process.close()
                raise Killed


def _points() -> list[Any]:
    every = [("fact", n) for n in range(1, FACTS)]
    every += [(where, n) for where in ("before", "after") for n in range(1, REQUESTS)]
    return [
        pytest.param(where, n, marks=() if n % SAMPLE == 0 else pytest.mark.slow)
        for where, n in every
    ]


@pytest.mark.parametrize(
    ("where", "nth"),
    some([(where, nth) for where in ("fact", "before", "after") for nth in range(1, 17)], 7),
)
def test_a_cancellation_killed_anywhere_can_be_taken_up_again(
    rig: Any, catering: Doc, where: str, nth: int
) -> None:
    before = rig.connections()
    mission = rig.approved(catering)
    rig.clock.advance(40 * 60)
    rig.call("schedule_call", mission_id=mission, target="call-1")
    killer = Killer(rig.sandbox, where, nth)
    doomed = killer.process = rig.another(killer.app, killer.observe)
    why = {"mission_id": mission, "reason": "plans changed"}
    with suppress(Killed, Closed):
        TOOLS["cancel_mission"](doomed, why)
    doomed.close()

    status = rig.call("cancel_mission", **why)

    assert status["state"] == "cancelled"
    rig.clock.advance(86_400)
    assert rig.rang() == []
    assert rig.run_at_telnyx(mission)["status"] == "cancelled"
    assert rig.connections() == before
    assert set(rig.made_at_telnyx().values()) == {0}


@pytest.mark.parametrize(("where", "nth"), _points())
def test_a_mission_killed_anywhere_ends_as_if_nothing_had_happened(
    rig: Any, catering: Doc, where: str, nth: int
) -> None:
    before = rig.connections()
    mission = rig.approved(catering)
    killer = Killer(rig.sandbox, where, nth)
    doomed = killer.process = rig.another(killer.app, killer.observe)
    with suppress(Killed, Closed):
        TOOLS["run_mission"](doomed, {"mission_id": mission})
    doomed.close()

    status = rig.call("run_mission", mission_id=mission)

    summary = rig.call("summarize", mission_id=mission)
    assert status["state"] == "succeeded"
    assert [call["to"] for call in rig.rang()] == ["+13125550101", "+13125550102", "+13125550103"]
    assert summary["result_payload"]["recommendation"]["saving"] == 150
    assert set(rig.steps_at_telnyx(mission).values()) == {"completed"}
    assert rig.run_at_telnyx(mission)["status"] == "succeeded"
    keys = [line["idempotency_key"] for line in rig.log_at_telnyx(mission)]
    assert len(keys) == len(set(keys))
    assert rig.connections() == before
    assert set(rig.made_at_telnyx().values()) == {0}
