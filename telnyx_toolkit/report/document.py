"""The report of a mission as data: everything that a page, a text or a table shows of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from telnyx_toolkit.figures import usd
from telnyx_toolkit.loopback import is_loopback
from telnyx_toolkit.model import Event, Json
from telnyx_toolkit.report.calls import calls
from telnyx_toolkit.report.course import course
from telnyx_toolkit.report.days import days
from telnyx_toolkit.report.rows import rows
from telnyx_toolkit.report.safe import Wording
from telnyx_toolkit.report.stage import StageView, stages
from telnyx_toolkit.report.trail import approvals, notes, trail
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.summary import SCHEMA_VERSION, build_summary
from telnyx_toolkit.transitions import fold
from telnyx_toolkit.views import QUOTED

REPORT_VERSION = 1
Doc = dict[str, Any]
#: Parts of the result that stay as they are.
_AS_RECORDED = (
    *("headline", "counts", "baseline", "ranking", "lines"),
    *("narrative", "next_steps", "confirmation"),
)
_REHEARSAL = "A rehearsal: nobody was called."


def report_document(
    events: Sequence[Event], now: datetime, *, is_rehearsal: bool = False, numbers: bool = False
) -> Doc:
    """Everything a report shows, from the facts of one mission; JSON.

    Args:
        events: All of its facts, in order; at least one.
        now: UTC: of a mission that is not finished, the instant that the report is of.
        is_rehearsal: Whether the facts are a rehearsal's, in which nobody was called.
        numbers: Whether telephone numbers are shown whole, not as `+1•••••0101`.

    Every text in it is cleaned. What strangers said stands in `calls`, in `words` and in `remark`.
    """
    state, wording = fold(events), Wording(numbers=numbers)
    views = stages(state)
    found = calls(views, wording)
    shown = views[len(state.past) - 1] if state.is_between_stages else views[-1]
    payload: Doc = wording.all(_payload(shown, state, now))
    table = rows(payload, shown, found, wording)
    document = {
        "report_version": REPORT_VERSION,
        "made_at": now.isoformat(),
        "about": QUOTED,
        "is_rehearsal": is_rehearsal,
        "notice": _notice(state, is_rehearsal),
        "numbers_masked": not numbers,
        **_mission(state, wording),
        **{name: payload[name] for name in _AS_RECORDED},
        "recommendation": _recommendation(payload, table, now),
        "booking": _booking(payload["booking"], shown, table),
        "rows": table,
        "has_offers": any(row["offer"] for row in table),
        "stages": [_past(view, found, wording) for view in views if view.number < shown.number],
        "offers": course(views, found, wording),
        "days": days(views, found),
        "calls": found,
        "cost": _cost(payload["cost"], found),
        "approvals": approvals(events, wording),
        "audit": trail(events, wording),
        "notes": notes(events, wording),
    }
    return wording.all(document)  # so that no part, nor one added later, can forget it


def _mission(state: MissionState, wording: Wording) -> Doc:
    return {
        "mission_id": wording.text(state.mission_id),
        "name": wording.text(state.name),
        "state": state.phase,
        "is_final": state.is_finished,
        "goal": wording.text(str(state.brief["goal"])),
        "on_behalf_of": wording.text(str(state.brief["on_behalf_of"])),
        "strategy": state.brief["strategy"],
        "created_at": _text(state.created_at),
        "finished_at": _text(state.finished_at),
    }


def _payload(view: StageView, state: MissionState, now: datetime) -> Json:
    """The result as it was recorded; of a mission without one, what is known now."""
    if state.is_between_stages:
        return state.past[-1]["result_payload"]
    kept = None if state.result_payload is None else dict(state.result_payload)
    if kept and kept.get("schema_version") == SCHEMA_VERSION:
        return kept
    return build_summary(view.brief, view.state, state.phase, state.finished_at or now)


def _notice(state: MissionState, is_rehearsal: bool) -> str:
    if is_rehearsal:
        return _REHEARSAL
    return "On a sandbox: nobody was called." if is_loopback(state.base_url) else ""


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _recommendation(payload: Doc, table: Sequence[Doc], now: datetime) -> Doc | None:
    chosen: Doc | None = payload["recommendation"]
    if not chosen:
        return None
    mine = next((row for row in table if row["step_id"] == chosen["step_id"]), None)
    until = chosen["valid_until"]
    return {
        **chosen,
        "quote": mine["offer"]["quote"] if mine and mine["offer"] else "",
        "has_run_out": bool(until) and datetime.fromisoformat(until) <= now,
        "why_not": [
            {"target": row["name"], "step_id": row["step_id"], "why": row["lost_because"]}
            for row in table
            if row["lost_because"]
        ],
    }


def _booking(booking: Doc | None, view: StageView, table: Sequence[Doc]) -> Doc | None:
    """The booking, with the quote of its yes."""
    if not booking or not booking["booked"] or not view.brief.book:
        return booking
    field, done = view.brief.book.confirmed_by, booking["booked"]
    facts = [f for row in table if row["step_id"] == done["step_id"] for f in row["evidence"]]
    quote = next((fact["quote"] for fact in facts if fact["field"] == field), "")
    return {**booking, "booked": {**done, "quote": quote}}


def _past(view: StageView, found: Sequence[Doc], wording: Wording) -> Doc:
    ended = next(p for p in view.state.past if p["stage"] == view.number)
    payload: Doc = wording.all(ended["result_payload"])
    table = rows(payload, view, found, wording)
    return {
        "number": view.number,
        "name": wording.text(view.name),
        "headline": payload["headline"],
        "shortlist": wording.all(ended["shortlist"]),
        "lines": payload["lines"],
        "rows": table,
        "has_offers": any(row["offer"] for row in table),
    }


def _cost(cost: Doc, found: Sequence[Doc]) -> Doc:
    keys = ("number", "target", "local", "lasted", "cost_usd")
    by_call = [{key: call[key] for key in keys} for call in found if call["duration_s"]]
    return {**cost, "cap_text": usd(cost["cap_usd"]), "by_call": by_call}
