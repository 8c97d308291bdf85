"""Where a called number may be: the zones whose clocks must all allow the call."""

from functools import lru_cache
from typing import Any

MAX_ZONES = 8
_NORTH_AMERICA = 1
#: Area codes laid over older ones whose area spans two zones: https://nationalnanpa.com
_LAID_OVER = {
    "448": "850", "364": "270", "458": "541", "930": "812",
    "236": "250", "672": "250", "778": "250",
}  # fmt: skip


@lru_cache(maxsize=4_096)
def zones_of(phone: str, stated: str | None) -> tuple[str, ...]:
    """The IANA zones the number may be in: the stated one, else every possible one.

    Empty where the number says nothing useful (toll-free, satellite, half a continent): then
    the brief must state a zone.
    """
    if stated:
        return (stated,)
    import phonenumbers  # noqa: PLC0415 - slow to import, and needed only here
    from phonenumbers.timezone import time_zones_for_number  # noqa: PLC0415

    number: Any = phonenumbers.parse(phone)
    zones = set(time_zones_for_number(number))
    if number.country_code == _NORTH_AMERICA:
        zones |= _zones_of_area(str(number.national_number)[:3])
    useless = not zones or len(zones) > MAX_ZONES or "Etc/Unknown" in zones
    return () if useless else tuple(sorted(zones))


@lru_cache(maxsize=4_096)
def region_of(phone: str) -> str:
    """The ISO country code of a number, or "" where it has none."""
    import phonenumbers  # noqa: PLC0415 - slow to import, and needed only here

    return phonenumbers.region_code_for_number(phonenumbers.parse(phone)) or ""


def _zones_of_area(code: str) -> set[str]:
    """Every zone of an area code and of the one it was laid over.

    A number may be anywhere in them: the finer prefixes of the data are of landlines, and for
    young overlays it has but one zone where their area spans two.
    """
    from phonenumbers.tzdata import TIMEZONE_DATA  # noqa: PLC0415 - slow to import

    prefixes = tuple(f"1{c}" for c in (code, _LAID_OVER.get(code, code)))
    return {z for p, found in TIMEZONE_DATA.items() if p.startswith(prefixes) for z in found}
