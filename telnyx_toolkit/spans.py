"""A span of OpenTelemetry for each effect, where the program that runs us has set a provider up."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from telnyx_toolkit.effect_watch import EXECUTED, Effect, Watcher, watch

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

_made: list[Watcher] = []


def trace_if_wanted() -> None:
    """Make spans from now on, if OpenTelemetry is in use in this process.

    Whoever sets a provider up imports the API first, `opentelemetry-instrument` for instance: where
    nobody did, there is nobody to make spans for, and nothing is imported.
    """
    if "opentelemetry.trace" not in sys.modules or _made:
        return
    from opentelemetry.trace import get_tracer  # noqa: PLC0415 - an extra

    _made.append(spans_by(get_tracer("telnyx_toolkit")))
    watch(_made[0])


def spans_by(tracer: "Tracer") -> Watcher:
    """A watcher that makes spans with this tracer, each below that of the effect around it."""
    from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415 - an extra

    @contextmanager
    def span(now: Effect) -> Generator[None]:
        with tracer.start_as_current_span(
            now.name, record_exception=False, set_status_on_exception=False
        ) as made:
            try:
                yield
            finally:
                made.set_attributes(_told(now))
                if now.outcome != EXECUTED:
                    made.set_status(Status(StatusCode.ERROR, now.code))

    return span


def _told(now: Effect) -> dict[str, str | int]:
    """What a span says of an effect; an exception's words are not among it."""
    told: dict[str, str | int] = {
        "telnyx_toolkit.mission": now.mission,
        "telnyx_toolkit.attempt": now.attempt,
        "telnyx_toolkit.effect": now.name,
        "telnyx_toolkit.outcome": now.outcome,
        "telnyx_toolkit.code": now.code,
        "telnyx_toolkit.tries": now.tries,
        "http.response.status_code": now.status or 0,
    }
    return {name: value for name, value in told.items() if value}
