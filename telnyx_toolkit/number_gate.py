"""Numbers that must never be dialled, whoever asks and whoever agrees."""

import re
from functools import lru_cache
from typing import Any

#: Countries that may be called unless the brief names others. Calls to a country that nobody
#: meant are how telephone fraud pays, and many such numbers look North American.
COUNTRIES = ("US", "CA")

Problem = tuple[str, str]

_INVALID = ("invalid_number", "is not a number that exists")
_ORDINARY = {0, 1, 2, 3, 6}  # fixed line, mobile, either, toll-free, VoIP
_NORTH_AMERICA = 1
#: Longer than any service's number, shorter than any subscriber's that E.164 writes in full.
_SHORT = 6
#: Lines for people in danger that no table of emergency numbers has.
_CRISIS = {"933", "988", "116111", "116117", "116123"}


def short_number_problem(text: str) -> Problem | None:
    """Why a few digits must not be dialled, as (code, reason); None where it is no short number."""
    digits = re.sub(r"[\s().+-]", "", text)
    if not (digits.isascii() and digits.isdigit()):
        return None
    service = digits[1:] if re.fullmatch(r"1[2-9]11|1988", digits) else digits
    if len(service) > _SHORT:
        return None
    is_international = text.lstrip().startswith("+")
    if service in _CRISIS or _reaches_help(service, exactly=is_international):
        return "emergency_number", "is an emergency number"
    if is_international and service == digits:
        return None  # the beginning of somebody's number
    return "short_code", "is a short code: a service, not somebody's telephone"


@lru_cache(maxsize=4_096)
def number_problem(
    phone: str, *, fictional_ok: bool, countries: tuple[str, ...] = COUNTRIES
) -> Problem | None:
    """Why a number must never be dialled, as (code, reason); None where nothing forbids it.

    Args:
        phone: E.164.
        fictional_ok: Whether the 555-01XX numbers, reserved for fiction, may pass: only where
            the server is a sandbox on this machine.
        countries: ISO codes of the countries that may be called.
    """
    import phonenumbers  # noqa: PLC0415 - slow to import, and needed only here

    try:
        number: Any = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return _INVALID
    national = str(number.national_number)
    north_american = number.country_code == _NORTH_AMERICA
    is_fictional = north_american and national[3:8] == "55501"
    if north_american and (problem := _of_north_america(national)):
        return problem
    if is_fictional and not fictional_ok:
        return "fictional_number", "is reserved for fiction"
    if not is_fictional and (problem := _of_its_kind(number)):
        return problem
    region = phonenumbers.region_code_for_number(number) or ""
    if region not in countries and not is_fictional:
        where = f"is a number of {region}" if len(region) == len("US") else "is of no one country"
        return "wrong_country", f"{where}; the brief allows {', '.join(countries)}"
    return None


def _of_its_kind(number: Any) -> Problem | None:
    import phonenumbers  # noqa: PLC0415

    if not phonenumbers.is_valid_number(number):
        return _INVALID
    if int(phonenumbers.number_type(number)) not in _ORDINARY:
        return "premium_number", "is a premium-rate or special number"
    return None


def _of_north_america(national: str) -> Problem | None:
    """What the library takes for ordinary: numbers that cost extra, or that nobody answers."""
    area, exchange, line = national[:3], national[3:6], national[6:]
    if area == "900" or exchange == "976":
        return "premium_number", "is a premium-rate number"
    if exchange == "555" and line == "1212":
        return "service_number", "is directory assistance, which costs extra"
    if exchange[1:] == "11":  # never given to a subscriber: nationalnanpa.com, central office codes
        return _INVALID
    return None


def _reaches_help(digits: str, *, exactly: bool) -> bool:
    """Whether it is an emergency number of any country, or begins with one."""
    import phonenumbers  # noqa: PLC0415
    from phonenumbers import shortnumberinfo  # noqa: PLC0415

    asked = shortnumberinfo.is_emergency_number
    if not exactly:
        asked = shortnumberinfo.connects_to_emergency_number
    return any(asked(digits, region) for region in phonenumbers.SUPPORTED_SHORT_REGIONS)
