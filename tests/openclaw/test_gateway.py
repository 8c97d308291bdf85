"""OpenClaw's gateway is killed in the middle of a mission, and started again."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.openclaw.agents import TASK, YES, Mcp, Shell
from tests.openclaw.clients import OpenClaw
from tests.openclaw.gate import gate
from tests.openclaw.model import Script, serving

pytestmark = pytest.mark.openclaw
CALLED = ("+13125550101", "+13125550102", "+13125550103")
DIAL = "/scheduled_events"
SAY = ("agent", "--session-key", "agent:main:main", "--json", "--message")


def test_killed_while_a_call_is_placed_by_shell_the_agent_goes_on_and_nobody_is_called_twice(
    make_openclaw: Callable[..., OpenClaw], telnyx: Any, brief: str
) -> None:
    _killed_in_the_middle(Shell(brief), make_openclaw, telnyx, mcp=False)


def test_killed_while_a_call_is_placed_by_mcp_the_agent_goes_on_and_nobody_is_called_twice(
    make_openclaw: Callable[..., OpenClaw], telnyx: Any, brief_document: Any
) -> None:
    _killed_in_the_middle(Mcp(brief_document), make_openclaw, telnyx, mcp=True)


def _killed_in_the_middle(
    script: Script, make_openclaw: Callable[..., OpenClaw], telnyx: Any, *, mcp: bool
) -> None:
    """The second dial is held while the gateway dies; it is let through with nobody to hear.

    Started again, OpenClaw itself tells the agent that its turn was interrupted.
    """
    with serving(script) as model, gate(telnyx.url, "POST", DIAL, 2) as held:
        openclaw = make_openclaw(held.url, model.url, skill=not mcp)
        if mcp:
            openclaw.add_mcp_server()
        with openclaw.gateway() as gateway:
            assert "This is the plan" in _ask(openclaw, TASK)
            turn = openclaw.start(*SAY, YES)
            assert held.reached.wait(timeout=120)
            gateway.kill()
            turn.communicate(timeout=120)
        held.opened.set()
        assert len(telnyx.rang()) < 3
        with openclaw.gateway():
            model.wait_until(lambda m: len(m.said) == 2, 180)

    assert "Recommended: Chicago Grill Co, price per person $62" in model.said[-1]
    assert [call["to"] for call in telnyx.rang()] == [*CALLED]
    assert len(model.used) <= 5, model.used


def _ask(openclaw: OpenClaw, message: str) -> str:
    """One turn of the conversation with the agent in the gateway: what it says at the end."""
    done = openclaw.run(*SAY, message)
    assert done.returncode == 0, done.stdout + done.stderr
    return "".join(part["text"] for part in json.loads(done.stdout)["result"]["payloads"])
