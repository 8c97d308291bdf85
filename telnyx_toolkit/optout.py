"""The plain words of somebody who wants no more calls, for where nothing else tells."""

from functools import cache

from telnyx_toolkit.languages import shipped_phrases
from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.phrases import finder, plain


def asks_for_no_more(words: str) -> bool:
    """Whether somebody who says this asks plainly, in any language of ours, for no more calls.

    Whoever says one of these phrases (`no_more` of the languages) is not called again, even where
    something else was meant: a person can put that right, but not a call that should not have been.
    """
    return _any().search(plain(words)) is not None


@cache
def _any() -> Pattern:
    return finder(phrase for language in shipped_phrases() for phrase in language.no_more)
