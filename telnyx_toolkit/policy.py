"""The rules of calling: may this call be placed, and when. Pure, and no flag switches it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from telnyx_toolkit.call_backs import promised_at
from telnyx_toolkit.contacts import again
from telnyx_toolkit.loopback import is_loopback
from telnyx_toolkit.model import Listing, Target
from telnyx_toolkit.negotiation import may_return
from telnyx_toolkit.number_gate import number_problem
from telnyx_toolkit.pace import (
    DAY,
    Pace,
    Traffic,
    first_over,
    fits,
    free_line,
    next_slot,
    rested_until,
)
from telnyx_toolkit.permitted import next_permitted, why_not
from telnyx_toolkit.places import zones_of
from telnyx_toolkit.spending import card_of, reserve, spent, text_for
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.untrusted import one_line

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief
    from telnyx_toolkit.brief_parts import Calling

#: Between asking Telnyx for a call and its ringing: time to find out that a request got lost.
LEAD = timedelta(seconds=120)
#: Of one number, by all missions together: Fla. Stat. 501.616(6)(b) and Okla. Stat. 15-775C.4
#: allow three in 24 hours.
DIALS_A_DAY, CAP_SPAN = 3, DAY
#: Between two looks for a free line.
_BUSY = timedelta(seconds=10)
_NO_TRAFFIC, _USUAL_PACE = Traffic(), Pace()
_NUMBER_FIX = dict.fromkeys(
    ("emergency_number", "premium_number", "service_number", "fictional_number", "invalid_number"),
    "Give the number at which they really answer, or leave the target out.",
) | {"wrong_country": "If you mean that country, say so in the brief: calling: {countries: [GB]}"}


@dataclass(frozen=True)
class Allow:
    """The call may be requested now, to ring at `ring_at` (UTC)."""

    ring_at: datetime


@dataclass(frozen=True)
class Defer:
    """Not now; ask again at `until` (UTC).

    Attributes:
        code: Which rule it is that makes us wait.
        for_all: Nobody else can be called before either.
    """

    until: datetime
    reason: str
    code: str = "too_early"
    for_all: bool = False


@dataclass(frozen=True)
class Deny:
    """Never in this mission; `code` names the rule."""

    code: str
    reason: str
    fix: str = ""


Verdict = Allow | Defer | Deny


def check(
    brief: Brief,
    state: MissionState,
    target: Target,
    now: datetime,
    traffic: Traffic = _NO_TRAFFIC,
    pace: Pace = _USUAL_PACE,
    listed: Listing | None = None,
) -> Verdict:
    """Whether the next call to `target` may be requested at `now`, and when it would ring.

    Args:
        brief: What was asked.
        state: What happened.
        target: Who is to be reached.
        now: The instant that is asked about, UTC.
        traffic: Every call of the last 24 hours, of any mission.
        pace: What the account may do at once, within an hour and a day.
        listed: Why the number is on the do-not-call list; None if it is not.
    """
    denied = (
        check_number(brief.calling, target, fictional_ok=is_loopback(state.base_url))
        or check_listed(target, listed)
        or _check_attempts(brief, state, target, now)
        or _check_spending(brief, state, target)
    )
    if denied:
        return denied
    free_from = max(now + LEAD, _rested(brief, state, target), _below_cap(traffic.of(target.phone)))
    if target.channel == "sms":
        return _when(brief, state, target, now, free_from)
    ours = traffic.on(state.base_url)
    if now < (rested := rested_until(ours, now)):
        return Defer(rested, "Telnyx wants fewer calls", "rate_limited", for_all=True)
    if not free_line(pace, ours, now):
        until = max(now + _BUSY, first_over(ours, now))
        return Defer(until, "all lines are in use", "calls_at_once", for_all=True)
    rings = ours.rings() if pace.is_capped else []
    return _paced(brief, state, target, now, free_from, pace, rings)


def is_within(
    target: Target, server: str, ring_at: datetime, traffic: Traffic, pace: Pace, now: datetime
) -> bool:
    """Whether a call that was allowed still is, by the calls that others decided on meanwhile."""
    if sum(at > now - CAP_SPAN for at in traffic.of(target.phone)) >= DIALS_A_DAY:
        return False
    ours = traffic.on(server)
    return target.channel == "sms" or (
        free_line(pace, ours, now)
        and not (pace.is_capped and not fits(pace, ours.rings(), ring_at))
    )


def _paced(
    brief: Brief,
    state: MissionState,
    target: Target,
    now: datetime,
    free_from: datetime,
    pace: Pace,
    rings: Sequence[datetime],
) -> Verdict:
    """When the target may next be called so that the account stays within its limits."""
    verdict = _when(brief, state, target, now, free_from)
    limited = False
    while isinstance(verdict, Allow):
        slot = next_slot(pace, rings, verdict.ring_at)
        if slot <= verdict.ring_at:
            return verdict
        verdict, limited = _when(brief, state, target, now, slot), True
    if limited and isinstance(verdict, Defer):
        return Defer(verdict.until, str(pace), "calls_per_hour", for_all=True)
    return verdict


def _when(
    brief: Brief, state: MissionState, target: Target, now: datetime, earliest: datetime
) -> Verdict:
    """When the target itself may next be reached, from `earliest` on."""
    tries = [attempt.scheduled_at for attempt in state.attempts_at(target.step_id)]
    ring_at = free_day(brief, target, tries, earliest)
    if ring_at is None:
        return Deny(
            "no_permitted_time",
            f"No permitted time is left to call {target.name}"
            f" ({brief.calling.days}, {brief.calling.hours} their time"
            f"{f', finish by {brief.calling.finish_by}' if brief.calling.finish_by else ''};"
            " public holidays and the hours of the law count too).",
        )
    if ring_at > now + 2 * LEAD:
        why = why_not(brief.calling, target, earliest) or _why_rested(brief, state, target)
        return Defer(ring_at - LEAD, f"{target.name} is called later: {why}")
    return Allow(ring_at)


def free_day(
    brief: Brief, target: Target, tries: Sequence[datetime], earliest: datetime
) -> datetime | None:
    """The first permitted instant on a day of theirs on which they may be tried once more.

    Args:
        brief: Says when calls are permitted, and how many a day.
        target: Who is to be reached.
        tries: When they were tried already, UTC.
        earliest: UTC.
    """
    for _ in range(len(tries) + 1):
        ring_at = next_permitted(brief.calling, target, earliest)
        if ring_at is None:
            return None
        zones = [ZoneInfo(name) for name in zones_of(target.phone, target.timezone)]
        full = [z for z in zones if _on_day_of(ring_at, tries, z) >= brief.attempts_a_day]
        if not full:
            return ring_at
        earliest = max(_next_day(ring_at, zone) for zone in full)
    return None


def _on_day_of(instant: datetime, tries: Sequence[datetime], zone: ZoneInfo) -> int:
    day = instant.astimezone(zone).date()
    return sum(one.astimezone(zone).date() == day for one in tries)


def _next_day(instant: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = instant.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)


def check_number(calling: Calling, target: Target, *, fictional_ok: bool) -> Deny | None:
    """Whether the target's number may be dialled at all, and we know what time it is there."""
    problem = number_problem(target.phone, fictional_ok=fictional_ok, countries=calling.countries)
    if problem:
        code, reason = problem
        return Deny(code, f"{target.name}: {target.phone} {reason}.", _NUMBER_FIX.get(code, ""))
    if not zones_of(target.phone, target.timezone):
        return Deny(
            "needs_timezone",
            f"{target.name}: the number does not tell in which time zone it rings.",
            "State the target's timezone in the brief, such as America/Chicago.",
        )
    return None


