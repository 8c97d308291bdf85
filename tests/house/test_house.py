"""What the house looks like: sizes, words that must not appear, numbers of fiction only."""

import ast
import re
import socket
import subprocess
from pathlib import Path

import pytest
import pytest_socket

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "telnyx_toolkit").rglob("*.py"))
# In halves, so that this file does not hold what it looks for.
_HALVES = """pypi .org|pythonhosted .org|registry.npm js.org|deb.debian .org|/ro ot/|/wo rk/|/ho me/
clau de|anthro pic|chat gpt"""
_FORBIDDEN = [half.replace(" ", "") for half in re.split(r"[|\n]", _HALVES)]
_PHONE = re.compile(r"\+\d{10,15}\b")
#: Reserved for it in North America, and in London.
_FICTION = re.compile(r"\+1\d{3}55501\d\d|\+442079460\d{3}")
#: Numbers that tests show to be refused, and places abroad whose clocks tests read.
_OF_NO_FICTION = re.compile(
    r"tests/unit/|tests/missions/test_(?:approval|refusals)|tests/client/|places\.py"
)


def _files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git clone")
    paths = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_its_one_idea_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)

    assert ast.get_docstring(tree), "a module begins with its idea"
    assert len(text.splitlines()) <= 320
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= 45, node.name


def test_nothing_names_a_registry_a_machine_or_a_writer() -> None:
    for path in _files():
        if path.suffix in {".png", ".ico"}:
            continue
        text = path.read_text(encoding="utf-8").lower()
        for word in _FORBIDDEN:
            assert word not in text, f"{path.relative_to(ROOT)}: {word}"


def test_fixtures_and_docs_hold_numbers_of_fiction_only() -> None:
    for path in _files():
        name = str(path.relative_to(ROOT))
        if path.suffix not in {".py", ".yaml", ".md", ".j2"} or _OF_NO_FICTION.search(name):
            continue
        for phone in _PHONE.findall(path.read_text(encoding="utf-8")):
            assert _FICTION.fullmatch(phone), f"{name}: {phone}"


def test_no_test_can_reach_a_network() -> None:
    with (
        socket.socket() as door,
        pytest.raises(
            (pytest_socket.SocketConnectBlockedError, UserWarning), match=r"192\.0\.2\.1"
        ),
    ):
        door.connect(("192.0.2.1", 443))
