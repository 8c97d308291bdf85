"""Where a called number may be: the zones and regions that must all allow the call."""

from functools import cache, lru_cache

from telnyx_toolkit.area_codes import TABLE

MAX_ZONES = 8
_NORTH_AMERICA = 1
#: What phonenumbers says of satellites and other numbers of no country.
_NO_COUNTRY = "001"


@lru_cache(maxsize=4_096)
def zones_of(phone: str, stated: str | None) -> tuple[str, ...]:
    """The IANA zones the number may be in: the stated one, else every possible one.

    A North American number may be anywhere in its area code: the finer prefixes that are known
    are of landlines. Empty where the number says nothing useful (toll-free, satellite, half a
    continent): then the brief must state a zone.
    """
    if stated:
        return (stated,)
    if area := _area(phone):
        return area[1]
    import phonenumbers  # noqa: PLC0415 - slow to import, and needed only here
    from phonenumbers.timezone import time_zones_for_number  # noqa: PLC0415

    zones = set(time_zones_for_number(phonenumbers.parse(phone)))
    useless = not zones or len(zones) > MAX_ZONES or "Etc/Unknown" in zones
    return () if useless else tuple(sorted(zones))


@lru_cache(maxsize=4_096)
def regions_of(phone: str) -> tuple[str, ...]:
    """The regions the number may be in, by ISO 3166: `("US-KY",)`, `("CA-NS", "CA-PE")`.

    Only North American numbers tell a state or province; others their country, `("GB",)`, and so
    do toll-free ones. Empty where there is none (satellites).
    """
    if area := _area(phone):
        return area[0]
    country = region_of(phone)
    return (country,) if country not in {"", _NO_COUNTRY} else ()


@lru_cache(maxsize=4_096)
def region_of(phone: str) -> str:
    """The ISO country code of a number, or "" where it has none."""
    if area := _area(phone):
        return area[0][0].partition("-")[0]
    import phonenumbers  # noqa: PLC0415 - slow to import, and needed only here

    return phonenumbers.region_code_for_number(phonenumbers.parse(phone)) or ""


def _area(phone: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Regions and zones of a North American area code, if it has any."""
    return _areas().get(phone[2:5]) if phone.startswith("+1") else None


@cache
def _areas() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    areas: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for row in TABLE.strip().splitlines():
        regions, zones, codes = row.split(" | ")
        place = tuple(regions.split(",")), tuple(zones.split(","))
        areas |= dict.fromkeys(codes.split(), place)
    return areas
