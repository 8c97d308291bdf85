"""What was said, cut into words that can be looked for and read."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from telnyx_toolkit.model import Json
from telnyx_toolkit.patterns import Pattern

#: Scripts written without spaces: each character is a word of its own.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_LETTER = rf"[^\W\d_{_UNSPACED}]"
#: A figure with what hangs on it is one word: $62 is not found in $62.50, nor 30 in 11:30.
_TOKEN = Pattern(
    rf"\d+(?:[.,:/]\d+)*(?:[^\W_{_UNSPACED}]+)?|[{_UNSPACED}]|{_LETTER}(?:['\u2019]?{_LETTER})*"
)
_PLAIN = Pattern(r"(?:0|[1-9]\d*)(?:\.\d+)?")
_COMMAS = Pattern(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_DOTS = Pattern(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?")
_DECIMAL_COMMA = Pattern(r"(?:0|[1-9]\d*),\d{1,2}")
_LONGEST_FIGURE = 20
_ACCENTS = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc")
_MOST_FINDS = 20
#: So many texts are remembered with their words, since each is looked at for every question; a
#: monologue is not.
_MOST_TEXTS, _USUAL_TEXT = 1_024, 500
#: Without its mark each would be another word: we're is no `were`, and sí no `si`.
_MARKED = {"we're": "we are", "sí": "sí"}
_AS_COMPARED = {"we are": "were", "sí": "si"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word or written figure.

    Attributes:
        text: In lower case, without accents and apostrophes.
        number: Its value, where it is nothing but a figure.
        before: What stands between it and the word before: space, punctuation, signs.
    """

    text: str
    number: Decimal | None
    before: str

    @property
    def follows(self) -> bool:
        """Whether nothing but space or a hyphen parts it from the word before."""
        mark = self.before.strip()
        return not mark or (mark == "-" and self.before != "- ")


@dataclass(frozen=True)
class Turn:
    """What the callee said in one go.

    Attributes:
        tail: What stands behind the last word.
        asked: What the assistant said before, or "".
        at: When, as the transcript tells; may be empty.
    """

    tokens: tuple[Token, ...]
    tail: str = ""
    asked: str = ""
    at: str = ""

    def gap(self, place: int) -> str:
        """What stands before the word at `place`, or behind the last one."""
        return self.tokens[place].before if place < len(self.tokens) else self.tail

    def word(self, place: int) -> str:
        """The word at `place`, or "" where there is none."""
        return self.tokens[place].text if 0 <= place < len(self.tokens) else ""

    def words(self, start: int, end: int) -> str:
        """Those from `start` to before `end`, with a space at each side of each."""
        kept = [token.text for token in self.tokens[max(start, 0) : max(end, 0)]]
        return f" {' '.join(kept)} " if kept else " "

    @cached_property
    def line(self) -> tuple[str, list[int]]:
        """All words as one text to search, and where in it each begins."""
        starts: list[int] = []
        parts: list[str] = []
        length = 1
        for token in self.tokens:
            part = canonical(token)
            starts.append(length)
            parts.append(part)
            length += len(part) + 1
        return f" {' '.join(parts)} ", starts

    def finds(self, sought: str) -> list[tuple[int, int]]:
        """Where a line of words is said, as places of words; the last few, if it is often."""
        text, starts = self.line
        found: list[tuple[int, int]] = []
        at = text.rfind(sought)
        while at >= 0 and len(found) < _MOST_FINDS:
            first = bisect_left(starts, at + 1)
            found.append((first, first + sought.count(" ") - 1))
            at = text.rfind(sought, 0, at + len(sought) - 1)
        return found


def heard(transcript: Iterable[Json], *, dots: bool = False) -> list[Turn]:
    """The callee's turns; one cannot run into the next.

    Args:
        transcript: `{"role", "text", "at"}`, oldest first.
        dots: 1.200 is twelve hundred, as in Spanish.
    """
    turns: list[Turn] = []
    asked = ""
    for said in transcript:
        text = str(said["text"])
        if said["role"] == "user":
            tokens, tail = tokens_of(text, dots=dots)
            turns.append(Turn(tokens, tail, asked, str(said.get("at") or "")))
            asked = ""
        else:
            asked = text
    return turns


def tokens_of(text: str, *, dots: bool = False) -> tuple[tuple[Token, ...], str]:
    """The words of a text, and what stands behind the last one."""
    return _tokens_remembered(text, dots) if len(text) <= _USUAL_TEXT else _tokens(text, dots)


def _tokens(text: str, dots: bool) -> tuple[tuple[Token, ...], str]:
    plain = _plain(text)
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(plain):
        found.append(_token(match.group(), plain[end : match.start()], dots=dots))
        end = match.end()
    return tuple(found), plain[end:]


_tokens_remembered = lru_cache(_MOST_TEXTS)(_tokens)


def places_of(text: str) -> list[tuple[int, int]]:
    """Where each word of `tokens_of(text)` stands in the text itself: first character, behind last.

    Empty where that cannot be told, because characters far apart make one in another form.
    """
    starts = [n for n, letter in enumerate(text) if n and not unicodedata.combining(letter)]
    origin: list[tuple[int, int]] = []
    parts: list[str] = []
    for start, end in zip([0, *starts], [*starts, len(text)], strict=True):
        parts.append(_plain(text[start:end]))
        origin += [(start, end)] * len(parts[-1])
    plain = "".join(parts)
    if plain != _plain(text):
        return []
    found = _TOKEN.finditer(plain)
    return [(origin[match.start()][0], origin[match.end() - 1][1]) for match in found]


def sought(words: str, *, dots: bool = False) -> str:
    """Quoted words as `Turn.finds` looks for them; a space where there are none."""
    tokens, _ = tokens_of(words, dots=dots)
    return f" {' '.join(canonical(token) for token in tokens)} " if tokens else " "


def canonical(token: Token) -> str:
    """The word as it is compared: 1,250.00 is 1250."""
    if token.number is None:
        return _AS_COMPARED.get(token.text, token.text)
    return format(token.number.normalize(), "f")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("½", " and a half").casefold()


def _token(found: str, before: str, *, dots: bool) -> Token:
    if not found[0].isdigit():
        word = found.replace("\u2019", "'")
        bare = _MARKED.get(word) or word.replace("'", "").translate(_ACCENTS)
        return Token(bare, None, before)
    if found.endswith("k"):
        thousands = _value(found[:-1], dots=dots)
        return Token(found, None if thousands is None else thousands * 1000, before)
    return Token(found, _value(found.removesuffix("pp"), dots=dots), before)


def _value(body: str, *, dots: bool) -> Decimal | None:
    if len(body) > _LONGEST_FIGURE:
        return None
    if _COMMAS.fullmatch(body):
        return Decimal(body.replace(",", ""))
    if _DECIMAL_COMMA.fullmatch(body):
        return Decimal(body.replace(",", "."))
    if _DOTS.fullmatch(body) and (dots or not _PLAIN.fullmatch(body)):
        return Decimal(body.replace(".", "").replace(",", "."))
    # 1.250 may be either, so it is neither.
    is_plain = _PLAIN.fullmatch(body) and not _DOTS.fullmatch(body)
    return Decimal(body) if is_plain else None
