"""Where a number may be, and which numbers must never be dialled."""

from zoneinfo import ZoneInfo

import pytest
from phonenumbers.tzdata import TIMEZONE_DATA

from telnyx_toolkit.places import MAX_ZONES, number_problem, zones_of

BOISE, PACIFIC = "America/Boise", "America/Los_Angeles"


@pytest.mark.parametrize(
    ("phone", "zones"),
    [
        ("+13125550101", ("America/Chicago",)),
        ("+12125551234", ("America/New_York",)),
        ("+442071838750", ("Europe/London",)),
        ("+61291234567", ("Australia/Sydney",)),
        ("+12085551234", (BOISE, "America/Denver", PACIFIC)),
        ("+19865551234", (BOISE, "America/Denver", PACIFIC)),
        (
            "+19075551234",
            ("America/Adak", "America/Anchorage", "America/Juneau", "Pacific/Honolulu"),
        ),
    ],
)
def test_a_number_tells_every_zone_it_may_be_in(phone: str, zones: tuple[str, ...]):
    assert zones_of(phone, None) == zones


@pytest.mark.parametrize(
    ("phone", "zones"),
    [
        ("+14483335678", {"America/New_York", "America/Chicago"}),
        ("+13643335678", {"America/New_York", "America/Chicago"}),
        ("+19303335678", {"America/New_York", "America/Chicago"}),
        ("+14583335678", {"America/Los_Angeles", "America/Denver"}),
    ],
)
def test_f26_an_overlay_may_be_wherever_the_code_it_overlays_is(phone: str, zones: set[str]):
    assert zones <= set(zones_of(phone, None))


@pytest.mark.parametrize(
    "phone", ["+18005551234", "+18885551234", "+19005551234", "+79161234567", "+15555550101"]
)
def test_f27_a_number_that_may_be_anywhere_tells_nothing(phone: str):
    assert zones_of(phone, None) == ()


def test_a_stated_zone_goes_before_the_number():
    assert zones_of("+18005551234", "America/Denver") == ("America/Denver",)
    assert zones_of("+19865551234", BOISE) == (BOISE,)


def test_every_zone_that_a_number_can_tell_has_a_clock():
    names = {name for zones in TIMEZONE_DATA.values() for name in zones} - {"Etc/Unknown"}

    assert len(names) > 200
    assert all(ZoneInfo(name) for name in names)


def test_no_number_tells_more_zones_than_can_be_weighed():
    mobile = zones_of("+61412345678", None)

    assert 1 < len(mobile) <= MAX_ZONES


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
    problem = number_problem(phone, fictional_ok=fictional_ok)

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
