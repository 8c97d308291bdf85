"""OpenClaw's own agent, with a model by script, runs a mission with our tools."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.openclaw.agents import PLAN, TASK, YES, Mcp, Shell
from tests.openclaw.clients import OpenClaw
from tests.openclaw.model import Conversation, Say, Use, serving

pytestmark = pytest.mark.openclaw
#: Characters of one result that an agent reads: about four are a token.
MOST_CHARACTERS = 8_000


def test_the_agent_runs_the_catering_mission_by_shell_in_at_most_five_tool_calls(
    make_openclaw: Callable[..., OpenClaw], telnyx: Any, brief: str
) -> None:
    with serving(Shell(brief)) as model:
        openclaw = make_openclaw(telnyx.url, model.url)
        plan = turn(openclaw, TASK)
        assert "This is the plan" in plan
        assert telnyx.rang() == []

        answer = turn(openclaw, f"You wrote: {plan}\n\n{YES}")

    assert "Recommended: Chicago Grill Co, price per person $62" in answer
    assert len(telnyx.rang()) == 3
    assert len(model.used) <= 5, model.used
    assert longest(model.seen[-1]) < MOST_CHARACTERS


def test_the_agent_runs_it_by_mcp_with_nothing_but_what_the_server_says(
    make_openclaw: Callable[..., OpenClaw], telnyx: Any, brief_document: Any
) -> None:
    with serving(Mcp(brief_document)) as model:
        openclaw = make_openclaw(telnyx.url, model.url, skill=False)
        openclaw.add_mcp_server()
        plan = turn(openclaw, TASK)
        assert "This is the plan" in plan
        assert telnyx.rang() == []

        answer = turn(openclaw, f"You wrote: {plan}\n\n{YES}")

    assert "Recommended: Chicago Grill Co, price per person $62" in answer
    assert len(telnyx.rang()) == 3
    assert len(model.used) <= 5, model.used
    assert longest(model.seen[-1]) < MOST_CHARACTERS


def test_an_agent_that_looks_for_a_way_to_phone_finds_how_to_plan_it(
    make_openclaw: Callable[..., OpenClaw],
) -> None:
    wanted = ["make a phone call", "call a business", "compare quotes by phone", "book by phone"]

    def search(conversation: Conversation) -> Say | Use:
        done = len(conversation.results)
        return Use("tool_search", {"query": wanted[done]}) if done < len(wanted) else Say("Done.")

    with serving(search) as model:
        openclaw = make_openclaw(model_url=model.url, skill=False)
        openclaw.add_mcp_server()
        turn(openclaw, TASK)

    found = {use.arguments["query"]: PLAN in text for use, text in model.seen[-1].results}
    assert found == dict.fromkeys(wanted, True)


def turn(openclaw: OpenClaw, message: str) -> str:
    """One headless turn of the agent, without a gateway: what it says at the end."""
    done = openclaw.run(
        *("agent", "exec", "--config", str(openclaw.settings), "--message-file", "-", "--json"),
        stdin=message,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)["final"]


def longest(conversation: Conversation) -> int:
    """How many characters the longest result has."""
    return max(len(text) for _, text in conversation.results)
