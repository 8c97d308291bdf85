"""What `make bench` says and when it fails, on figures that nobody had to measure."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bench.__main__ import NAMES, PAGE, main
from tests.bench.cold import figures as cold
from tests.bench.figures import Figure
from tests.bench.processes import BARE, beside_bare, command, cost, environment
from tests.bench.requests import figures as requests
from tests.bench.table import BEGINS, ENDS, broken, in_page, number

KEPT = Figure("cold start: --help", 2.5, "x bare Python", 4, "argparse")
TOLD = Figure("report", 41.5, "x bare Python")
BROKEN = Figure("memory at 10,000 targets", 512, "MB", 200.0)


def _of(*several: Figure) -> Any:
    def figures() -> Iterator[Figure]:
        yield from several

    return figures


SOURCES = {"cold": _of(KEPT, TOLD), "sweep": _of(BROKEN), "workers": _of()}


def _run(tmp_path: Path, *arguments: str) -> tuple[int, str, str, dict[str, Any]]:
    out, err, path = io.StringIO(), io.StringIO(), tmp_path / "build" / "bench.json"
    status = main([*arguments, "--json", str(path)], SOURCES, out, err)
    return status, out.getvalue(), err.getvalue(), json.loads(path.read_text(encoding="utf-8"))


def test_every_figure_is_a_line_of_the_table_and_an_entry_of_the_document(tmp_path: Path) -> None:
    status, out, err, document = _run(tmp_path)

    assert status == 0
    lines = {line.partition("  ")[0]: line for line in out.splitlines()}
    assert "ok" in lines["cold start: --help"].split()
    assert "BROKEN" in lines["memory at 10,000 targets"].split()
    assert "41.5 " in lines["report"]
    assert [one["name"] for one in document["figures"]] == [KEPT.name, TOLD.name, BROKEN.name]
    assert [one["kept"] for one in document["figures"]] == [True, True, False]
    assert document["skipped"] == ["workers"]
    assert set(document["machine"]) == {"cores", "system", "python", "sqlite", "date"}
    assert "not measured here" in err
    assert "It took 0 s." in err


def test_a_broken_budget_fails_only_where_that_is_asked_for_and_is_named(tmp_path: Path) -> None:
    assert _run(tmp_path)[0] == 0

    status, _, err, _ = _run(tmp_path, "--check")

    assert status == 1
    assert "Broken: memory at 10,000 targets: 512 MB, and the budget is 200.\n" in err
    assert _run(tmp_path, "--check", "--only", "cold")[0] == 0


def test_a_budget_is_kept_at_its_very_edge() -> None:
    assert broken([Figure("a", 4, "x", 4), Figure("b", 1e9, "x")]) == []
    assert len(broken([Figure("a", 4.001, "x", 4)])) == 1


def test_only_measures_what_is_named_so(tmp_path: Path) -> None:
    _, out, err, document = _run(tmp_path, "--only", "swe")

    assert [one["name"] for one in document["figures"]] == [BROKEN.name]
    assert "cold" not in out + err
    assert main(["--only", "nothing"], SOURCES, io.StringIO(), io.StringIO()) == 2


def test_the_document_alone_is_printed_where_that_is_asked_for() -> None:
    out = io.StringIO()

    main(["--json", "-"], SOURCES, out, io.StringIO())

    assert len(json.loads(out.getvalue())["figures"]) == 3


def test_the_page_has_the_table_between_its_markers_and_keeps_the_rest() -> None:
    about = {"cores": "2", "system": "x", "python": "y", "sqlite": "3", "date": "2026-11-25"}
    page = f"# Title\n{BEGINS}\nbefore\n{ENDS}\nrest\n"

    made = in_page(page, [KEPT, TOLD], about)

    assert made.startswith(f"# Title\n{BEGINS}\n2026-11-25, 2 (x), y, SQLite 3\n")
    assert "| cold start: --help | 2.50 x bare Python | 4 | argparse |" in made
    assert "| report | 41.5 x bare Python | - | - |" in made
    assert made.endswith(f"{ENDS}\nrest\n")
    assert "before" not in made
    assert in_page(made, [KEPT, TOLD], about) == made
    with pytest.raises(ValueError, match="no place"):
        in_page("# Title\n", [], about)


def test_the_page_of_this_clone_has_the_markers() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page.index(BEGINS) < page.index(ENDS)


@pytest.mark.parametrize(
    ("value", "shown"), [(4, "4"), (2.5, "2.50"), (41.53, "41.5"), (10_000.4, "10,000")]
)
def test_a_number_has_the_digits_that_say_something(value: float, shown: str) -> None:
    assert number(value) == shown


def test_what_a_process_costs_is_told_in_times_of_one_that_does_nothing(tmp_path: Path) -> None:
    env = environment(tmp_path)

    ratio = beside_bare(lambda: cost(BARE, env), env, 5)

    assert 0.5 < ratio.cpu < 2
    with pytest.raises(RuntimeError, match="status 3"):
        cost(command("ledger", "check"), env)


def test_the_requests_of_the_catering_mission_are_within_their_budgets() -> None:
    found = {one.name: one for one in requests()}

    assert all(one.is_kept for one in found.values())
    assert found["end of a call to the next dial requested"].value > 0


@pytest.mark.slow
def test_cold_starts_are_measured_for_real() -> None:
    found = {one.name.removeprefix("cold start: "): one for one in cold()}

    with_budget = {"--help", "mission-status", "tick, none due", "advance with one request"}
    assert with_budget <= {name for name, one in found.items() if one.budget}
    assert all(one.value > 1 for one in found.values())
    assert found["--help"].value < found["mission-status"].value < found["mcp, ready"].value


def test_every_module_that_measures_is_in_the_table() -> None:
    modules = {path.stem for path in Path(__file__).parent.glob("*.py")}
    measuring = {
        name
        for name in modules
        if "def figures(" in Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    }

    assert measuring - {"test_bench", "__main__"} <= set(NAMES)
