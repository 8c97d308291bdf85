"""The mix: who answers when a mission is rehearsed many times, and what they say; one YAML file."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Self, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError, model_validator

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.nearest import did_you_mean
from telnyx_toolkit.resources import shipped

Document = Mapping[str, Any]
#: YAML's yes and no are no shares, and a share in quotes is a slip.
_Share = Annotated[float, Strict(), Field(ge=0, le=1)]
_Figure = Annotated[float, Strict(), Field(ge=0, le=10**9)]
_FIX = "Name only what is to differ: docs/howto/rehearse.md lists every key."
_OF_DIALS = ("no_answer", "busy", "voicemail")
_OF_PEOPLE = ("declines", "opts_out", "hangs_up", "calls_back")
_ROUNDING = 1e-9


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Range(_Part):
    low: _Figure | None = None
    high: _Figure | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("needs both low and high, or neither")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("has a low above its high")
        return self


class Price(_Range):
    """How the figure of an objective comes about, and how it moves.

    Attributes:
        low, high: The range of first prices; None leaves it to the brief.
        moves: The share of people who make a better offer when told of one.
        by: By which share of their price, at least and at most.
        left_out: How often something of `like_for_like` is missing at first, and had for more.
        never: How often it cannot be had at all.
        extras: How often something that may come on top does.
    """

    moves: _Share
    by: tuple[_Share, _Share]
    left_out: _Share
    never: _Share
    extras: _Share

    @model_validator(mode="after")
    def _by_in_order(self) -> Self:
        if self.by[0] > self.by[1]:
            raise ValueError("by has the greater share first")
        return self


class Answer(_Range):
    """What is said to one question: the keys that fit its type."""

    says_yes: _Share | None = None
    one_of: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] | None = Field(
        default=None, min_length=1
    )
    unknown: _Share | None = None


class Mix(_Part):
    """Shares of dials, of people and of answers; `fixtures/mix.yaml` says what each means."""

    no_answer: _Share
    busy: _Share
    voicemail: _Share
    declines: _Share
    opts_out: _Share
    hangs_up: _Share
    calls_back: _Share
    texts_back: _Share
    unknown: _Share
    says_yes: _Share
    confirms: _Share
    price: Price
    answers: Mapping[str, Answer] = Field(default_factory=dict[str, Answer])
    sources: Mapping[str, str] = Field(default_factory=dict[str, str])

    @model_validator(mode="after")
    def _no_more_than_all(self) -> Self:
        shares = self.model_dump()
        for names in (_OF_DIALS, _OF_PEOPLE):
            total = sum(shares[name] for name in names)
            if total > 1 + _ROUNDING:
                raise ValueError(
                    f"{', '.join(names)} add up to {total:g}, more than 1: those that the mix does"
                    " not name have their defaults"
                )
        return self


def read_mix(given: object, fields: Mapping[str, str]) -> Mix:
    """The shipped mix with what `given` names in place of it.

    Args:
        given: As YAML or JSON gave it; None for the shipped one.
        fields: The types of what the brief collects, by name.

    Raises:
        InvalidInput: naming each key, what was given and what is allowed.
    """
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        raise InvalidInput(f"The mix is {type(given).__name__}, not a mapping of keys.", fix=_FIX)
    theirs = cast("Document", given)
    price = theirs.get("price", {})
    whole = {**_shipped(), **theirs}
    if isinstance(price, Mapping):
        whole["price"] = {**_shipped()["price"], **cast("Document", price)}
    try:
        mix = Mix.model_validate(whole)
    except ValidationError as problem:
        lines = [_explain(error) for error in problem.errors(include_url=False)]
        raise _unusable(lines) from problem
    if lines := list(_misfits(mix, fields)):
        raise _unusable(lines)
    return mix


@cache
def _shipped() -> Document:
    return yaml.safe_load(shipped("fixtures", "mix.yaml").read_text(encoding="utf-8"))


def _unusable(lines: list[str]) -> InvalidInput:
    listed = "\n".join(f"  {line}" for line in lines)
    return InvalidInput(f"The mix cannot be used:\n{listed}", fix=_FIX)


_FITTING: Mapping[str, tuple[str, ...]] = {
    "number": ("low", "high"),
    "integer": ("low", "high"),
    "boolean": ("says_yes",),
    "string": ("one_of",),
    "date": ("one_of",),
}


def _misfits(mix: Mix, fields: Mapping[str, str]) -> Iterator[str]:
    """What the mix says of answers that the brief does not ask for, or not so."""
    for name, answer in mix.answers.items():
        if name not in fields:
            near = did_you_mean(name, fields)
            yield f"answers.{name}: the brief does not collect it{near}"
            continue
        fitting = (*_FITTING[fields[name]], "unknown")
        for key in answer.model_fields_set - set(fitting):
            yield f"answers.{name}.{key}: it is a {fields[name]}, so: {', '.join(fitting)}"


def _explain(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "mix"
    given = repr(error["input"])[:60]
    match error["type"]:
        case "extra_forbidden":
            known = _keys_at(error["loc"][:-1])
            near = did_you_mean(str(error["loc"][-1]), known)
            return f"{where}: is no key{near}; allowed here: {', '.join(known)}"
        case "value_error":
            return f"{where}: {error['ctx']['error']}".removeprefix("mix: ")
        case _:
            return f"{where}: {given}: {error['msg'].lower()}"


def _keys_at(loc: tuple[Any, ...]) -> list[str]:
    inner = {"price": Price, "answers": Answer}
    model = inner.get(str(loc[0]), Mix) if loc else Mix
    return sorted(model.model_fields)
