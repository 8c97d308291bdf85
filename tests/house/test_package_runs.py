"""From the published folder, as SKILL.md says, with uv alone: it runs and leaves nothing there."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.house.package_skill import package, pinned, uv_program
from tests.house.published import shaped_copy
from tests.house.skill_page import SKILL

pytestmark = pytest.mark.slow
_TEXT = " ".join(SKILL.read_text(encoding="utf-8").split())
_NO_REGISTRY = re.compile(r"error sending|dns error|network|offline|timed out", re.IGNORECASE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    if uv_program() is None:
        pytest.skip("uv is not here")
    try:
        yield package(tmp_path_factory.mktemp("registry"))
    except subprocess.CalledProcessError as problem:
        if _NO_REGISTRY.search(problem.stderr):
            pytest.skip("uv reaches no package registry")
        raise


def _said(start: str) -> list[str]:
    """The command of SKILL.md that begins so, word for word."""
    (found,) = set(re.findall(rf"`({re.escape(start)}[^`]*)`", _TEXT))
    return [word.strip('"') for word in found.split()]


def _run(command: list[str], folder: Path, env: Mapping[str, str]) -> str:
    program = uv_program() if command[0] == "uv" else command[0]
    done = subprocess.run(
        [str(program), *(word.replace("{baseDir}", str(folder)) for word in command[1:])],
        cwd=folder.parent,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def _inside(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_it_runs_without_being_installed(folder: Path) -> None:
    before, form = _inside(folder), _said("uv run")

    assert "Recommended: Chicago Grill Co" in _run([*form, "telnyx-toolkit", "demo"], folder, {})
    assert "telnyx-toolkit 0." in _run([*form, "telnyx-toolkit", "--version"], folder, {})
    assert _inside(folder) == before


def test_it_is_installed_with_the_tested_versions(folder: Path, tmp_path: Path) -> None:
    before = _inside(folder)
    env = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}

    _run(_said("uv tool install"), folder, env)

    program = str(tmp_path / "bin" / "telnyx-toolkit")
    assert "Recommended: Chicago Grill Co" in _run([program, "demo"], folder, {})
    python = str(tmp_path / "tools" / "telnyx-toolkit" / "bin" / "python")
    frozen = _run(["uv", "pip", "freeze", "--python", python], folder, {})
    there = dict(re.findall(r"^([\w.-]+)==(\S+)$", frozen, re.MULTILINE))
    wanted = pinned(folder / "requirements.lock")
    assert there
    assert there == {name: wanted[name] for name in there}
    assert _inside(folder) == before


def test_constraints_are_kept_and_not_only_met(folder: Path, tmp_path: Path) -> None:
    older = tmp_path / "older.lock"
    older.write_text("rich==14.0.0\n", encoding="utf-8")
    env = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}

    form = [w.replace("{baseDir}/requirements.lock", str(older)) for w in _said("uv tool install")]
    _run(form, folder, env)

    python = str(tmp_path / "tools" / "telnyx-toolkit" / "bin" / "python")
    assert "rich==14.0.0" in _run(["uv", "pip", "freeze", "--python", python], folder, {})


def test_no_tool_of_development_comes_along(folder: Path) -> None:
    imports = "import importlib.util as u; print(u.find_spec('rich') and not u.find_spec('pytest'))"

    assert "True" in _run([*_said("uv run"), "python", "-c", imports], folder, {})


def test_the_lock_has_the_versions_that_were_tested(folder: Path, tmp_path: Path) -> None:
    older = shaped_copy(folder, tmp_path)
    lock = older / "requirements.lock"
    text = lock.read_text(encoding="utf-8")
    lock.write_text(re.sub(r"^rich==\S+", "rich==14.0.0", text, flags=re.MULTILINE), "utf-8")

    made = package(tmp_path / "made", older)

    locked = (made / "uv.lock").read_text(encoding="utf-8")
    assert 'name = "rich"\nversion = "14.0.0"' in locked


def test_the_locked_folder_is_still_small_enough(folder: Path) -> None:
    sizes = [len(content) for _, content in _inside(folder).values()]

    assert max(sizes) <= 256 * 1024
    assert sum(sizes) < 8 * 1024 * 1024
