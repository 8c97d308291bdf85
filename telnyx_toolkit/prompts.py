"""Renders the templates in `prompts/`: ours are `[[ ]]`, so Telnyx's `{{ }}` passes through."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, meta

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.disclosure import tells_of_recording
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.untrusted import one_line
from telnyx_toolkit.wording import label

#: Dynamic variables that the templates leave to Telnyx, with their values where a call has none.
VARIABLE_DEFAULTS: Mapping[str, str] = {
    "target_name": "the person who answers",
    "best_offer": "",
    "best_offer_scope": "",
    "best_offer_from": "",
    "keys": "",
}


class Prompts:
    """The templates of this installation."""

    def assistant(self, brief: Brief) -> str:
        """The assistant's system prompt."""
        return self._render("assistant", brief=brief)

    def greeting(self, brief: Brief) -> str:
        """The first words of every call."""
        return self._render("greeting", brief=brief)

    def message(self, brief: Brief, target_name: str) -> str:
        """The text message that one target gets."""
        text = self._render("message", brief=brief, target_name=target_name)
        return " ".join(text.split())

    def insight_answers(self, brief: Brief) -> str:
        """What the structured insight is to extract."""
        return self._render("insight_answers", brief=brief)

    def insight_summary(self, brief: Brief) -> str:
        """What the free-text insight is to say."""
        return self._render("insight_summary", brief=brief)

    def variables(
        self, target_name: str, offer: Mapping[str, str] | None, keys: str = ""
    ) -> dict[str, str]:
        """The dynamic variables of one call, every one a string.

        Args:
            target_name: Who is called.
            offer: The offer to cite: `text` (`$62`), `scope` and `source`; None cites nothing.
            keys: What to press in their phone tree, such as `1,0`.
        """
        given = {"target_name": target_name, "offer": offer, "keys": keys}
        return json.loads(self._render("variables", **given))

    def summary(self, payload: Mapping[str, Any]) -> str:
        """The text of the result."""
        return self._render("summary", payload=payload)

    def needs(self, name: str) -> list[str]:
        """What a template takes from us; what it leaves to Telnyx is in VARIABLE_DEFAULTS."""
        source = (shipped("prompts") / f"{name}.j2").read_text(encoding="utf-8")
        return sorted(meta.find_undeclared_variables(_templates().parse(source)))

    def _render(self, name: str, **context: Any) -> str:
        return _templates().get_template(f"{name}.j2").render(**context).strip()


@cache
def _templates() -> Environment:
    """The environment of every `Prompts` of this process: compiling takes longer than rendering."""
    templates = Environment(
        loader=FileSystemLoader(shipped("prompts")),
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - plain text for a voice model, never HTML
    )
    filters: dict[str, Any] = {
        "label": label,
        "one_line": one_line,
        "tells_of_recording": tells_of_recording,
    }
    templates.filters.update(filters)
    return templates
