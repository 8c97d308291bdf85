"""Answers that no script holds: made up from the number called, the same every time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from telnyx_toolkit.simulator.insights import normal
from telnyx_toolkit.simulator.wire import Doc

MONEY = ("price", "cost", "fee", "quote", "amount", "total", "usd", "dollar")
PERCENT = ("percent", "%", "rate")
#: What a schema says of a value that is a day, and days as one says and as one writes them.
DAY = "yyyy-mm-dd"
DAYS = (("2027-01-15", "January 15, 2027"), ("2027-02-03", "3 February 2027"))
CITED = {"value", "words"}


@dataclass(frozen=True)
class Question:
    """A thing that structured insights want with the callee's words.

    Attributes:
        name: The property's name.
        paths: Where it is wanted, as property names from the root.
        value: JSON schema of the value.
    """

    name: str
    paths: tuple[tuple[str, ...], ...]
    value: Doc

    @property
    def label(self) -> str:
        """The name as one would say it."""
        return self.name.replace("_", " ")


def questions(schemas: Sequence[Doc]) -> list[Question]:
    """One question for each name under which an object of `value` and `words` is wanted."""
    found: dict[str, Question] = {}
    for schema in schemas:
        for path, value in _cited(schema, schema, ()):
            name = path[-1]
            paths = found[name].paths if name in found else ()
            found[name] = Question(name, (*paths, path), value)
    return list(found.values())


def _cited(schema: Doc, root: Doc, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Doc]]:
    properties: Mapping[str, Doc] = normal(schema, root)[1].get("properties", {})
    if path and properties.keys() >= CITED:
        yield path, _whole(properties["value"], root)
        return
    for name, inner in properties.items():
        yield from _cited(inner, root, (*path, name))


def _whole(schema: Doc, root: Doc) -> Doc:
    types, plain = normal(schema, root)
    return {**plain, "type": next((kind for kind in types if kind != "null"), "string")}


def improvise(phone: str, question: Question) -> tuple[Any, str] | None:
    """A value that fits the question's schema and the sentence that says it.

    None when the value is an object or a list, which nobody says in a sentence.
    """
    chance = Random(f"{phone}:{question.name}")  # noqa: S311  a fixture, not a secret
    about = f"{question.name} {question.value.get('description', '')}".lower()
    choices = [word for word in question.value.get("enum", []) if word is not None]
    value: Any
    if choices:
        value = chance.choice(choices)
        return value, f"For {question.label}, it is {value}."
    match question.value["type"]:
        case "number" | "integer":
            value, said = _figure(chance, about)
        case "boolean":
            value = chance.choice((True, False))
            return value, f"For {question.label}, {'yes' if value else 'no'}."
        case "string" if DAY in about or question.value.get("format") == "date":
            value, said = chance.choice(DAYS)
        case "string":
            value = said = chance.choice(("on request", "as you prefer", "to be confirmed"))
        case _:
            return None
    return value, f"For {question.label}, it is {said}."


def _figure(chance: Random, about: str) -> tuple[int, str]:
    if any(word in about for word in PERCENT):
        value = chance.randrange(5, 21)
        return value, f"{value} percent"
    if any(word in about for word in MONEY):
        value = chance.randrange(40, 91)
        return value, f"${value}"
    value = chance.randrange(1, 31)
    return value, str(value)
