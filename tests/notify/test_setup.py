"""What `setup` shows can be run as it stands, twice, holds no secret, and can be undone."""

import json
import os
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.errors import ConfigError, InvalidInput
from telnyx_toolkit.notices import Route
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.setup.host import Host, this_host
from telnyx_toolkit.setup.launchd import launchd_recipe
from telnyx_toolkit.setup.openclaw import openclaw_recipe
from telnyx_toolkit.setup.recipe import Recipe
from telnyx_toolkit.setup.schedule import Schedule, schedule_of
from telnyx_toolkit.setup.systemd import systemd_recipe
from tests.notify.stage import ROUTE, FakeOpenClaw

REPEATABLY = settings(max_examples=50, deadline=None, derandomize=True)
SECRETS = {
    "TELNYX_API_KEY": "KEYsecretword",
    "TELNYX_TOOLKIT_WEBHOOK_URL": "https://h.example/secretword",
    "TELNYX_TOOLKIT_APPROVAL_COMMAND": "curl -d secretword",
}
STRANGE = "a b'c\"d $HOME %h `id` \\ é"
EVERY = Schedule(120)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A person's home directory, with a name that no quoting should trip over."""
    path = tmp_path / STRANGE
    path.mkdir()
    return path


def host(folder: Path, **env: str) -> Host:
    given_env = {"HOME": str(folder), "PATH": "/usr/bin:/bin", **env}
    given_env.setdefault("TELNYX_TOOLKIT_HOME", str(folder / "ledger"))
    script = folder / "telnyx-toolkit"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    return this_host(Settings.from_environment(given_env), given_env, str(script), sys.executable)


def recipes(of: Host) -> list[Recipe]:
    return [
        openclaw_recipe(of, EVERY, ROUTE),
        systemd_recipe(of, EVERY),
        launchd_recipe(of, EVERY, 501),
    ]


def options(argv: tuple[str, ...], name: str) -> list[str]:
    return [argv[n + 1] for n, word in enumerate(argv) if word == name]


def run_script(recipe: Recipe, programs: Path) -> None:
    subprocess.run(
        ["sh", "-eu"],
        input=recipe.as_text(),
        text=True,
        check=True,
        timeout=20,
        env={"PATH": f"{programs}:/usr/bin:/bin"},
    )


def test_openclaw_calls_tick_with_an_absolute_path_and_no_shell(folder: Path) -> None:
    job, _ = openclaw_recipe(host(folder), EVERY, ROUTE).steps

    assert job.argv[:3] == ("openclaw", "automations", "add")
    assert options(job.argv, "--declaration-key") == ["telnyx-toolkit:tick"]
    assert options(job.argv, "--every") == ["2m"]
    [command] = options(job.argv, "--command-argv")
    assert json.loads(command) == [str(folder / "telnyx-toolkit"), "tick", "--for", "90s"]
    assert options(job.argv, "--timeout-seconds") == ["150"]
    assert f"TELNYX_TOOLKIT_HOME={folder / 'ledger'}" in options(job.argv, "--command-env")


def test_what_a_tick_says_goes_to_the_route_or_nowhere(folder: Path) -> None:
    def ends(route: Route | None) -> tuple[str, ...]:
        job = openclaw_recipe(host(folder), EVERY, route).steps[0].argv
        return job[job.index("--output-max-bytes") + 2 :]

    assert ends(None) == ("--no-deliver",)
    assert ends(Route("slack", "C1")) == ("--announce", "--channel=slack", "--to=C1")
    assert ends(ROUTE) == (
        "--announce",
        "--channel=telegram",
        "--to=-1001234",
        "--account=work",
        "--thread-id=7",
    )


def test_openclaw_is_told_of_our_tools_and_where_the_key_is_not_what_it_is(folder: Path) -> None:
    _, tools = openclaw_recipe(host(folder, **SECRETS), EVERY, None).steps

    assert tools.argv[:4] == ("openclaw", "mcp", "set", "telnyx-toolkit")
    server = json.loads(tools.argv[4])
    assert server == {
        "command": str(folder / "telnyx-toolkit"),
        "args": ["mcp"],
        "env": {
            "TELNYX_TOOLKIT_HOME": str(folder / "ledger"),
            "TELNYX_API_KEY": "${TELNYX_API_KEY}",
            "TELNYX_TOOLKIT_APPROVAL_COMMAND": "${TELNYX_TOOLKIT_APPROVAL_COMMAND}",
        },
        "connectionTimeoutMs": 60_000,
        "requestTimeoutMs": 60_000,
        "codex": {"defaultToolsApprovalMode": "prompt"},
    }


