"""A mission in two commands, with the same rules as in five."""

import json
from pathlib import Path
from typing import Any

import pytest

ONE_CALL = {
    "name": "One question",
    "goal": "Until when are they open on Saturday?",
    "on_behalf_of": "Dana Reyes",
    "strategy": "sweep",
    "targets": [
        {
            "name": "Lincoln Square Hardware",
            "phone": "+13125550160",
            "timezone": "America/Chicago",
        }
    ],
    "collect": {"open_until": {"type": "string", "required": True}},
}
YES = ("--approved-by", "Dana", "--words", "Yes, call them.")


@pytest.fixture
def brief(tmp_path: Path) -> str:
    path = tmp_path / "brief.json"
    path.write_text(json.dumps(ONE_CALL), encoding="utf-8")
    return str(path)


def test_a_single_call_takes_two_commands(shell: Any, brief: str) -> None:
    plan = shell.json("plan-steps", "--brief", brief)
    approval = ("--plan-hash", plan["plan_hash"], *YES)

    status, out, err = shell.here("run-mission", plan["mission_id"], *approval, "--wait", "10m")

    assert status == 0, err
    assert 'open until "two in the afternoon": "we close at two in the afternoon"' in out
    assert plan["next"].startswith(f"telnyx-toolkit run-mission {plan['mission_id']} --plan-hash")
    assert len(shell.rang()) == 1


def test_the_second_may_be_repeated_and_calls_nobody_again(shell: Any, brief: str) -> None:
    plan = shell.json("plan-steps", "--brief", brief)
    command = ("run-mission", plan["mission_id"], "--plan-hash", plan["plan_hash"], *YES)

    first, second = shell.json(*command), shell.json(*command)

    assert first == second
    assert first["state"] == "succeeded"
    assert first["result_payload"]["targets"][0]["answers"] == {
        "open_until": "two in the afternoon"
    }
    assert len(shell.rang()) == 1


@pytest.mark.parametrize(
    ("given", "code", "status"),
    [
        ((), "not_approved", 5),
        (("--plan-hash", "0123456789abcdef", *YES), "plan_changed", 5),
        (YES, "bad_input", 2),
        (("--plan-hash", "HASH", "--approved-by", "Dana"), "bad_input", 2),
        (("--plan-hash", "HASH", "--approved-by", " ", "--words", "Yes"), "bad_input", 2),
        (("--code", "12345678"), "bad_input", 2),
    ],
)
def test_without_the_whole_approval_of_this_plan_nobody_is_called(
    shell: Any, brief: str, given: tuple[str, ...], code: str, status: int
) -> None:
    plan = shell.json("plan-steps", "--brief", brief)
    shown = [plan["plan_hash"] if word == "HASH" else word for word in given]

    ended, out, _ = shell.here("run-mission", plan["mission_id"], *shown, "--json")

    assert (ended, json.loads(out)["error"]["code"]) == (status, code)
    assert shell.rang() == []


def test_a_changed_brief_takes_the_place_of_the_first_and_needs_a_new_yes(
    shell: Any, brief: str, tmp_path: Path
) -> None:
    plan = shell.json("plan-steps", "--brief", brief)
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps({**ONE_CALL, "goal": "When?"}), encoding="utf-8")

    again = shell.json("plan-steps", plan["mission_id"], "--brief", str(changed))
    old = ("--plan-hash", plan["plan_hash"], *YES)
    ended, _, _ = shell.here("run-mission", plan["mission_id"], *old)

    assert again["mission_id"] == plan["mission_id"]
    assert again["plan_hash"] != plan["plan_hash"]
    assert ended == 5
    assert shell.rang() == []


def test_the_same_brief_may_be_run_anew_as_a_mission_of_its_own(shell: Any, brief: str) -> None:
    first = shell.json("plan-steps", "--brief", brief)

    assert shell.json("plan-steps", "--brief", brief)["mission_id"] == first["mission_id"]
    again = shell.json("plan-steps", "--brief", brief, "--repeat", "2")

    assert again["mission_id"] != first["mission_id"]


@pytest.mark.parametrize("given", [(), ("m_example", "--repeat", "2")])
def test_there_is_nothing_to_plan_without_a_mission_or_a_brief(
    shell: Any, given: tuple[str, ...]
) -> None:
    ended, out, _ = shell.here("plan-steps", *given, "--json")

    assert ended == 2
    assert "plan-steps --brief FILE" in json.loads(out)["error"]["fix"]
