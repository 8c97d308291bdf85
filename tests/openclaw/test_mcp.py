"""OpenClaw's own MCP client and our server."""

import json
from collections.abc import Callable

import pytest

from telnyx_toolkit.tools import TOOLS
from tests.openclaw.clients import OpenClaw

pytestmark = pytest.mark.openclaw


@pytest.fixture
def openclaw(make_openclaw: Callable[..., OpenClaw]) -> OpenClaw:
    openclaw = make_openclaw(skill=False)
    openclaw.add_mcp_server()
    return openclaw


def test_openclaw_probes_our_server_and_finds_the_tools_of_a_mission(openclaw: OpenClaw) -> None:
    probed = openclaw.json("mcp", "probe", "telnyx")

    found = {name.removeprefix("telnyx__") for name in probed["tools"]}
    assert {"plan_steps", "run_mission", "summarize", "cancel_mission"} <= found
    assert found - set(TOOLS) <= {"resources_list", "resources_read"}
    assert probed["servers"]["telnyx"]["tools"] <= 12
    assert probed["diagnostics"] == []


def test_the_key_is_named_and_not_written_down(openclaw: OpenClaw) -> None:
    settings = json.loads(openclaw.settings.read_text(encoding="utf-8"))

    assert settings["mcp"]["servers"]["telnyx"]["env"]["TELNYX_API_KEY"] == "${TELNYX_API_KEY}"


def test_its_doctor_connects_and_has_nothing_to_say(openclaw: OpenClaw) -> None:
    del openclaw.service["TELNYX_API_KEY"]  # with a key it takes what it filled in for a literal

    doctor = openclaw.json("mcp", "doctor", "--probe")

    assert doctor["ok"]
    assert [(s["name"], s["issues"]) for s in doctor["servers"]] == [("telnyx", [])]


def test_a_person_can_keep_a_tool_from_the_agent(openclaw: OpenClaw) -> None:
    done = openclaw.run("mcp", "tools", "telnyx", "--exclude", "run_mission")
    assert done.returncode == 0, done.stdout + done.stderr

    tools = openclaw.json("mcp", "probe", "telnyx")["tools"]

    assert "telnyx__plan_steps" in tools
    assert "telnyx__run_mission" not in tools