def test_a_key_in_a_file_is_named_by_its_path(folder: Path) -> None:
    key = folder / "key"
    key.write_text("KEYsecretword")
    job, tools = openclaw_recipe(host(folder, TELNYX_API_KEY_FILE=str(key)), EVERY, None).steps

    assert json.loads(tools.argv[4])["env"]["TELNYX_API_KEY_FILE"] == str(key)
    assert "TELNYX_API_KEY" not in json.loads(tools.argv[4])["env"]
    assert f"TELNYX_API_KEY_FILE={key}" in options(job.argv, "--command-env")


def test_no_secret_is_in_anything_that_is_shown(folder: Path) -> None:
    for recipe in recipes(host(folder, **SECRETS)):
        shown = recipe.as_text() + json.dumps(recipe.as_document())
        assert "secretword" not in shown
        assert "TELNYX_TOOLKIT_WEBHOOK_URL" in shown  # it is said that it is left out


def test_openclaw_gets_from_the_script_what_the_document_says(
    folder: Path, openclaw: FakeOpenClaw
) -> None:
    recipe = openclaw_recipe(host(folder), EVERY, ROUTE)

    run_script(recipe, openclaw.folder)

    assert [["openclaw", *run["argv"]] for run in openclaw.runs] == [
        step["argv"] for step in recipe.as_document()["steps"]
    ]


def test_systemd_files_are_written_by_the_script_and_a_persons_are_kept(
    folder: Path, openclaw: FakeOpenClaw
) -> None:
    shutil.copy(openclaw.path, openclaw.folder / "systemctl")
    recipe = systemd_recipe(host(folder), EVERY)

    run_script(recipe, openclaw.folder)
    environment = folder / ".config" / "telnyx-toolkit" / "environment"
    with environment.open("a") as file:
        file.write("TELNYX_TOOLKIT_WEBHOOK_URL=https://example.com\n")
    kept = environment.read_text()
    run_script(recipe, openclaw.folder)

    assert environment.read_text() == kept
    assert environment.stat().st_mode & 0o777 == 0o600
    assert (folder / "ledger").stat().st_mode & 0o777 == 0o700
    units = folder / ".config" / "systemd" / "user"
    for file in recipe.files[:2]:
        assert (units / Path(file.path).name).read_text() == file.content
    assert [run["argv"] for run in openclaw.runs] == 2 * [
        ["--user", "daemon-reload"],
        ["--user", "enable", "--now", "telnyx-toolkit.timer"],
    ]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.parametrize("name", ["plain", "per%cent", STRANGE])
def test_systemd_accepts_the_units(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    recipe = systemd_recipe(host(folder), EVERY)
    paths: list[str] = []
    for file in recipe.files[:2]:
        path = tmp_path / Path(file.path).name
        path.write_text(file.content)
        paths.append(str(path))

    runtime = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", *paths],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=runtime,
    )

    said = [line for line in done.stderr.splitlines() if "telnyx-toolkit" in line]
    assert (done.returncode, said) == (0, [])


def test_the_service_may_write_its_ledger_and_has_an_end(folder: Path) -> None:
    service = systemd_recipe(host(folder), EVERY).files[0].content.splitlines()

    assert "TimeoutStartSec=150" in service
    assert "ProtectSystem=strict" in service
    escaped = STRANGE.replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"')
    assert f'ReadWritePaths="{folder.parent}/{escaped}/ledger"' in service
    [start] = [line for line in service if line.startswith("ExecStart=")]
    assert start.startswith('ExecStart=/usr/bin/env "')
    assert "$$HOME %%h" in start
    assert start.endswith('telnyx-toolkit" tick --for 90s')


def test_launchd_gets_a_property_list_that_parses(folder: Path, openclaw: FakeOpenClaw) -> None:
    launchctl = openclaw.folder / "launchctl"
    shutil.copy(openclaw.path, launchctl)
    openclaw.answers(status=3, when="bootout")  # there is none yet
    recipe = launchd_recipe(host(folder), EVERY, 501)

    run_script(recipe, openclaw.folder)

    [file] = recipe.files
    written = plistlib.loads(Path(file.path).read_bytes())
    assert written["ProgramArguments"] == [str(folder / "telnyx-toolkit"), "tick", "--for", "90s"]
    assert written["StartInterval"] == 120
    assert written["EnvironmentVariables"]["TELNYX_TOOLKIT_HOME"] == str(folder / "ledger")
    assert [run["argv"][0] for run in openclaw.runs] == ["bootout", "bootstrap"]


