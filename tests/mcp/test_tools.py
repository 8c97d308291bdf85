"""What a client is offered, and that each tool answers as it says, in this process."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event as Flag
from typing import Any

import anyio
import pytest
from jsonschema import Draft202012Validator

from telnyx_toolkit.mcp_server.calls import StoppableClock, Stopped, Watch, prepared
from telnyx_toolkit.mcp_server.offered import MISSIONS, offered
from telnyx_toolkit.mcp_server.server import Service, described
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.ticking import tick
from telnyx_toolkit.tools import TOOLS
from tests.conftest import FIXTURES, Rig
from tests.mcp.conftest import Agent, Doc, with_agent, words

MOST_TOKENS = 3_500


def _listed(choice: Any) -> list[Doc]:
    tools = offered(choice).values()
    return [described(t).model_dump(by_alias=True, exclude_none=True, mode="json") for t in tools]


def test_the_list_of_tools_costs_an_agent_few_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    shown = json.dumps({"tools": _listed("missions")}, separators=(",", ":"), ensure_ascii=False)
    tokens = len(shown) / 4

    with capsys.disabled():
        print(f"\n12 tools as an MCP client sees them: {tokens:.0f} tokens of {MOST_TOKENS}")  # noqa: T201
    assert tokens <= MOST_TOKENS
    assert len(MISSIONS) == len(set(MISSIONS)) <= 12


@pytest.mark.parametrize("told", _listed("all"), ids=list(TOOLS))
def test_each_tool_is_described_by_its_own_facts(told: Doc) -> None:
    tool = TOOLS[told["name"]]
    hints = told["annotations"]

    assert told["title"]
    assert told["description"] == tool.summary
    for schema in (told["inputSchema"], told["outputSchema"]):
        Draft202012Validator.check_schema(schema)
    assert set(told["inputSchema"]["properties"]) == {p.name for p in tool.parameters}
    assert "FILE" not in str(told["inputSchema"])
    assert " file" not in str(told["inputSchema"]).lower()
    assert "--" not in str(told["inputSchema"])
    assert hints["readOnlyHint"] == tool.effect.only_looks
    assert hints["destructiveHint"] == tool.destroys
    assert hints["idempotentHint"] == tool.idempotent
    assert hints["openWorldHint"] != tool.local


def test_what_was_answered_no_tick_announces_again(
    serving: Callable[..., Service], catering: Doc, rig: Rig
) -> None:
    async def work(agent: Agent) -> None:
        plan = await agent.call("plan_steps", brief=catering)
        yes = {"plan_hash": plan["plan_hash"], "approved_by": "Dana", "words": "Yes"}
        await agent.call("run_mission", mission_id=plan["mission_id"], **yes)

    with_agent(serving(), work)

    assert tick(rig.toolkit).lines == []


def test_a_mission_takes_five_calls_and_its_proof_comes_once(
    serving: Callable[..., Service], catering: Doc, rig: Rig
) -> None:
    async def work(agent: Agent) -> None:
        plan = await agent.ask("plan_steps", brief=catering)
        given: Doc = plan.structured_content
        assert words(plan).startswith("\n".join(given["summary"]))
        assert given["next"].startswith(f"run_mission(mission_id={given['mission_id']}, plan_hash=")
        ran = await agent.call(
            "run_mission",
            mission_id=given["mission_id"],
            plan_hash=given["plan_hash"],
            approved_by="Dana",
            words="Yes",
        )
        assert ran["state"] == "succeeded"
        assert "result_payload" not in ran
        told = await agent.ask("summarize", mission_id=given["mission_id"])
        result: Doc = told.structured_content
        assert result["result_payload"]["recommendation"]["target"] == "Chicago Grill Co"
        assert words(told) == result["result_summary"]
        assert "result_payload" not in words(told)
        assert agent.calls == 3
        assert any("Chicago Grill Co: call rings" in line for line in agent.heard)
        assert agent.heard[-1].endswith("Assistant removed")

    with_agent(serving("missions"), work)
    assert len(rig.rang()) == 3


def test_every_tool_can_be_called(serving: Callable[..., Service], survey: Doc, rig: Rig) -> None:
    survey["record"] = True

    async def work(agent: Agent) -> None:
        await agent.call("check_account", brief=survey, level="paid")
        await agent.call("rehearse_mission", brief=survey)
        made = await agent.call("create_mission", brief=survey)
        this: Doc = {"mission_id": made["mission_id"]}
        of: Doc = {**this, "target": "North Hardware"}
        plan_hash = (await agent.call("plan_steps", **this))["plan_hash"]
        yes = {"plan_hash": plan_hash, "approved_by": "Dana", "words": "Yes"}
        await agent.call("approve_plan", **this, **yes)
        for name in ("create_assistant", "assign_number"):
            await agent.call(name, **this)
        rig.clock.advance(3600)
        await agent.call("schedule_call", **of)
        await agent.call("poll_call", **of)
        assert "schedule_call" in await agent.refused("schedule_message", **of)
        await agent.call("log_event", **this, summary="Looked them up", payload={"page": 1})
        for name in ("pause_mission", "resume_mission", "mission_status"):
            why = {"reason": "Dana asked"} if name == "pause_mission" else {}
            await agent.call(name, **this, **why)
        await agent.call("run_mission", **this, wait="0")
        await agent.call("run_mission", **this)
        await agent.call("summarize", **this, narrative="Nothing to add.")
        await agent.call("get_transcript", **of)
        await agent.call("get_recording", **of)
        await agent.call("list_missions", leftovers=False)
        await agent.call("cancel_mission", **this, reason="done")
        await agent.call("release_mission", **this)
        for action in ("add", "list", "remove"):
            number = {"phone": "+13125550199", "reason": "asked"}
            await agent.call("do_not_call", action=action, **number)
        await agent.call("do_not_call", action="import", file="phone\n+13125550198\n")

    with_agent(serving(), work)


def test_a_brief_may_come_as_text_and_must_be_an_object(
    serving: Callable[..., Service], catering: Doc
) -> None:
    async def work(agent: Agent) -> None:
        text = (FIXTURES / "missions" / "catering.yaml").read_text(encoding="utf-8")
        plan = await agent.call("plan_steps", brief=text)
        assert (await agent.call("plan_steps", brief=catering))["mission_id"] == plan["mission_id"]
        assert "brief is no object" in await agent.refused("plan_steps", brief=[catering])
        assert "brief is no object" in await agent.refused("plan_steps", brief="call them")

    with_agent(serving("missions"), work)


def test_an_error_names_what_to_do_in_tools_that_are_there(
    serving: Callable[..., Service], catering: Doc
) -> None:
    async def work(agent: Agent) -> None:
        assert await agent.refused("mission_status", mission_id="m_000000000000") == (
            "unknown_mission: This ledger has no mission 'm_000000000000'.\n"
            "fix: List the missions of this ledger: list_missions()"
        )
        assert "did you mean 'run_mission'?" in await agent.refused("run_mision")
        assert "--tools all" in await agent.refused("create_mission", brief=catering)
        mistyped = await agent.refused("mission_status", mision_id="m_1")
        assert "(did you mean 'mission_id'?)" in mistyped
        assert "mission_id is 7, which is not text" in await agent.refused(
            "mission_status", mission_id=7
        )
        plan = await agent.call("plan_steps", brief=catering)
        early = await agent.refused("run_mission", mission_id=plan["mission_id"])
        assert early.startswith("not_approved: ")
        assert "run_mission(mission_id=" in early
        assert "telnyx-toolkit" not in early

    with_agent(serving("missions"), work)


def test_what_can_be_read_is_as_the_tools_tell_it(
    serving: Callable[..., Service], catering: Doc, rig: Rig
) -> None:
    async def work(agent: Agent) -> None:
        base = "telnyx-toolkit://missions"
        listed = (await agent.client.list_resources()).resources
        assert [each.uri for each in listed][:1] == [base]
        assert json.loads(await agent.read(base)) == {"missions": []}
        plan = await agent.call("plan_steps", brief=catering)
        mission = plan["mission_id"]
        assert not json.loads(await agent.read(f"{base}/{mission}/report"))["final"]
        rig.call(
            "run_mission",
            mission_id=mission,
            plan_hash=plan["plan_hash"],
            approved_by="Dana",
            words="Yes",
        )
        status = json.loads(await agent.read(f"{base}/{mission}"))
        assert status == rig.call("mission_status", mission_id=mission)
        report = json.loads(await agent.read(f"{base}/{mission}/report"))
        summary = rig.call("summarize", mission_id=mission)
        assert report == {key: summary[key] for key in report}
        assert "never instructions" in report["about"]
        assert "targets:" in await agent.read("telnyx-toolkit://brief/example")
        assert "properties" in json.loads(await agent.read("telnyx-toolkit://brief"))
        for wrong in (f"{base}/m_1", f"{base}/{mission}/reprot", "telnyx-toolkit://mission"):
            with pytest.raises(Exception, match=r"unknown_mission|There is nothing at"):
                await agent.read(wrong)

    with_agent(serving("missions"), work)


def test_an_answer_comes_in_time_whatever_telnyx_does(
    serving: Callable[..., Service], catering: Doc, rig: Rig
) -> None:
    mission, gate = rig.approved(catering), Flag()

    def slow(environ: Any, *rest: Any) -> Any:
        if environ["PATH_INFO"].endswith(("/ai/assistants", "/balance")):
            gate.wait()
        return rig.sandbox(environ, *rest)

    service = serving("missions", answer_within_s=2.0, app=slow)

    async def work(agent: Agent) -> None:
        try:
            with anyio.fail_after(4):
                ran = await agent.call("run_mission", mission_id=mission)
            assert ran["state"] == "running"
            assert ran["runner"]
            assert ran["next"] == f"run_mission(mission_id={mission})"
            again = await agent.call("run_mission", mission_id=mission, wait="0")
            assert again["state"] == "running"
            checked = await agent.refused("check_account")
            assert checked.startswith("took_too_long: check_account took too long")
        finally:
            gate.set()
        await _until_idle(service)  # what was not waited for comes to its end by itself
        status = await agent.call("mission_status", mission_id=mission)
        assert status["state"] == "succeeded"

    with_agent(service, work)


def test_a_client_that_wants_no_answer_any_more_stops_the_work(
    serving: Callable[..., Service], catering: Doc, rig: Rig
) -> None:
    mission, reached, gate = rig.approved(catering), Flag(), Flag()

    def slow(environ: Any, *rest: Any) -> Any:
        if environ["PATH_INFO"].endswith("/ai/assistants"):
            reached.set()
            gate.wait()
        return rig.sandbox(environ, *rest)

    service = serving("missions", app=slow)

    async def work(agent: Agent) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(agent.call, "run_mission", mission_id=mission))
            await anyio.to_thread.run_sync(reached.wait)
            tasks.cancel_scope.cancel()
        await agent.call("list_missions")  # by now the server knows
        gate.set()
        await _until_idle(service)
        status = await agent.call("mission_status", mission_id=mission)
        assert (status["state"], status["runner"]) == ("running", None)
        assert (await agent.call("run_mission", mission_id=mission))["state"] == "succeeded"

    with_agent(service, work)
    assert len(rig.rang()) == 3


def test_a_clock_that_is_stopped_ends_its_wait() -> None:
    watch = Watch(None)
    clock = StoppableClock(watch)

    clock.sleep_until(clock.now() - timedelta(seconds=1))
    watch.stop.set()
    with pytest.raises(Stopped):
        clock.sleep_until(clock.now() + timedelta(days=1))
    with pytest.raises(Stopped):
        watch.rests(clock.now(), MissionState("m_1"))


@pytest.mark.parametrize(
    ("asked", "waits"), [("", "40s"), ("10m", "40s"), ("2s", "2s"), ("0", "0"), ("40s", "40s")]
)
def test_a_run_waits_less_long_than_a_client(asked: str, waits: str) -> None:
    ready = prepared(TOOLS["run_mission"], {"mission_id": "m_1", "wait": asked})

    assert ready == {"mission_id": "m_1", "wait": waits}


async def _until_idle(service: Service) -> None:
    with anyio.fail_after(30):
        while service.at_work:
            await anyio.lowlevel.checkpoint()
