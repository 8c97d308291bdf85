"""What many runs say together: spreads of figures, and shares of what happened. Pure."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from telnyx_toolkit.figures import is_currency
from telnyx_toolkit.run_record import UNTRIED, RunRecord
from telnyx_toolkit.wording import money

Document = dict[str, Any]
_BINS = 8
_SHARES = {"min": 0.0, "p10": 0.1, "median": 0.5, "p90": 0.9, "max": 1.0}
#: So many names are told one by one; the others together.
_MOST_NAMES = 6

_FIGURES: Mapping[str, Callable[[RunRecord], float | None]] = {
    "calls": lambda run: run.calls,
    "texts": lambda run: run.texts,
    "minutes": lambda run: run.minutes,
    "cost_usd": lambda run: run.usd,
    "price": lambda run: run.price,
    "total": lambda run: run.total,
    "saving": lambda run: run.saving,
}


def at_share(ordered: Sequence[float], share: float) -> float:
    """The value that this share of the others does not exceed: one that really occurred."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float]) -> Document:
    """min, p10, median, p90, max, over how many runs, and a histogram of at most eight bins.

    The histogram is counts from `min` to `max`, each bin as wide as the others; one bin where all
    are the same.
    """
    ordered = sorted(values)
    told = {name: _short(at_share(ordered, share)) for name, share in _SHARES.items()}
    return {"runs": len(ordered), **told, "histogram": _histogram(ordered)}


def _histogram(ordered: Sequence[float]) -> list[int]:
    low, high = ordered[0], ordered[-1]
    if low == high:
        return [len(ordered)]
    bins = [0] * _BINS
    for value in ordered:
        bins[min(_BINS - 1, int((value - low) / (high - low) * _BINS))] += 1
    return bins


def _short(value: float) -> float:
    return int(value) if value == int(value) else round(value, 2)


def figures(runs: Sequence[RunRecord]) -> Document:
    """The spread of each figure that the runs have; one of no run, or always 0, is left out."""
    told: Document = {}
    for name, of in _FIGURES.items():
        values = [value for run in runs if (value := of(run)) is not None]
        if values and (any(values) or name == "calls"):
            told[name] = spread(values)
    return told


def finish(runs: Sequence[RunRecord], zone: str) -> Document:
    """When the missions were over: in UTC, and by the clocks of a zone.

    Args:
        runs: At least one.
        zone: IANA name of the zone of the people who are called.
    """
    told = spread([run.finished_at.timestamp() for run in runs])
    local = ZoneInfo(zone)
    return {
        "zone": zone,
        **{name: _instant(told[name], UTC) for name in _SHARES},
        "local": {name: _instant(told[name], local) for name in _SHARES},
        "histogram": told["histogram"],
    }


def _instant(seconds: float, zone: tzinfo) -> str:
    return datetime.fromtimestamp(seconds, zone).isoformat(timespec="minutes")


def shares(runs: Sequence[RunRecord], *, has_deadline: bool) -> Document:
    """In how many of the runs each thing happened, as counts.

    Args:
        runs: At least one.
        has_deadline: Whether the brief has a `finish_by`; else nothing can be said of it.
    """
    return {
        "succeeded": sum(run.state == "succeeded" for run in runs),
        "recommended": _named(Counter(run.chosen[0] for run in runs if run.chosen)),
        "no_recommendation": sum(not run.chosen for run in runs),
        "met_finish_by": sum(not is_late(run) for run in runs) if has_deadline else None,
        "hit_spend_cap": sum(is_capped(run) for run in runs),
    }


def is_late(run: RunRecord) -> bool:
    """Whether time ran out before everybody was reached, or given up for another reason."""
    return "no_permitted_time" in run.refused.values()


def is_capped(run: RunRecord) -> bool:
    """Whether somebody was not called because it could have cost too much."""
    return "spend_cap" in run.refused.values()


