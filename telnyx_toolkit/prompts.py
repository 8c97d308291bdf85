"""Renders the templates in `prompts/`: ours are `[[ ]]`, so Telnyx's `{{ }}` passes through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from telnyx_toolkit.disclosure import tells_of_recording
from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.languages import SPOKEN, Phrases, file_for, phrases_of, require
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.templates import templates_in
from telnyx_toolkit.untrusted import one_line, quoted
from telnyx_toolkit.wording import label

if TYPE_CHECKING:
    from jinja2 import Environment

    from telnyx_toolkit.brief import Brief

#: Dynamic variables that the templates leave to Telnyx, with their values where a call has none.
VARIABLE_DEFAULTS: Mapping[str, str] = {
    "target_name": "the person who answers",
    "best_offer": "",
    "best_offer_scope": "",
    "best_offer_from": "",
    "earlier_offer": "",
    "open_points": "",
    "keys": "",
}


class Prompts:
    """The templates of this installation.

    Args:
        folder: Takes the place of the shipped `prompts/`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or shipped("prompts")

    def require(self, brief: Brief) -> None:
        """Refuse a brief in a language that has no words here.

        Raises:
            InvalidInput: says which file is missing, and which languages there are.
        """
        require(self._folder, (*brief.languages, brief.voice.language))

    def phrases(self, language: str) -> Phrases:
        """What is known of a language beside its templates."""
        return phrases_of(self._folder, language)

    def assistant(self, brief: Brief, speak: str | None = None) -> str:
        """The assistant's system prompt, in the brief's main language.

        Args:
            brief: What was asked.
            speak: The language to speak, in words; that of the brief if None.
        """
        main = brief.main_language
        return self._spoken("assistant", main, brief=brief, speak=speak or self.told(main))

    def greeting(self, brief: Brief, language: str | None = None) -> str:
        """The first words of a call, in the brief's main language if no other is given."""
        return self._spoken("greeting", language or brief.main_language, brief=brief)

    def message(self, brief: Brief, target_name: str, language: str | None = None) -> str:
        """The text message that one target gets."""
        main = language or brief.main_language
        return " ".join(self._spoken("message", main, brief=brief, target_name=target_name).split())

    def told(self, language: str) -> str:
        """A language as the assistant is told to speak it: `español (es-MX)`."""
        return f"{self.phrases(language).name} ({language})"

    def insight_answers(self, brief: Brief) -> str:
        """What the structured insight is to extract."""
        return self._render("insight_answers", brief=brief)

    def insight_summary(self, brief: Brief) -> str:
        """What the free-text insight is to say."""
        return self._render("insight_summary", brief=brief)

    def variables(
        self,
        target_name: str,
        offer: Mapping[str, str] | None,
        earlier: Mapping[str, str] | None = None,
        keys: str = "",
    ) -> dict[str, str]:
        """The dynamic variables of one call, every one a string.

        Args:
            target_name: Who is called.
            offer: The offer to cite: `text` (`$62`), `scope` and `source`; None cites nothing.
            earlier: What they offered in an earlier call (`text`), and left `open`.
            keys: What to press in their phone tree, such as `1,0`.
        """
        told = {"target_name": target_name, "offer": offer, "earlier": earlier, "keys": keys}
        return json.loads(self._render("variables", **told))

    def confirmation(self, brief: Brief, chosen: Mapping[str, Any]) -> str:
        """A text to whoever is chosen, for a person to send: in their language, else in English.

        Args:
            brief: What was asked.
            chosen: The recommendation, as in the result.
        """
        name = "confirmation.j2"
        try:
            file = file_for(self._folder, brief.language_of(chosen["target"]), name)
        except InvalidInput:
            file = f"en/{name}"
        return self._filled(file, {"brief": brief, "chosen": chosen})

    def summary(self, payload: Mapping[str, Any]) -> str:
        """The text of the result."""
        return self._render("summary", payload=payload)

    def needs(self, name: str) -> list[str]:
        """What a template takes from us; what it leaves to Telnyx is in VARIABLE_DEFAULTS."""
        from jinja2 import meta  # noqa: PLC0415 - slow to import

        source = (self._folder / file_of(name)).read_text(encoding="utf-8")
        return sorted(meta.find_undeclared_variables(_templates(self._folder).parse(source)))

    def _spoken(self, name: str, language: str, **context: Any) -> str:
        return self._filled(file_for(self._folder, language, f"{name}.j2"), context)

    def _render(self, name: str, **context: Any) -> str:
        return self._filled(file_of(name), context)

    def _filled(self, file: str, context: Mapping[str, Any]) -> str:
        return _templates(self._folder).get_template(file).render(context).strip()


def file_of(name: str) -> str:
    """Where a template is below `prompts/`; of the spoken ones, the English one."""
    return f"en/{name}.j2" if name in (*SPOKEN, "confirmation") else f"{name}.j2"


@cache
def _templates(folder: Path) -> Environment:
    """The environment of every `Prompts` of this process: compiling takes longer than rendering."""
    from telnyx_toolkit.musts import wanted  # noqa: PLC0415 - it reads what was said, too

    templates = templates_in(folder, escapes=False)
    filters: dict[str, Any] = {
        "label": label,
        "one_line": one_line,
        "quoted": quoted,
        "tells_of_recording": tells_of_recording,
        "wanted": wanted,
    }
    templates.filters.update(filters)
    return templates
