"""How figures and names are put into words, for people and for the assistant's mouth."""

from decimal import Decimal

from telnyx_toolkit.figures import is_currency
from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.untrusted import quoted

Value = Decimal | bool | str
_LETTER_BEFORE_FIGURE = Pattern(r"([A-Za-z])(?=\d)")


def money(amount: Decimal, currency: str, language: str = "en-US") -> str:
    """`$62`, `$62.50`, `€1,200`, `USD 62` where a dollar is another: nothing rounded.

    There are no cents where the figure has none.

    Args:
        amount: The figure.
        currency: ISO 4217 code; anything else is written behind the number.
        language: BCP 47 tag, such as en-US.
    """
    from babel.core import UnknownLocaleError  # noqa: PLC0415 - slow to import
    from babel.numbers import format_currency, format_decimal  # noqa: PLC0415

    locale = language.replace("-", "_")
    places = _places(amount)
    try:
        if is_currency(currency):
            pattern = f"¤{_pattern(max(places, 2) if places else 0)}"
            text = format_currency(amount, currency, pattern, locale, currency_digits=False)
            return _LETTER_BEFORE_FIGURE.sub(r"\1 ", text)
        return f"{format_decimal(amount, _pattern(places), locale)} {currency}".strip()
    except UnknownLocaleError:
        return money(amount, currency)


def _places(amount: Decimal) -> int:
    """How many decimals it has: nothing that was said is rounded."""
    exponent = amount.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _pattern(places: int) -> str:
    return "#,##0" + (f".{'0' * places}" if places else "")


def label(field: str) -> str:
    """`price_per_person` as `price per person`."""
    return field.replace("_", " ")


def said(value: Value | None, unit: str = "", language: str = "en-US") -> str:
    """A collected value as a person would write it: `$62`, `18 %`, `yes`, `unknown`, `"buffet"`.

    What is a text was said by a stranger, and is quoted.
    """
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return money(value, unit, language)
        case str():
            return quoted(value)
