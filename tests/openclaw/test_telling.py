"""A person is told: by the gateway's own scheduler, and by a message with buttons."""

import json
import os
import subprocess
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.notices import Notice, Route
from telnyx_toolkit.notify import Delivered, Refused
from telnyx_toolkit.notify.agent_hook import AgentHook
from telnyx_toolkit.notify.openclaw_message import OpenClawMessage
from telnyx_toolkit.notify.program import OpenClaw as Program
from tests.openclaw.bot_api import BotApi, bot_api
from tests.openclaw.clients import PROGRAM, ROOT, OpenClaw
from tests.openclaw.model import Say, serving

pytestmark = pytest.mark.openclaw
CATERING = ROOT / "fixtures" / "missions" / "catering.yaml"
CHAT = "12345"
HOOK_TOKEN = "example-hook-token-of-a-test"  # noqa: S105 - of no gateway but a test's


@pytest.fixture
def telegram() -> Generator[BotApi]:
    with bot_api() as api:
        yield api


@pytest.fixture
def openclaw(make_openclaw: Callable[..., OpenClaw], telnyx: Any, telegram: BotApi) -> OpenClaw:
    """With a chat, and with the variables of ours where a service's file has them."""
    openclaw = make_openclaw(telnyx.url)
    openclaw.change(channels={"telegram": telegram.settings()})
    openclaw.service.update(openclaw.telnyx)
    return openclaw


def test_the_schedulers_job_is_there_once_finishes_a_mission_tells_it_and_then_keeps_still(
    openclaw: OpenClaw, telnyx: Any, telegram: BotApi
) -> None:
    _approved_mission(openclaw)
    steps = _ours(openclaw, "setup", "openclaw", "--notify", f"telegram:{CHAT}")["steps"]
    (add,) = [step["argv"][1:] for step in steps if step["name"] == "tick"]

    with openclaw.gateway():
        for _ in range(2):
            done = openclaw.run(*add)
            assert done.returncode == 0, done.stdout + done.stderr
        jobs = openclaw.json("automations", "list")["jobs"]
        (job,) = [job for job in jobs if job.get("declarationKey") == "telnyx-toolkit:tick"]
        first = openclaw.json("automations", "run", job["id"], "--wait")
        told = list(telegram.sent)
        second = openclaw.json("automations", "run", job["id"], "--wait")

    assert (first["status"], second["status"]) == ("ok", "ok")
    assert len(telnyx.rang()) == 3
    assert [message["chat_id"] for message in told] == [CHAT]
    assert "Recommended: Chicago Grill Co, price per person $62" in told[0]["text"]
    assert telegram.sent == told


def test_a_plan_arrives_with_buttons_that_say_which_and_later_if_the_gateway_is_down(
    openclaw: OpenClaw, telegram: BotApi
) -> None:
    plan_hash, mission = "0123456789abcdef", "m_0123456789ab"
    at = datetime(2026, 11, 23, 15, tzinfo=UTC)
    text = 'Catering "quotes" wait for your yes: 3 calls, `about` $1.20 & never over $5.'
    notice = Notice(f"{mission}-4", mission, "approval_needed", at, text, {"plan_hash": plan_hash})
    way = OpenClawMessage(Program(str(openclaw.as_program()), openclaw.env))

    early = way.send(notice, Route("telegram", CHAT))
    with openclaw.gateway():
        later = way.send(notice, Route("telegram", CHAT))

    assert isinstance(early, Refused)
    assert early.again
    assert later == Delivered("openclaw-message")
    (message,) = telegram.sent
    assert message["chat_id"] == CHAT
    assert "about" in message["text"]
    assert f"{mission}-4" in message["text"]
    markup = message["reply_markup"]
    keyboard = json.loads(markup) if isinstance(markup, str) else markup
    buttons = [button for row in keyboard["inline_keyboard"] for button in row]
    assert [button["text"] for button in buttons] == ["Approve", "Decline"]
    pressed = [button["callback_data"] for button in buttons]
    assert [words.rpartition(":")[2] for words in pressed] == [
        f"{answer} plan {plan_hash} of {mission}" for answer in ("approve", "decline")
    ]
    assert all(len(words.encode()) <= 64 for words in pressed), pressed


def test_the_gateways_hook_starts_one_turn_of_the_agent_however_often_it_is_told(
    make_openclaw: Callable[..., OpenClaw], tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text(HOOK_TOKEN, encoding="utf-8")
    at = datetime(2026, 11, 23, 15, tzinfo=UTC)
    notice = Notice("m_0123456789ab-40", "m_0123456789ab", "completed", at, "Catering: done.", {})

    with serving(lambda _: Say("Noted.")) as model:
        openclaw = make_openclaw(model_url=model.url)
        openclaw.change(hooks={"enabled": True, "token": HOOK_TOKEN, "path": "/hooks"})
        way = AgentHook(f"http://localhost:{openclaw.port}/hooks/agent", token)
        early = way.send(notice, None)
        with openclaw.gateway():
            first, again = way.send(notice, None), way.send(notice, None)
            model.wait_until(lambda done: len(done.said) >= 1, 120)
            other = way.send(replace(notice, notice_id="m_0123456789ab-41"), None)
            model.wait_until(lambda done: len(done.said) >= 2, 120)

    assert isinstance(early, Refused)
    assert early.again
    assert first == again == other == Delivered("gateway-hook")
    asked = ["\n".join(conversation.person) for conversation in model.seen]
    assert [f"(notice {notice.notice_id})" in text for text in asked] == [True, False]
    assert all("telnyx-toolkit summarize m_0123456789ab" in text for text in asked)


def _approved_mission(openclaw: OpenClaw) -> str:
    plan = _ours(openclaw, "plan-steps", "--brief", str(CATERING))
    approval = ("--plan-hash", plan["plan_hash"], "--approved-by", "Dana", "--words", "Yes")
    _ours(openclaw, "approve-plan", plan["mission_id"], *approval)
    return plan["mission_id"]


def _ours(openclaw: OpenClaw, *args: str) -> Any:
    """Our command with the variables of the service: its document."""
    env = {**openclaw.env, "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [PROGRAM, *args, "--json"], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)
