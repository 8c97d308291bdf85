"""Templates as this house writes them: `[[ name ]]`, since `{{ name }}` is Telnyx's to fill in."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def templates_in(folder: Path, *, escapes: bool) -> Environment:
    """The templates of a folder; a name that nobody gave is an error.

    Args:
        folder: Where they are.
        escapes: Whether what is filled in is escaped for HTML, and not text for a voice model.
    """
    return Environment(
        loader=FileSystemLoader(folder),
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=escapes,  # noqa: S701 - false for words that are spoken, never HTML
    )