def check_listed(target: Target, listed: Listing | None) -> Deny | None:
    """Whether the target may be called or written to as far as the do-not-call list goes."""
    if listed is None:
        return None
    return Deny(
        "do_not_call",
        f"{target.name}: {target.phone} is on the do-not-call list since"
        f" {listed.at:%Y-%m-%d %H:%M} UTC: {one_line(listed.why)}.",
        "Leave them out. Only if they themselves said that they may be called again: telnyx-toolkit"
        f" do-not-call remove --phone {target.phone} --reason WHY",
    )


def _check_attempts(
    brief: Brief, state: MissionState, target: Target, now: datetime
) -> Deny | None:
    resolved = standing(brief, state, target.step_id).is_resolved
    if resolved and not may_return(brief, state, target.step_id, now):
        return Deny("resolved", f"{target.name} needs no further call.")
    made = len(state.attempts_at(target.step_id))
    if made >= brief.limits.attempts_per_target:
        return Deny("attempts_used_up", f"{target.name} was tried {made} times already.")
    return None


def _check_spending(brief: Brief, state: MissionState, target: Target) -> Deny | None:
    more = reserve(brief, card_of(state), target, text_for(state, target))
    cap, so_far = brief.limits.spend_usd, spent(state)
    if so_far + more <= cap:
        return None
    return Deny(
        "spend_cap",
        f"Another call could take spending over the cap: ${so_far} so far, up to ${more} more,"
        f" cap ${cap}.",
        "Raise limits.spend_usd in the brief, plan and approve again.",
    )


def _below_cap(dialled: Sequence[datetime]) -> datetime:
    """From when on another dial stays within the number's cap."""
    if len(dialled) < DIALS_A_DAY:
        return datetime.min.replace(tzinfo=UTC)
    return dialled[-DIALS_A_DAY] + CAP_SPAN + LEAD


def _why_rested(brief: Brief, state: MissionState, target: Target) -> str:
    asked = standing(brief, state, target.step_id).outcome == "call_back"
    return "they asked for another time" if asked else "they were tried not long ago"


def _rested(brief: Brief, state: MissionState, target: Target) -> datetime:
    """From when on they may be tried again: when they asked for it, else after a rest."""
    tries = state.attempts_at(target.step_id)
    if not tries or tries[-1].ended_at is None:
        return datetime.min.replace(tzinfo=UTC)
    outcome = standing(brief, state, target.step_id).outcome
    if outcome == "call_back" and (promised := promised_at(brief.calling, target, tries[-1])):
        return promised
    after = again(brief.contact, outcome)
    return tries[-1].ended_at + timedelta(minutes=after.minutes if after else 0)
