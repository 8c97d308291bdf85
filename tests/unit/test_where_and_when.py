"""Real numbers, real days: where they may be, what bars a call there, and what is told of it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from telnyx_toolkit.brief_parts import Calling
from telnyx_toolkit.legal_hours import law_of, parse
from telnyx_toolkit.model import Target
from telnyx_toolkit.permitted import next_permitted, notes, why_not
from telnyx_toolkit.places import regions_of, zones_of
from telnyx_toolkit.public_holidays import holiday_in

EAST, CENTRAL, MOUNTAIN = "America/New_York", "America/Chicago", "America/Denver"
PACIFIC, BOISE = "America/Los_Angeles", "America/Boise"
ALWAYS = Calling(days="mon-sun", hours="00:00-24:00")


def target(phone: str, zone: str | None = None) -> Target:
    return Target("call-1", "A", phone, zone, "")


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("phone", "regions", "zones"),
    [
        ("+12085550142", ("US-ID",), {BOISE, MOUNTAIN, PACIFIC}),
        ("+19865550142", ("US-ID",), {BOISE, MOUNTAIN, PACIFIC}),
        ("+15415550142", ("US-OR",), {MOUNTAIN, PACIFIC}),
        ("+14585550142", ("US-OR",), {MOUNTAIN, PACIFIC}),
        ("+18505550142", ("US-FL",), {CENTRAL, EAST}),
        ("+14485550142", ("US-FL",), {CENTRAL, EAST}),
        ("+16895550142", ("US-FL",), {CENTRAL, EAST}),
        ("+12705550142", ("US-KY",), {CENTRAL, EAST}),
        ("+13645550142", ("US-KY",), {CENTRAL, EAST}),
        ("+18125550142", ("US-IN",), {CENTRAL, EAST}),
        ("+19305550142", ("US-IN",), {CENTRAL, EAST}),
        ("+17295550142", ("US-TN",), {CENTRAL, EAST}),
        ("+15815550142", ("CA-QC",), {"America/Toronto", "America/Halifax"}),
        ("+13675550142", ("CA-QC",), {"America/Toronto", "America/Halifax"}),
        ("+16725550142", ("CA-BC",), {"America/Vancouver", "America/Edmonton"}),
        ("+17095550142", ("CA-NL",), {"America/St_Johns", "America/Halifax"}),
        ("+19025550142", ("CA-NS", "CA-PE"), {"America/Halifax"}),
        ("+18085550142", ("US-HI",), {"Pacific/Honolulu"}),
        ("+16025550142", ("US-AZ",), {"America/Phoenix"}),
        ("+19285550142", ("US-AZ",), {"America/Phoenix", MOUNTAIN}),
        ("+15315550142", ("US-NE",), {CENTRAL}),
        ("+19385550142", ("US-AL",), {CENTRAL}),
        ("+19855550142", ("US-LA",), {CENTRAL}),
        ("+14635550142", ("US-IN",), {EAST}),
        ("+17875551234", ("PR",), {"America/Puerto_Rico"}),
        ("+18765551234", ("JM",), {"America/Jamaica"}),
        ("+18005551234", ("US",), set[str]()),
        ("+15005551234", ("US",), set[str]()),
        ("+16005551234", ("CA",), set[str]()),
        ("+442079460142", ("GB",), {"Europe/London"}),
        ("+912221234567", ("IN",), {"Asia/Calcutta"}),
        ("+61291234567", ("AU",), {"Australia/Sydney"}),
        ("+881612345678", (), set[str]()),
    ],
)
def test_f26_a_number_may_be_in_these_regions_and_zones(
    phone: str, regions: tuple[str, ...], zones: set[str]
):
    assert regions_of(phone) == regions
    assert set(zones_of(phone, None)) == zones


def test_a_british_mobile_has_one_time_and_one_country():
    at = datetime(2026, 7, 1, 12, tzinfo=UTC)
    zones = zones_of("+447400123456", None)

    assert regions_of("+447400123456") == ("GB",)
    assert {at.astimezone(ZoneInfo(zone)).hour for zone in zones} == {13}


def test_a_stated_zone_leaves_the_regions_that_the_number_tells():
    kentucky = target("+12705550142", CENTRAL)

    assert next_permitted(ALWAYS, kentucky, local("2026-12-01T07:00", CENTRAL)) == local(
        "2026-12-01T10:00", CENTRAL
    )


def test_a_number_of_no_zone_is_never_permitted():
    assert next_permitted(ALWAYS, target("+18005551234"), datetime(2026, 12, 1, tzinfo=UTC)) is None
    assert "nobody knows" in why_not(
        ALWAYS, target("+18005551234"), datetime(2026, 12, 1, 18, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("phone", "zone", "asked", "rings"),
    [
        ("+12705550142", EAST, "2026-12-01T09:00", "2026-12-01T11:00"),  # 10:00 Central
        ("+15025550142", EAST, "2026-12-01T09:00", "2026-12-01T10:00"),
        ("+12055550142", CENTRAL, "2026-12-06T08:00", "2026-12-07T08:00"),
        ("+14015550142", EAST, "2026-12-04T18:00", "2026-12-05T10:00"),
        ("+14015550142", EAST, "2026-12-05T16:46", "2026-12-07T09:00"),
        ("+13055550142", EAST, "2026-12-01T19:46", "2026-12-02T08:00"),
        ("+18505550142", CENTRAL, "2026-12-01T18:46", "2026-12-02T08:00"),  # 19:46 Eastern
        ("+16055550142", CENTRAL, "2026-12-04T20:46", "2026-12-07T10:00"),  # 09:00 Mountain
        ("+17095550142", "America/St_Johns", "2026-12-01T06:00", "2026-12-01T09:30"),
        ("+14165550142", "America/Toronto", "2026-12-05T06:00", "2026-12-05T10:00"),
        ("+61291234567", "Australia/Sydney", "2026-12-05T16:46", "2026-12-07T09:00"),
        ("+33142345678", "Europe/Paris", "2026-12-01T12:46", "2026-12-01T14:00"),
        ("+33142345678", "Europe/Paris", "2026-12-04T19:46", "2026-12-07T10:00"),
        ("+34911234567", "Europe/Madrid", "2026-12-04T20:46", "2026-12-07T09:00"),
        ("+912221234567", "Asia/Calcutta", "2026-12-01T18:46", "2026-12-02T10:00"),
        ("+390212345678", "Europe/Rome", "2026-12-04T19:46", "2026-12-05T10:00"),
    ],
)
def test_f30_a_law_stricter_than_the_brief_rules(phone: str, zone: str, asked: str, rings: str):
    assert next_permitted(ALWAYS, target(phone), local(asked, zone)) == local(rings, zone)


@pytest.mark.parametrize(
    ("phone", "zone", "day", "next_day"),
    [
        ("+13125550142", CENTRAL, "2026-11-26", "2026-11-27"),  # Thanksgiving
        ("+12125550142", EAST, "2026-07-03", "2026-07-05"),  # Independence Day, observed, and it
        ("+12125550142", EAST, "2026-12-25", "2026-12-26"),
        ("+442079460142", "Europe/London", "2026-12-25", "2026-12-27"),
        ("+442079460142", "Europe/London", "2026-04-06", "2026-04-07"),  # most of the kingdom
        ("+15145550142", "America/Toronto", "2026-06-24", "2026-06-25"),  # Quebec's own
        ("+19025550142", "America/Halifax", "2026-02-16", "2026-02-17"),  # both provinces'
        ("+61291234567", "Australia/Sydney", "2026-01-26", "2026-01-27"),
    ],
)
def test_f30_no_call_rings_on_a_public_holiday(phone: str, zone: str, day: str, next_day: str):
    hours = Calling(days="mon-sun", hours="10:00-17:00")

    for hour in (0, 10, 16):
        asked = local(f"{day}T{hour:02}:00", zone)
        assert next_permitted(hours, target(phone), asked) == local(f"{next_day}T10:00", zone)


def test_f30_a_brief_may_allow_holidays_but_no_law_is_overruled():
    hours = Calling(days="mon-sun", hours="10:00-17:00", on_holidays=True)
    christmas = local("2026-12-25T10:00", CENTRAL)

    assert next_permitted(hours, target("+13125550142"), christmas) == christmas
    assert next_permitted(hours, target("+12055550142"), christmas) == local(
        "2026-12-26T10:00", CENTRAL
    )


def test_f30_nobody_in_alabama_is_called_on_a_sunday_although_the_brief_asks_for_it():
    asked = datetime(2026, 12, 1, tzinfo=UTC)

    assert next_permitted(Calling(days="sun"), target("+12055550142"), asked) is None


@pytest.mark.parametrize(
    ("phone", "zone", "night", "hours_apart"),
    [
        ("+14145550142", CENTRAL, "2026-03-08", 12),
        ("+14145550142", CENTRAL, "2026-11-01", 14),
        ("+16025550142", "America/Phoenix", "2026-03-08", 13),
        ("+442079460142", "Europe/London", "2026-03-29", 12),
        ("+442079460142", "Europe/London", "2026-10-25", 14),
    ],
)
def test_f24_a_night_in_which_the_clocks_change_is_longer_or_shorter(
    phone: str, zone: str, night: str, hours_apart: int
):
    day = date.fromisoformat(night)
    evening = local(f"{day - timedelta(days=1)}T19:00", zone)
    too_late = evening + timedelta(hours=1, minutes=46)

    rings = next_permitted(ALWAYS, target(phone), too_late)

    assert rings is not None
    assert rings == local(f"{day}T08:00", zone)
    assert rings - evening == timedelta(hours=hours_apart)


@pytest.mark.parametrize(
    ("first", "rings"),
    [
        (date(2026, 12, 3), "2026-12-03T09:00"),
        (datetime(2026, 12, 3, 20, tzinfo=UTC), "2026-12-03T14:00"),
        (date(2027, 6, 1), "2027-06-01T09:00"),
    ],
)
def test_no_call_rings_before_the_brief_begins(first: date, rings: str):
    asked = local("2026-12-01T12:00", CENTRAL)

    permitted = next_permitted(Calling(not_before=first), target("+13125550142"), asked)

    assert permitted == local(rings, CENTRAL)


@pytest.mark.parametrize(
    ("calling", "phone", "at", "reason"),
    [
        (Calling(), "+13125550142", "2026-11-26T18:00+00:00", "Thanksgiving Day in US-IL"),
        (Calling(), "+13125550142", "2026-11-28T18:00+00:00", "Saturday"),
        (Calling(), "+13125550142", "2026-12-01T14:59+00:00", "before 09:00"),
        (Calling(), "+13125550142", "2026-12-01T22:46+00:00", "within 15 minutes of 17:00"),
        (Calling(), "+13125550142", "2026-12-01T23:00+00:00", "after 17:00"),
        (Calling(), "+15025550142", "2026-12-01T14:00+00:00", "before 10:00 in US-KY by law"),
        (ALWAYS, "+14145550142", "2026-12-01T13:00+00:00", "before 08:00 by law"),
        (ALWAYS, "+13055550142", "2026-12-02T01:30+00:00", "after 20:00 in US-FL by law"),
        (ALWAYS, "+12055550142", "2026-12-06T18:00+00:00", "Sunday in US-AL by law"),
        (
            *(ALWAYS, "+33142345678", "2026-12-01T12:30+00:00"),
            "between 13:00 and 14:00 in FR by law",
        ),
        (Calling(), "+18505550142", "2026-12-01T14:00+00:00", f"before 09:00 ({CENTRAL})"),
        (
            Calling(not_before=date(2026, 12, 3)),
            *("+13125550142", "2026-12-02T18:00+00:00", "before 2026-12-03"),
        ),
        (
            Calling(finish_by=date(2026, 12, 1)),
            *("+13125550142", "2026-12-02T18:00+00:00", "too late to finish by 2026-12-01"),
        ),
        (Calling(), "+13125550142", "2026-12-01T18:00+00:00", ""),
    ],
)
def test_the_reason_why_a_call_may_not_ring_is_plain(
    calling: Calling, phone: str, at: str, reason: str
):
    assert why_not(calling, target(phone), datetime.fromisoformat(at)) == reason


WEEK = Calling(days="mon-sun")


@pytest.mark.parametrize(
    ("calling", "phone", "told"),
    [
        (Calling(), "+12125550142", []),
        (Calling(), "+15025550142", ["law in US-KY: 10:00-21:00"]),
        (
            *(Calling(hours="09:00-20:30"), "+18505550142"),
            [f"may be in {CENTRAL} or {EAST}: both must allow it", "law in US-FL: 08:00-20:00"],
        ),
        (
            *(Calling(), "+12085550142"),
            [f"may be in {BOISE} or {MOUNTAIN} or {PACIFIC}: each must allow it"],
        ),
        (WEEK, "+19025550142", ["law in CA: mon-fri 09:00-21:00, sat, sun 10:00-18:00"]),
        (WEEK, "+12055550142", ["law in US-AL: mon-sat 08:00-20:00, sun none, no holidays"]),
        (Calling(), "+12055550142", []),
        (Calling(), "+13125550142", []),
        (Calling(hours="08:00-12:00"), "+13125550142", ["law in US-IL: 09:00-21:00"]),
        (
            *(Calling(on_holidays=True), "+14015550142"),
            [
                "law in US-RI: mon-fri 09:00-18:00, sat 10:00-17:00, sun none, no holidays",
                "no call on public holidays there, whatever the brief says",
            ],
        ),
    ],
)
def test_a_plan_is_told_what_is_special_about_a_target(
    calling: Calling, phone: str, told: list[str]
):
    assert notes(calling, target(phone)) == told


def test_a_region_without_a_law_has_its_countrys_and_a_country_without_one_the_default():
    assert law_of("CA-ON") == law_of("CA")
    assert law_of("US-NY") == law_of("US") == law_of("DE") == law_of("default")


def test_every_law_is_within_eight_and_nine_whatever_its_file_says():
    laws = parse(
        """