def outcomes(runs: Sequence[RunRecord]) -> list[Document]:
    """How it stood with a target at the end: each kind, in how many runs, and one of these.

    The most frequent first. `targets` counts people over all runs.
    """
    seen: dict[str, list[int]] = {}
    for run in runs:
        for kind in run.outcomes.values():
            seen.setdefault(kind, []).append(run.number)
    told = (
        {"outcome": kind, "targets": len(n), "runs": len(set(n)), "for_example": n[0]}
        for kind, n in seen.items()
    )
    return sorted(told, key=lambda one: (-one["targets"], one["outcome"]))


def sample(runs: Sequence[RunRecord]) -> tuple[RunRecord, str]:
    """A run to look at, and why this one: of those that went well the median by finish time."""
    well = [run for run in runs if run.state == "succeeded" and run.chosen]
    among = well or [run for run in runs if run.state == "succeeded"] or list(runs)
    ordered = sorted(among, key=lambda run: (run.finished_at, run.number))
    what = "that went well" if among is not runs and len(among) < len(runs) else ""
    why = f"the median by finish time of the {len(ordered)} runs {what}".rstrip()
    return ordered[(len(ordered) - 1) // 2], why


def untried(runs: Iterable[RunRecord]) -> int:
    """Runs in which time or money kept somebody from being called even once."""
    return sum(
        any(kind == UNTRIED and name in run.refused for name, kind in run.outcomes.items())
        for run in runs
    )


def _named(counted: Counter[str]) -> Document:
    most = counted.most_common()
    most.sort(key=lambda pair: (-pair[1], pair[0]))
    told: Document = dict(most[:_MOST_NAMES])
    if rest := sum(count for _, count in most[_MOST_NAMES:]):
        told["others"] = rest
    return told


def summary(
    runs: Sequence[RunRecord],
    asked: int,
    finished: Document,
    told: Document,
    happened: Document,
    unit: str,
) -> Iterator[str]:
    """Three to eight plain lines, the most important first.

    Args:
        runs: At least one.
        asked: How many were asked for.
        finished: As `finish` gives it.
        told: As `figures` gives them.
        happened: As `shares` gives them.
        unit: Of prices, such as USD; "" where they have none.
    """
    n = len(runs)
    partly = f" ({asked} were asked for)" if n < asked else ""
    yield f"It succeeded in {happened['succeeded']} of {n} runs{partly}."
    if happened["recommended"]:
        who = ", ".join(f"{name} in {times}" for name, times in happened["recommended"].items())
        none = happened["no_recommendation"]
        yield f"Recommended first: {who}" + (f"; nobody in {none}." if none else ".")
    yield (
        f"Over by {_plainly(finished['local']['median'])} in half of the runs, by"
        f" {_plainly(finished['local']['p90'])} in nine of ten ({finished['zone']})."
    )
    if happened["met_finish_by"] is not None:
        yield f"Time sufficed (finish_by) in {happened['met_finish_by']} of {n} runs."
    calls, cost = told["calls"], told.get("cost_usd")
    spent = f"; cost {_range(cost, 'USD')}" if cost else ""
    talked = f", {_range(told['minutes'])} minutes talked" if "minutes" in told else ""
    yield f"Calls: {_range(calls)}{talked}{spent}; in brackets, eight runs of ten."
    if "price" in told:
        saved = f"; saving {_range(told['saving'], unit)}" if "saving" in told else ""
        total = f"; total {_range(told['total'], unit)}" if "total" in told else ""
        yield f"Recommended price {_range(told['price'], unit)}{total}{saved}."
    if happened["hit_spend_cap"]:
        yield f"The spend cap kept somebody from being called in {happened['hit_spend_cap']} runs."


def _plainly(instant: str) -> str:
    return datetime.fromisoformat(instant).strftime("%a %d %b %H:%M")


def figure_text(value: float, unit: str = "") -> str:
    """`$62.50`, `4.3`, `12 days`: a figure of many runs, in its unit if it has one."""
    places = 2 if is_currency(unit) else 1
    amount = Decimal(f"{value:.{places}f}")
    return money(amount.to_integral() if amount == amount.to_integral() else amount, unit)


def _range(told: Document, unit: str = "") -> str:
    """`$62 ($55 to $74)`."""
    median, low, high = (figure_text(told[name], unit) for name in ("median", "p10", "p90"))
    return f"{median} ({low} to {high})"
