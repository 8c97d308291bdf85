"""The parts of a brief that are for one strategy alone: a rubric to screen by, what to book."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Self, cast

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator

from telnyx_toolkit.brief_parts import (
    HOLDS,
    AnswerType,
    FieldName,
    Part,
    Question,
    Wanted,
    all_yes,
)
from telnyx_toolkit.figures import as_number
from telnyx_toolkit.nearest import did_you_mean

_NUMBERS = ("number", "integer")
_MOST_AT_ONCE = 5


def _no_truth(value: object) -> object:
    """YAML's yes and no are no numbers, whatever pydantic makes of them."""
    if isinstance(value, bool):
        raise ValueError("is yes or no, not a number")
    return value


#: So many digits survive a float, as which they are kept in JSON.
_Number = Annotated[
    Decimal,
    Field(max_digits=13, decimal_places=4),
    BeforeValidator(_no_truth),
    PlainSerializer(as_number, return_type=int | float),
]
_Weight = Annotated[_Number, Field(gt=0, le=1_000)]
_Points = Annotated[_Number, Field(ge=0, le=1)]


class Bound(Part):
    """What an answer must be."""

    at_most: _Number | None = Field(default=None, description="A number that is this or less.")
    at_least: _Number | None = Field(default=None, description="A number that is this or more.")
    equals: Wanted | None = Field(default=None, description="Exactly this; texts in any case.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        spans = [limit for limit in (self.at_most, self.at_least) if limit is not None]
        if bool(spans) == (self.equals is not None):
            raise ValueError("needs equals, or at_most and at_least or one of them")
        if self.at_most is not None and self.at_least is not None and self.at_most < self.at_least:
            raise ValueError("asks for at least more than at most")
        return self


def _as_bounds(value: object) -> object:
    """A list means yes to each, and a bare value that the answer is exactly this."""
    given = all_yes(value)
    if not isinstance(given, Mapping):
        return given
    musts = cast("Mapping[Any, Any]", given)
    plain = (bool, int, float, str, Decimal)
    return {
        name: {"equals": wanted} if isinstance(wanted, plain) else wanted
        for name, wanted in musts.items()
    }


Musts = Annotated[Mapping[FieldName, Bound], BeforeValidator(_as_bounds)]


def _distinct(points: Mapping[str, Decimal] | None) -> Mapping[str, Decimal] | None:
    seen: dict[str, str] = {}
    for answer in points or ():
        if (other := seen.setdefault(folded(answer), answer)) != answer:
            raise ValueError(f"has {answer!r} and {other!r}, which are the same answer")
    return points


class Measure(Part):
    """How much one answer counts, and what it is worth."""

    weight: _Weight = Field(description="Its share of the score, against the other weights.")
    best: _Number | None = Field(default=None, description="A number: worth full marks from here.")
    worst: _Number | None = Field(default=None, description="A number: worth nothing from here.")
    points: Annotated[Mapping[str, _Points] | None, AfterValidator(_distinct)] = Field(
        default=None, description="A text: what each answer is worth, 0 to 1; others are worth 0."
    )


class Rubric(Part):
    """What makes one target better than another, when all were asked the same."""

    must: Musts = Field(
        default_factory=dict[str, Bound],
        description="Who fails one of these is out: a list of yes/no fields that must be yes, or"
        " field: value, or field: {at_most, at_least, equals}.",
    )
    score: Mapping[FieldName, Measure] = Field(
        min_length=1, description="What the answers are worth: a yes/no field is worth full marks."
    )
    shortlist: int = Field(default=3, ge=1, le=100, description="How many are recommended at most.")

    @property
    def fields(self) -> tuple[str, ...]:
        """The collected fields that it judges."""
        return (*self.must, *self.score)


class Book(Part):
    """What it means that something is booked."""

    confirmed_by: FieldName = Field(description="The yes/no field that says that it is done.")
    must: Musts = Field(
        default_factory=dict[str, Bound],
        description="What else must hold, or it does not count as confirmed: as in rubric.must.",
    )
    at_once: int = Field(
        default=1,
        ge=1,
        le=_MOST_AT_ONCE,
        description="Calls under way at once; with more than one, two could confirm.",
    )
    go_on_when_unsure: bool = Field(
        default=False,
        description="Go on calling although somebody may have confirmed; else a person decides.",
    )

    @property
    def fields(self) -> tuple[str, ...]:
        """The collected fields that it judges."""
        return (self.confirmed_by, *self.must)


def folded(text: str) -> str:
    """A text answer as it is compared: in any case, however it is spaced."""
    return " ".join(text.casefold().split())


def check_rubric(rubric: Rubric, collect: Mapping[str, Question]) -> None:
    """Refuse a rubric that does not fit what is collected.

    Raises:
        ValueError: which field does not fit, and why.
    """
    _check_musts("rubric.must", rubric.must, collect)
    for name, measure in rubric.score.items():
        kind = _kind_of("rubric.score", name, collect)
        for flaw in _misfits(measure, kind):
            raise ValueError(f"rubric.score.{name} {flaw}")


def check_book(book: Book, collect: Mapping[str, Question]) -> None:
    """Refuse a booking that does not fit what is collected.

    Raises:
        ValueError: which field does not fit, and why.
    """
    kind = _kind_of("book.confirmed_by", book.confirmed_by, collect)
    if kind != "boolean":
        raise ValueError(
            f"book.confirmed_by names {book.confirmed_by!r}, which is not a yes/no field"
        )
    if book.confirmed_by in book.must:
        raise ValueError(f"book.must names {book.confirmed_by!r}, which confirmed_by does already")
    _check_musts("book.must", book.must, collect)


def _check_musts(where: str, musts: Mapping[str, Bound], collect: Mapping[str, Question]) -> None:
    for name, bound in musts.items():
        kind = _kind_of(where, name, collect)
        if bound.equals is None and kind not in _NUMBERS:
            raise ValueError(f"{where} gives {name!r} a limit, but it is a {kind}")
        if bound.equals is True and kind != "boolean":
            raise ValueError(f"{where} wants {name!r} to be yes, but it is a {kind}")
        if bound.equals is not None and not isinstance(bound.equals, HOLDS[kind]):
            raise ValueError(f"{where} wants {name!r} to be {bound.equals}, but it is a {kind}")


def _kind_of(where: str, name: str, collect: Mapping[str, Question]) -> AnswerType:
    if name not in collect:
        near = did_you_mean(name, collect)
        raise ValueError(f"{where} names {name!r}, which is not in collect{near}")
    return collect[name].type


def _misfits(measure: Measure, kind: AnswerType) -> Iterator[str]:
    """What of a measure does not fit the type of the answer."""
    ends, points = (measure.best, measure.worst), measure.points
    if kind in _NUMBERS:
        if points is not None:
            yield "is a number: it has best and worst, not points"
        if None in ends:
            yield "is a number: it needs best and worst"
        if ends[0] == ends[1]:
            yield "has the same best and worst, so that every answer would be worth the same"
        return
    if ends != (None, None):
        yield f"is a {kind}: best and worst are for numbers"
    if kind == "boolean" and points is not None:
        yield "is a yes/no field: yes is full marks, and points are for texts"
    if kind == "string" and not points:
        yield "is a text: it needs points, such as {pediatric: 1, general: 0.5}"
