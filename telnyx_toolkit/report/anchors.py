"""Where in a transcript the words of a claim stand: by turn and by character."""

from collections.abc import Sequence
from dataclasses import dataclass

from telnyx_toolkit.heard import heard, places_of, sought
from telnyx_toolkit.model import Json

#: Signs that belong to the word before or behind which they stand.
_BEFORE, _BEHIND = "$€£¥(¿¡'\"", ".,!?%)…'\""


@dataclass(frozen=True)
class Anchor:
    """A piece of one turn of a transcript.

    Attributes:
        turn: Which turn, counted from 0 over everybody's turns.
        start: Its first character.
        end: Behind its last one.
    """

    turn: int
    start: int
    end: int


def anchor_of(
    transcript: Sequence[Json], words: str, *, is_final: bool, dots: bool = False
) -> Anchor | None:
    """Where the called person said these words, or None where they did not.

    They are found as evidence finds them: case, accents, punctuation and the way a figure is
    written do not matter.

    Args:
        transcript: `{"role", "text", …}`, oldest first.
        words: As the insight quotes them.
        is_final: Take the last of several places, not the first.
        dots: 1.200 is twelve hundred, as in Spanish.
    """
    wanted = sought(words, dots=dots)
    if not wanted.strip():
        return None
    theirs = [n for n, turn in enumerate(transcript) if turn["role"] == "user"]
    turns = zip(theirs, heard(transcript, dots=dots), strict=True)
    places = [(n, *place) for n, turn in turns for place in turn.finds(wanted)]
    if not places:
        return None
    number, first, end = max(places) if is_final else min(places)
    text = str(transcript[number]["text"])
    where = places_of(text)
    if end > len(where):
        return Anchor(number, 0, len(text))
    return Anchor(number, *_whole(text, words, where[first][0], where[end - 1][1]))


def _whole(text: str, words: str, start: int, end: int) -> tuple[int, int]:
    """The place with the signs around it: those that are quoted, else those that belong to it."""
    at = text.find(words, max(0, end - len(words)), start + len(words))
    if at >= 0:
        return at, at + len(words)
    if start and text[start - 1] in _BEFORE:
        start -= 1
    if end < len(text) and text[end] in _BEHIND:
        end += 1
    return start, end
