"""Which days are public holidays in a region; the library is loaded when the first is asked for."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import lru_cache


def holiday_in(region: str, day: date) -> str:
    """The name of the public holiday that `day` is in a region such as `US-KY` or `GB`, or "".

    Days on which a holiday is observed instead count too. A state has its country's days and its
    own. Of a country alone it has the country's, and those that most of its parts keep: Easter
    Monday in `GB`, which Scotland does not.
    """
    return _days(region, day.year).get(day, "")


@lru_cache(maxsize=1_024)
def _days(region: str, year: int) -> Mapping[date, str]:
    country, _, part = region.partition("-")
    common = _kept(country, None, year)
    own = _kept(country, part, year) if part else _kept_by_most(country, year)
    return {**own, **common}


def _kept_by_most(country: str, year: int) -> Mapping[date, str]:
    import holidays  # noqa: PLC0415 - slow to import, and needed only where a call is planned

    parts = holidays.list_supported_countries().get(country, ())
    each = [_kept(country, part, year) for part in parts]
    counted = Counter(day for days in each for day in days)
    return {
        day: name for days in each for day, name in days.items() if counted[day] > len(parts) / 2
    }


def _kept(country: str, part: str | None, year: int) -> Mapping[date, str]:
    """What the library knows: nothing of a country or part that it does not know."""
    import holidays  # noqa: PLC0415 - slow to import, and needed only where a call is planned

    try:
        return dict(
            holidays.country_holidays(country, subdiv=part, years=year, language="en_US").items()
        )
    except NotImplementedError:
        return {}
