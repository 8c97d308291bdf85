"""The brief: what a person asked for, read strictly and kept unchanged."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, Self, cast

from pydantic import Field, field_validator, model_validator

from telnyx_toolkit.brief_parts import (
    MESSAGE_LIMIT,
    AnswerType,
    Calling,
    FieldName,
    Leverage,
    Limits,
    Objective,
    Part,
    Question,
    Target,
    Text,
    Voice,
    e164,
)
from telnyx_toolkit.contacts import A_DAY
from telnyx_toolkit.disclosure import undisclosed
from telnyx_toolkit.nearest import did_you_mean

StrategyName = Literal["sweep", "negotiate"]
_HOLDS: Mapping[AnswerType, type] = {
    "number": Decimal,
    "integer": Decimal,
    "boolean": bool,
    "string": str,
    "date": str,
}


class Brief(Part):
    """A mission as a person asks for it."""

    name: str = Field(min_length=1, max_length=120, description="What to call the mission.")
    goal: Text = Field(description="What a good result is, in a sentence or two.")
    on_behalf_of: str = Field(min_length=1, max_length=200, description="Said in every greeting.")
    strategy: StrategyName = Field(description="sweep asks everybody; negotiate carries offers on.")
    targets: tuple[Target, ...] = Field(min_length=1, max_length=1_000, description="Whom to call.")
    details: str = Field(default="", max_length=8_000, description="What the assistant may tell.")
    collect: Mapping[FieldName, Question] = Field(min_length=1, description="What to find out.")
    objective: Objective | None = Field(default=None, description="Needed to negotiate.")
    leverage: Leverage = Leverage()
    contact: Literal["ivr", "business", "professional"] = Field(
        default="business", description="Sets how soon a missed call is tried again."
    )
    calling: Calling = Calling()
    limits: Limits = Limits()
    voice: Voice = Voice()
    call_from: str | None = Field(
        default=None,
        description="The account's number to call from; else a free one of the called country.",
    )
    greeting: str | None = Field(
        default=None,
        min_length=1,
        max_length=600,
        description="The first words of every call, in place of ours; {target} is who is called."
        " They must say that an AI calls and for whom.",
    )
    message: str | None = Field(
        default=None,
        min_length=1,
        max_length=MESSAGE_LIMIT,
        description="The text that sms targets get; else one is made from goal and collect.",
    )
    strict: bool = Field(
        default=False,
        description="After an unheard answer, never call that target again without a person.",
    )
    record: bool = Field(default=False, description="Record the audio; the callee is told.")
    keep: bool = Field(
        default=False, description="Keep the assistant and insights after the mission."
    )

    @property
    def decisive_fields(self) -> tuple[str, ...]:
        """The collected fields on which a result rests: required ones, and what is compared."""
        required = [name for name, question in self.collect.items() if question.required]
        compared = [self.objective.field, *self.objective.like_for_like] if self.objective else []
        return tuple(dict.fromkeys([*required, *compared]))

    @property
    def attempts_a_day(self) -> int:
        """How often one target may be tried on one day of theirs."""
        return self.limits.attempts_per_day or A_DAY[self.contact]

    @property
    def makes_calls(self) -> bool:
        """Whether anybody is to be called."""
        return any(target.channel == "call" for target in self.targets)

    @property
    def sends_texts(self) -> bool:
        """Whether anybody is to be sent a text message."""
        return any(target.channel == "sms" for target in self.targets)

    @field_validator("call_from", mode="before")
    @classmethod
    def _our_number(cls, value: object) -> object:
        return value if value is None else e164(value)

    @model_validator(mode="before")
    @classmethod
    def _no_telnyx_syntax(cls, document: object) -> object:
        for where, text in _texts(document):
            if "{{" in text or "}}" in text:
                raise ValueError(
                    f"{where} contains '{{{{' or '}}}}', which Telnyx would read as a variable"
                )
        return document

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for noun, values in (
            ("name", [t.name for t in self.targets]),
            ("phone", [t.phone for t in self.targets]),
        ):
            if twice := [v for v, n in Counter(values).items() if n > 1]:
                raise ValueError(f"two targets have the {noun} {twice[0]!r}")
        if self.strategy == "negotiate" and self.objective is None:
            raise ValueError(
                "strategy 'negotiate' needs an objective: what to minimize or maximize"
            )
        if self.strategy == "negotiate" and self.sends_texts:
            raise ValueError(
                "strategy 'negotiate' is spoken: targets with channel 'sms' need 'sweep'"
            )
        if self.objective:
            self._check_objective(self.objective)
        self._check_disclosure()
        return self

    def _check_disclosure(self) -> None:
        for name, text in (("greeting", self.greeting), ("message", self.message)):
            if text and (missing := undisclosed(text, self.on_behalf_of)):
                raise ValueError(f"the {name} does not say at its start {' and '.join(missing)}")

    def _check_objective(self, objective: Objective) -> None:
        for name in (objective.field, *objective.like_for_like):
            if name not in self.collect:
                raise ValueError(
                    f"objective names {name!r}, which is not in collect"
                    f"{did_you_mean(name, self.collect)}"
                )
        if self.collect[objective.field].type not in {"number", "integer"}:
            raise ValueError(f"objective compares {objective.field!r}, which is not a number")
        for name, value in objective.like_for_like.items():
            kind = self.collect[name].type
            if value is True and kind != "boolean":
                raise ValueError(
                    f"like_for_like lists {name!r}, which is not a yes/no field: "
                    f"say the value it must have, {name}: value"
                )
            if not isinstance(value, _HOLDS[kind]):
                raise ValueError(
                    f"like_for_like wants {name!r} to be {value!r}, but it is a {kind}"
                )


def brief_schema() -> dict[str, Any]:
    """JSON Schema of a brief."""
    return Brief.model_json_schema()


def _texts(value: object, where: str = "the brief") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[Any, Any]", value).items():
            yield from _texts(inner, str(key))
    elif isinstance(value, Sequence):
        for inner in cast("Sequence[Any]", value):
            yield from _texts(inner, where)
