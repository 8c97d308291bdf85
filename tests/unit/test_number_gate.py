"""Which numbers must never be dialled."""

import pytest

from telnyx_toolkit.number_gate import number_problem, short_number_problem

WORLD = ("US", "CA", "GB", "AU", "JM", "FR", "IN")


@pytest.mark.parametrize("fictional_ok", [True, False])
@pytest.mark.parametrize(
    ("phone", "code"),
    [
        ("+12125551234", None),
        ("+442071838750", None),
        ("+18005551234", None),
        ("+447400123456", None),
        ("+19005551234", "premium_number"),
        ("+13129761234", "premium_number"),
        ("+449098790000", "premium_number"),
        ("+15555551234", "invalid_number"),
        ("+11234567890", "invalid_number"),
        ("+1911911", "invalid_number"),
        ("+4412345", "invalid_number"),
        ("+12125550001", None),
    ],
)
def test_a_number_is_dialled_only_if_it_exists_and_is_ordinary(
    phone: str, code: str | None, fictional_ok: bool
):
    problem = number_problem(phone, fictional_ok=fictional_ok, countries=WORLD)

    assert (problem and problem[0]) == code


@pytest.mark.parametrize("phone", ["+9991234567", "+2101234567"])
def test_a_country_that_does_not_exist_is_an_invalid_number(phone: str):
    problem = number_problem(phone, fictional_ok=False)

    assert problem is not None
    assert problem[0] == "invalid_number"


@pytest.mark.parametrize("phone", ["+13125550100", "+13125550101", "+12125550199", "+14165550142"])
def test_fictional_numbers_ring_only_in_a_sandbox(phone: str):
    assert number_problem(phone, fictional_ok=True) is None
    assert number_problem(phone, fictional_ok=False) == (
        "fictional_number",
        "is reserved for fiction",
    )


@pytest.mark.parametrize("phone", ["+19005550101", "+13129760101"])
def test_a_premium_number_stays_one_even_in_a_sandbox(phone: str):
    problem = number_problem(phone, fictional_ok=True)

    assert problem is not None
    assert problem[0] == "premium_number"


@pytest.mark.parametrize(
    ("phone", "code"),
    [
        ("+12129761234", "premium_number"),
        ("+447012345678", "premium_number"),
        ("+33899123456", "premium_number"),
        ("+15005550006", "premium_number"),
        ("+12125551212", "service_number"),
        ("+12129111234", "invalid_number"),
        ("+12124111234", "invalid_number"),
        ("+17005551234", "invalid_number"),
        ("+441632960123", "invalid_number"),
        ("+88213300655", "wrong_country"),
        ("+870773111632", "wrong_country"),
        ("+881612345678", "wrong_country"),
        ("+80012345678", "wrong_country"),
        ("+979123456789", "premium_number"),
        ("+12423456789", "wrong_country"),
        ("+18765551234", None),
        ("+61412345678", None),
        ("+919876543210", None),
    ],
)
def test_what_the_library_takes_for_valid_is_looked_at_again(phone: str, code: str | None):
    problem = number_problem(phone, fictional_ok=True, countries=WORLD)

    assert (problem and problem[0]) == code


@pytest.mark.parametrize("phone", ["+18765551234", "+442071838750", "+61412345678", "+17874561234"])
def test_another_country_is_called_only_if_the_brief_names_it(phone: str):
    problem = number_problem(phone, fictional_ok=True)

    assert problem is not None
    assert problem[0] == "wrong_country"
    assert "the brief allows US, CA" in problem[1]


@pytest.mark.parametrize("phone", ["+13125550101", "+18005550142"])
def test_a_fictional_number_is_of_no_wrong_country(phone: str):
    assert number_problem(phone, fictional_ok=True) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("911", "emergency_number"),
        ("112", "emergency_number"),
        ("999", "emergency_number"),
        ("+1911", "emergency_number"),
        ("+1 911", "emergency_number"),
        ("1-988", "emergency_number"),
        ("988", "emergency_number"),
        ("933", "emergency_number"),
        ("116123", "emergency_number"),
        ("9112", "emergency_number"),
        ("411", "short_code"),
        ("72345", "short_code"),
        ("(72)345", "short_code"),
        ("+13125550101", None),
        ("1911911", None),
        ("+112", "emergency_number"),
        ("+411", None),
        ("+1411", "short_code"),
        ("+12345", None),
        ("+91123", None),
        ("call me", None),
        ("", None),
        ("\N{FULLWIDTH DIGIT NINE}11", None),
    ],
)
def test_short_numbers_are_told_apart(text: str, code: str | None):
    problem = short_number_problem(text)

    assert (problem and problem[0]) == code
