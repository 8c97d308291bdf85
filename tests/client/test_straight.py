"""The straight way to the sandbox asks and answers what the way through httpx does."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
import yaml

from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.errors import ErrorResponse, NoResponse
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.simulator import Sandbox
from telnyx_toolkit.telnyx import Http, Transport, in_process, straight_to
from telnyx_toolkit.toolkit import Toolkit

FIXTURES = Path(__file__).parents[2] / "fixtures"
URL = "http://127.0.0.1/v2"
WAYS: tuple[Callable[[Callable[..., Any]], Transport], ...] = (in_process, straight_to)


def sandbox(clock: ManualClock, *faults: dict[str, Any]) -> Sandbox:
    """The shipped one."""
    account = FIXTURES / "accounts" / "default.yaml"
    return Sandbox(clock, callees=FIXTURES / "callees", account=account, faults=faults)


def played(home: Path, way: Callable[[Callable[..., Any]], Transport]) -> tuple[Any, ...]:
    """The catering mission: what the sandbox was asked, and what came of it."""
    clock = ManualClock(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))
    asked, ids = sandbox(clock), Random(0)
    brief = parse_brief(yaml.safe_load((FIXTURES / "missions" / "catering.yaml").read_bytes()))
    toolkit = Toolkit(
        Settings(URL, home, ApiKey("example")),
        clock=clock,
        transport=way(asked),
        new_id=lambda: str(UUID(int=ids.getrandbits(128), version=4)),
    )
    with closing(toolkit):
        mission = toolkit.engine.create_mission(brief).mission_id
        state, _ = toolkit.engine.plan_steps(mission)
        assert state.plan
        toolkit.engine.approve_plan(mission, state.plan.plan_hash, "Dana", "Yes.")
        toolkit.engine.run(mission)
        _, payload, text = toolkit.engine.summarize(mission)
    return asked.requests, payload, text, asked.problems


def test_a_mission_is_the_same_by_both_ways(tmp_path: Path) -> None:
    through, straight = (played(tmp_path / way.__name__, way) for way in WAYS)

    assert len(through[0]) > 90
    assert straight == through


@pytest.mark.parametrize("way", WAYS)
def test_an_error_and_a_silence_are_the_same_by_both_ways(
    way: Callable[[Callable[..., Any]], Transport],
) -> None:
    clock = ManualClock(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))
    fault = {"on": "GET /balance", "do": "drop_before"}
    http = Http(URL, ApiKey("example"), way(sandbox(clock, fault)))
    with pytest.raises(ErrorResponse) as refused:
        http.request("GET", "/nothing/here%20it")
    assert refused.value.status == 404
    with pytest.raises(NoResponse):
        http.request("GET", "/balance")
