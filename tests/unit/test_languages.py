"""Every language says the same, each target hears its own, and another is a folder more."""

import re
from pathlib import Path
from typing import Any

import pytest

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.disclosure import tells_of_recording, undisclosed
from telnyx_toolkit.errors import ConfigError, InvalidInput
from telnyx_toolkit.languages import languages_in, phrases_of
from telnyx_toolkit.optout import asks_for_no_more
from telnyx_toolkit.phrases import finder, plain
from telnyx_toolkit.plan_words import MOST_LINES
from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.script import assistant_body, call_variables, script_of, transcription
from tests.unit.build import document, make_brief, sweep_brief, target, targets
from tests.unit.test_plan_words import words

WHO = "Dana Reyes of Northwind Events"
PROMPTS = Prompts()
LANGUAGES = languages_in(shipped("prompts"))
VARIABLE = re.compile(r"\{\{(\w+)\}\}")
each_language = pytest.mark.parametrize("language", LANGUAGES)
MAIN = "en-US"


def briefs(language: str) -> list[Brief]:
    """Briefs that take every branch of the spoken templates."""
    voice = {"language": language}
    text = {**target("Joe", "+13125550101"), "channel": "sms"}
    return [
        make_brief(voice=voice),
        make_brief(voice=voice, leverage={"name_competitors": True}, record=True),
        make_brief(voice=voice, objective={"maximize": "price_per_person"}),
        sweep_brief(voice=voice, details=""),
        sweep_brief(voice=voice, targets=[text]),
    ]


def mixed(**changes: Any) -> Brief:
    """Two targets of whom the second speaks Spanish."""
    people = [target("Joe's", "+13125550101"), target("Tacos", "+13125550102")]
    return make_brief(targets=[people[0], {**people[1], "language": "es-MX"}], **changes)


def test_english_and_spanish_are_there():
    assert {"en", "es"} <= set(LANGUAGES)


@each_language
def test_a_language_leaves_to_telnyx_what_english_does(language: str):
    for ours, english in zip(briefs(language), briefs("en"), strict=True):
        for spoken in (PROMPTS.assistant, PROMPTS.greeting):
            assert set(VARIABLE.findall(spoken(ours))) == set(VARIABLE.findall(spoken(english)))


@each_language
def test_a_language_says_all_that_the_brief_says(language: str):
    for brief in briefs(language):
        text = PROMPTS.assistant(brief)
        assert brief.goal in text
        assert brief.details in text
        assert text.count(brief.on_behalf_of) >= 2
        assert f"{PROMPTS.phrases(language).name} ({language})" in text
        for name, question in brief.collect.items():
            assert f"- {question.ask or name.replace('_', ' ')}" in text
        for mark in ("[[", "]]", "{%", "{{#", "None", "True"):
            assert mark not in text


@each_language
def test_a_language_discloses_the_ai_and_a_recording(language: str):
    for brief in briefs(language):
        greeting = PROMPTS.greeting(brief)
        assert undisclosed(greeting, WHO) == []
        assert undisclosed(PROMPTS.message(brief, "Joe"), WHO) == []
        assert tells_of_recording(greeting) == brief.record
        assert "STOP" in PROMPTS.message(brief, "Joe")


@each_language
def test_a_language_finds_its_own_phrases(language: str):
    own = phrases_of(shipped("prompts"), language)

    for phrase in own.no_more:
        assert asks_for_no_more(f"Mmm, {phrase.replace('*', 'x').upper()}!")
    for phrase in own.ai:
        assert undisclosed(f"{phrase}, {WHO}", WHO) == []
    for phrase in own.recorded:
        assert tells_of_recording(phrase.replace("*", "x"))


def test_where_all_speak_one_language_the_assistant_has_its_words_literally():
    spanish = make_brief(voice={"language": "es-MX"})
    body = assistant_body(spanish, PROMPTS, "group")

    assert body["greeting"].startswith("Hola, ¿hablo con {{target_name}}? Soy un asistente")
    assert "Habla siempre en español (es-MX)" in body["instructions"]
    assert body["dynamic_variables"]["target_name"] == "la persona que contesta"
    assert "greeting" not in body["dynamic_variables"]
    assert set(call_variables(spanish, PROMPTS, "Tacos", None)) == set(body["dynamic_variables"])


