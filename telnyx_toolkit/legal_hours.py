"""What the law of a region says of hours, Sundays and holidays: the file that comes along."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel

from telnyx_toolkit.hours import span_of

#: 47 CFR 64.1200(c)(1), and the outer bound of every region: not before 8 am or after 9 pm.
LEGAL_FROM, LEGAL_UNTIL = time(8), time(21)
DEFAULT = "default"
_FILE = "legal_hours.yaml"
_WEEKDAYS = 5

Hours = tuple[time, time]


@dataclass(frozen=True)
class Law:
    """The hours of one region.

    Attributes:
        region: Whose rule it is: the region asked for, its country, or `default`.
        week: From Monday on, the spans of each day by the local clock, within 08:00-21:00.
        holidays_barred: Whether no public holiday is permitted.
        source: Where it stands.
        as_of: When it was read there.
        note: Where sources disagree, or "".
    """

    region: str
    week: tuple[tuple[Hours, ...], ...]
    holidays_barred: bool
    source: str
    as_of: date
    note: str

    @property
    def is_stricter(self) -> bool:
        """Whether it bars something that the default allows."""
        return self.holidays_barred or self.week != law_of(DEFAULT).week

    def told(self) -> str:
        """Its hours in words: `mon-fri 09:00-18:00, sat 10:00-17:00, sun none, no holidays`."""
        weekdays, saturday, sunday = self.week[0], *self.week[_WEEKDAYS:]
        if weekdays == saturday == sunday:
            days = [_told(weekdays)]
        elif saturday == sunday:
            days = [f"mon-fri {_told(weekdays)}", f"sat, sun {_told(saturday)}"]
        elif weekdays == saturday:
            days = [f"mon-sat {_told(weekdays)}", f"sun {_told(sunday)}"]
        else:
            days = [f"mon-fri {_told(weekdays)}", f"sat {_told(saturday)}", f"sun {_told(sunday)}"]
        return ", ".join([*days, *(["no holidays"] if self.holidays_barred else [])])


def law_of(region: str) -> Law:
    """The law of a region such as `US-KY` or `GB`: its own, its country's, else the default."""
    laws = _shipped()
    return laws.get(region) or laws.get(region[:2]) or laws[DEFAULT]


def _ordered(text: str) -> str:
    opens, closes = span_of(text)
    if opens >= closes:
        raise ValueError("ends before it begins")
    return text


_Spans = list[Annotated[str, AfterValidator(_ordered)]]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    weekdays: _Spans = Field(alias="mon-fri")
    saturday: _Spans = Field(alias="sat")
    sunday: _Spans = Field(alias="sun")
    holidays_barred: bool = False
    source: Annotated[str, Field(min_length=1)]
    as_of: date
    note: str = ""


class _File(
    RootModel[dict[Annotated[str, Field(pattern=r"^([A-Z]{2}(-[A-Z]{2})?|default)$")], _Entry]]
):
    model_config = ConfigDict(defer_build=True)


@cache
def _shipped() -> Mapping[str, Law]:
    text = files("telnyx_toolkit").joinpath(_FILE).read_text(encoding="utf-8")
    return parse(text)


def parse(text: str) -> Mapping[str, Law]:
    """The laws of a file of that shape, by region.

    Raises:
        ValueError: it has another shape (pydantic says where), or no default.
    """
    import yaml  # noqa: PLC0415 - slow to import

    entries = _File.model_validate(yaml.safe_load(text)).root
    if DEFAULT not in entries:
        raise ValueError("has no default")
    return {region: _law(region, entry) for region, entry in entries.items()}


def _law(region: str, entry: _Entry) -> Law:
    days = [*[entry.weekdays] * _WEEKDAYS, entry.saturday, entry.sunday]
    return Law(
        region=region,
        week=tuple(_cut(spans) for spans in days),
        holidays_barred=entry.holidays_barred,
        source=entry.source,
        as_of=entry.as_of,
        note=entry.note,
    )


def _cut(spans: list[str]) -> tuple[Hours, ...]:
    """The spans within the outer bound."""
    known = sorted(span_of(text) for text in spans)
    cut = [(max(opens, LEGAL_FROM), min(closes, LEGAL_UNTIL)) for opens, closes in known]
    return tuple(span for span in cut if span[0] < span[1])


def _told(spans: tuple[Hours, ...]) -> str:
    return " and ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans) or "none"