@pytest.mark.parametrize("every", ["29s", "0", "", "2h", "often", "-2m"])
def test_ticks_that_are_too_close_or_too_far_apart_are_refused(every: str) -> None:
    with pytest.raises(InvalidInput):
        schedule_of(every)


@REPEATABLY
@given(st.integers(30, 3600))
def test_a_tick_ends_before_the_next_and_is_ended_later_than_it_ends_itself(every_s: int) -> None:
    schedule = schedule_of(f"{every_s}s")

    assert schedule.every_s == every_s
    assert 0 <= schedule.follows_s <= min(90, every_s - 30)
    assert schedule.timeout_s >= schedule.follows_s + 60
    assert schedule_of(schedule.every) == schedule


def test_a_path_with_a_line_break_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="line break"):
        host(tmp_path, TELNYX_TOOLKIT_HOME=f"{tmp_path}/a\nExecStartPre=/bin/false")


def test_without_a_script_python_runs_the_module(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path)}
    found = this_host(Settings.from_environment(env), env, "setup.py", str(tmp_path / "python"))

    assert found.program == (str(tmp_path / "python"), "-m", "telnyx_toolkit")


def setup(*arguments: str, **env: str) -> tuple[int, dict[str, Any], str]:
    """The command in a process of its own: its status, its JSON, and all that it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "telnyx_toolkit", "setup", *arguments, "--json"],
        cwd=Path(__file__).parents[2],
        env={"PATH": "/usr/bin:/bin", **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, json.loads(done.stdout), done.stdout + done.stderr


def test_run_does_both_and_says_how_to_undo_them(openclaw: FakeOpenClaw, tmp_path: Path) -> None:
    env = {
        "HOME": str(tmp_path),
        "TELNYX_TOOLKIT_OPENCLAW": str(openclaw.path),
        "OPENCLAW_CHANNEL_CONTEXT": '{"chat": {"id": "-1001234"}}',
        **SECRETS,
    }
    answer = {"created": True, "job": {"id": "4c47055c"}}
    openclaw.answers(out=json.dumps(answer), when="automations")

    status, document, printed = setup("openclaw", "--run", "--notify", "telegram", **env)
    openclaw.answers(out=json.dumps({**answer, "created": False}), when="automations")
    _, again, _ = setup("openclaw", "--run", "--notify", "telegram", **env)

    assert status == 0
    assert [(d["name"], d["was"]) for d in document["done"]] == [("tick", "added"), ("mcp", "set")]
    assert [d["was"] for d in again["done"]] == ["as it was", "set"]
    assert document["undo"] == [
        "openclaw mcp unset telnyx-toolkit",
        "openclaw automations rm 4c47055c",
    ]
    assert "secretword" not in printed
    job, tools, *repeated = openclaw.runs
    assert [run["argv"] for run in repeated] == [job["argv"], tools["argv"]]
    assert "--to=-1001234" in job["argv"]
    assert not [name for name in job["env"] if name.startswith("TELNYX_")]
    assert "secretword" not in json.dumps(openclaw.runs)


def test_a_refusal_of_openclaw_says_what_was_done_before(
    openclaw: FakeOpenClaw, tmp_path: Path
) -> None:
    complaint = {"ok": False, "error": {"message": "Config is invalid"}}
    openclaw.answers(status=1, out=json.dumps(complaint), when="mcp")
    env = {"HOME": str(tmp_path), "TELNYX_TOOLKIT_OPENCLAW": str(openclaw.path)}

    status, document, _ = setup("openclaw", "--run", **env)

    assert status == 3
    assert document["error"]["code"] == "openclaw_refused"
    assert document["error"]["message"] == (
        "The step 'mcp' was not done: `openclaw mcp set` ended with status 1: Config is invalid."
        " Done before: tick."
    )
    assert "give this command again" in document["error"]["fix"]


def test_without_openclaw_nothing_is_run(tmp_path: Path) -> None:
    status, document, _ = setup("openclaw", "--run", HOME=str(tmp_path), PATH=str(tmp_path))

    assert status == 3
    assert "openclaw is not on PATH" in document["error"]["message"]


def test_a_bad_route_is_bad_input(tmp_path: Path) -> None:
    status, document, _ = setup("openclaw", "--notify", "nowhere", HOME=str(tmp_path))

    assert status == 2
    assert "--notify telegram:12345" in document["error"]["fix"]
