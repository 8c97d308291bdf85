"""What an answer must be: met, failed, or open because nobody can show what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from telnyx_toolkit.brief_strategies import Bound, folded
from telnyx_toolkit.evidence import Claim
from telnyx_toolkit.untrusted import one_line
from telnyx_toolkit.wording import label, said

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief

Status = Literal["met", "failed", "unknown"]
_WORDS = 120


@dataclass(frozen=True)
class Judged:
    """One answer held against what it must be.

    Attributes:
        status: Only a claim that the transcript bears out is met or failed.
        wanted: What it must be, in words: `at most $180`.
        found: What was answered, in words: `$220`.
        words: The callee's words for it, on one line.
    """

    field: str
    status: Status
    wanted: str
    found: str
    words: str

    @property
    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**vars(self)}

    @property
    def text(self) -> str:
        """`price per night $220 instead of at most $180 ("220 dollars a night")`."""
        if self.status == "unknown":
            return f"{label(self.field)} not known"
        wrong = f" instead of {self.wanted}" if self.status == "failed" else ""
        return f'{label(self.field)}: {self.found}{wrong} ("{self.words}")'


def judge_all(
    brief: Brief, musts: Mapping[str, Bound], claimed: Mapping[str, Claim]
) -> list[Judged]:
    """Every must-have of a target, in the order of the brief."""
    return [_judge(brief, name, bound, claimed[name]) for name, bound in musts.items()]


def _judge(brief: Brief, name: str, bound: Bound, claim: Claim) -> Judged:
    unit, language = brief.collect[name].unit, brief.voice.language
    status: Status = "unknown"
    if claim.confirmed:
        status = "met" if _holds(bound, claim) else "failed"
    found = one_line(said(claim.value, unit, language), _WORDS)
    return Judged(name, status, wanted(brief, name, bound), found, one_line(claim.words, _WORDS))


def _holds(bound: Bound, claim: Claim) -> bool:
    value, equals = claim.value, bound.equals
    if isinstance(value, Decimal):
        low_enough = bound.at_most is None or value <= bound.at_most
        high_enough = bound.at_least is None or value >= bound.at_least
        return low_enough and high_enough and (equals is None or value == equals)
    if isinstance(value, str) and isinstance(equals, str):
        return folded(value) == folded(equals)
    return value == equals


def wanted(brief: Brief, name: str, bound: Bound) -> str:
    """What an answer must be, in words: `at most $180`, `yes`."""
    unit, language = brief.collect[name].unit, brief.voice.language
    if bound.equals is not None:
        return said(bound.equals, unit, language)
    limits = (("at least", bound.at_least), ("at most", bound.at_most))
    return " and ".join(
        f"{how} {said(limit, unit, language)}" for how, limit in limits if limit is not None
    )
