"""`telnyx-toolkit do-not-call` as somebody types it: no key, no network, plain answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

A, B = "+13125550101", "+13125550102"
NOBODY_LISTENS = "http://127.0.0.1:9/v2"


@pytest.fixture
def keyless(make_shell: Callable[..., Any]) -> Any:
    shell = make_shell(NOBODY_LISTENS)
    del shell.env["TELNYX_API_KEY"]
    return shell


def test_a_number_is_added_listed_and_removed(keyless: Any) -> None:
    added = keyless.here("do-not-call", "add", "--phone", A, "--reason", "wrote a letter")
    again = keyless.here("do-not-call", "add", "--phone", A, "--reason", "wrote a letter")
    listed = keyless.here("do-not-call", "list")
    removed = keyless.here("do-not-call", "remove", "--phone", A, "--reason", "rang us")
    history = keyless.here("do-not-call", "list", "--phone", A)
    empty = keyless.here("do-not-call", "list")

    runs = (added, again, listed, removed, history, empty)
    assert [(status, err) for status, _, err in runs] == [(0, "")] * 6
    assert added[1].startswith(f"{A} is on the do-not-call list now: since ")
    assert "wrote a letter (a person)" in added[1]
    assert f"{A} was on it already" in again[1]
    assert [word in listed[1] for word in (A, "wrote a letter", "a person")] == [True] * 3
    assert removed[1] == f"{A} is off the do-not-call list.\n"
    assert [word in history[1] for word in ("wrote a letter", "rang us", "off")] == [True] * 3
    assert empty[1] == "Nobody is on the do-not-call list.\n"


def test_a_file_is_imported_from_disk_and_from_standard_input(keyless: Any, tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    file.write_bytes(f"\ufeffphone;reason\r\n{A};asked\r\n(312) 555-0102;\r\n".encode())
    flags = ("--country", "US", "--source", "numbers.csv")

    status, out, _ = keyless.here("do-not-call", "import", "--file", str(file), *flags)
    piped = keyless.run("do-not-call", "import", "--file", "-", "--json", stdin=f"{A}\nKim\n{B}\n")
    told = keyless.run(
        "do-not-call", "import", "--file", "-", "--skip-bad", "--json", stdin=f"{A}\nKim\n"
    )

    assert (status, out) == (0, "2 added, 0 there already.\n")
    assert piped.returncode == 2
    assert json.loads(piped.stdout)["error"]["code"] == "unreadable_lines"
    assert json.loads(told.stdout)["already_there"] == 1
    assert json.loads(told.stdout)["unreadable"][0]["text"] == "Kim"
    rows = keyless.json("do-not-call", "list")["numbers"]
    assert [(row["phone"], row["source"]) for row in rows] == [
        (A, "numbers.csv"),
        (B, "numbers.csv"),
    ]


def test_a_skipped_line_is_shown(keyless: Any, tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text(f"{A}\nKim\n", encoding="utf-8")

    status, out, _ = keyless.here("do-not-call", "import", "--file", str(file), "--skip-bad")

    assert status == 0
    assert "skipped line 2: 'Kim' is not a telephone number" in out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("burn",), "action 'burn' is not one of: add, remove, list, import"),
        ((), "required: add|remove|list|import"),
        (("import", "--file", "nowhere.csv"), "'nowhere.csv' cannot be read"),
        (("remove", "--phone", A), "There is no reason to remove"),
    ],
)
def test_what_cannot_be_done_is_said(keyless: Any, arguments: tuple[str, ...], why: str) -> None:
    status, _, err = keyless.here("do-not-call", *arguments)

    assert status == 2
    assert why in err
    assert "fix: " in err


def test_a_file_in_another_encoding_is_refused(keyless: Any, tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    file.write_bytes(f"phone,reason\n{A},caf\xe9".encode("latin-1"))

    status, _, err = keyless.here("do-not-call", "import", "--file", str(file))

    assert status == 2
    assert "is not UTF-8 text" in err
    assert "CSV UTF-8" in err


def test_a_mission_to_a_listed_number_is_refused_with_the_way_out(shell: Any) -> None:
    shell.json("do-not-call", "add", "--phone", A, "--reason", "wrote a letter")

    brief = "fixtures/missions/catering.yaml"
    status, _, err = shell.here("create-mission", "--brief", brief)

    assert status == 5
    assert err.startswith("do_not_call: These may not be called:\n")
    assert "is on the do-not-call list since" in err
    assert "wrote a letter" in err
    assert "fix: Leave them out. Only if they themselves said" in err
    assert shell.ask("/ai/missions")["data"] == []
