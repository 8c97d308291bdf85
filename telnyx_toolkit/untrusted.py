"""Words of strangers, made harmless: whatever a callee or a server says is data."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, cast

from telnyx_toolkit.patterns import Pattern

FIELD_LIMIT = 2_000
_ESCAPES = Pattern(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC: titles, links
    r"|\x1b[P^_X][^\x1b]*(?:\x1b\\)?"  # DCS and friends
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b."
)
#: Letters and marks that show nothing: fillers, joiners, variation selectors (Unicode's
#: Default_Ignorable_Code_Point, as far as the categories below miss it).
_UNSEEN = Pattern(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0e\uffa0\U000e0100-\U000e01ef]"
)
#: Markup of HTML, Markdown and templates, and what looks like it.
_INERT = str.maketrans('<>[]{}`"', "\u2039\u203a()()''")
_GAP = "[ .()/\u00a0\u2010-\u2013-]{0,3}"
#: Telephone numbers as texts have them: in one piece, with gaps, and as North America writes its
#: own. Dates, sums of money and ids look otherwise.
_NUMBERS = tuple(
    Pattern(text)
    for text in (
        r"\+(?P<code>1|[2-9]\d)\d{3,9}(?P<end>\d{4})(?!\d)",
        rf"\+{_GAP}(?P<code>1)(?:{_GAP}\d){{6}}(?P<end>(?:{_GAP}\d){{4}})(?!\d)",
        rf"(?:\+|(?<![\w.,])00){_GAP}(?P<code>\d\d)(?:{_GAP}\d){{2,9}}(?P<end>(?:{_GAP}\d){{4}})(?!\d)",
        r"(?<![\w+.,-])(?P<code>)\(?[2-9]\d\d\)?[ .-]{0,2}[2-9]\d\d[ .-]?(?P<end>\d{4})(?!\w)",
    )
)
_KEPT_CONTROLS = "\n\t"
_JOINERS = "\u200d\ufe0f"  # emoji sequences are made of these


def clean(text: str, limit: int = FIELD_LIMIT) -> str:
    """`text` without anything that could steer a terminal or hide from a reader.

    Removes escape sequences, control, bidirectional, tag and private-use characters, and cuts
    to `limit` characters (a cut shows as an ellipsis). Letters, line breaks and emoji stay.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text  # most texts: nothing of it can do anything
    cut = text[: 4 * limit]
    plain = _ESCAPES.sub("", cut)
    kept = "".join(c for c in plain if _harmless(c))
    whole = len(kept) <= limit and len(text) == len(cut)
    return kept if whole else kept[: limit - 1] + "…"


def one_line(text: str, limit: int = 200) -> str:
    """`clean(text)` with every run of white space as one space: for tables and log lines."""
    return clean(" ".join(clean(text, 4 * limit).split()), limit)


def clean_json(value: Any, limit: int = FIELD_LIMIT) -> Any:
    """A JSON value with every text in it cleaned, keys included; numbers and truth as they are."""
    if isinstance(value, str):
        return clean(value, limit)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[Any, Any]", value).items()
        return {clean(str(k), limit): clean_json(v, limit) for k, v in pairs}
    if isinstance(value, list | tuple):
        return [clean_json(inner, limit) for inner in cast("list[Any]", value)]
    return value


def quoted(text: str, limit: int = 300) -> str:
    """Words of a stranger within a text of ours: on one line, in quotation marks, without markup.

    What would end the quotation, or be a tag, a link, an image, code or a variable to whoever
    shows the text, is replaced by what looks alike. The exact words stand in the JSON documents.
    """
    line = one_line(text, limit).translate(_INERT).replace("://", ": //")
    return f'"{one_line(line, limit)}"'


def masked(text: str) -> str:
    """`text` with each telephone number in it as `+1•••••0123`: to recognise, not to dial."""
    for number in _NUMBERS:
        text = number.sub(_mask, text)
    return text


def _mask(found: re.Match[str]) -> str:
    code, end = found["code"], "".join(c for c in found["end"] if c.isdigit())
    return f"+{code}•••••{end}" if code else f"•••••{end}"


def _harmless(character: str) -> bool:
    if character in _KEPT_CONTROLS or character in _JOINERS:
        return True
    if _UNSEEN.match(character):
        return False
    return unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
