"""One clear error each: no traceback, the right exit status, nothing created."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

CATERING = Path(__file__).parents[2] / "fixtures" / "missions" / "catering.yaml"
NOBODY = "http://127.0.0.1:9/v2"


def _failed(shell: Any, status: int, *args: str) -> dict[str, str]:
    ended, out, err = shell.here(*args, "--json")
    assert ended == status, out + err
    assert "Traceback" not in err
    error: dict[str, str] = json.loads(out)["error"]
    assert set(error) == {"code", "message", "fix"}
    assert error["message"]
    assert error["fix"]
    return error


def _brief(tmp_path: Path, **changes: Any) -> str:
    document = {**yaml.safe_load(CATERING.read_text(encoding="utf-8")), **changes}
    path = tmp_path / "brief.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return str(path)


def test_a_missing_key_says_where_to_get_one(make_shell: Any) -> None:
    shell = make_shell(NOBODY)
    del shell.env["TELNYX_API_KEY"]

    error = _failed(shell, 3, "create-mission", "--brief", str(CATERING))

    assert error["code"] == "configuration"
    assert "TELNYX_API_KEY" in error["fix"]


def test_a_key_that_was_never_filled_in_counts_as_missing(make_shell: Any) -> None:
    shell = make_shell(NOBODY, TELNYX_API_KEY="${TELNYX_API_KEY}")

    _failed(shell, 3, "create-mission", "--brief", str(CATERING))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"targets": []}, "targets: is empty"),
        ({"strategy": "negociate"}, "did you mean 'negotiate'"),
        (
            {"targets": [{"name": "A", "phone": "555-0101"}]},
            "'555-0101' is not a phone number in international form",
        ),
        ({"gaol": "typo"}, "gaol: is not a field (did you mean 'goal'?)"),
    ],
)
def test_a_brief_that_cannot_be_used_names_the_field_and_creates_nothing(
    shell: Any, tmp_path: Path, changes: dict[str, Any], expected: str
) -> None:
    error = _failed(shell, 2, "create-mission", "--brief", _brief(tmp_path, **changes))

    assert expected in error["message"]
    assert shell.ask("/_sandbox/requests")["data"] == []
    assert shell.json("list-missions")["missions"] == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"\xff\xfe\x00bad", "UTF-8"), (b"a: [unclosed", "cannot be read"), (b"just text", "mapping")],
)
def test_an_unreadable_brief_says_why(
    make_shell: Any, tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "brief.yaml"
    path.write_bytes(content)

    error = _failed(make_shell(NOBODY), 2, "create-mission", "--brief", str(path))

    assert expected in error["message"]


def test_a_brief_that_does_not_exist_is_an_input_error(make_shell: Any) -> None:
    error = _failed(make_shell(NOBODY), 2, "create-mission", "--brief", "no-such-file.yaml")

    assert "No such file" in error["message"]


def test_an_unknown_mission_is_exit_status_four(make_shell: Any) -> None:
    assert _failed(make_shell(NOBODY), 4, "mission-status", "m_nothing")["code"] == (
        "unknown_mission"
    )


def test_a_missing_argument_is_exit_status_two(make_shell: Any) -> None:
    error = _failed(make_shell(NOBODY), 2, "approve-plan", "m_nothing")

    assert "--plan-hash" in error["message"]


def test_a_base_url_of_a_stranger_is_refused_before_the_key_goes_anywhere(make_shell: Any) -> None:
    error = _failed(make_shell("https://api.telnyx.example/v2"), 3, "list-missions")

    assert "stranger" in error["message"]


def test_running_before_approval_is_exit_status_five_and_dials_nothing(shell: Any) -> None:
    mission = shell.json("create-mission", "--brief", str(CATERING))["mission_id"]
    assert _failed(shell, 5, "run-mission", mission)["code"] == "not_planned"
    shell.json("plan-steps", mission)

    error = _failed(shell, 5, "run-mission", mission)

    assert error["code"] == "not_approved"
    assert "approve-plan" in error["fix"]
    assert shell.rang() == []


def test_an_account_without_a_free_number_is_exit_status_six(
    make_shell: Any, sandbox_url: Any
) -> None:
    shell = make_shell(sandbox_url("--account", "fixtures/accounts/no-free-number.yaml"))
    mission = shell.approved()

    error = _failed(shell, 6, "run-mission", mission)

    assert error["code"] == "no_free_number"
    assert "portal.telnyx.com" in error["fix"]
    assert shell.ask("/ai/assistants")["data"] == []


def test_an_account_with_five_faults_reports_them_all_and_is_exit_status_six(
    make_shell: Any, sandbox_url: Any, tmp_path: Path
) -> None:
    shell = make_shell(sandbox_url("--account", "fixtures/accounts/five-faults.yaml"))
    brief = _brief(tmp_path, voice={"model": "example/none", "voice": "Telnyx.NaturalHD.nobody"})

    status, out, _ = shell.here("check-account", "--brief", brief, "--json")
    _, shown, _ = shell.here("check-account", "--brief", brief)

    assert status == 6
    assert len(json.loads(out)["problems"]) == 5
    assert shown.count("fix:") == 5
    assert "Not ready to call." in shown


def test_a_server_that_is_not_there_is_exit_status_six(make_shell: Any) -> None:
    error = _failed(make_shell(NOBODY), 6, "create-mission", "--brief", str(CATERING))

    assert error["code"] == "not_reached"


def test_the_key_shows_nowhere(make_shell: Any, sandbox_url: Any, tmp_path: Path) -> None:
    canary = "KEYexampleCANARY0123456789"
    shell = make_shell(sandbox_url(), TELNYX_API_KEY=canary)
    outputs: list[str] = []
    mission = shell.approved()
    for command in ("run-mission", "summarize", "mission-status"):
        outputs += shell.here(command, mission)[1:]
    shell.env["TELNYX_BASE_URL"] = NOBODY
    outputs += shell.here("create-mission", "--brief", str(CATERING))[1:]

    assert canary not in "".join(outputs)
    for path in filter(Path.is_file, (tmp_path / "home").rglob("*")):
        assert canary.encode() not in path.read_bytes()


def test_the_ledger_is_private(shell: Any, tmp_path: Path) -> None:
    shell.approved()

    home = tmp_path / "home"
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "ledger.db").stat().st_mode & 0o777 == 0o600
