"""The rules of calling: may this call be placed, and when. Pure, and no flag switches it off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.model import Attempt, Listing, Target
from telnyx_toolkit.permitted import next_permitted
from telnyx_toolkit.places import number_problem, region_of, zones_of
from telnyx_toolkit.rates import RateCard, card_in
from telnyx_toolkit.settings import is_loopback
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.untrusted import one_line

#: Between asking Telnyx for a call and its ringing: time to find out that a request got lost.
LEAD = timedelta(seconds=120)
#: Of one number, by all missions together: Fla. Stat. 501.616(6)(b) and Okla. Stat. 15-775C.4
#: allow three in 24 hours.
DIALS_A_DAY, CAP_SPAN = 3, timedelta(hours=24)

#: Minutes before the same target is tried again, by contact profile and how the last try ended.
RETRY_MINUTES: dict[str, dict[str, int]] = {
    "ivr": {"no-answer": 15, "busy": 10, "failed": 5},
    "business": {"no-answer": 60, "busy": 20, "failed": 10},
    "professional": {"no-answer": 1_440, "busy": 180, "failed": 60},
}


@dataclass(frozen=True)
class Allow:
    """The call may be requested now, to ring at `ring_at` (UTC)."""

    ring_at: datetime


@dataclass(frozen=True)
class Defer:
    """Not now; ask again at `until` (UTC)."""

    until: datetime
    reason: str


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
    dialled: Sequence[datetime] = (),
    listed: Listing | None = None,
) -> Verdict:
    """Whether the next call to `target` may be requested at `now`, and when it would ring.

    Args:
        brief: What was asked.
        state: What happened.
        target: Who is to be reached.
        now: The instant that is asked about, UTC.
        dialled: When the number was dialled in the last 24 hours, by any mission, oldest first.
        listed: Why the number is on the do-not-call list; None if it is not.
    """
    denied = (
        check_number(target, fictional_ok=is_loopback(state.base_url))
        or check_listed(target, listed)
        or _check_attempts(brief, state, target)
        or _check_spending(brief, state, target)
    )
    if denied:
        return denied
    earliest = max(now + LEAD, _rested(brief, state, target), _below_cap(dialled))
    ring_at = next_permitted(brief.calling, target, earliest)
    if ring_at is None:
        return Deny(
            "no_permitted_time",
            f"No permitted time is left to call {target.name}"
            f" ({brief.calling.days}, {brief.calling.hours} their time"
            f"{f', finish by {brief.calling.finish_by}' if brief.calling.finish_by else ''}).",
        )
    if ring_at > now + 2 * LEAD:
        return Defer(ring_at - LEAD, f"{target.name} may next be called then")
    return Allow(ring_at)


def check_number(target: Target, *, fictional_ok: bool) -> Deny | None:
    """Whether the target's number may be dialled at all, and we know what time it is there."""
    if problem := number_problem(target.phone, fictional_ok=fictional_ok):
        code, reason = problem
        return Deny(code, f"{target.name}: {target.phone} {reason}.", "Correct the number.")
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


def reserve(brief: Brief, card: RateCard, target: Target, text: str = "") -> Decimal:
    """Money set aside before a dial: the longest the call can get, or the message; USD."""
    region = region_of(target.phone)
    if target.channel == "sms":
        return card.message(region, text)
    return card.call(region, brief.limits.minutes_per_call)


def spent(state: MissionState) -> Decimal:
    """Estimated spending so far, USD: settled for calls that ended, reserved for the others."""
    if not state.attempts:
        return Decimal(0)
    card = card_of(state)
    return sum((_cost(state, card, attempt) for attempt in state.attempts), Decimal(0))


def text_for(state: MissionState, target: Target) -> str:
    """The text message of the plan for a target; "" for one that is called."""
    texts: dict[str, str] = state.plan.document["messages"] if state.plan else {}
    return texts.get(target.step_id, "")


def card_of(state: MissionState) -> RateCard:
    """The prices of the mission's plan, which the person saw: they rule until its end."""
    return card_in(state.plan.document["rates"] if state.plan else {})


def _cost(state: MissionState, card: RateCard, attempt: Attempt) -> Decimal:
    if not attempt.may_have_rung:
        return Decimal(0)
    if attempt.phase in {"ended", "collected"} and attempt.channel == "call":
        minutes = (Decimal(attempt.duration_s) / 60).to_integral_value(ROUND_CEILING)
        return card.call(region_of(state.target(attempt.step_id).phone), int(minutes))
    return Decimal(attempt.reserved_usd)


def _check_attempts(brief: Brief, state: MissionState, target: Target) -> Deny | None:
    if standing(brief, state, target.step_id).is_resolved:
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


def _rested(brief: Brief, state: MissionState, target: Target) -> datetime:
    tries = state.attempts_at(target.step_id)
    if not tries or tries[-1].ended_at is None:
        return datetime.min.replace(tzinfo=UTC)
    outcome = standing(brief, state, target.step_id).outcome
    pauses = RETRY_MINUTES[brief.contact]
    return tries[-1].ended_at + timedelta(minutes=pauses.get(outcome, pauses["no-answer"]))
