"""`telnyx-toolkit ledger`: check, export, import, by the command."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command.conftest import ROOT
from tests.command.limited import bound_by_modes
from tests.unit.ledgers import everything, filled

CANARY = "KEYexampleCANARY0123456789"


@pytest.fixture
def offline(make_shell: Callable[..., Any]) -> Any:
    return make_shell("http://127.0.0.1:9/v2", TELNYX_API_KEY=CANARY)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return filled(tmp_path / "home")


def facts_of(text: str) -> list[str]:
    """The lines of an export but the first, which says when it was made."""
    return text.splitlines()[1:]


def test_a_mission_moves_to_another_home_and_is_the_same_there(
    make_shell: Any, sandbox_url: Any, tmp_path: Path
) -> None:
    shell = make_shell(sandbox_url(), TELNYX_API_KEY=CANARY)
    mission = shell.approved()
    shell.json("run-mission", mission)
    out = tmp_path / "export.jsonl"
    told = shell.json("ledger", "export", "--out", str(out))
    before = shell.json("mission-status", mission)
    count = len(facts_of(out.read_text(encoding="ascii"))) - 1  # progress is one line

    shell.env["TELNYX_TOOLKIT_HOME"] = str(tmp_path / "another")
    done = shell.json("ledger", "import", str(out))

    assert told == {"path": str(out), "missions": 1, "events": count, "listings": 0}
    assert (done["missions"], done["events_added"], done["events_skipped"]) == (1, count, 0)
    assert "look at each unfinished mission at Telnyx" in done["note"]
    assert shell.json("mission-status", mission) == before
    _, again, _ = shell.here("ledger", "export")
    assert facts_of(again) == facts_of(out.read_text(encoding="ascii"))
    assert shell.json("ledger", "check")["ok"]
    assert CANARY not in out.read_text(encoding="ascii")


def test_an_export_goes_to_standard_output_and_an_import_comes_from_standard_input(
    offline: Any, ledger: Path, tmp_path: Path
) -> None:
    sent = offline.run("ledger", "export").stdout
    before = list(everything(ledger))
    offline.env["TELNYX_TOOLKIT_HOME"] = str(tmp_path / "another")

    done = offline.run("ledger", "import", "-", stdin=sent)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 missions with 6 events: 6 events added, 0 were there already.")
    assert list(everything(tmp_path / "another" / "ledger.db")) == before


def test_one_mission_alone_goes_to_a_private_file(
    offline: Any, ledger: Path, tmp_path: Path
) -> None:
    out = tmp_path / "m_2.jsonl"

    status, told, _ = offline.here("ledger", "export", "--mission", "m_2", "--out", str(out))

    assert status == 0
    assert told == f"{out} has 1 mission with 3 events\n"
    assert out.stat().st_mode & 0o777 == 0o600
    assert len(facts_of(out.read_text(encoding="ascii"))) == 4
    assert sorted(os.listdir(tmp_path)) == ["home", "m_2.jsonl"]
    assert ledger.exists()


@pytest.mark.usefixtures("ledger")
def test_a_file_that_is_there_is_replaced_only_by_force(offline: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("precious")

    status, told, _ = offline.here("ledger", "export", "--out", str(out), "--json")

    assert (status, json.loads(told)["error"]["code"]) == (2, "file_exists")
    assert "--force" in json.loads(told)["error"]["fix"]
    assert out.read_text() == "precious"
    assert offline.json("ledger", "export", "--out", str(out), "--force")["events"] == 6
    assert len(facts_of(out.read_text(encoding="ascii"))) == 8
    assert sorted(os.listdir(tmp_path)) == ["home", "out"]


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_f36_an_export_to_a_full_device_is_not_taken_for_whole(
    offline: Any, unbuffered: str
) -> None:
    for option in ((), ("--json",)):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "telnyx_toolkit", "ledger", "export", *option],
                env={**offline.env, "PYTHONUNBUFFERED": unbuffered},
                cwd=ROOT,
                text=True,
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
            )

        assert done.returncode == 3, done.stderr
        assert "output_unwritable: Standard output cannot be written: No space" in done.stderr
        assert "not complete" in done.stderr
        assert "Exception ignored" not in done.stderr


@pytest.mark.usefixtures("ledger")
def test_an_export_whose_reader_goes_away_ends_quietly(offline: Any) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "telnyx_toolkit", "ledger", "export"],
            env={**offline.env, "PYTHONUNBUFFERED": ""},
            cwd=ROOT,
            text=True,
            stdout=pipe,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.usefixtures("ledger")
def test_f36_an_export_that_cannot_be_written_leaves_nothing_behind(
    offline: Any, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.mkdir(mode=0o500)

    for out in (target / "x.jsonl", tmp_path / "no" / "x.jsonl"):
        done = bound_by_modes(offline, "ledger", "export", "--out", str(out), "--json")
        assert done.returncode == 3
        assert json.loads(done.stdout)["error"]["code"] == "output_unwritable"

    target.chmod(0o700)
    assert os.listdir(target) == []


def test_an_edited_export_changes_nothing_and_names_the_line(
    offline: Any, ledger: Path, tmp_path: Path
) -> None:
    lines = offline.run("ledger", "export").stdout.splitlines(keepends=True)
    export = tmp_path / "export.jsonl"
    export.write_text("".join([*lines[:3], lines[3].replace('"n":3', '"n":4'), *lines[4:]]))
    offline.env["TELNYX_TOOLKIT_HOME"] = str(tmp_path / "another")

    status, out, _ = offline.here("ledger", "import", str(export), "--json")

    assert status == 2
    assert json.loads(out)["error"]["message"].startswith("Line 4 of the export was changed")
    assert not (tmp_path / "another").exists()
    assert ledger.exists()


def test_an_export_that_does_not_exist_is_an_input_error(offline: Any) -> None:
    status, out, _ = offline.here("ledger", "import", "no-such-file", "--json")

    assert status == 2
    assert "No such file" in json.loads(out)["error"]["message"]


def test_nothing_is_exported_or_made_where_there_is_no_ledger(offline: Any, tmp_path: Path) -> None:
    status, out, _ = offline.here("ledger", "export", "--json")

    assert (status, json.loads(out)["error"]["code"]) == (3, "ledger_missing")
    assert not (tmp_path / "home").exists()


def test_people_read_that_a_ledger_is_sound_or_what_to_do(offline: Any, ledger: Path) -> None:
    status, sound, _ = offline.here("ledger", "check")
    ledger.write_bytes(ledger.read_bytes()[:4096])
    broken_status, broken, _ = offline.here("ledger", "check")

    assert (status, broken_status) == (0, 3)
    assert "2 missions with 6 events" in sound
    assert sound.endswith("Sound.\n")
    assert "ledger_damaged: " in broken
    assert "fix: Keep the file." in broken
    assert broken.endswith("Not sound.\n")


def test_a_check_for_programs_has_the_same_answer_and_exit_status(
    offline: Any, ledger: Path
) -> None:
    status, out, _ = offline.here("ledger", "check", "--json")
    ledger.write_bytes(b"")
    broken_status, broken, _ = offline.here("ledger", "check", "--json")

    assert (status, json.loads(out)["ok"]) == (0, True)
    assert (broken_status, json.loads(broken)["ok"]) == (3, False)
    assert [p["code"] for p in json.loads(broken)["problems"]] == ["ledger_damaged"]


def test_a_ledger_command_without_a_verb_says_how_to_ask(offline: Any) -> None:
    status, out, _ = offline.here("ledger", "--json")

    assert status == 2
    assert "telnyx-toolkit ledger --help" in json.loads(out)["error"]["fix"]
