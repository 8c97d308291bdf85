"""The rubric as arithmetic: what each target scores, and which must-haves it has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Literal

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_strategies import Measure, Rubric, folded
from telnyx_toolkit.evidence import Claim, claims
from telnyx_toolkit.figures import as_number
from telnyx_toolkit.model import Target
from telnyx_toolkit.musts import Judged, judge_all
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.untrusted import one_line
from telnyx_toolkit.wording import said

#: Outcomes of a call in which the questions were answered, or some of them.
_ASKED = {"answered", "incomplete", "needs_review"}
_FULL, _TENTH, _WORDS = 100, Decimal("0.1"), 120


@dataclass(frozen=True)
class Scored:
    """One field of the rubric for one target.

    Attributes:
        low: Its share of the score, 0 to 1: nothing while nobody can show what was said.
        high: The same if what is not known were the best there is.
        share: The share that full marks would have.
        status: confirmed, or unconfirmed (the transcript does not bear it out), or unknown.
        found: The answer in words.
        words: The callee's words for it, on one line.
    """

    field: str
    low: Fraction
    high: Fraction
    share: Fraction
    weight: Decimal
    status: Literal["confirmed", "unconfirmed", "unknown"]
    found: str
    words: str

    @property
    def lost(self) -> Decimal:
        """What the answer costs, in points, if what is not known were the best there is."""
        return in_points(self.share) - in_points(self.high)

    @property
    def document(self) -> dict[str, Any]:
        """As JSON has it; points of a hundred."""
        return {
            "field": self.field,
            "points": as_number(in_points(self.low)),
            "points_at_best": as_number(in_points(self.high)),
            "of": as_number(in_points(self.share)),
            "weight": as_number(self.weight),
            "status": self.status,
            "text": self.found,
            "words": self.words,
        }


@dataclass(frozen=True)
class Judgement:
    """How a target does by the rubric.

    Attributes:
        order: Place in the brief, from 0.
        outcome: How the latest try went.
        musts: Every must-have; none where nobody answered.
        parts: Every scored field; none where nobody answered.
    """

    target: Target
    order: int
    outcome: str
    conversation_id: str
    musts: tuple[Judged, ...] = ()
    parts: tuple[Scored, ...] = ()

    @property
    def score(self) -> Decimal | None:
        """0 to 100 with one decimal, if what is not known were worth nothing; None unasked."""
        return in_points(sum((p.low for p in self.parts), Fraction(0))) if self.parts else None

    @property
    def at_best(self) -> Decimal | None:
        """The same if what is not known were the best there is."""
        return in_points(sum((p.high for p in self.parts), Fraction(0))) if self.parts else None

    @property
    def failed(self) -> list[Judged]:
        """The must-haves that it provably has not."""
        return [must for must in self.musts if must.status == "failed"]

    @property
    def open(self) -> list[Judged]:
        """The must-haves of which nobody can tell."""
        return [must for must in self.musts if must.status == "unknown"]

    @property
    def is_ranked(self) -> bool:
        """Whether it can be recommended at all."""
        return self.score is not None and not self.failed

    @property
    def rank(self) -> tuple[bool, Decimal, int]:
        """Smaller is better: known must-haves first, then the score shown, then the brief."""
        return bool(self.open), -(self.score or Decimal(0)), self.order


def judgements(brief: Brief, rubric: Rubric, state: MissionState) -> list[Judgement]:
    """How every target does, in the order of the brief."""
    return [_judgement(brief, rubric, state, n) for n in range(len(state.targets))]


def ranked(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Those who may be recommended, the best first."""
    return sorted((each for each in judgements if each.is_ranked), key=lambda each: each.rank)


def in_points(share: Fraction) -> Decimal:
    """A share of the whole as points of a hundred, with one decimal, halves rounded up."""
    tenths = share * _FULL * 10 + Fraction(1, 2)
    whole = Decimal(tenths.numerator // tenths.denominator)
    return (whole / 10).quantize(_TENTH, ROUND_HALF_UP)


def _judgement(brief: Brief, rubric: Rubric, state: MissionState, order: int) -> Judgement:
    target = state.targets[order]
    where = standing(brief, state, target.step_id)
    attempt = where.attempt
    conversation_id = attempt.conversation_id if attempt else ""
    if attempt is None or where.outcome not in _ASKED:
        return Judgement(target, order, where.outcome, conversation_id)
    claimed = claims(brief, attempt)
    return Judgement(
        target,
        order,
        where.outcome,
        conversation_id,
        tuple(judge_all(brief, rubric.must, claimed)),
        tuple(_parts(brief, rubric, claimed)),
    )


def _parts(brief: Brief, rubric: Rubric, claimed: Mapping[str, Claim]) -> Iterable[Scored]:
    everything = sum((Fraction(m.weight) for m in rubric.score.values()), Fraction(0))
    for name, measure in rubric.score.items():
        claim, share = claimed[name], Fraction(measure.weight) / everything
        unit, language = brief.collect[name].unit, brief.voice.language
        worth = _worth(measure, claim) if claim.confirmed else None
        yield Scored(
            field=name,
            low=share * (worth if worth is not None else 0),
            high=share * (worth if worth is not None else _most(measure)),
            share=share,
            weight=measure.weight,
            status=_status(claim),
            found=one_line(said(claim.value, unit, language), _WORDS),
            words=one_line(claim.words, _WORDS),
        )


def _status(claim: Claim) -> Literal["confirmed", "unconfirmed", "unknown"]:
    if claim.value is None:
        return "unknown"
    return "confirmed" if claim.confirmed else "unconfirmed"


def _worth(measure: Measure, claim: Claim) -> Fraction:
    """What an answer is worth, 0 to 1: linear from worst to best, and nothing beyond them."""
    value = claim.value
    if isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str):
        points = {folded(answer): worth for answer, worth in (measure.points or {}).items()}
        return Fraction(points.get(folded(value), Decimal(0)))
    best, worst = Fraction(measure.best or 0), Fraction(measure.worst or 0)
    return min(max((Fraction(value or 0) - worst) / (best - worst), Fraction(0)), Fraction(1))


def _most(measure: Measure) -> Fraction:
    return Fraction(max(measure.points.values())) if measure.points else Fraction(1)
