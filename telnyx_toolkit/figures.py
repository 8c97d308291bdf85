"""Figures as JSON has them."""

from decimal import Decimal


def as_number(value: Decimal) -> int | float:
    """A figure for JSON: 62, not 62.0; two decimals survive a float unharmed."""
    return int(value) if value == value.to_integral_value() else float(value)
