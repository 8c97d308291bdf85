"""Where a number may be."""

from zoneinfo import ZoneInfo

import pytest
from phonenumbers.tzdata import TIMEZONE_DATA

from telnyx_toolkit.places import MAX_ZONES, zones_of

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
