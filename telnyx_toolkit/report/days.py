"""The days of a mission in the called people's own time: when it might call, and when it did."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telnyx_toolkit.brief_parts import Calling
from telnyx_toolkit.model import Target
from telnyx_toolkit.permitted import windows
from telnyx_toolkit.report.calls import zone_of
from telnyx_toolkit.report.stage import StageView

Doc = dict[str, Any]
_DAY = timedelta(days=1)
_MINUTES = 24 * 60


def days(stages: Sequence[StageView], found: Iterable[Doc]) -> list[Doc]:
    """Each day on which somebody was called, by zone: `date`, `zone`, `label` and `rows`.

    A row is a target with its `windows` of that day (`[first, last]`, minutes after midnight by
    their clock, within which a call might begin) and its `calls`.
    """
    calling = stages[-1].brief.calling
    targets = {t.step_id: t for stage in stages for t in stage.state.targets}
    placed = [call for call in found if call["outcome"] != "no call"]
    grouped: dict[tuple[str, str], dict[str, list[Doc]]] = {}
    for call in sorted(placed, key=lambda one: one["scheduled_at"]):
        rows = grouped.setdefault((call["local_date"], call["zone"]), {})
        rows.setdefault(call["step_id"], []).append(call)
    return [
        {
            "date": day,
            "zone": zone,
            "label": f"{date.fromisoformat(day):%a %d %b %Y}",
            "rows": [
                _row(calling, targets[step], zone, day, tries) for step, tries in rows.items()
            ],
        }
        for (day, zone), rows in sorted(grouped.items())
    ]


def windows_of(calling: Calling, target: Target, day: date) -> list[list[int]]:
    """When a call might begin on a day of theirs, in minutes after midnight by their clock."""
    zone = ZoneInfo(zone_of(target))
    since = datetime.combine(day, time(), zone).astimezone(UTC)
    until = datetime.combine(day + _DAY, time(), zone).astimezone(UTC) - timedelta(microseconds=1)
    found = windows(calling, target, since, until)
    return [[_minute(first, zone), _minute(last, zone)] for first, last in found]


def _minute(instant: datetime, zone: ZoneInfo) -> int:
    there = instant.astimezone(zone)
    return min(there.hour * 60 + there.minute, _MINUTES)


def _row(calling: Calling, target: Target, zone: str, day: str, tries: Sequence[Doc]) -> Doc:
    return {
        "step_id": target.step_id,
        "target": tries[0]["target"],
        "zone": zone,
        "windows": windows_of(calling, target, date.fromisoformat(day)),
        "calls": [
            {
                "call": one["number"],
                "minute": one["local_minute"],
                "local": one["local"],
                "duration_s": one["duration_s"],
                "outcome": one["outcome"],
                "channel": one["channel"],
            }
            for one in tries
        ],
    }
