"""Plain words that ask for no more calls, in any language, count where no insight tells."""

import pytest

from telnyx_toolkit.model import Json
from telnyx_toolkit.optout import asks_for_no_more
from telnyx_toolkit.standing import opt_out_words, outcome_of
from tests.unit.build import Talk, collected, sweep_brief, talk

PLAIN = [
    "Please do not call this number again.",
    "Don\u2019t call me.",
    "DO NOT  CALL",
    "Stop calling us!",
    "You must quit calling here",
    "Take me off your list.",
    "Remove us from your list, please",
    "no more calls",
    "Stop texting me",
    "unsubscribe",
    "No me llame más, por favor.",
    "¡NO VUELVAN A LLAMAR!",
    "Quíteme de su lista.",
    "quitenme de la lista",
    "Ya les dije: dejen de llamarnos",
    "Quiero darme de baja",
    "No quiero recibir más mensajes.",
]
OTHER = [
    "Call us on Monday.",
    "We will call you back.",
    "I have to stop. Calling you later.",
    "You can take 10 dollars off.",
    "Stop by any time.",
    "I don't callously overcharge.",
    "No me llamo Juan.",
    "Llámenos el lunes.",
    "No es más de 20 dólares. Vuelva a llamar mañana.",
    "Le dejo mi número; quite la última cifra.",
    "",
]


@pytest.mark.parametrize("words", PLAIN)
def test_plain_words_are_recognised(words: str):
    assert asks_for_no_more(words)


@pytest.mark.parametrize("words", OTHER)
def test_other_words_are_not(words: str):
    assert not asks_for_no_more(words)


@pytest.mark.parametrize("status", ["completed", "delivered"])
@pytest.mark.parametrize("words", PLAIN)
def test_without_an_insight_plain_words_are_enough(words: str, status: str):
    said = Talk((("user", "Hello?"), ("user", words), ("user", "Bye.")), None)
    attempt = collected(said, call_status=status)

    assert outcome_of(sweep_brief(), attempt) == "opted_out"
    assert opt_out_words(attempt) == words


@pytest.mark.parametrize("words", OTHER)
def test_without_an_insight_other_words_decide_nothing(words: str):
    said = Talk((("user", "Hello?"), ("user", words)), None)

    assert outcome_of(sweep_brief(), collected(said)) in {"result_pending", "call_back"}


def test_what_the_assistant_says_is_nobodys_wish():
    said = Talk(
        (("assistant", "I will take you off; we do not call again."), ("user", "Hm.")), None
    )

    assert outcome_of(sweep_brief(), collected(said)) == "result_pending"


def test_an_insight_that_says_yes_needs_no_such_words():
    attempt = collected(talk("Hello?", "Never again.", asked_not_to_be_called_again=True))

    assert outcome_of(sweep_brief(), attempt) == "opted_out"
    assert opt_out_words(attempt) == "Never again."


@pytest.mark.parametrize("insight", [None, {"asked_not_to_be_called_again": True}])
def test_who_was_not_heard_said_nothing(insight: Json | None):
    assert opt_out_words(collected(Talk((), insight))) == ""


def test_an_insight_that_says_no_is_believed():
    said = talk("I do not call that cheap.", asked_not_to_be_called_again=False)

    assert outcome_of(sweep_brief(), collected(said)) != "opted_out"
