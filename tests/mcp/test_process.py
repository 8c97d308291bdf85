"""The real command over stdio: against the sandbox over HTTP, killed, cut off, and badly set up."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import anyio
import pytest

from telnyx_toolkit.tools import TOOLS
from tests.command.conftest import Shell
from tests.mcp.conftest import Agent, Doc, Wire, command, connected, process, with_agent, words

CALLED = ["+13125550101", "+13125550102", "+13125550103"]
_NOISY = """
import os
from telnyx_toolkit.mcp_server import calls, server
def noisy(watch, wall):
    print("stray", flush=True)
    os.write(1, b"stray\\n")
    os.system("echo stray")
    return calls.from_environment(watch, wall)
server.serve("missions", noisy)
"""
_WITHOUT = """
import sys
sys.modules["mcp"] = None
from telnyx_toolkit.cli import main
sys.exit(main(["mcp"]))
"""


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door


def test_without_a_key_what_needs_none_works_and_the_rest_says_what_to_do(
    tmp_path: Path, catering: Doc
) -> None:
    async def work(agent: Agent) -> None:
        assert (await agent.call("list_missions")) == {"missions": []}
        assert "configuration: No Telnyx API key" in await agent.refused("check_account")
        refused = await agent.refused("plan_steps", brief=catering)
        assert "TELNYX_API_KEY_FILE" in refused
        assert "${" not in refused

    # as an agent's host passes on a variable that nobody has set
    with_agent(process(tmp_path, "", TELNYX_API_KEY="${TELNYX_API_KEY}"), work)


def test_standard_output_is_the_protocols_alone(tmp_path: Path) -> None:
    parameters = command(tmp_path, "http://127.0.0.1:1/v2")
    parameters.args = ["-c", _NOISY]
    wire = Wire(parameters)

    hello = wire.greet()
    answer = wire.ask("tools/call", name="list_missions", arguments={})
    out, err = wire.end()

    assert hello["serverInfo"]["name"] == "telnyx-toolkit"
    assert "plan_steps" in hello["instructions"]
    assert answer["structuredContent"] == {"missions": []}
    assert out == ""
    assert err.count("stray") == 3
    assert wire.process.returncode == 0


@pytest.mark.slow
def test_it_is_quiet_and_ends_at_once_when_its_input_does(
    tmp_path: Path, silent: socket.socket
) -> None:
    url = f"http://127.0.0.1:{silent.getsockname()[1]}/v2"
    wire = Wire(command(tmp_path, url, TELNYX_API_KEY="example"))
    wire.greet()
    wire.send("tools/call", name="check_account", arguments={})

    with silent.accept()[0]:  # by now it waits for an answer
        began = monotonic()
        out, err = wire.end()

    assert monotonic() - began < 10
    assert wire.process.returncode == 0
    assert err == ""
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in out.splitlines())


def test_without_its_library_the_command_says_how_to_get_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 3
    assert done.stderr.startswith("mcp_not_installed: The MCP server needs a library")
    assert "fix: Install" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_mission_by_the_real_command(tmp_path: Path, catering: Doc, shell: Shell) -> None:
    async def work(agent: Agent) -> None:
        plan = await agent.call("plan_steps", brief=catering)
        given: Doc = {"mission_id": plan["mission_id"], "plan_hash": plan["plan_hash"]}
        yes = {"approved_by": "Dana", "words": "Yes"}
        assert (await agent.call("run_mission", **given, **yes))["state"] == "succeeded"
        result = await agent.call("summarize", mission_id=plan["mission_id"])
        assert result["final"]
        assert agent.calls == 3

    with_agent(process(tmp_path, shell.base_url, TELNYX_API_KEY="example"), work)
    assert [call["to"] for call in shell.rang()] == CALLED


@pytest.mark.slow
def test_every_tool_is_served_by_the_real_command(tmp_path: Path, shell: Shell) -> None:
    async def work(agent: Agent) -> None:
        assert set(agent.tools) == set(TOOLS)
        for name, tool in TOOLS.items():
            needed = {p.name for p in tool.parameters if p.required}
            result = await agent.ask(name)
            told = words(result)
            assert result.is_error == bool(needed or name == "plan_steps"), told
            assert not needed or told.startswith(f"bad_input: {name} needs "), told

    env = {"TELNYX_API_KEY": "example"}
    with_agent(process(tmp_path, shell.base_url, "--tools", "all", **env), work)


@pytest.mark.slow
def test_a_killed_server_loses_nothing(tmp_path: Path, shell: Shell, catering: Doc) -> None:
    brief = tmp_path / "brief.json"
    brief.write_text(json.dumps(catering, default=str), encoding="utf-8")
    mission = shell.approved(brief)
    home = Path(shell.env["TELNYX_TOOLKIT_HOME"])
    env = {"TELNYX_API_KEY": "example", "TELNYX_TOOLKIT_HOME": str(home)}
    killed: list[int] = []

    async def kill(progress: float, total: float | None, message: str | None) -> None:
        assert progress
        assert message
        assert total is None
        runner = shell.json("mission-status", mission)["runner"]
        if runner and len(shell.rang()) == 1 and not killed:
            killed.append(int(runner.rpartition(" ")[2]))
            os.kill(killed[0], signal.SIGKILL)

    async def main() -> None:
        with pytest.raises(Exception, match=r".*"):
            async with connected(process(tmp_path, shell.base_url, **env)) as agent:
                await agent.client.call_tool(
                    "run_mission", {"mission_id": mission}, progress_callback=kill
                )
        assert killed
        assert shell.json("mission-status", mission)["state"] != "succeeded"
        async with connected(process(tmp_path, shell.base_url, **env)) as agent:
            ran = await agent.call("run_mission", mission_id=mission)
            assert ran["state"] == "succeeded"

    anyio.run(main)
    assert [call["to"] for call in shell.rang()] == CALLED


@pytest.mark.slow
def test_what_another_process_wrote_is_seen(tmp_path: Path, shell: Shell) -> None:
    home = shell.env["TELNYX_TOOLKIT_HOME"]

    async def work(agent: Agent) -> None:
        assert (await agent.call("list_missions"))["missions"] == []
        mission = shell.approved()
        (row,) = (await agent.call("list_missions"))["missions"]
        assert (row["mission_id"], row["state"]) == (mission, "approved")
        shell.json("cancel-mission", mission, "--reason", "Dana asked")
        status = await agent.call("mission_status", mission_id=mission)
        assert status["state"] == "cancelled"

    env = {"TELNYX_API_KEY": "example", "TELNYX_TOOLKIT_HOME": home}
    with_agent(process(tmp_path, shell.base_url, **env), work)


@pytest.mark.slow
def test_two_calls_at_once_for_one_mission_both_answer(tmp_path: Path, shell: Shell) -> None:
    mission = shell.approved()
    home = shell.env["TELNYX_TOOLKIT_HOME"]

    async def work(agent: Agent) -> None:
        states: list[str] = []

        async def run() -> None:
            states.append((await agent.call("run_mission", mission_id=mission))["state"])

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run)
            tasks.start_soon(run)
        assert states == ["succeeded"] * 2

    env = {"TELNYX_API_KEY": "example", "TELNYX_TOOLKIT_HOME": home}
    with_agent(process(tmp_path, shell.base_url, **env), work)
    assert [call["to"] for call in shell.rang()] == CALLED
