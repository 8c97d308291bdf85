"""The table of area codes is what phonenumbers' data says, and covers what that does not."""

import pytest
from phonenumbers.tzdata import TIMEZONE_DATA

from telnyx_toolkit.area_codes import TABLE
from tests.house.area_codes import HOME, module

ROWS = [row.split(" | ") for row in TABLE.strip().splitlines()]


@pytest.mark.slow  # the data of places takes seconds to load
def test_the_table_is_what_the_data_says_today() -> None:
    assert HOME.read_text(encoding="utf-8") == module(), "run `make area-codes`"


def test_each_area_code_is_in_the_table_once() -> None:
    codes = [code for row in ROWS for code in row[2].split()]

    assert len(codes) == len(set(codes))
    assert len(codes) > 440


def test_an_area_code_has_every_zone_that_any_of_its_prefixes_has() -> None:
    zones = {code: set(row[1].split(",")) for row in ROWS for code in row[2].split()}

    for prefix, found in TIMEZONE_DATA.items():
        if prefix.startswith("1") and len(prefix) > 3:
            assert set(found) <= zones[prefix[1:4]], prefix
