"""Templates as this house writes them: `[[ name ]]`, since `{{ name }}` is Telnyx's to fill in."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from telnyx_toolkit.untrusted import clean

if TYPE_CHECKING:
    from jinja2 import Environment

_LONGEST = 100_000  # characters of one text on a page: what is a stranger's was cut before


def templates_in(folder: Path, *, escapes: bool) -> "Environment":
    """The templates of a folder; a name that nobody gave is an error.

    Args:
        folder: Where they are.
        escapes: Whether what is filled in is cleaned and escaped for HTML, and not text for a voice
            model.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - slow to import

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
        finalize=_cleaned if escapes else None,
    )


def _cleaned(value: Any) -> Any:
    """What is filled in, unless it is markup of ours; so no page can forget it."""
    return clean(value, _LONGEST) if type(value) is str else value
