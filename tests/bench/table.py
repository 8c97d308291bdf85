"""The figures as a table on standard output, as JSON, and as a table of docs/performance.md."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from telnyx_toolkit.cli.printing import aligned
from tests.bench.figures import Figure

BEGINS, ENDS = "<!-- figures: begin -->", "<!-- figures: end -->"
_MANY, _SOME = 100, 10


def in_lines(found: Sequence[Figure], about: Mapping[str, str]) -> Iterator[str]:
    """A line for the machine, one for each figure, then what is missing of its budgets."""
    yield _told(about)
    yield ""
    rows = [("figure", "value", "", "budget", "", "note")]
    for one in found:
        verdict = "" if one.budget is None else "ok" if one.is_kept else "BROKEN"
        rows.append((one.name, number(one.value), one.unit, _budget(one), verdict, one.note))
    yield from aligned(rows)


def broken(found: Sequence[Figure]) -> list[str]:
    """Each budget that is not kept, in a sentence."""
    return [
        f"{one.name}: {number(one.value)} {one.unit}, and the budget is {_budget(one)}."
        for one in found
        if not one.is_kept
    ]


def as_document(
    found: Sequence[Figure], about: Mapping[str, str], skipped: Sequence[str], took_s: float
) -> dict[str, Any]:
    """All of it, for programs."""
    shown = [
        {
            "name": one.name,
            "value": one.value,
            "unit": one.unit,
            "budget": one.budget,
            "kept": one.is_kept,
            "note": one.note,
        }
        for one in found
    ]
    told = {"machine": dict(about), "seconds": round(took_s, 1), "skipped": list(skipped)}
    return {**told, "figures": shown}


def in_page(page: str, found: Sequence[Figure], about: Mapping[str, str]) -> str:
    """The page with the table between its two markers made anew.

    Raises:
        ValueError: it has no such markers.
    """
    before, begins, rest = page.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not (begins and ends):
        raise ValueError(f"The page has no place between {BEGINS} and {ENDS}.")
    return f"{before}{BEGINS}\n{_markdown(found, about)}\n{ENDS}{after}"


def _markdown(found: Sequence[Figure], about: Mapping[str, str]) -> str:
    lines = [_told(about), "", "| figure | value | budget | what dominates it, how measured |"]
    lines.append("|---|---|---|---|")
    for one in found:
        value = f"{number(one.value)} {one.unit}"
        lines.append(f"| {one.name} | {value} | {_budget(one) or '-'} | {one.note or '-'} |")
    return "\n".join(lines)


def number(value: float) -> str:
    """As many digits as say something."""
    if value == int(value) or value >= _MANY:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= _SOME else f"{value:.2f}"


def _budget(one: Figure) -> str:
    return "" if one.budget is None else number(one.budget)


def _told(about: Mapping[str, str]) -> str:
    return (
        f"{about['date']}, {about['cores']} ({about['system']}), {about['python']},"
        f" SQLite {about['sqlite']}"
    )