default: {mon-fri: ["00:00-24:00"], sat: ["05:00-07:00"], sun: ["20:00-23:00"], source: a,
  as_of: 2026-11-24}
"""
    )

    assert laws["default"].told() == "mon-fri 08:00-21:00, sat none, sun 20:00-21:00"


@pytest.mark.parametrize(
    "text",
    [
        "US-FL: {}",
        "default: {mon-fri: [], sat: [], sun: [], source: '', as_of: 2026-11-24}",
        "default: {mon-fri: ['9-5'], sat: [], sun: [], source: a, as_of: 2026-11-24}",
        "default: {mon-fri: ['17:00-09:00'], sat: [], sun: [], source: a, as_of: 2026-11-24}",
        "Florida: {mon-fri: [], sat: [], sun: [], source: a, as_of: 2026-11-24}",
        "US: {mon-fri: [], sat: [], sun: [], source: a, as_of: 2026-11-24}",
    ],
)
def test_a_file_of_laws_that_says_too_little_is_refused(text: str):
    with pytest.raises(ValueError, match=r"default|US-FL|Florida"):
        parse(text)


@pytest.mark.parametrize(
    ("region", "day", "name"),
    [
        ("US-IL", "2026-02-12", "Lincoln's Birthday"),
        ("US-WI", "2026-02-12", ""),
        ("US", "2026-07-03", "Independence Day (observed)"),
        ("CA-QC", "2026-06-24", "Saint John the Baptist Day"),
        ("CA-ON", "2026-06-24", ""),
        ("GB", "2026-08-31", "Late Summer Bank Holiday"),
        ("GB", "2026-01-02", ""),
        ("DE", "2026-10-03", "German Unity Day"),
        ("XX", "2026-12-25", ""),
        ("US-XX", "2026-12-25", "Christmas Day"),
    ],
)
def test_a_day_is_a_holiday_where_it_is_kept(region: str, day: str, name: str):
    assert holiday_in(region, date.fromisoformat(day)) == name
