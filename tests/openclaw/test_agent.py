"""OpenClaw's own agent, with a model by script, runs a mission with our tools."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.openclaw.agents import TASK, YES, Shell
from tests.openclaw.clients import OpenClaw
from tests.openclaw.model import serving

pytestmark = pytest.mark.openclaw


def test_the_agent_runs_the_catering_mission_by_shell_in_at_most_five_tool_calls(
    make_openclaw: Callable[..., OpenClaw], telnyx: Any, brief: str
) -> None:
    with serving(Shell(brief)) as model:
        openclaw = make_openclaw(telnyx.url, model.url)
        plan = turn(openclaw, TASK)
        assert "This is the plan" in plan
        assert telnyx.rang() == []

        answer = turn(openclaw, f"You wrote: {plan}\n\n{YES}")

    assert "Chicago Grill Co" in answer
    assert "$62" in answer
    assert len(telnyx.rang()) == 3
    assert len(model.used) <= 5, model.used


def turn(openclaw: OpenClaw, message: str) -> str:
    """One headless turn of the agent, without a gateway: what it says at the end."""
    done = openclaw.run(
        *("agent", "exec", "--config", str(openclaw.settings), "--message-file", "-", "--json"),
        stdin=message,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)["final"]
