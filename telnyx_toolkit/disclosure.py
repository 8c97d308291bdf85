"""What everybody who is reached hears first: that an AI speaks, and for whom."""

import re

#: How far into the text "first" reaches, in characters: a few seconds of speech.
AT_THE_START = 500
_AI = re.compile(
    r"\b(AI|A\.I\.|IA|KI|artificial intelligence|inteligencia artificial|inteligência artificial"
    r"|intelligence artificielle|intelligenza artificiale|künstliche\w* intelligenz"
    r"|kunstmatige intelligentie)(?!\w)|人工知能|人工智能|인공지능"
)
_LOWER = re.compile(_AI.pattern.replace("AI|A\\.I\\.|IA|KI|", ""), re.IGNORECASE)
_RECORDED = re.compile(r"record|grab|enregistr|aufgezeichnet|aufzeichn|registra|opgenomen", re.I)


def undisclosed(text: str, on_behalf_of: str) -> list[str]:
    """What the beginning of a text does not say, in words; empty where it says all.

    Sources: 47 CFR 64.1200(b), who is responsible is named at the beginning of an artificial
    voice's message; Regulation (EU) 2024/1689, article 50(1), people are told that it is an AI.

    Args:
        text: What is said or written first.
        on_behalf_of: For whom.
    """
    start = _plain(text)[:AT_THE_START]
    missing: list[str] = []
    if not (_AI.search(start) or _LOWER.search(start)):
        missing.append("that an AI speaks")
    if _plain(on_behalf_of).casefold() not in start.casefold():
        missing.append(f"on whose behalf ({on_behalf_of})")
    return missing


def tells_of_recording(text: str) -> bool:
    """Whether a text says that the call is recorded."""
    return _RECORDED.search(text) is not None


def _plain(text: str) -> str:
    return " ".join(text.split())