def test_targets_of_one_language_make_it_the_mission_s_whatever_the_brief_says():
    people = [{**each, "language": "es-MX"} for each in targets(2)]
    brief = make_brief(targets=people)

    assert brief.voice.language == MAIN
    assert brief.main_language == "es-MX"
    assert PROMPTS.greeting(brief).startswith("Hola")
    assert script_of(brief, PROMPTS)["greetings"].keys() == {"es-MX"}


def test_where_they_differ_each_call_brings_its_whole_greeting_and_its_language():
    brief = mixed()
    body = assistant_body(brief, PROMPTS, "group")
    to_joe = call_variables(brief, PROMPTS, "Joe's", None)
    to_tacos = call_variables(brief, PROMPTS, "Tacos", None)

    assert body["greeting"] == "{{greeting}}"
    assert "Speak {{language}}." in body["instructions"]
    assert to_joe["greeting"].startswith("Hello, is this Joe's? I am an AI assistant")
    assert to_joe["language"] == "English (en-US)"
    assert to_tacos["greeting"].startswith("Hola, ¿hablo con Tacos? Soy un asistente de inteli")
    assert to_tacos["language"] == "español (es-MX)"
    assert to_joe.keys() == to_tacos.keys() == body["dynamic_variables"].keys()


def test_every_variable_of_the_assistant_has_a_whole_value():
    """One that is not resolved would be read aloud, and one within another may not be."""
    body = assistant_body(mixed(), PROMPTS, "group")
    defaults = body["dynamic_variables"]

    left = set(VARIABLE.findall(body["instructions"] + body["greeting"]))
    assert left <= defaults.keys()
    assert "{{" not in "".join(defaults.values())
    assert undisclosed(defaults["greeting"], WHO) == []
    assert "{{" not in "".join(call_variables(mixed(), PROMPTS, "Tacos", None).values())


def test_a_text_is_in_the_language_of_whom_it_reaches():
    people = [{**each, "channel": "sms"} for each in targets(2)]
    people[1]["language"] = "es"

    messages = script_of(sweep_brief(targets=people), PROMPTS)["messages"]

    assert messages["call-1"].startswith("Hello Caterer 1")
    assert messages["call-2"].startswith("Hola, Caterer 2")


def test_what_one_language_says_is_part_of_what_is_approved():
    one = script_of(mixed(), PROMPTS)

    assert set(one["greetings"]) == {MAIN, "es-MX"}
    assert undisclosed(one["greetings"]["es-MX"], WHO) == []
    assert one != script_of(make_brief(targets=targets(2)), PROMPTS)


def test_the_plan_shows_the_first_words_of_two_languages_at_most():
    people = [*targets(9)]
    for each, language in zip(people, ["es", MAIN, "es-MX"], strict=False):
        each["language"] = language
    told = words(make_brief(targets=people, limits={"spend_usd": "900.00"}))

    first = [line for line in told if line.startswith("Said first")]
    assert first[0].startswith('Said first (es): "Hola, ¿hablo con Caterer 1?')
    assert first[1].startswith('Said first (en-US): "Hello, is this Caterer 2?')
    assert len(first) == 2
    assert len(told) <= MOST_LINES


def test_the_plan_of_texts_in_two_languages_fits_too():
    people = targets(9)
    for number, each in enumerate(people):
        each["language"] = "es" if number % 2 else "en"
        each["channel"] = "sms" if number < 4 else "call"
    told = words(sweep_brief(targets=people, limits={"spend_usd": "900.00"}))

    assert len([line for line in told if line.startswith(("Said first", "Written"))]) == 4
    assert len(told) <= MOST_LINES


