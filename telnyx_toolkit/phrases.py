"""Phrases found in what people say: as whole words, whatever the accents, the case and the gaps."""

import re
import unicodedata
from collections.abc import Iterable

from telnyx_toolkit.patterns import Pattern

#: Scripts written without spaces have no words to find: Chinese, Japanese, Korean, Thai and so on.
_UNSPACED = Pattern(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


def plain(text: str) -> str:
    """`text` in small letters without accents, one space between words, apostrophes straight."""
    if text.isascii():
        return " ".join(text.casefold().split())
    apart = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
    bare = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    return " ".join(bare.casefold().split())


def finder(phrases: Iterable[str]) -> Pattern:
    """What finds any of the phrases in a text that was made `plain`; of none, it finds nothing.

    Args:
        phrases: As people write them; `*` stands for any letters, so that `record*` finds
            recording.
    """
    return _any_of(plain(phrase) for phrase in phrases)


def exact_finder(phrases: Iterable[str]) -> Pattern:
    """The same for texts as they are: what tells `IA` from the end of a word, or `AI` from `ai`."""
    return _any_of(phrases)


def _any_of(phrases: Iterable[str]) -> Pattern:
    return Pattern("|".join(_one(phrase) for phrase in phrases) or r"(?!)")


def _one(phrase: str) -> str:
    before = "" if _UNSPACED.match(phrase[0]) else r"(?<!\w)"
    after = "" if _UNSPACED.match(phrase[-1]) else r"(?!\w)"
    return before + re.escape(phrase).replace(r"\*", r"\w*") + after
