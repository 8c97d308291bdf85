"""`rehearse-mission --runs` as a person gives it: a page, JSON, and Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from telnyx_toolkit.cli import main

ROOT = Path(__file__).parents[2]
BRIEF = str(ROOT / "fixtures" / "missions" / "catering.yaml")
COMMAND = [sys.executable, "-m", "telnyx_toolkit", "rehearse-mission", "--brief", BRIEF]


@pytest.fixture(autouse=True)
def _nothing_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TELNYX_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TELNYX_TOOLKIT_HOME", str(tmp_path / "home"))


@pytest.mark.disable_socket
def test_a_page_says_how_likely_each_end_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rehearse-mission", "--brief", BRIEF, "--runs", "5"]) == 0

    page = capsys.readouterr()
    assert "runs." in page.out.splitlines()[0]
    for part in ("minutes talked", "how it stood with a target", "--replay", "That run alone:"):
        assert part in " ".join(page.out.split())
    assert "5 of 5 runs" in page.err
    assert not (tmp_path / "home").exists()


def test_json_is_alone_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse-mission", "--brief", BRIEF, "--runs", "3", "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["runs"] == 3


def test_a_mix_from_a_file_with_a_slip_in_it_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mix = tmp_path / "mix.yaml"
    mix.write_text("voice_mail: 0.3\n", encoding="utf-8")

    assert main(["rehearse-mission", "--brief", BRIEF, "--runs", "3", "--mix", str(mix)]) == 2
    assert "did you mean 'voicemail'" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT as a terminal does")
def test_ctrl_c_tells_what_the_runs_so_far_say(tmp_path: Path) -> None:
    command = [*COMMAND, "--runs", "1000", "--json"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        start_new_session=True,
    ) as process:
        assert process.stderr
        told = next(line for line in process.stderr if line.startswith("50 of"))
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=120)

    document = json.loads(out)
    assert told.strip() == "50 of 1000 runs"
    assert process.returncode == 130
    assert 50 <= document["runs"] < document["asked"] == 1_000
    assert "(1000 were asked for)" in document["summary"][0]
    assert "Traceback" not in err


@pytest.mark.slow
def test_two_hundred_runs_cost_a_tenth_of_as_many_commands() -> None:
    """A ratio, because machines differ: a single rehearsal starts, imports and reads as well."""

    def seconds(*more: str) -> float:
        before = os.times()
        subprocess.run([*COMMAND, *more, "--json"], check=True, capture_output=True)
        after = os.times()
        return (after.children_user - before.children_user) + (
            after.children_system - before.children_system
        )

    begun = time.perf_counter()
    single = min(seconds() for _ in range(3))
    many = seconds("--runs", "200")

    print(f"one {single:.2f} s, 200 runs {many:.2f} s, {time.perf_counter() - begun:.0f} s wall")  # noqa: T201
    assert many < 0.2 * 200 * single
