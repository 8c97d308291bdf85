"""What calls are expected to cost: dated figures, an estimate and never a bill."""

from decimal import Decimal

#: An AI call within the US, everything included. Published rates add up to 0.056 to 0.093 USD
#: per started minute; this leaves room. https://telnyx.com/pricing/voice-ai-agents
USD_PER_MINUTE = Decimal("0.10")
AS_OF = "2026-08-17"
#: Length of a call that goes well; what plans expect.
USUAL_MINUTES = 4


def call_cost(minutes: int) -> Decimal:
    """Estimated cost of a call that takes `minutes` started minutes, USD."""
    return USD_PER_MINUTE * minutes
