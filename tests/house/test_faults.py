"""Every fault of docs/faults.md has a test of its number, or says why it has none."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_ROW = re.compile(r"^\| (F\d\d(?:, F\d\d)*) \|.*\| (.*) \|$", re.MULTILINE)


def _tests() -> str:
    return "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("test_*.py"))


def test_each_fault_is_tried_or_explained() -> None:
    rows = _ROW.findall((ROOT / "docs" / "faults.md").read_text(encoding="utf-8"))
    code = _tests()

    ids = [fault for faults, _ in rows for fault in faults.split(", ")]
    assert ids == [f"F{n:02}" for n in range(1, 50)]
    for faults, tried in rows:
        for name in re.findall(r"`(test_f\w+)`", tried):
            assert f"def {name}" in code, f"{faults}: {name}"
        for path in re.findall(r"`(tests/[\w/.]+)`", tried):
            assert (ROOT / path).exists(), f"{faults}: {path}"
        assert "test" in tried or faults == "F35"
