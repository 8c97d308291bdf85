"""What everybody who is reached hears first: that an AI speaks, and for whom."""

from collections.abc import Iterable
from functools import cache

from telnyx_toolkit.languages import shipped_phrases
from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.phrases import exact_finder, finder, plain

#: How far into the text "first" reaches, in characters: a few seconds of speech.
AT_THE_START = 500
#: Of languages that have no folder: a brief may bring first words in any.
_OTHER_AI = (
    *("KI", "inteligência artificial", "intelligence artificielle", "intelligenza artificiale"),
    *("künstliche* intelligenz", "kunstmatige intelligentie", "人工知能", "人工智能", "인공지능"),
)
_OTHER_RECORDED = ("enregistr*", "aufgezeichnet", "aufzeichn*", "registra*", "opgenomen")


def undisclosed(text: str, on_behalf_of: str) -> list[str]:
    """What the beginning of a text does not say, in words; empty where it says all.

    Sources: 47 CFR 64.1200(b), who is responsible is named at the beginning of an artificial
    voice's message; Regulation (EU) 2024/1689, article 50(1), people are told that it is an AI.

    Args:
        text: What is said or written first.
        on_behalf_of: For whom.
    """
    start = " ".join(text.split())[:AT_THE_START]
    missing: list[str] = []
    if not any(found.search(form) for found, form in _says_ai(start)):
        missing.append("that an AI speaks")
    if " ".join(on_behalf_of.split()).casefold() not in start.casefold():
        missing.append(f"on whose behalf ({on_behalf_of})")
    return missing


def tells_of_recording(text: str) -> bool:
    """Whether a text says that the call is recorded."""
    return _recorded().search(plain(text)) is not None


def _says_ai(text: str) -> Iterable[tuple[Pattern, str]]:
    capitals, words = _ai()
    return ((capitals, text), (words, plain(text)))


@cache
def _ai() -> tuple[Pattern, Pattern]:
    """What finds `AI`, which is no word in small letters, and what finds the words in full."""
    known = [*_OTHER_AI, *(phrase for language in shipped_phrases() for phrase in language.ai)]
    capitals = [phrase for phrase in known if phrase.isupper()]
    return exact_finder(capitals), finder(p for p in known if not p.isupper())


@cache
def _recorded() -> Pattern:
    known = (phrase for language in shipped_phrases() for phrase in language.recorded)
    return finder([*_OTHER_RECORDED, *known])
