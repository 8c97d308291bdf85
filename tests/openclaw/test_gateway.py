"""OpenClaw's gateway is killed in the middle of a mission, and started again."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from tests.openclaw.agents import TASK, YES, Shell
from tests.openclaw.clients import OpenClaw
from tests.openclaw.gate import gate
from tests.openclaw.model import serving

pytestmark = pytest.mark.openclaw
DIAL = "/scheduled_events"


def test_killed_while_a_call_is_being_placed_by_shell_it_goes_on_and_calls_nobody_twice(
    make_openclaw: Callable[..., OpenClaw], telnyx: Any, brief: str
) -> None:
    with serving(Shell(brief)) as model, gate(telnyx.url, "POST", DIAL, 2) as held:
        openclaw = make_openclaw(held.url, model.url)
        with openclaw.gateway() as gateway:
            plan = ask(openclaw, TASK)
            assert "This is the plan" in plan
            turn = openclaw.start(*SAY, YES)
            assert held.reached.wait(timeout=60)
            gateway.kill()
            turn.communicate(timeout=60)
        held.opened.set()
        with openclaw.gateway():
            model.wait_until(lambda m: len(m.said) == 2, 120)

    assert "Chicago Grill Co" in model.said[-1]
    assert "$62" in model.said[-1]
    assert len(telnyx.rang()) == 3
    assert len(model.used) <= 5, model.used


SAY = ("agent", "--session-key", "agent:main:main", "--json", "--message")


def ask(openclaw: OpenClaw, message: str) -> str:
    """One turn of the conversation with the agent in the gateway: what it says at the end."""
    done: subprocess.CompletedProcess[str] = openclaw.run(*SAY, message)
    assert done.returncode == 0, done.stdout + done.stderr
    return "".join(p["text"] for p in json.loads(done.stdout)["result"]["payloads"])
