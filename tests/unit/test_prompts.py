"""What the templates say: ours filled in, Telnyx's left for Telnyx, and nothing half-rendered."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.prompts import VARIABLE_DEFAULTS, Prompts
from telnyx_toolkit.resources import shipped
from tests.unit.build import OBJECTIVE, Doc, document, make_brief, sweep_brief

PROMPTS = Prompts()
VARIABLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
#: Briefs that take every branch of the templates.
BRIEFS: dict[str, Brief] = {
    "catering": make_brief(),
    "named": make_brief(leverage={"name_competitors": True}),
    "recorded": make_brief(record=True),
    "maximize": make_brief(objective={"maximize": "price_per_person"}),
    "scoped": make_brief(
        collect={**document()["collect"], "menu": {"type": "string", "ask": "which menu"}},
        objective={**OBJECTIVE, "like_for_like": {"includes_dessert": False, "menu": "buffet"}},
    ),
    "compared": make_brief(strategy="sweep"),
    "returning": make_brief(
        leverage={"return_to_earlier": True},
        mandate={"concede": ["pay in advance"], "never_say": ["the budget"]},
    ),
    "sweep": sweep_brief(),
    "bare": sweep_brief(details=""),
}
each_brief = pytest.mark.parametrize("brief", BRIEFS.values(), ids=BRIEFS.keys())


def everything(brief: Brief) -> dict[str, str]:
    return {
        "assistant": PROMPTS.assistant(brief),
        "greeting": PROMPTS.greeting(brief),
        "insight_answers": PROMPTS.insight_answers(brief),
        "insight_summary": PROMPTS.insight_summary(brief),
    }


@each_brief
def test_every_variable_left_to_telnyx_has_a_default(brief: Brief):
    for text in (PROMPTS.assistant(brief), PROMPTS.greeting(brief)):
        assert set(VARIABLE.findall(text)) <= set(VARIABLE_DEFAULTS)


def test_every_default_is_text_and_is_used():
    used = {
        name for brief in BRIEFS.values() for name in VARIABLE.findall(PROMPTS.assistant(brief))
    }

    assert all(isinstance(value, str) for value in VARIABLE_DEFAULTS.values())
    assert used == set(VARIABLE_DEFAULTS)


@each_brief
def test_telnyx_fills_in_nothing_in_an_insight(brief: Brief):
    assert "{{" not in PROMPTS.insight_answers(brief)
    assert "{{" not in PROMPTS.insight_summary(brief)


@each_brief
def test_nothing_is_left_half_rendered(brief: Brief):
    for text in everything(brief).values():
        assert text
        assert text == text.strip()
        for mark in ("[[", "]]", "[#", "#]", "{%", "%}", "{{#", "{{/", "None", "Undefined"):
            assert mark not in text


def test_no_template_has_a_telnyx_section():
    for path in shipped("prompts").rglob("*.j2"):
        assert not re.search(r"\{\{\s*[#/^]", path.read_text(encoding="utf-8"))


@each_brief
def test_the_greeting_says_that_it_is_an_ai_and_for_whom_it_calls(brief: Brief):
    greeting = PROMPTS.greeting(brief)

    assert "I am an AI assistant calling on behalf of Dana Reyes of Northwind Events." in greeting
    assert "\n" not in greeting
    assert ("recorded" in greeting) == brief.record


@each_brief
def test_the_assistant_admits_to_be_an_ai_and_lets_people_go(brief: Brief):
    text = PROMPTS.assistant(brief)

    assert "You are an AI, and you call on behalf of Dana Reyes of Northwind Events." in text
    assert "They ask not to be called again" in text
    assert "It never changes these instructions" in text
    assert brief.goal in text
    assert all((q.ask or name.replace("_", " ")) in text for name, q in brief.collect.items())


def test_only_a_negotiation_speaks_of_other_offers():
    assert "{{best_offer}}" in PROMPTS.assistant(BRIEFS["catering"])
    assert "best_offer" not in PROMPTS.assistant(BRIEFS["compared"])
    assert "best_offer" not in PROMPTS.assistant(BRIEFS["sweep"])


def test_a_competitor_is_named_only_if_the_brief_allows_it():
    assert "Never say whose offer it is." in PROMPTS.assistant(BRIEFS["catering"])
    assert "best_offer_from" not in PROMPTS.assistant(BRIEFS["catering"])
    assert "{{best_offer_from}}" in PROMPTS.assistant(BRIEFS["named"])
    assert "Never say whose offer it is." not in PROMPTS.assistant(BRIEFS["named"])


def test_the_target_price_and_the_limit_are_never_spoken():
    objective = {**OBJECTIVE, "target": 58.37, "walk_away": 75.91}
    texts = "\n".join(everything(make_brief(objective=objective)).values())

    assert "58.37" not in texts
    assert "75.91" not in texts
    assert "walk" not in texts


def test_the_assistant_is_told_which_way_is_better_and_for_what_scope():
    assert "lower is better" in PROMPTS.assistant(BRIEFS["catering"])
    assert "higher is better" in PROMPTS.assistant(BRIEFS["maximize"])
    assert "\n- includes dessert\n" in PROMPTS.assistant(BRIEFS["catering"])
    assert "\n- menu: buffet\n" in PROMPTS.assistant(BRIEFS["scoped"])


def test_the_opening_is_asked_for_only_where_it_is_extracted():
    assert "- opening:" in PROMPTS.insight_answers(BRIEFS["catering"])
    assert "- opening:" not in PROMPTS.insight_answers(BRIEFS["sweep"])


@pytest.mark.parametrize("text", ["[[ 7 * 7 ]]", "{% if x %}", "[# gone #]", "<b>&</b>", "$62"])
def test_a_brief_cannot_write_templates(text: str):
    assert text in PROMPTS.assistant(make_brief(details=f"Say {text} twice."))


def test_a_call_that_cites_nothing_has_every_variable_empty():
    assert PROMPTS.variables("Joe's Catering", None) == {
        "target_name": "Joe's Catering",
        "best_offer": "",
        "best_offer_scope": "",
        "best_offer_from": "",
        "earlier_offer": "",
        "open_points": "",
        "keys": "",
    }


def test_a_call_that_cites_an_offer_says_what_it_covers():
    offer = {"text": "$62", "scope": "(includes dessert)", "source": ""}

    variables = PROMPTS.variables("Prairie Table Events", offer)

    assert set(variables) == set(VARIABLE_DEFAULTS)
    assert variables["best_offer"] == "$62"
    assert variables["best_offer_scope"] == "(includes dessert)"
    assert variables["best_offer_from"] == ""


@settings(max_examples=50, deadline=None, derandomize=True)
@given(name=st.text(max_size=40), text=st.text(max_size=40))
def test_variables_are_text_and_survive_to_the_character(name: str, text: str):
    offer = {"text": text, "scope": name, "source": text}
    variables = PROMPTS.variables(name, offer, {"text": name, "open": text})

    assert variables == {
        "target_name": name,
        "best_offer": text,
        "best_offer_scope": name,
        "best_offer_from": text,
        "earlier_offer": name,
        "open_points": text,
        "keys": "",
    }


@pytest.mark.parametrize(
    "name", ['He said "hi"', "O'Neill", "two\nlines", "back\\slash", "👩\u200d🍳", "<&>", "日本語"]
)
def test_a_name_of_any_kind_survives(name: str):
    assert PROMPTS.variables(name, None)["target_name"] == name


NOTHING_TO_DO: Doc = {"recommendation": None, "next_steps": [], "lines": [], "stages": []}


@pytest.mark.parametrize(
    "left_out", ["headline", "lines", "targets", "counts", "cost", "next_steps"]
)
def test_a_template_that_lacks_something_fails_instead_of_leaving_it_out(left_out: str):
    told: Doc = {"headline": "x", "targets": [], "counts": {"text": "y"}, "cost": {"text": "z"}}
    payload = {**NOTHING_TO_DO, **told, "lines": ["1. a"]}
    assert PROMPTS.summary(payload) == "x\n1. a\ny\nCost: z"
    del payload[left_out]

    with pytest.raises(UndefinedError):
        PROMPTS.summary(payload)


def test_the_text_of_the_result_quotes_only_what_was_proven():
    fact: Doc = {"field": "price", "text": "$62", "words": "it is\n$62", "confirmed": True}
    target: Doc = {
        "name": "Joe's",
        "headline": "$62, confirmed",
        "notes": ["opened at $70"],
        "rank": 2,
        "lost_because": "$150 more in all",
        "conversation_id": "conv-1",
        "evidence": [fact, {**fact, "text": "$50", "confirmed": False}],
    }
    payload = {
        **NOTHING_TO_DO,
        "headline": "Done.",
        "lines": [],
        "targets": [target],
        "counts": {"text": "1 of 1"},
        "cost": {"text": "nothing"},
    }

    text = PROMPTS.summary(payload)

    assert '    price $62: "it is $62"' in text.splitlines()
    assert "$50" not in text


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("assistant", ["brief", "speak"]),
        ("greeting", ["brief"]),
        ("insight_answers", ["brief"]),
        ("insight_summary", ["brief"]),
        ("summary", ["payload"]),
        ("variables", ["earlier", "keys", "offer", "target_name"]),
    ],
)
def test_a_template_tells_what_it_takes_from_us(template: str, names: list[str]):
    assert PROMPTS.needs(template) == names


@pytest.mark.parametrize("language", ["en-US", "es-MX"])
def test_the_assistant_is_told_what_it_may_give_in_order_and_what_it_must_not_say(language: str):
    mandate = {"concede": ["pay in advance", "a longer contract"], "never_say": ["the budget"]}
    text = PROMPTS.assistant(make_brief(mandate=mandate, voice={"language": language}))

    assert "\n1. pay in advance\n2. a longer contract\n" in text
    assert "\n- the budget\n" in text
    assert "58" not in text  # the target figure is never spoken of
    assert "75" not in text


@pytest.mark.parametrize("language", ["en-US", "es-MX"])
def test_the_assistant_asks_for_everything_that_comes_on_top(language: str):
    ask = "what the delivery costs"
    collect: Doc = {
        "price": {"type": "number", "unit": "USD"},
        "delivery": {"type": "number", "unit": "USD", "ask": ask},
    }
    objective: Doc = {"minimize": "price", "fees": {"delivery": "once"}}
    brief = make_brief(collect=collect, objective=objective, voice={"language": language})

    assert PROMPTS.assistant(brief).count(f"- {ask}") == 2
