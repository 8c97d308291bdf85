"""Missions in other languages: each target hears its own, and another is a folder more."""

import re
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from telnyx_toolkit.errors import InvalidInput, PolicyDenied
from telnyx_toolkit.languages import languages_in, phrases_of
from telnyx_toolkit.phrases import finder, plain
from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.resources import shipped
from tests.conftest import FIXTURES

Doc = dict[str, Any]
ROOT = FIXTURES.parent
HOW_TO = (ROOT / "docs" / "howto" / "add-a-language.md").read_text(encoding="utf-8")


@pytest.fixture
def bilingual() -> Doc:
    return yaml.safe_load((FIXTURES / "missions" / "bilingual.yaml").read_text(encoding="utf-8"))


def heard_first(rig: Any) -> dict[str, str]:
    """What each person who was called was told first."""
    return {call["to"]: call["agent_lines"][0] for call in rig.rang()}


def test_each_target_is_greeted_in_its_language_and_the_offers_are_compared(
    rig: Any, bilingual: Doc
) -> None:
    result = rig.ran(bilingual)["result_payload"]

    greetings = heard_first(rig)
    assert greetings["+13125550101"].startswith("Hello, is this Lakefront Catering? I am an AI")
    assert greetings["+13125550151"].startswith("Hola, ¿hablo con Taquería La Esquina? Soy un")
    assert result["recommendation"]["target"] == "Taquería La Esquina"
    assert result["recommendation"]["text"] == "$61"
    assert result["targets"][1]["told"]["target"] == "Lakefront Catering"


def test_nobody_hears_a_variable_that_was_not_filled_in(rig: Any, bilingual: Doc) -> None:
    rig.ran(bilingual)

    spoken = [line for call in rig.rang() for line in call["agent_lines"]]
    assert spoken
    assert not any("{{" in text for text in spoken)


def test_a_mission_of_one_language_is_in_it_from_the_first_word(rig: Any, survey: Doc) -> None:
    people = [{**target, "language": "es-MX"} for target in survey["targets"]]

    rig.ran({**survey, "targets": people})

    assert all(first.startswith("Hola, ¿hablo con") for first in heard_first(rig).values())


def test_a_language_without_words_is_refused_before_anything_is_made(rig: Any, survey: Doc) -> None:
    before = rig.made_at_telnyx()
    with pytest.raises(InvalidInput) as caught:
        rig.call("create_mission", brief={**survey, "voice": {"language": "pt-BR"}})

    assert "prompts/pt/assistant.j2 is missing" in caught.value.message
    assert "add-a-language.md" in caught.value.fix
    assert rig.call("list_missions")["missions"] == []
    assert rig.made_at_telnyx() == before


def test_one_language_that_hides_the_ai_is_enough_to_refuse_the_plan(
    rig: Any, survey: Doc, with_portuguese: Path
) -> None:
    (with_portuguese / "pt" / "greeting.j2").write_text("Olá, sou a Ana.", encoding="utf-8")
    people = [survey["targets"][0], {**survey["targets"][1], "language": "pt"}]
    with closing(rig.another(prompts=Prompts(with_portuguese))) as toolkit:
        rig.toolkit = toolkit
        with pytest.raises(PolicyDenied) as caught:
            rig.approved({**survey, "targets": people})

    assert caught.value.code == "not_disclosed"


@pytest.fixture
def with_portuguese(tmp_path: Path) -> Path:
    """The shipped prompts with the four files that the how-to shows."""
    folder = tmp_path / "prompts"
    shutil.copytree(shipped("prompts"), folder)
    shown = re.findall(r"^`prompts/(pt/[\w.]+)`.*?^```\w+\n(.*?)^```$", HOW_TO, re.S | re.M)
    assert len(shown) == 4
    (folder / "pt").mkdir()
    for name, content in shown:
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_the_how_to_s_four_files_are_a_language(
    rig: Any, survey: Doc, with_portuguese: Path
) -> None:
    people = [{**survey["targets"][0], "language": "pt-BR"}, survey["targets"][1]]
    with closing(rig.another(prompts=Prompts(with_portuguese))) as toolkit:
        rig.toolkit = toolkit
        rig.ran({**survey, "targets": people, "record": True})

    greetings = heard_first(rig)
    assert greetings["+13125550120"] == (
        "Olá, falo com North Hardware? Sou um assistente de inteligência artificial e ligo em nome"
        " de Dana Reyes. Esta chamada é gravada; diga-me se não concordar. Tem dois minutos para"
        " uma pergunta?"
    )
    assert greetings["+13125550121"].startswith("Hello, is this South Hardware?")


def test_the_how_to_s_phrases_are_found(with_portuguese: Path) -> None:
    phrases = phrases_of(with_portuguese, "pt-BR")

    assert languages_in(with_portuguese) == ("en", "es", "pt")
    assert finder(phrases.no_more).search(plain("Não me liguem nunca mais!"))
    assert not finder(phrases.no_more).search(plain("Ligue amanhã."))
