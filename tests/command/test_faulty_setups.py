"""Ten set-ups that cannot work: each is answered with one line that an agent can act on."""

import http.server
import json
import sqlite3
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command.conftest import CATERING, ROOT, Shell
from tests.command.limited import bound_by_modes

NO_KEY = "No Telnyx API key: TELNYX_API_KEY is not set. What to do: Create a key"


def told(shell: Shell, *args: str, status: int, **env: str) -> str:
    """The one line that a command says, once its exit status is the expected one."""
    again = Shell(Path(shell.env["TELNYX_TOOLKIT_HOME"]), shell.base_url, **{**shell.env, **env})
    found, out, err = again.here(*args)
    assert found == status, (out, err)
    if args[0] == "tick":
        assert err == ""
        (line,) = out.splitlines()
        return line
    error = json.loads(out)["error"]
    assert error["fix"]
    return f"{error['message']} What to do: {error['fix']}"


@pytest.mark.parametrize("key", ["", "${TELNYX_API_KEY}", "  "], ids=["none", "literal", "blank"])
def test_without_a_key(shell: Shell, key: str) -> None:
    mission = shell.approved()

    assert NO_KEY in told(shell, "tick", status=3, TELNYX_API_KEY=key)
    assert NO_KEY in told(shell, "run-mission", mission, "--json", status=3, TELNYX_API_KEY=key)


def test_with_a_home_that_may_only_be_read(shell: Shell) -> None:
    shell.approved()
    home = Path(shell.env["TELNYX_TOOLKIT_HOME"])
    (home / "ledger.db").chmod(0o400)
    home.chmod(0o500)
    try:
        done = bound_by_modes(shell, "tick")
    finally:
        home.chmod(0o700)

    (line,) = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (3, "")
    assert "ledger.db" in line
    assert "(ledger_unwritable)" in line
    assert "What to do:" in line


def test_with_an_account_that_has_no_free_number(
    tmp_path: Path, sandbox_url: Callable[..., str]
) -> None:
    account = yaml.safe_load((ROOT / "fixtures/accounts/default.yaml").read_text("utf-8"))
    path = tmp_path / "account.yaml"
    path.write_text(yaml.safe_dump({**account, "numbers": []}), encoding="utf-8")
    shell = Shell(tmp_path / "home", sandbox_url("--account", str(path)))
    mission = shell.approved()

    line = told(shell, "tick", status=0)

    assert line.startswith("Corporate catering quotes: ")
    assert "number" in line
    assert "What to do:" in line
    assert "number" in told(shell, "run-mission", mission, "--json", status=6)


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("http://sandbox.example/v2", 3, "neither Telnyx nor this machine"),
        ("http://localhost:9/v2", 0, "What to do: Set TELNYX_BASE_URL=http://127.0.0.1:"),
    ],
    ids=["a stranger's", "nobody's"],
)
def test_with_a_wrong_base_url(shell: Shell, url: str, status: int, says: str) -> None:
    shell.approved()

    assert says in told(shell, "tick", status=status, TELNYX_BASE_URL=url)


def test_with_a_sandbox_where_telnyx_was_planned(shell: Shell) -> None:
    shell.approved()
    ledger = Path(shell.env["TELNYX_TOOLKIT_HOME"]) / "ledger.db"
    with closing(sqlite3.connect(ledger)) as db, db:
        elsewhere = "replace(data, ?, 'https://api.telnyx.com/v2')"
        db.execute(f"UPDATE events SET data = {elsewhere}", (shell.base_url,))  # noqa: S608

    line = told(shell, "tick", status=0)

    assert "lives at https://api.telnyx.com/v2, and TELNYX_BASE_URL is" in line
    assert "What to do: Set TELNYX_BASE_URL=https://api.telnyx.com/v2" in line


def test_with_an_approval_that_ran_out(shell: Shell) -> None:
    mission = shell.approved()
    now = shell.ask("/_sandbox/clock")["now"]
    shell.post("/_sandbox/clock", {"advance_to": f"2026-12-03{now[10:]}"})

    line = told(shell, "tick", status=0)

    assert "is more than 7 days old and the mission never began" in line
    assert "What to do: Show the plan to the person again" in line
    assert "7 days old" in told(shell, "run-mission", mission, "--json", status=5)
    assert told(shell, "tick", status=0) == "NO_REPLY"


def test_with_a_ledger_of_an_older_program(shell: Shell) -> None:
    """It is brought up to date, and the mission goes on."""
    shell.approved()
    ledger = Path(shell.env["TELNYX_TOOLKIT_HOME"]) / "ledger.db"
    with closing(sqlite3.connect(ledger)) as db, db:
        for table in ("notices", "deliveries"):
            db.execute(f"DROP TABLE {table}")
        db.execute("DROP INDEX progress_due")
        db.execute("ALTER TABLE progress DROP COLUMN telling_seq")
        db.execute("DROP TABLE snapshots")
        db.execute("DROP INDEX calls_by_phone")
        db.execute("PRAGMA user_version=4")

    status, out, err = shell.here("tick", "--for", "60s")

    assert (status, err) == (0, "")
    assert "done. Recommended: Chicago Grill Co" in out


def test_with_a_ledger_of_a_newer_program(shell: Shell) -> None:
    shell.approved()
    ledger = Path(shell.env["TELNYX_TOOLKIT_HOME"]) / "ledger.db"
    with closing(sqlite3.connect(ledger)) as db, db:
        db.execute("PRAGMA user_version=99")

    assert "What to do: Upgrade telnyx-toolkit" in told(shell, "tick", status=3)


def test_with_two_ticks_at_once(shell: Shell) -> None:
    """The second has nothing to say and nothing to do; nothing is done twice."""
    shell.approved()

    first, second = shell.start("tick", "--for", "60s"), shell.start("tick")
    told_by = [process.communicate(timeout=60) for process in (first, second)]

    assert [process.returncode for process in (first, second)] == [0, 0]
    assert [err for _, err in told_by] == ["", ""]
    assert len(shell.rang()) <= 3


def test_with_a_notification_command_that_fails(shell: Shell, tmp_path: Path) -> None:
    openclaw = _program(tmp_path, "import sys; sys.exit('error: unknown channel telegrem')")
    shell.json("plan-steps", "--brief", str(CATERING), "--notify", "telegrem:12345")

    line = told(shell, "tick", status=0, TELNYX_TOOLKIT_OPENCLAW=openclaw)

    assert line.startswith("Corporate catering quotes: a plan waits for your yes")
    assert "openclaw message send ended with status 1: error: unknown channel telegrem" in line
    assert "plan the mission again with another --notify" in line
    again = told(shell, "tick", status=0, TELNYX_TOOLKIT_OPENCLAW=openclaw)
    assert again == "NO_REPLY"


def test_with_a_gateway_hook_that_refuses(shell: Shell, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("example-hook-token\n", encoding="utf-8")
    shell.json("plan-steps", "--brief", str(CATERING))
    with _server(401) as port:
        env = {
            "TELNYX_TOOLKIT_HOOK_URL": f"http://localhost:{port}/hooks/agent",
            "TELNYX_TOOLKIT_HOOK_TOKEN_FILE": str(token),
        }
        line = told(shell, "tick", status=0, **env)

    assert "401" in line
    assert "TELNYX_TOOLKIT_HOOK_TOKEN_FILE" in line
    assert "example-hook-token" not in line


def _program(folder: Path, code: str) -> str:
    path = folder / "openclaw"
    path.write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@contextmanager
def _server(status: int) -> Generator[int]:
    class Refuses(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            del format, args

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refuses) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()
