"""The parts of a brief about offers: what is better, what comes on top, what may be told."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self, cast

from pydantic import Field, Strict, field_validator, model_validator

from telnyx_toolkit.brief_parts import HOLDS, FieldName, Money, Part, Question, Wanted, all_yes
from telnyx_toolkit.figures import is_currency
from telnyx_toolkit.nearest import did_you_mean

#: percent: of the price times the quantity. each: per unit. once: per order.
Fee = Literal["percent", "each", "once"]
_NUMBERS = ("number", "integer")


class Objective(Part):
    """What makes one offer better than another."""

    minimize: FieldName | None = Field(default=None, description="The collected number to get low.")
    maximize: FieldName | None = Field(
        default=None, description="The collected number to get high."
    )
    quantity: Annotated[Decimal, Field(gt=0, le=10**9, max_digits=13, decimal_places=4)] = Field(
        default=Decimal(1), description="How many of it are wanted; totals and savings use it."
    )
    fees: Mapping[FieldName, Fee] = Field(
        default_factory=dict[str, Fee],
        description="Collected numbers that come on top: percent of the price times the quantity,"
        " each (per unit), or once. An offer compares only once all of them are known.",
    )
    minimum: FieldName | None = Field(
        default=None, description="The collected amount that is charged at least, before fees."
    )
    like_for_like: Mapping[FieldName, Wanted] = Field(
        default_factory=dict[str, Wanted],
        description="What an offer must have to be comparable: a list of yes/no fields that "
        "must be yes, or field: value.",
    )
    valid_until: FieldName | None = Field(
        default=None,
        description="The collected date until which an offer holds; after it, it counts no more.",
    )
    target: Money | None = Field(
        default=None,
        description="The figure per unit, fees included, to aim for: once it is reached, or a call"
        " costs more than is left to gain, nobody else is called. Never spoken.",
    )
    walk_away: Money | None = Field(
        default=None, description="Worse than this, per unit, is no deal; never spoken."
    )

    @field_validator("like_for_like", mode="before")
    @classmethod
    def _list_means_yes(cls, value: object) -> object:
        return all_yes(value)

    @model_validator(mode="after")
    def _one_direction(self) -> Self:
        if (self.minimize is None) == (self.maximize is None):
            raise ValueError("needs exactly one of minimize and maximize")
        if self.minimum and self.maximize:
            raise ValueError("takes a minimum only with minimize")
        return self

    @property
    def field(self) -> str:
        """Name of the collected number that is compared."""
        return cast("str", self.minimize or self.maximize)

    @property
    def sign(self) -> int:
        """1 where less is better, -1 where more is."""
        return -1 if self.maximize else 1

    @property
    def on_top(self) -> tuple[str, ...]:
        """The collected numbers that a total needs besides the price itself."""
        return (*self.fees, *([self.minimum] if self.minimum else []))

    @property
    def fields(self) -> tuple[str, ...]:
        """Every collected field that a comparison rests on."""
        return tuple(dict.fromkeys([self.field, *self.on_top, *self.like_for_like]))


class Leverage(Part):
    """What may be told to one target about another."""

    name_competitors: bool = Field(default=False, description="Whether a competitor may be named.")
    return_to_earlier: Annotated[bool, Strict()] = Field(
        default=False,
        description="Whether somebody called earlier is called once more with a better offer, or"
        " to ask what their offer leaves open.",
    )


class Mandate(Part):
    """What the assistant may give, and what it must keep to itself."""

    concede: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = Field(
        default=(),
        max_length=10,
        description="What may be offered for a better price, the cheapest to give first: one at a"
        " time, and only if the price moves.",
    )
    never_say: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = Field(
        default=(), max_length=20, description="What must not be said on the phone."
    )


def check_objective(objective: Objective, collect: Mapping[str, Question]) -> None:
    """Refuse an objective that does not fit what is collected.

    Raises:
        ValueError: says which field, and why.
    """
    named = [*objective.fields, *([objective.valid_until] if objective.valid_until else [])]
    for name in named:
        if name not in collect:
            raise ValueError(
                f"objective names {name!r}, which is not in collect{did_you_mean(name, collect)}"
            )
    for name in (objective.field, *objective.on_top):
        if collect[name].type not in _NUMBERS:
            raise ValueError(f"objective compares {name!r}, which is not a number")
    if objective.valid_until and str(collect[objective.valid_until].type) != "date":
        raise ValueError(f"objective's valid_until is {objective.valid_until!r}, which is no date")
    _check_units(objective, collect)
    for name, value in objective.like_for_like.items():
        _check_wanted(name, value, collect[name])


def _check_units(objective: Objective, collect: Mapping[str, Question]) -> None:
    """Amounts that are added are of one currency: nothing is converted."""
    unit = collect[objective.field].unit
    for name in objective.on_top:
        other = collect[name].unit
        if objective.fees.get(name) == "percent":
            if is_currency(other):
                raise ValueError(f"objective takes {name!r} as percent, but its unit is {other}")
        elif other != unit:
            raise ValueError(
                f"objective adds {name!r} in {other or 'no unit'} to {objective.field!r} in"
                f" {unit or 'no unit'}: currencies are not converted, so give both one unit"
            )


def _check_wanted(name: str, value: object, question: Question) -> None:
    if value is True and question.type != "boolean":
        raise ValueError(
            f"like_for_like lists {name!r}, which is not a yes/no field: "
            f"say the value it must have, {name}: value"
        )
    if not isinstance(value, HOLDS[question.type]):
        raise ValueError(
            f"like_for_like wants {name!r} to be {value!r}, but it is a {question.type}"
        )
