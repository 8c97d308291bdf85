"""Figures and their units, as JSON and briefs have them."""

from decimal import Decimal


def as_number(value: Decimal) -> int | float:
    """A figure for JSON: 62, not 62.0; two decimals survive a float unharmed."""
    return int(value) if value == value.to_integral_value() else float(value)


def usd(amount: Decimal | str | float) -> str:
    """`$5.00`."""
    return f"${Decimal(str(amount)):.2f}"


def is_currency(unit: str) -> bool:
    """Whether `unit` looks like an ISO 4217 code, such as USD."""
    return len(unit) == len("USD") and unit.isalpha() and unit.isupper()
