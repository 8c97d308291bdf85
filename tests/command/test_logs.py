"""`--log-format` on the command: lines on standard error, and the one document where it was."""

import json
from typing import Any

from tests.command.conftest import Shell


def test_a_command_that_logs_still_prints_one_document(shell: Shell) -> None:
    mission = shell.approved()

    status, out, err = shell.here("run-mission", mission, "--json", "--log-format", "json")

    lines = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    assert status == 0
    assert json.loads(out)["state"] == "succeeded"
    assert {line["mission"] for line in lines if "attempt" in line} == {mission}
    assert sum(line["effect"] == "schedule_call" for line in lines) == len(shell.rang())


def test_nothing_is_logged_unless_it_is_asked_for(shell: Shell) -> None:
    shell.approved()

    assert shell.here("tick", "--for", "60s")[2] == ""
    assert shell.here("--log-level=warning", "tick", "--json")[2] == ""


def test_a_format_that_there_is_not_is_refused_and_what_stands_after_two_dashes_is_not_ours(
    make_shell: Any,
) -> None:
    shell = make_shell("http://127.0.0.1:9/v2")

    assert "invalid choice: 'xml'" in shell.here("tick", "--log-format", "xml")[2]
    assert "expected one argument" in shell.here("tick", "--log-format")[2]
    assert "unrecognized arguments" in shell.here("tick", "--", "--log-format", "json")[2]
