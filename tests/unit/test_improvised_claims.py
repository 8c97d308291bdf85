"""What the sandbox makes up is said so that it can be proven: by the rules of another witness."""

import pytest

from telnyx_toolkit.evidence import claims
from telnyx_toolkit.script import insight_schema
from telnyx_toolkit.simulator.improvise import improvise, questions
from tests.unit.build import Doc, Said, collected, sweep_brief, talk

COLLECT: Doc = {
    "price_per_person": {"type": "number", "unit": "USD"},
    "service_fee_percent": {"type": "number"},
    "guests": {"type": "integer"},
    "includes_dessert": {"type": "boolean"},
    "available": {"type": "boolean"},
    "menu": {"type": "string"},
    "ready_by": {"type": "date"},
}


@pytest.mark.parametrize("last", range(10))
def test_every_improvised_answer_is_confirmed_by_the_sentence_that_says_it(last: int):
    brief = sweep_brief(collect=COLLECT)
    answers: dict[str, Said] = {}
    for question in questions([insight_schema(brief)]):
        made_up = improvise(f"+1312555010{last}", question)
        assert made_up
        answers[question.name] = made_up

    said = talk(*(words for _, words in answers.values()), answers=answers)
    told = claims(brief, collected(said))

    assert set(told) == set(COLLECT)
    assert {name: claim.status for name, claim in told.items()} == dict.fromkeys(told, "confirmed")
