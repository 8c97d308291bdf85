"""What the registry gets is small, is what we mean, and is all that a mission needs."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.published import published_files, shaped_copy

ROOT = Path(__file__).parents[2]
_PAGES = {".html", ".css", ".js", ".svg", ".png"}  # of report and dashboard, and the pictures
_MOST_FILES = 440
_MOST_BYTES = 8 * 1024 * 1024
_MOST_BYTES_A_FILE = 256 * 1024
_TOP = {
    *("LICENSE", "README.md", "SKILL.md", "pyproject.toml", "requirements.lock", "skill.yaml"),
    *("docs", "fixtures", "prompts", "references", "telnyx_toolkit", "uv.lock"),
}


def test_the_published_set_is_within_what_registries_take() -> None:
    files = published_files(ROOT)
    sizes = [(ROOT / name).stat().st_size for name in files]

    print(  # noqa: T201
        f"published: {len(files)} files, {sum(sizes):,} bytes, the largest {max(sizes):,}"
    )
    assert len(files) <= _MOST_FILES
    assert sum(sizes) < _MOST_BYTES
    assert max(sizes) <= _MOST_BYTES_A_FILE


def test_nothing_goes_along_but_what_the_skill_needs() -> None:
    files = published_files(ROOT)

    assert {name.parts[0] for name in files} <= _TOP
    assert Path("SKILL.md") in files
    suffixes = {name.suffix for name in files}
    assert suffixes <= {"", ".md", ".py", ".yaml", ".j2", ".lock", ".toml", ".typed"} | _PAGES


@pytest.mark.parametrize(
    "stray",
    [".env", "notes.txt", "tests/x.py", "prompts/.hidden", "telnyx_toolkit/x.pyc", "ledger.db",
     "node_modules/x.js", "prompts/node_modules/x.js", "telnyx_toolkit/__pycache__/x.py"],
)  # fmt: skip
def test_a_stray_file_stays_at_home(tmp_path: Path, stray: str) -> None:
    for name in (".gitignore", ".clawhubignore", "SKILL.md"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / stray).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / stray).write_text("x", encoding="utf-8")

    assert published_files(tmp_path) == [Path("SKILL.md")]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "SKILL.md").write_text("x", encoding="utf-8")
    (tmp_path / "passwords.md").symlink_to("/etc/passwd")

    assert published_files(tmp_path) == [Path("SKILL.md")]


def test_the_copy_is_of_the_skills_name_and_nothing_in_it_is_executable(tmp_path: Path) -> None:
    copy = shaped_copy(ROOT, tmp_path)

    assert copy.name == "telnyx-toolkit"
    found = [path for path in copy.rglob("*") if path.is_file()]
    assert len(found) == len(published_files(ROOT))
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o644}


def test_the_demo_runs_from_the_copy(tmp_path: Path) -> None:
    copy = shaped_copy(ROOT, tmp_path)

    done = subprocess.run(
        [sys.executable, "-P", "-B", "-m", "telnyx_toolkit", "demo"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Recommended: Chicago Grill Co" in done.stdout
    assert len([path for path in copy.rglob("*") if path.is_file()]) == len(published_files(ROOT))
