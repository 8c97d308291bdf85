"""Nobody is reached without hearing at once that an AI speaks, and for whom."""

from typing import Any

import pytest

from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.disclosure import undisclosed
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.prompts import Prompts
from tests.unit.build import document

WHO = "Dana Reyes of Northwind Events"
LONG = "Hello. " * 75


@pytest.mark.parametrize(
    "text",
    [
        f"Hello, I am an AI assistant calling on behalf of {WHO}.",
        f"Hi! This is an artificial intelligence for {WHO.upper()}; have you got a minute?",
        f"Hola, soy una IA y llamo de parte de {WHO}.",
        f"Guten Tag, hier spricht eine KI im Auftrag von {WHO}.",
        f"Bonjour, je suis une intelligence artificielle, pour {WHO}.",
        "Hello,\nI am the A.I. of Dana  Reyes of\nNorthwind Events.",
    ],
)
def test_a_greeting_that_says_both_passes(text: str):
    assert undisclosed(text, WHO) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (f"Hello, I am Anna, calling on behalf of {WHO}.", ["that an AI speaks"]),
        (f"I said {WHO} again.", ["that an AI speaks"]),
        (f"Ai, ia, ki, {WHO}!", ["that an AI speaks"]),
        ("I am an AI assistant.", [f"on whose behalf ({WHO})"]),
        ("I am an AI assistant of Dana.", [f"on whose behalf ({WHO})"]),
        ("Hi!", ["that an AI speaks", f"on whose behalf ({WHO})"]),
        (
            f"{'Hello. ' * 75}I am an AI of {WHO}.",
            ["that an AI speaks", f"on whose behalf ({WHO})"],
        ),
    ],
)
def test_a_greeting_that_hides_it_or_says_it_late_does_not(text: str, missing: list[str]):
    assert undisclosed(text, WHO) == missing


@pytest.mark.parametrize("field", ["greeting", "message"])
def test_a_brief_can_change_the_words_and_not_remove_them(field: str):
    kind = "sms" if field == "message" else "call"
    who: dict[str, Any] = {"name": "Joe", "phone": "+13125550101", "timezone": "America/Chicago"}
    given = document(strategy="sweep", objective=None, targets=[{**who, "channel": kind}])

    assert parse_brief({**given, field: f"AI here, for {WHO}."})
    with pytest.raises(InvalidInput) as caught:
        parse_brief({**given, field: "Hello, this is Anna."})

    assert f"the {field} does not say at its start that an AI speaks" in caught.value.message


def test_the_persons_words_are_said_with_the_name_of_who_is_called():
    brief = parse_brief(document(greeting=f"Good day {{target}}, an AI calls for {WHO}."))

    assert Prompts().greeting(brief) == f"Good day {{{{target_name}}}}, an AI calls for {WHO}."


@pytest.mark.parametrize(
    ("words", "notices"), [("", 1), (" We record this call.", 0), (" I am recording.", 0)]
)
def test_a_recorded_call_says_so_once(words: str, notices: int):
    brief = parse_brief(document(record=True, greeting=f"An AI calls for {WHO}.{words}"))

    assert Prompts().greeting(brief).count("This call is recorded") == notices
