"""How lists of words are written down, and looked for in what was said."""

from telnyx_toolkit.patterns import Pattern


def words_of(text: str) -> list[str]:
    """The words of a list, in order."""
    return text.split()


def set_of(text: str) -> frozenset[str]:
    """The words of a list, to look words up in."""
    return frozenset(text.split())


def any_of(phrases: str) -> Pattern:
    """Finds any of the phrases, parted by `|`, among words with a space at each side."""
    return Pattern(rf" (?:{phrases}) ")
