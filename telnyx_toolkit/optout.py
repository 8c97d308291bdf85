"""The plain words of somebody who wants no more calls, for where nothing else tells."""

import re

#: English and Spanish, as of 2026-11-24. Whoever says one of these is not called again, even where
#: something else was meant: a person can put that right, but not a call that should not have been.
_PHRASES = (
    *("do not call", "don't call", "dont call", "never call", "stop calling", "quit calling"),
    *("do not text", "don't text", "stop texting", "do not contact", "don't contact"),
    *("do not ring", "don't ring", "stop ringing", "stop contacting", "no more calls"),
    *("take me off", "take us off", "take my number off", "take this number off"),
    *("remove me from", "remove us from", "remove my number", "remove this number"),
    *("lose my number", "lose this number", "unsubscribe"),
    *("no me llame", "no nos llame", "no llame", "no vuelva a llamar", "no vuelvan a llamar"),
    *("deje de llamar", "dejen de llamar", "no me llamen", "no nos llamen", "no llamen"),
    *("quite mi n\u00famero", "borre mi n\u00famero", "no me escriba", "no nos escriba"),
)
_ANY = re.compile(rf"\b(?:{'|'.join(_PHRASES)})\b")


def asks_for_no_more(words: str) -> bool:
    """Whether somebody who says this plainly asks not to be called or written to."""
    plain = words.lower().replace("\u2019", "'")
    return _ANY.search(" ".join(plain.split())) is not None
