"""Step by step over HTTP, in separate processes: five commands, the same result."""

import json
from typing import Any


def test_five_commands_run_the_catering_mission(shell: Any) -> None:
    created = shell.run("create-mission", "--brief", "fixtures/missions/catering.yaml", "--json")
    mission = json.loads(created.stdout)["mission_id"]
    plan_hash = json.loads(shell.run("plan-steps", mission, "--json").stdout)["plan_hash"]
    approval = ("--plan-hash", plan_hash, "--approved-by", "Dana", "--words", "Yes: $62 or less!")
    assert shell.run("approve-plan", mission, *approval).returncode == 0
    ran = shell.run("run-mission", mission, "--wait")
    summary = json.loads(shell.run("summarize", mission, "--json").stdout)

    assert ran.returncode == 0, ran.stderr
    assert "Chicago Grill Co: call rings at 09:03 their time, will be told of $65" in ran.stderr
    payload = summary["result_payload"]
    assert [row["offer"]["amount"] for row in payload["targets"]] == [65, 62, 65]
    assert payload["recommendation"]["saving_text"] == "$150"
    assert len(shell.rang()) == 3


def test_the_sandbox_s_run_tells_the_whole_story(shell: Any) -> None:
    mission = shell.approved()
    status = shell.json("run-mission", mission, "--wait", "10m")

    path = f"/ai/missions/{status['telnyx_mission_id']}/runs/{status['run_id']}"
    run = shell.ask(path)["data"]
    assert run["status"] == "succeeded"
    assert run["result_payload"]["recommendation"]["target"] == "Chicago Grill Co"
    assert run["result_summary"].startswith("Recommended: Chicago Grill Co")
    assert {s["status"] for s in shell.ask(f"{path}/plan")["data"]} == {"completed"}
    assert len(shell.ask(f"{path}/telnyx-agents")["data"]) == 1


def test_a_brief_comes_from_standard_input_too(shell: Any) -> None:
    brief = {
        "name": "Joe's survey: $62, 日本語 🎂",
        "goal": "Ask.\nTwice.",
        "on_behalf_of": "Dana",
        "strategy": "sweep",
        "targets": [{"name": "A", "phone": "+13125550120", "timezone": "America/Chicago"}],
        "collect": {"open": {"type": "boolean"}},
    }

    done = shell.run("create-mission", "--brief", "-", "--json", stdin=json.dumps(brief))

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["name"] == brief["name"]


def test_status_and_list_need_no_server(shell: Any) -> None:
    mission = shell.approved()
    shell.env["TELNYX_BASE_URL"] = "http://127.0.0.1:9/v2"
    del shell.env["TELNYX_API_KEY"]

    assert shell.json("mission-status", mission)["state"] == "approved"
    assert shell.json("list-missions")["missions"][0]["mission_id"] == mission


def test_with_json_standard_output_is_one_document_and_progress_goes_elsewhere(
    shell: Any,
) -> None:
    mission = shell.approved()

    _, out, err = shell.here("run-mission", mission, "--json")

    assert json.loads(out)["state"] == "succeeded"
    assert "Mission started" in err


def test_people_read_a_plan_of_at_most_twenty_lines(shell: Any) -> None:
    mission = shell.json("create-mission", "--brief", "fixtures/missions/catering.yaml")

    _, shown, _ = shell.here("plan-steps", mission["mission_id"])

    assert len(shown.splitlines()) <= 20
    for needed in ("Lakefront Catering", "+13125550101", "Mon 23 Nov 09:00", "AI assistant"):
        assert needed in shown
    for needed in ("never over $5.00", "cancel-mission", "run-mission"):
        assert needed in shown


def test_a_mission_without_a_result_ends_with_exit_status_one(shell: Any, tmp_path: Any) -> None:
    brief = tmp_path / "brief.json"
    brief.write_text(
        json.dumps(
            {
                "name": "Nobody",
                "goal": "Ask.",
                "on_behalf_of": "Dana",
                "strategy": "sweep",
                "targets": [{"name": "A", "phone": "+13125550111", "timezone": "America/Chicago"}],
                "collect": {"open": {"type": "boolean"}},
            }
        )
    )
    mission = shell.approved(brief)

    assert shell.here("run-mission", mission)[0] == 1
    assert shell.json("mission-status", mission)["state"] == "failed"
