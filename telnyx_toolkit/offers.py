"""Offers as data: what was offered, for how much in all, and which of them compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from telnyx_toolkit.evidence import Claim, Stage, claims
from telnyx_toolkit.model import Attempt, Target
from telnyx_toolkit.places import zones_of
from telnyx_toolkit.standing import outcome_of
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.wording import Value

if TYPE_CHECKING:
    from telnyx_toolkit.bearing import Status
    from telnyx_toolkit.brief import Brief
    from telnyx_toolkit.brief_offers import Objective

#: Outcomes of a call in which an offer may have been made.
STANDING = frozenset({"answered", "incomplete", "call_back", "cut_off"})
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Offer:
    """What one target offered, in one call, at one stage of it.

    Attributes:
        amount: The figure of the objective's field, per unit.
        currency: Its unit, as the brief gives it.
        words: The callee's words for the figure.
        status: Whether the transcript bears out the figure, and `why` it does not.
        stands: Somebody answered, and nothing decisive that was claimed is contradicted.
        doubts: Decisive fields whose value the transcript does not bear out.
        differs: What it covers differently: fields of `like_for_like` with another value.
        unknown: What nobody told, or not so that it is proven: the questions to ask next.
        scope: What the offer includes: each `like_for_like` field as claimed.
        on_top: What comes on top: each fee, and the minimum, as proven.
        total: For the whole quantity with all that comes on top; None while anything of it is
            unknown.
        valid_until: The first instant at which it no longer holds, UTC; None where nobody said.
    """

    step_id: str
    target_name: str
    attempt_id: str
    conversation_id: str
    stage: Stage
    amount: Decimal
    currency: str
    words: str
    status: Status
    why: str
    stands: bool
    doubts: tuple[str, ...]
    differs: tuple[str, ...]
    unknown: tuple[str, ...]
    scope: Mapping[str, Value | None]
    on_top: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    total: Decimal | None = None
    valid_until: datetime | None = None

    @property
    def confirmed(self) -> bool:
        """Whether the transcript bears out the figure."""
        return self.status == "confirmed"

    @property
    def gaps(self) -> tuple[str, ...]:
        """Why it does not compare: the fields that differ or are unknown."""
        return (*self.differs, *self.unknown)

    @property
    def is_comparable(self) -> bool:
        """Whether it covers what the brief compares like for like, and its total is known."""
        return not self.gaps and self.total is not None

    @property
    def counts(self) -> bool:
        """Whether it may be ranked or cited: comparable, standing, proven by the transcript."""
        return self.is_comparable and self.confirmed and self.stands and not self.doubts

    def holds_at(self, now: datetime) -> bool:
        """Whether it has not run out."""
        return self.valid_until is None or now < self.valid_until


def offer_in(
    brief: Brief, state: MissionState, attempt: Attempt, stage: Stage = "answers"
) -> Offer | None:
    """The offer made in one collected call, or None where no figure was named."""
    objective = brief.objective
    if objective is None or attempt.phase != "collected":
        return None
    claimed = claims(brief, attempt, stage)
    figure = claimed[objective.field]
    if not isinstance(figure.value, Decimal):
        return None
    target = state.target(attempt.step_id)
    differs, unknown = _gaps(objective, claimed)
    on_top = _on_top(objective, claimed)
    return Offer(
        step_id=attempt.step_id,
        target_name=target.name,
        attempt_id=attempt.attempt_id,
        conversation_id=attempt.conversation_id,
        stage=stage,
        amount=figure.value,
        currency=brief.collect[objective.field].unit,
        words=figure.words,
        status=figure.status,
        why=figure.why,
        stands=outcome_of(brief, attempt) in STANDING,
        doubts=_doubts(brief, attempt),
        differs=differs,
        unknown=unknown,
        scope={name: claimed[name].value for name in objective.like_for_like},
        on_top=on_top,
        total=_total(objective, figure.value, on_top),
        valid_until=_runs_out(objective, claimed, target),
    )


def final_offers(brief: Brief, state: MissionState) -> list[Offer]:
    """The standing offer of each target that made one, in the order they were made.

    Of two calls to the same target the later one is it, unless it left open what the earlier one
    covers, without taking back its price.
    """
    latest: dict[str, Offer] = {}
    for attempt in state.attempts if brief.objective else ():
        if not state.is_to_reach(attempt.step_id):
            continue
        if not (offer := offer_in(brief, state, attempt)):
            continue
        earlier = latest.get(offer.step_id)
        if earlier is None or _replaces(brief, offer, earlier):
            latest.pop(offer.step_id, None)
            latest[offer.step_id] = offer
    return list(latest.values())


def final_offer(brief: Brief, state: MissionState, step_id: str) -> Offer | None:
    """The standing offer of one target, if it made one."""
    latest: Offer | None = None
    for attempt in state.attempts.kin_of(step_id) if brief.objective else ():
        offer = offer_in(brief, state, attempt)
        if offer and (latest is None or _replaces(brief, offer, latest)):
            latest = offer
    return latest


def ranked(brief: Brief, offers: Iterable[Offer], now: datetime) -> list[Offer]:
    """The offers that count and hold at `now` (UTC), best first; the earlier of equals first."""
    if brief.objective is None:
        return []
    sign = brief.objective.sign
    counting = [offer for offer in offers if offer.counts and offer.holds_at(now)]
    return sorted(counting, key=lambda offer: sign * (offer.total or Decimal(0)))


def best(brief: Brief, offers: Iterable[Offer], now: datetime) -> Offer | None:
    """The best of the offers that count and hold at `now` (UTC); the earlier of equals."""
    return next(iter(ranked(brief, offers, now)), None)


def baseline(brief: Brief, state: MissionState) -> Offer | None:
    """The first offer that counts: what there would have been without negotiating."""
    offers = (offer_in(brief, state, attempt) for attempt in _talks(state))
    return next((offer for offer in offers if offer and offer.counts), None)


def total_of(objective: Objective, amount: Decimal, on_top: Mapping[str, Decimal]) -> Decimal:
    """Like-for-like total of `quantity` units: exact, never rounded.

    The price and what is charged for each unit, times the quantity, at least the minimum; percent
    of that, and what is charged once, come on top. Of what is maximized they are taken off.
    """
    kinds = objective.fees
    each = sum((on_top[name] for name in kinds if kinds[name] == "each"), Decimal(0))
    percent = sum((on_top[name] for name in kinds if kinds[name] == "percent"), Decimal(0))
    once = sum((on_top[name] for name in kinds if kinds[name] == "once"), Decimal(0))
    sign = objective.sign
    base = (amount + sign * each) * objective.quantity
    if objective.minimum:
        base = max(base, on_top[objective.minimum])
    return base + sign * (base * percent * _CENT + once)


def _talks(state: MissionState) -> list[Attempt]:
    steps = {target.step_id for target in state.targets}
    return [attempt for attempt in state.attempts if attempt.step_id in steps]


def _replaces(brief: Brief, new: Offer, old: Offer) -> bool:
    sign = brief.objective.sign if brief.objective else 1
    only_open = new.confirmed and new.stands and sign * new.amount <= sign * old.amount
    return new.counts or not old.counts or not only_open


def _doubts(brief: Brief, attempt: Attempt) -> tuple[str, ...]:
    held = claims(brief, attempt)
    decisive = ((name, held[name]) for name in brief.decisive_fields)
    return tuple(n for n, claim in decisive if claim.value is not None and not claim.confirmed)


def _gaps(
    objective: Objective, claimed: Mapping[str, Claim]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    differs: list[str] = []
    unknown: list[str] = []
    for name, wanted in objective.like_for_like.items():
        claim = claimed[name]
        if not claim.confirmed:
            unknown.append(name)
        elif claim.value != wanted:
            differs.append(name)
    unknown += [name for name in objective.on_top if not claimed[name].confirmed]
    until = objective.valid_until
    if until and claimed[until].value is not None and not claimed[until].confirmed:
        unknown.append(until)
    return tuple(differs), tuple(dict.fromkeys(unknown))


def _on_top(objective: Objective, claimed: Mapping[str, Claim]) -> dict[str, Decimal]:
    proven = ((name, claimed[name]) for name in objective.on_top if claimed[name].confirmed)
    return {name: claim.value for name, claim in proven if isinstance(claim.value, Decimal)}


def _total(objective: Objective, amount: Decimal, on_top: Mapping[str, Decimal]) -> Decimal | None:
    if any(name not in on_top for name in objective.on_top):
        return None
    return total_of(objective, amount, on_top)


def _runs_out(
    objective: Objective, claimed: Mapping[str, Claim], target: Target
) -> datetime | None:
    """The end of the last day on which it holds, where the target is; the earliest of its zones."""
    claim = claimed[objective.valid_until] if objective.valid_until else None
    if claim is None or not isinstance(claim.value, str):
        return None
    day = date.fromisoformat(claim.value) + timedelta(days=1)
    zones = zones_of(target.phone, target.timezone) or ("UTC",)
    ends = (datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) for zone in zones)
    return min(ends)
