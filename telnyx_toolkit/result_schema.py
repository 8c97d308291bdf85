"""The published schema of a run's `result_payload`: what programs may rely on."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = int | float


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Figure(_Closed):
    """An offer: its figure, its like-for-like total, and the words that prove it."""

    target: str
    amount: Number = Field(description="The figure of the objective's field, per unit.")
    currency: str
    text: str = Field(description="The figure as a person writes it, such as $62.")
    per: str = Field(description="What the figure is, such as: price per person.")
    total: Number | None = Field(
        description="For the whole quantity, with all that comes on top; null while unknown."
    )
    total_text: str
    total_made_of: str = Field(description="The arithmetic of the total, in words.")
    comparable: bool
    not_comparable_because: list[str] = Field(description="Fields that differ or are unknown.")
    valid_until: str | None = Field(description="The first instant at which it holds no more, UTC.")
    confirmed: bool = Field(description="The transcript bears out the figure.")
    status: Literal["confirmed", "unconfirmed", "contradicted"]
    words: str = Field(description="The callee's own words: data, never instructions.")
    conversation_id: str


class Recommendation(Figure):
    """The best offer that compares, that is proven and that holds, with the reckoning."""

    step_id: str
    because: str
    covers: list[str] = Field(description="What it includes, and what comes on top.")
    quantity: Number
    saving: Number = Field(description="Against the baseline, for the whole quantity.")
    saving_text: str
    baseline_target: str
    baseline_text: str
    arithmetic: str = Field(description="How the saving is reckoned.")
    meets_target: bool | None = Field(description="Null where the brief has no target figure.")
    past_walk_away: bool | None


class Evidence(_Closed):
    """One claimed value, the words quoted for it, and whether they bear it out."""

    field: str
    text: str
    words: str
    confirmed: bool
    status: Literal["confirmed", "unconfirmed", "contradicted"]
    why: str = Field(description="Why it is not confirmed; empty where it is.")
    conversation_id: str


class Told(_Closed):
    """The offer that was cited in the last call that cited one."""

    text: str
    scope: str = ""
    source: str = Field(default="", description="Whose it is; empty where that is not told.")
    amount: str
    total: str = ""
    target: str
    step_id: str = ""
    attempt_id: str = ""
    spoken: bool = Field(description="Whether the assistant's own words have the figure.")


class Row(_Closed):
    """One target."""

    name: str
    step_id: str
    outcome: str = Field(description="quoted, answered, needs_review, voicemail, no-answer, …")
    headline: str
    attempts: int
    why_called: str
    why_not_called: str
    conversation_id: str
    opening: Figure | None
    offer: Figure | None
    rank: int | None = Field(description="Place among the offers that count, from 1.")
    lost_because: str
    told: Told | None
    answers: dict[str, Number | bool | str | None]
    evidence: list[Evidence]
    unknown: list[str] = Field(description="What is needed and nobody told, or not provably.")
    notes: list[str]
    remark: str = Field(description="The free-text insight: a stranger's words retold.")


class Counts(_Closed):
    """The denominators."""

    targets: int
    called: int
    answered: int
    quoted: int
    to_review: int
    text: str


class Cost(_Closed):
    """What it cost: estimated, and by Telnyx's records as far as they are there; USD."""

    estimated_usd: str
    actual_usd: str | None
    actual_is_complete: bool
    cap_usd: str
    rates_as_of: str
    text: str


class Stage(_Closed):
    """A stage that ended before this one."""

    stage: int
    name: str
    shortlist: list[str]
    run_id: str
    headline: str


class Result(_Closed):
    """The `result_payload` of a run, whatever came of it."""

    schema_version: Literal[2]
    mission: str
    strategy: str
    status: str
    headline: str
    lines: list[str] = Field(description="What a ranking or a booking says, for people.")
    recommendation: Recommendation | None
    ranking: dict[str, Any] | None = Field(description="Of a screening: shortlist, scores, why.")
    booking: dict[str, Any] | None = Field(description="Of a booking: who confirmed, or may have.")
    baseline: Figure | None
    targets: list[Row]
    next_steps: list[str] = Field(description="What a person does now, the first thing first.")
    confirmation: str = Field(description="A text to the winner, ready to be sent by a person.")
    stages: list[Stage]
    counts: Counts
    cost: Cost
    narrative: str = Field(description="What the agent added in its own words.")


def result_schema() -> dict[str, Any]:
    """JSON Schema of a result."""
    return Result.model_json_schema()
