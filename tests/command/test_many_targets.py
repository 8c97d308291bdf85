"""A plan for a thousand people is there before anybody wonders."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

CODES = ("312", "212", "415", "713", "602", "303", "206", "404", "617", "305")
AT_MOST_S = 2.0


@pytest.mark.slow
def test_a_thousand_targets_are_planned_in_under_two_seconds(shell: Any, tmp_path: Path) -> None:
    people = [
        {"name": f"Shop {n}", "phone": f"+1{CODES[n % 10]}55501{n // 10:02}"} for n in range(1_000)
    ]
    brief = {
        "name": "Opening hours",
        "goal": "When are they open on Saturday?",
        "on_behalf_of": "Dana Reyes",
        "strategy": "sweep",
        "targets": people,
        "collect": {"open_until": {"type": "string", "required": True}},
        "limits": {"spend_usd": "900.00"},
    }
    path = tmp_path / "brief.json"
    path.write_text(json.dumps(brief), encoding="utf-8")
    mission = shell.json("create-mission", "--brief", str(path))["mission_id"]

    times: list[float] = []
    plan: dict[str, Any] = {}
    for _ in range(3):
        began = time.monotonic()
        plan = json.loads(shell.run("plan-steps", mission, "--json").stdout)
        times.append(time.monotonic() - began)

    assert len(plan["calls"]) == 1_000
    assert len(plan["summary"]) <= 20
    assert min(times) < AT_MOST_S
