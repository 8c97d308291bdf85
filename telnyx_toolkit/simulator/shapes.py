"""What a strict body or query may look like: kinds that name every flaw of a value."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

type_of_unknown = "extra_forbidden"
Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with a request: where, in words, and FastAPI's slug for it."""

    loc: Loc
    msg: str
    type: str

    @property
    def unknown(self) -> bool:
        """Whether the request named a thing that Telnyx does not document."""
        return self.type == type_of_unknown

    @property
    def where(self) -> str:
        """The place as a dotted path, without `body`, `query` or `path` in front."""
        return ".".join(str(part) for part in self.loc[1:])


def unknown(loc: Loc) -> Flaw:
    """The flaw of a field that nobody declares."""
    return Flaw(loc, "Extra inputs are not permitted", type_of_unknown)


Kind = Callable[[Any, Loc], Iterator[Flaw]]


def anything(value: Any, loc: Loc) -> Iterator[Flaw]:  # noqa: ARG001  a Kind takes both
    """Any JSON value, where Telnyx documents no type."""
    yield from ()


def flag(value: Any, loc: Loc) -> Iterator[Flaw]:
    """True or false."""
    if not isinstance(value, bool):
        yield Flaw(loc, "Input should be a valid boolean", "bool_type")


def document(value: Any, loc: Loc) -> Iterator[Flaw]:
    """A JSON object with any content."""
    if not isinstance(value, dict):
        yield Flaw(loc, "Input should be a valid dictionary", "dict_type")


def text(least: int = 0, most: int | None = None, pattern: str = "") -> Kind:
    """A string, `least` to `most` characters long, that matches `pattern` as a whole."""

    def check(value: Any, loc: Loc) -> Iterator[Flaw]:
        if not isinstance(value, str):
            yield Flaw(loc, "Input should be a valid string", "string_type")
        elif len(value) < least:
            yield Flaw(loc, f"String should have at least {least} characters", "string_too_short")
        elif most is not None and len(value) > most:
            yield Flaw(loc, f"String should have at most {most} characters", "string_too_long")
        elif pattern and not re.fullmatch(pattern, value):
            yield Flaw(loc, f"String should match pattern '{pattern}'", "string_pattern_mismatch")

    return check


def number(low: float | None = None, high: float | None = None, *, whole: bool = False) -> Kind:
    """A number from `low` to `high`, both included; `whole` for integers only."""
    kinds = (int,) if whole else (int, float)
    word = "integer" if whole else "number"

    def check(value: Any, loc: Loc) -> Iterator[Flaw]:
        if isinstance(value, bool) or not isinstance(value, kinds):
            yield Flaw(loc, f"Input should be a valid {word}", f"{word}_type")
        elif low is not None and value < low:
            yield Flaw(loc, f"Input should be greater than or equal to {low}", "greater_than_equal")
        elif high is not None and value > high:
            yield Flaw(loc, f"Input should be less than or equal to {high}", "less_than_equal")

    return check


def digits(low: int, high: int) -> Kind:
    """A whole number written in a query string, from `low` to `high`."""
    within = number(low, high, whole=True)

    def check(value: Any, loc: Loc) -> Iterator[Flaw]:
        if not re.fullmatch(r"-?\d+", str(value)):
            yield Flaw(loc, "Input should be a valid integer", "int_parsing")
        else:
            yield from within(int(value), loc)

    return check


def choice(*words: str) -> Kind:
    """One of the words of an enumeration, spelled exactly so."""

    def check(value: Any, loc: Loc) -> Iterator[Flaw]:
        if value not in words:
            yield Flaw(loc, f"Input should be one of {', '.join(words)}", "enum")

    return check


def moment(value: Any, loc: Loc) -> Iterator[Flaw]:
    """An ISO-8601 date and time, or a date; the zone is checked by who needs it."""
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        yield Flaw(loc, "Input should be a valid datetime", "datetime_parsing")


def items(of: Kind, least: int = 0) -> Kind:
    """A list of at least `least` elements, each of one kind."""

    def check(value: Any, loc: Loc) -> Iterator[Flaw]:
        if not isinstance(value, list):
            yield Flaw(loc, "Input should be a valid list", "list_type")
            return
        elements = cast("list[Any]", value)
        if len(elements) < least:
            yield Flaw(loc, f"List should have at least {least} items", "too_short")
        for position, element in enumerate(elements):
            yield from of(element, (*loc, position))

    return check


def mapping(of: Kind) -> Kind:
    """A JSON object with free keys, each value of one kind."""

    def check(value: Any, loc: Loc) -> Iterator[Flaw]:
        if not isinstance(value, dict):
            yield Flaw(loc, "Input should be a valid dictionary", "dict_type")
            return
        for key, element in cast("dict[str, Any]", value).items():
            yield from of(element, (*loc, key))

    return check


def either(*kinds: Kind) -> Kind:
    """A value that at least one of several kinds accepts."""

    def check(value: Any, loc: Loc) -> Iterator[Flaw]:
        found = [list(kind(value, loc)) for kind in kinds]
        if all(found):
            # The branch that came closest says best what was meant.
            yield from min(found, key=len)

    return check


def nullable(of: Kind) -> Kind:
    """A value of one kind, or null."""

    def check(value: Any, loc: Loc) -> Iterator[Flaw]:
        if value is not None:
            yield from of(value, loc)

    return check


@dataclass(frozen=True)
class Shape:
    """A JSON object whose every field is known; `required` ones must be there.

    A field name that ends in `*` stands for all names with that beginning.
    """

    fields: Mapping[str, Kind] = field(default_factory=dict[str, Kind])
    required: tuple[str, ...] = ()

    def __call__(self, value: Any, loc: Loc) -> Iterator[Flaw]:
        """Every flaw of `value`, which stands at `loc`."""
        if not isinstance(value, dict):
            yield Flaw(loc, "Input should be a valid dictionary", "dict_type")
            return
        given = cast("dict[str, Any]", value)
        for name in self.required:
            if name not in given:
                yield Flaw((*loc, name), "Field required", "missing")
        for name, element in given.items():
            kind = self._kind(name)
            if kind is None:
                yield unknown((*loc, name))
            else:
                yield from kind(element, (*loc, name))

    def _kind(self, name: str) -> Kind | None:
        if name in self.fields:
            return self.fields[name]
        starts = (known for known in self.fields if known.endswith("*"))
        return next((self.fields[s] for s in starts if name.startswith(s[:-1])), None)


def optional(shape: Shape) -> Shape:
    """The same fields with none required, for updates."""
    return Shape(shape.fields)
