"""The two charts of a report as numbers: what is drawn where, for the templates to write out."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from telnyx_toolkit.report.axis import Scale, scale_for
from telnyx_toolkit.wording import money

Doc = dict[str, Any]
#: Heights in pixels: of a row, of the name of a line at the top, of the axis.
ROW, TOP, AXIS = 46, 18, 26
_NAME, _FACTS = 24, 22  # characters that fit beside each other on the narrowest chart
_HOUR = 60
_MOST_HOURS = 6
_FAR = 60  # percent of the width behind which a text is written to the left


def offers_chart(course: Doc) -> Doc | None:
    """Each call's opening, what it was told of, and its final offer, a row each; None without any.

    Figures that the transcript does not bear out do not stretch the scale: they are drawn only
    where there is room.
    """
    if not course["series"]:
        return None

    def text(value: Decimal) -> str:
        return money(value, course["currency"], course["language"])

    scale = scale_for(_figures(course), text)
    top = TOP * len(course["lines"]) + 6
    rows = [_offer_row(scale, top + ROW * n, one) for n, one in enumerate(course["series"])]
    foot = top + ROW * len(rows)
    return {
        "height": foot + AXIS,
        "foot": foot,
        "ticks": [vars(tick) for tick in scale.ticks(text)],
        "lines": [_line(scale, n, line) for n, line in enumerate(course["lines"])],
        "rows": rows,
    }


def _figures(course: Doc) -> list[Decimal]:
    points = [one[key] for one in course["series"] for key in ("opening", "final") if one[key]]
    proven = [point for point in points if point["confirmed"]]
    told = [one["told"] for one in course["series"] if one["told"]]
    return [_exact(figure) for figure in (*(proven or points), *told, *course["lines"])]


def _exact(figure: Doc) -> Decimal:
    return Decimal(str(figure["amount"]))


def _line(scale: Scale, number: int, line: Doc) -> Doc:
    x = scale.x(_exact(line)) or "0"
    is_far = float(x) > _FAR
    return {
        "name": line["name"],
        "x": x,
        "y": TOP * number + 13,
        "anchor": "end" if is_far else "start",
        "shift": -5 if is_far else 5,
        "text": f"{line['name']} {line['text']}",
    }


def _offer_row(scale: Scale, y: int, one: Doc) -> Doc:
    opening, final = one["opening"], one["final"]
    moved = opening and final and opening["amount"] != final["amount"]
    ends = (opening, final) if moved else (final or opening,)
    return {
        "y": y,
        "name": _cut(one["target"], _NAME),
        "facts": _cut(" → ".join(point["text"] for point in ends), _FACTS),
        "opening": _point(scale, opening) if moved else None,
        "final": _point(scale, final or opening),
        "told": scale.x(_exact(one["told"])) if one["told"] else None,
    }


def _point(scale: Scale, point: Doc) -> Doc | None:
    x = scale.x(_exact(point))
    return {"x": x, "counts": point["comparable"] and point["confirmed"]} if x else None


def days_charts(days: Sequence[Doc]) -> list[Doc]:
    """A chart for each day: the permitted windows, and the calls, a row for each target.

    All have one scale, so that the days compare.
    """
    if not days:
        return []
    first, last, step = _hours(days)

    def x(minute: int) -> float:
        part = (min(max(minute, first), last) - first) / (last - first)
        return round(5 + 90 * part, 2)

    ticks = [
        {"x": x(minute), "text": f"{minute // _HOUR % 24:02d}:00"}
        for minute in range(first, last + 1, step)
    ]
    return [
        {
            "label": day["label"],
            "zone": day["zone"],
            "height": ROW * len(day["rows"]) + AXIS,
            "foot": ROW * len(day["rows"]),
            "ticks": ticks,
            "rows": [_day_row(n, row, x) for n, row in enumerate(day["rows"])],
        }
        for day in days
    ]


def _hours(days: Sequence[Doc]) -> tuple[int, int, int]:
    """The first and the last minute shown, whole hours, and the minutes between two marks."""
    rows = [row for day in days for row in day["rows"]]
    called = [call["minute"] for row in rows for call in row["calls"]]
    open_at = [minute for row in rows for window in row["windows"] for minute in window]
    low, high = min([*called, *open_at]), max([*called, *open_at])
    first, last = low // _HOUR, min(high // _HOUR + 1, 24)
    step = next(n for n in (1, 2, 3, 4, 6) if (last - first) / n < _MOST_HOURS)
    last += -(last - first) % step
    return first * _HOUR, last * _HOUR, step * _HOUR


def _day_row(number: int, row: Doc, x: Any) -> Doc:
    windows = [(x(first), x(last)) for first, last in row["windows"]]
    return {
        "y": ROW * number,
        "name": _cut(row["target"], _NAME),
        "facts": _facts(row["calls"]),
        "windows": [
            {"x": start, "width": round(max(end - start, 0.3), 2)} for start, end in windows
        ],
        "calls": [
            {
                "x": x(call["minute"]),
                "reached": call["duration_s"] > 0,
                "is_text": call["channel"] == "sms",
            }
            for call in row["calls"]
        ],
    }


def _facts(calls: Sequence[Doc]) -> str:
    times = [_time(call["minute"]) for call in calls]
    one = f"{times[0]} {calls[0]['outcome']}"
    return _cut(one if len(times) == 1 else ", ".join(times), _FACTS)


def _time(minute: int) -> str:
    return f"{minute // _HOUR:02d}:{minute % _HOUR:02d}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
