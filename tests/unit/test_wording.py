"""Figures as a person would write them."""

from decimal import Decimal

import pytest

from telnyx_toolkit.figures import as_number
from telnyx_toolkit.wording import Value, is_currency, label, money, said


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("62", "USD", "en-US", "$62"),
        ("62.00", "USD", "en-US", "$62"),
        ("62.5", "USD", "en-US", "$62.50"),
        ("62.05", "USD", "en-US", "$62.05"),
        ("1250", "USD", "en-US", "$1,250"),
        ("1200000.5", "USD", "en-US", "$1,200,000.50"),
        ("0", "USD", "en-US", "$0"),
        ("1200", "EUR", "en-US", "€1,200"),
        ("6500", "JPY", "en-US", "¥6,500"),
        ("1250.5", "EUR", "de-DE", "€1.250,50"),
        ("62", "USD", "es-US", "$62"),
        ("62", "USD", "es-MX", "USD 62"),
        ("62", "USD", "xx", "$62"),
        ("62", "USD", "en-QQ", "$62"),
        ("18", "%", "en-US", "18 %"),
        ("18.5", "percent", "en-US", "18.5 percent"),
        ("1250", "", "en-US", "1,250"),
        ("3", "usd", "en-US", "3 usd"),
    ],
)
def test_a_figure_has_its_unit_and_no_needless_cents(
    amount: str, currency: str, language: str, text: str
):
    assert money(Decimal(amount), currency, language).replace("\xa0", " ") == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [("0.015", "USD", "$0.015"), ("62.505", "USD", "$62.505"), ("0.1234", "", "0.1234")],
)
def test_a_figure_is_never_rounded(amount: str, currency: str, text: str):
    assert money(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "USD", "unknown"),
        (True, "", "yes"),
        (False, "USD", "no"),
        (Decimal(62), "USD", "$62"),
        (Decimal(0), "%", "0 %"),
        ("until six", "USD", "until six"),
    ],
)
def test_a_value_is_said_in_words(value: Value | None, unit: str, text: str):
    assert said(value, unit) == text


@pytest.mark.parametrize(
    ("unit", "is_one"),
    [("USD", True), ("usd", False), ("US", False), ("USDT", False), ("U5D", False), ("", False)],
)
def test_a_currency_is_three_capital_letters(unit: str, is_one: bool):
    assert is_currency(unit) == is_one


def test_a_field_is_read_as_words():
    assert label("price_per_person") == "price per person"


@pytest.mark.parametrize(
    ("value", "number"), [("62", 62), ("62.0", 62), ("62.50", 62.5), ("-3", -3), ("0.10", 0.1)]
)
def test_a_figure_in_json_is_whole_where_it_can_be(value: str, number: float):
    given = as_number(Decimal(value))

    assert given == number
    assert type(given) is type(number)
