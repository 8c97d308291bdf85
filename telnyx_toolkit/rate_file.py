"""Reads the prices that come with the toolkit, and a person's own where there are any."""

from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from telnyx_toolkit.errors import ConfigError
from telnyx_toolkit.rates import KINDS, Rate, RateCard

OWN_FILE = "rates.yaml"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    usd: Annotated[Decimal, Field(ge=0, le=1_000)]
    as_of: date
    source: str = Field(default="your own", max_length=300)


_Prices = dict[Annotated[str, Field(pattern=r"^([A-Z]{2}|other)$")], _Entry]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    minute: _Prices = {}
    message: _Prices = {}


def load_rates(home: Path) -> RateCard:
    """The shipped prices, overruled entry by entry by `rates.yaml` in `home`.

    Raises:
        ConfigError: that file is not usable; says what is wrong with it.
    """
    own = home / OWN_FILE
    if not own.is_file():
        return _shipped()
    try:
        theirs = _parse(own.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as problem:
        raise ConfigError(
            f"The prices in {str(own)!r} cannot be used: {' '.join(str(problem).split())[:300]}",
            fix="Give it the shape of the toolkit's own rates.yaml, or remove it.",
        ) from problem
    ours = _shipped().rates
    return RateCard({kind: {**ours[kind], **theirs.get(kind, {})} for kind in KINDS})


@cache
def _shipped() -> RateCard:
    text = files("telnyx_toolkit").joinpath(OWN_FILE).read_text(encoding="utf-8")
    return RateCard(_parse(text))


def _parse(text: str) -> dict[str, dict[str, Rate]]:
    file = _File.model_validate(yaml.safe_load(text) or {})
    return {
        kind: {
            region: Rate(entry.usd, entry.as_of, entry.source)
            for region, entry in getattr(file, kind).items()
        }
        for kind in KINDS
    }
