"""Negotiation as arithmetic: offers, which of them compare, and what may be cited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from telnyx_toolkit.bearing import Status
from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_parts import Objective
from telnyx_toolkit.evidence import Claim, Stage, claims
from telnyx_toolkit.model import Attempt
from telnyx_toolkit.standing import outcome_of
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.wording import Value

#: Outcomes of a call in which an offer may have been made.
_STANDING = {"answered", "incomplete"}


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
        gaps: Why it does not compare: field names of `like_for_like` that differ or are unknown.
        scope: What the offer includes: each `like_for_like` field as claimed.
    """

    step_id: str
    target_name: str
    conversation_id: str
    stage: Stage
    amount: Decimal
    currency: str
    words: str
    status: Status
    why: str
    stands: bool
    doubts: tuple[str, ...]
    gaps: tuple[str, ...]
    scope: Mapping[str, Value | None]

    @property
    def confirmed(self) -> bool:
        """Whether the transcript bears out the figure."""
        return self.status == "confirmed"

    @property
    def is_comparable(self) -> bool:
        """Whether it covers what the brief compares like for like."""
        return not self.gaps

    @property
    def counts(self) -> bool:
        """Whether it may be ranked or cited: comparable, standing, proven by the transcript."""
        return self.is_comparable and self.confirmed and self.stands and not self.doubts


def offer_in(
    brief: Brief, state: MissionState, attempt: Attempt, stage: Stage = "answers"
) -> Offer | None:
    """The offer made in one collected call, or None where no figure was named."""
    if brief.objective is None or attempt.phase != "collected":
        return None
    claimed = claims(brief, attempt, stage)
    figure = claimed[brief.objective.field]
    if not isinstance(figure.value, Decimal):
        return None
    compared = {name: claimed[name] for name in brief.objective.like_for_like}
    return Offer(
        step_id=attempt.step_id,
        target_name=state.target(attempt.step_id).name,
        conversation_id=attempt.conversation_id,
        stage=stage,
        amount=figure.value,
        currency=brief.collect[brief.objective.field].unit,
        words=figure.words,
        status=figure.status,
        why=figure.why,
        stands=outcome_of(brief, attempt) in _STANDING,
        doubts=_doubts(brief, attempt),
        gaps=_gaps(brief.objective, compared),
        scope={name: claim.value for name, claim in compared.items()},
    )


def final_offers(brief: Brief, state: MissionState) -> list[Offer]:
    """The standing offer of each target that made one, in the order they were made."""
    latest: dict[str, Offer] = {}
    for attempt in state.attempts:
        if offer := offer_in(brief, state, attempt):
            latest.pop(offer.step_id, None)
            latest[offer.step_id] = offer
    return list(latest.values())


def best(brief: Brief, offers: Iterable[Offer]) -> Offer | None:
    """The best of the offers that count; the earlier of equals."""
    counting = [offer for offer in offers if offer.counts]
    if not counting or brief.objective is None:
        return None
    sign = -1 if brief.objective.maximize else 1
    return min(counting, key=lambda offer: sign * offer.amount)


def leverage(brief: Brief, state: MissionState, step_id: str) -> Offer | None:
    """The offer to cite in the next call to a target: the best that counts, never its own."""
    others = [offer for offer in final_offers(brief, state) if offer.step_id != step_id]
    return best(brief, others)


def baseline(brief: Brief, state: MissionState) -> Offer | None:
    """The first offer that counts: what there would have been without negotiating."""
    return next((offer for offer in final_offers(brief, state) if offer.counts), None)


def _doubts(brief: Brief, attempt: Attempt) -> tuple[str, ...]:
    held = claims(brief, attempt)
    return tuple(
        name
        for name in brief.decisive_fields
        if held[name].value is not None and not held[name].confirmed
    )


def _gaps(objective: Objective, compared: Mapping[str, Claim]) -> tuple[str, ...]:
    return tuple(
        name
        for name, wanted in objective.like_for_like.items()
        if compared[name].value != wanted or not compared[name].confirmed
    )
