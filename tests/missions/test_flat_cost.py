"""A target of a large sweep is looked at no more often than one of a small sweep."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from telnyx_toolkit.pace import Pace
from tests.bench.sweep import sweep_of
from tests.conftest import Doc, Rig

FEW, MANY = 40, 160
AT_MOST = 1.15
_LINES = 8


def _calls_of_ours(work: Callable[[], object]) -> int:
    """How often functions of the toolkit are called, the sandbox's left out."""
    count = 0

    def counted(frame: FrameType, event: str, _: Any) -> None:
        nonlocal count
        name: str = frame.f_globals.get("__name__", "")
        if event == "call" and name.startswith("telnyx_toolkit.") and "simulator" not in name:
            count += 1

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def _cost(rig: Rig, many: int) -> float:
    """Calls of our functions for each target of a sweep, from the brief to the summary."""
    engine = rig.another(pace=Pace(_LINES, None, None)).engine

    def work() -> None:
        from telnyx_toolkit.brief_reader import parse_brief  # noqa: PLC0415 - its work counts too

        mission = engine.create_mission(parse_brief(sweep_of(many))).mission_id
        state, _ = engine.plan_steps(mission)
        assert state.plan
        engine.approve_plan(mission, state.plan.plan_hash, "Dana", "Yes.")
        engine.run(mission)
        engine.summarize(mission)

    return _calls_of_ours(work) / many


def _all_lines(account: Doc) -> None:
    account["level"] = "verified"


@pytest.mark.slow
def test_a_target_costs_the_same_among_many(make_rig: Callable[..., Rig]) -> None:
    few, many = (_cost(make_rig(change=_all_lines), n) for n in (FEW, MANY))
    assert many <= AT_MOST * few
