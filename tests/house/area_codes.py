"""Makes the table of North American area codes from phonenumbers' data: `make area-codes`.

The data is too slow to load where a call is planned (0.4 s and 118 MB), and knows young overlays
by their bare code only, so that it gives them one zone where their area spans two.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import phonenumbers
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.tzdata import TIMEZONE_DATA

HOME = Path(__file__).parents[2] / "telnyx_toolkit" / "area_codes.py"
#: Codes of which the data has hardly more than their name, in states that span several zones, and
#: the code that each was laid over (or itself, where it is known to be in one):
#: https://lincmad.com/areacodemap.html, and the planning letters of nationalnanpa.com.
LAID_OVER = {
    "210": "210", "226": "519", "236": "250", "249": "705", "257": "250", "263": "514",
    "273": "418", "324": "904", "343": "613", "346": "713", "354": "450", "364": "270",
    "365": "905", "367": "418", "382": "519", "430": "903", "437": "416", "438": "514",
    "448": "850", "458": "541", "463": "317", "468": "819", "474": "306", "531": "402",
    "548": "519", "579": "450", "581": "418", "629": "615", "639": "306", "645": "305",
    "647": "416", "656": "813", "672": "250", "683": "705", "689": "407", "725": "702",
    "726": "210", "728": "561", "729": "423", "737": "512", "742": "905", "753": "613",
    "754": "954", "778": "250", "873": "819", "879": "709", "930": "812", "942": "416",
    "945": "214", "947": "248", "971": "503", "986": "208",
}  # fmt: skip
_NAMES = """
AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut,
DE Delaware, DC Washington D.C., FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois,
IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland,
MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, MO Missouri, MT Montana,
NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico, NY New York,
NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania,
RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah,
VT Vermont, VA Virginia, WA Washington State, WV West Virginia, WI Wisconsin, WY Wyoming,
AB Alberta, BC British Columbia, BC British Colombia, MB Manitoba, NB New Brunswick,
NL Newfoundland and Labrador, NT Northwest Territories, NS Nova Scotia, NU Nunavut, ON Ontario,
PE Prince Edward Island, QC Quebec, SK Saskatchewan, YT Yukon
"""
_PROVINCES = {"AB", "BC", "MB", "NB", "NL", "NT", "NS", "NU", "ON", "PE", "QC", "SK", "YT"}
_CODE_OF = {name: code for code, name in re.findall(r"([A-Z]{2}) ([^,\n]+)", _NAMES)}
_HEAD = '''"""Which regions and zones North American area codes are in: made by `make area-codes`.

A row is regions (ISO 3166) | zones (IANA) | area codes; an overlay has the zones of what it is
laid over.
"""

TABLE = """
'''
_WIDTH = 100
#: So many descriptions are no knowledge of an area.
_HARDLY = 3


def module() -> str:
    """The text of the module that holds the table."""
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    zones, regions = _zones(), _regions()
    for code in sorted(zones.keys() | LAID_OVER.keys()):
        parent = LAID_OVER.get(code, code)
        where = regions.get(code) or regions.get(parent) or {_country(code)}
        there = _zones_of(code, where, zones, regions)
        rows[",".join(sorted(where)), ",".join(sorted(there))].append(code)
    lines = [line for key, codes in sorted(rows.items()) for line in _lines(key, codes)]
    return _HEAD + "\n".join(lines) + '\n"""\n'


def _zones_of(
    code: str, where: set[str], zones: dict[str, set[str]], regions: dict[str, set[str]]
) -> set[str]:
    """Its own and its parent's; of a bare code without a known parent, all of its region."""
    if code in LAID_OVER:
        return zones.get(code, set()) | zones[LAID_OVER[code]]
    if where == {_country(code)} or _is_detailed(code):
        return zones[code]
    return set[str]().union(*(zones[c] for c in zones if regions.get(c, set()) & where))


def _is_detailed(code: str) -> bool:
    return _described()[code] > _HARDLY


@cache
def _described() -> Counter[str]:
    return Counter(p[1:4] for p in GEOCODE_DATA if p.startswith("1"))


def _zones() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for prefix, zones in TIMEZONE_DATA.items():
        if prefix.startswith("1") and len(prefix) > 3:
            found[prefix[1:4]].update(zones)
    return found


def _regions() -> dict[str, set[str]]:
    """States and provinces: what the descriptions of an area code's prefixes name."""
    found: dict[str, set[str]] = defaultdict(set)
    for prefix, words in GEOCODE_DATA.items():
        if not prefix.startswith("1") or len(prefix) <= 3:
            continue
        for name in _named(words.get("en", "")):
            country = "CA" if name in _PROVINCES else "US"
            if country == _country(prefix[1:4]):
                found[prefix[1:4]].add(f"{country}-{name}")
    return found


def _named(text: str) -> Iterable[str]:
    for part in text.rsplit(", ", 1)[-1].split("/"):
        known = set(_CODE_OF.values())
        if name := _CODE_OF.get(part, part if part in known else ""):
            yield name


def _country(code: str) -> str:
    number: Any = phonenumbers.parse(f"+1{code}5551234")
    return phonenumbers.region_code_for_number(number) or "US"


def _lines(key: tuple[str, str], codes: list[str]) -> Iterable[str]:
    line = head = " | ".join(key) + " |"
    for code in codes:
        if len(line) + 4 > _WIDTH and line != head:
            yield line
            line = head
        line += f" {code}"
    yield line


if __name__ == "__main__":
    HOME.write_text(module(), encoding="utf-8")
