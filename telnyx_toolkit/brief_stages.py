"""The part of a brief about stages: what each asks, how, and how many go on from it."""

from collections.abc import Mapping

from pydantic import Field

from telnyx_toolkit.brief_offers import Leverage, Mandate, Objective
from telnyx_toolkit.brief_parts import FieldName, Part, Question
from telnyx_toolkit.brief_strategies import Book, Rubric


class Stage(Part):
    """One stage of a mission in rounds; a person approves whom the next one goes on with."""

    name: str = Field(min_length=1, max_length=60, description="Such as: first call.")
    strategy: str = Field(description="How this stage goes about it: any strategy but rounds.")
    collect: Mapping[FieldName, Question] = Field(
        default_factory=dict[str, Question],
        description="What to find out in this stage, besides what every stage asks.",
    )
    objective: Objective | None = Field(default=None, description="Needed to negotiate.")
    rubric: Rubric | None = Field(default=None, description="Needed to screen.")
    book: Book | None = Field(default=None, description="Needed to book.")
    leverage: Leverage | None = Field(default=None, description="In place of the brief's.")
    mandate: Mandate | None = Field(default=None, description="In place of the brief's.")
    details: str = Field(default="", max_length=4_000, description="Added to the brief's.")
    shortlist: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="How many go on to the next stage; else as the rubric says, or 3.",
    )
