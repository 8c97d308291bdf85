"""Reads telephone numbers as people write them: one, or a list of them in CSV."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.untrusted import one_line

MAX_BYTES = 20_000_000
_PHONE, _REASON = "phone", "reason"
#: Letters, extensions and digits of other scripts would be read as something, but maybe not as
#: what was meant.
_WRITTEN = re.compile(r"\+?[0-9 ()./\u00a0\u2010-\u2013-]+", re.ASCII)
_SHOWN = 40


@dataclass(frozen=True)
class Row:
    """One number of a list, in the international form."""

    line: int
    phone: str
    reason: str


@dataclass(frozen=True)
class Unreadable:
    """A line without a usable number."""

    line: int
    text: str
    why: str


@dataclass
class NumberList:
    """What a file holds."""

    rows: list[Row] = field(default_factory=list[Row])
    unreadable: list[Unreadable] = field(default_factory=list[Unreadable])


def normalised(text: str, country: str = "") -> str:
    """A number in the international form (E.164), such as +13125550101.

    Args:
        text: As somebody wrote it: digits, spaces, brackets, dots and hyphens.
        country: ISO code of the country of a number without `+`.

    Raises:
        ValueError: it cannot be read without guessing; says why.
    """
    import phonenumbers  # noqa: PLC0415 - slow to import, and needed only here

    written = text.strip()
    if not _WRITTEN.fullmatch(written):
        raise ValueError("is not a telephone number")
    if not written.startswith("+") and not country:
        raise ValueError("does not begin with + and its country code, and no country is given")
    try:
        number: Any = phonenumbers.parse(written, country.upper() or None)
    except phonenumbers.NumberParseException as problem:
        raise ValueError("is not a telephone number") from problem
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError("has too few or too many digits")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def require_country(country: str) -> None:
    """Make sure that a country is known.

    Raises:
        InvalidInput: it is not.
    """
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 - slow to import

    if country and country.upper() not in SUPPORTED_REGIONS:
        raise InvalidInput(
            f"{country!r} is no country code.", fix="Give two letters, such as US or GB."
        )


def read_numbers(text: str, country: str = "") -> NumberList:
    """The numbers of a CSV file: of its column `phone`, else of its first one.

    Args:
        text: The file. Its first line may name the columns; one of them may be `reason`.
        country: ISO code of the country of numbers without `+`.

    Raises:
        InvalidInput: it is too long, or no CSV.
    """
    if len(text) > MAX_BYTES:
        raise InvalidInput(f"The file has more than {MAX_BYTES:,} characters: split it.")
    found = NumberList()
    phone_at, reason_at, is_first = 0, None, True
    for line, cells in _rows(text.removeprefix("\ufeff")):
        if is_first and _is_header(cells):
            phone_at, reason_at = _columns(cells)
        else:
            _take(found, line, _cell(cells, phone_at), _cell(cells, reason_at), country)
        is_first = False
    return found


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Every line that is not empty, with its number; cells are separated as in the first line."""
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        return [(reader.line_num, cells) for cells in reader if any(c.strip() for c in cells)]
    except csv.Error as problem:
        raise InvalidInput(
            f"Line {reader.line_num} of the file is no CSV: {problem}.",
            fix="Give a text file with a number a line, or a table saved as CSV.",
        ) from problem


def _is_header(cells: Sequence[str]) -> bool:
    return _PHONE in _names(cells) or not any(c.isdigit() for cell in cells for c in cell)


def _columns(cells: Sequence[str]) -> tuple[int, int | None]:
    names = _names(cells)
    phone_at = names.index(_PHONE) if _PHONE in names else 0
    return phone_at, names.index(_REASON) if _REASON in names else None


def _names(cells: Sequence[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _take(found: NumberList, line: int, phone: str, reason: str, country: str) -> None:
    try:
        row = Row(line, normalised(phone, country), one_line(reason))
    except ValueError as problem:
        found.unreadable.append(Unreadable(line, one_line(phone, _SHOWN), str(problem)))
    else:
        found.rows.append(row)
