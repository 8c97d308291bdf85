"""The labelled talks of `fixtures/claims`, and what the checker makes of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from telnyx_toolkit.bearing import Call
from telnyx_toolkit.brief_parts import Question
from telnyx_toolkit.evidence import Claim, claim_of
from telnyx_toolkit.heard import heard
from telnyx_toolkit.spoken import vocabulary

FOLDER = Path(__file__).parents[2] / "fixtures" / "claims"
_ANY_DAY = date(2026, 12, 1)


@dataclass(frozen=True)
class Case:
    """One short talk with a claim, and what it is worth."""

    place: str
    entry: dict[str, Any]
    language: str
    day: date

    @property
    def label(self) -> str:
        return self.entry["label"]

    @property
    def is_true(self) -> bool:
        return self.entry["meant"]

    def told(self) -> Claim:
        """What the checker makes of it."""
        claim = self.entry["claim"]
        said = [
            {"role": "user", "text": turn}
            if isinstance(turn, str)
            else {"role": "assistant", "text": turn["agent"]}
            for turn in self.entry["said"]
        ]
        turns = heard(said, dots=vocabulary(self.language).is_spanish)
        is_final = self.entry.get("stage", "answers") == "answers"
        call = Call(turns, self.language, self.day, is_final=is_final)
        question = Question(type=claim["type"], unit=claim.get("unit", ""))
        return claim_of(call, claim.get("field", "price_per_person"), question, claim)


def cases() -> Iterator[Case]:
    """All of them, file by file."""
    for path in sorted(FOLDER.glob("*.yaml")):
        known = yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, entry in enumerate(known["entries"], 1):
            place = f"{path.stem} {number}"
            yield Case(place, entry, known["language"], known.get("day", _ANY_DAY))
