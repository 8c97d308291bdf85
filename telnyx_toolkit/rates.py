"""What calls and messages are expected to cost: dated figures, an estimate and never a bill."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from telnyx_toolkit.model import Json

#: Length of a call that goes well; what plans expect.
USUAL_MINUTES = 4
#: Prices read longer ago than this are shown as old.
STALE_AFTER = timedelta(days=180)
PART_CHARACTERS = 160
KINDS = ("minute", "message")
_ELSEWHERE = "other"


@dataclass(frozen=True)
class Rate:
    """One price.

    Attributes:
        usd: Price of one unit, USD.
        as_of: The day on which it was read.
        source: Where.
    """

    usd: Decimal
    as_of: date
    source: str


@dataclass(frozen=True)
class RateCard:
    """Prices by kind (`minute`, `message`) and ISO country, or `other`."""

    rates: Mapping[str, Mapping[str, Rate]]

    def rate(self, kind: str, region: str) -> Rate:
        """The price of one unit of `kind` for a number of that country."""
        of_kind = self.rates[kind]
        return of_kind.get(region) or of_kind[_ELSEWHERE]

    def call(self, region: str, minutes: int) -> Decimal:
        """Estimated cost of an answered call of so many started minutes, USD."""
        return self.rate("minute", region).usd * minutes

    def message(self, region: str, text: str) -> Decimal:
        """Estimated cost of one text message, by its parts, USD."""
        return self.rate("message", region).usd * -(-len(text) // PART_CHARACTERS)

    def of(self, regions: set[str]) -> dict[str, Any]:
        """The prices that these countries need, as JSON that `card_in` reads."""
        return {
            kind: {
                region: {"usd": str(r.usd), "as_of": r.as_of.isoformat(), "source": r.source}
                for region in sorted(regions | {_ELSEWHERE})
                if (r := self.rates[kind].get(region))
            }
            for kind in KINDS
        }

    def oldest(self) -> date:
        """The day of the oldest price of all."""
        return min(rate.as_of for prices in self.rates.values() for rate in prices.values())


def card_in(document: Json) -> RateCard:
    """The prices in JSON as `RateCard.of` writes it."""
    return RateCard(
        {
            kind: {region: _rate(cast("Json", told)) for region, told in document[kind].items()}
            for kind in KINDS
        }
    )


def _rate(told: Json) -> Rate:
    return Rate(Decimal(told["usd"]), date.fromisoformat(told["as_of"]), told["source"])