@pytest.mark.parametrize("field", ["greeting", "message"])
def test_words_of_ones_own_are_in_one_language_only(field: str):
    people = [{**each, "channel": "call"} for each in targets(2)]
    people[1]["language"] = "es-MX"
    own = {field: f"An AI of {WHO}."}

    with pytest.raises(InvalidInput) as caught:
        parse_brief(document(targets=people, **own))

    assert f"the {field} is in one language, and the targets speak" in caught.value.message
    assert parse_brief(document(targets=targets(2), **own))


@pytest.mark.parametrize("language", ["spanish", "ES", "es_MX", "es-mx", ""])
def test_a_language_is_written_as_a_tag(language: str):
    with pytest.raises(InvalidInput) as caught:
        parse_brief(document(targets=[{**targets(1)[0], "language": language}]))

    assert "targets[0].language" in caught.value.message


def test_a_language_without_a_folder_is_named_with_those_that_are_there():
    with pytest.raises(InvalidInput) as caught:
        PROMPTS.require(make_brief(voice={"language": "fr-CA"}))

    assert "the language 'fr-CA': prompts/fr/assistant.j2 is missing" in caught.value.message
    assert f"Those that are there: {', '.join(LANGUAGES)}" in caught.value.message
    assert "prompts/fr/: docs/howto/add-a-language.md" in caught.value.fix


def test_a_region_s_own_file_goes_before_the_language_s(tmp_path: Path):
    for folder, file, text in [
        *[("es", f"{n}.j2", f"es {n}") for n in ("assistant", "greeting", "message")],
        ("es-MX", "greeting.j2", "es-MX greeting"),
    ]:
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / file).write_text(text, encoding="utf-8")
    spanish = (shipped("prompts") / "es" / "phrases.toml").read_text(encoding="utf-8")
    (tmp_path / "es" / "phrases.toml").write_text(spanish, encoding="utf-8")
    prompts, brief = Prompts(tmp_path), make_brief(voice={"language": "es-MX"})

    prompts.require(brief)
    assert prompts.greeting(brief) == "es-MX greeting"
    assert prompts.assistant(brief) == "es assistant"
    assert prompts.greeting(make_brief(voice={"language": "es-ES"})) == "es greeting"


@pytest.mark.parametrize(
    ("languages", "heard"),
    [
        (("en-US",), None),
        (("en-US", "en-GB"), None),
        (("es-MX",), {"model": "deepgram/flux", "language": "es"}),
        (("es-MX", "es"), {"model": "deepgram/flux", "language": "es"}),
        (("en-US", "es-MX"), {"model": "deepgram/flux", "language": "multi"}),
        (("pl",), None),
        (("en", "pl"), None),
    ],
)
def test_telnyx_is_told_what_it_will_hear_where_it_says_that_it_can(
    languages: tuple[str, ...], heard: dict[str, str] | None
):
    assert transcription(languages) == heard


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name = ", "prompts/xx/phrases.toml cannot be used"),
        ('name = "x"', "someone is not a text"),
        ('name = " "', "name is not a text"),
        ('name = "x"\nsomeone = "x"\nai = "AI"', "ai is not a list of phrases"),
        ('name = "x"\nsomeone = "x"\nai = []', "ai is not a list of phrases"),
        ('name = "x"\nsomeone = "x"\nai = ["*"]', "ai has something in it that is no phrase"),
        ('nam = "x"', "nam is not known"),
    ],
)
def test_a_spoilt_list_of_phrases_is_explained(tmp_path: Path, text: str, why: str):
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "phrases.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        phrases_of(tmp_path, "xx")

    assert why in caught.value.message


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("record*", "we are RECORDING this", True),
        ("record*", "the prerecord", False),
        ("no me llame*", "¡No  me\nLLAMEN!", True),
        ("no más", "no mas", True),
        ("más", "demasiado", False),
        ("人工知能", "私は人工知能です", True),
        ("인공지능", "저는 인공지능입니다", True),
        ("a.b", "axb", False),
        ("don't", "don\u2019t", True),
    ],
)
def test_a_phrase_is_found_as_whole_words(phrase: str, text: str, found: bool):
    assert bool(finder([phrase]).search(plain(text))) == found


def test_of_no_phrases_none_is_found():
    assert not finder([]).search("anything")
