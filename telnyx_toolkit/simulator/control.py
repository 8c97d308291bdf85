"""What is not Telnyx: the sandbox's clock, its log of requests and calls, and new faults."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.simulator.calls import settle
from telnyx_toolkit.simulator.faults import FAULT, Fault, plan
from telnyx_toolkit.simulator.shapes import Shape, items, moment
from telnyx_toolkit.simulator.wire import Doc, Refusal, Reply, Request, conflict, flawed, not_found
from telnyx_toolkit.simulator.world import Call, Scheduled, World, instant, stamp

CONTROL = "/_sandbox/"


class Control:
    """The paths below `/v2/_sandbox/`, which need no key and are no Telnyx API."""

    def __init__(self, world: World, requests: list[Request], faults: list[Fault]) -> None:
        self._world = world
        self._requests = requests
        self._faults = faults
        self._answers: Mapping[tuple[str, str], tuple[Shape, Callable[[Doc], Doc]]] = {
            ("GET", "clock"): (Shape(), self._clock),
            ("POST", "clock"): (ADVANCE, self._advance),
            ("GET", "requests"): (Shape(), self._show_requests),
            ("GET", "calls"): (Shape(), self._show_calls),
            ("POST", "faults"): (FAULTS, self._add_faults),
        }

    def answer(self, method: str, path: str, body: Any) -> Reply:
        """The reply to one request."""
        shape, answer = self._answers.get((method, path.removeprefix(CONTROL)), (None, None))
        try:
            if shape is None or answer is None:
                raise not_found(path)
            given: Any = {} if body is None else body
            flaws = list(shape(given, ("body",)))
            if flaws:
                raise flawed(path, flaws)
            return Reply(200, answer(given))
        except Refusal as refused:
            return refused.reply

    def _clock(self, _: Doc) -> Doc:
        clock = self._world.clock
        return {"now": stamp(clock.now()), "virtual": isinstance(clock, ManualClock)}

    def _advance(self, body: Doc) -> Doc:
        """Move the clock forward; a time that is past leaves it where it is."""
        if not isinstance(self._world.clock, ManualClock):
            raise conflict("This sandbox runs on the machine's clock")
        self._world.clock.sleep_until(instant(body["advance_to"]))
        settle(self._world)
        return self._clock(body)

    def _show_requests(self, _: Doc) -> Doc:
        shown = ("method", "path", "status")
        return {"data": [{name: getattr(one, name) for name in shown} for one in self._requests]}

    def _show_calls(self, _: Doc) -> Doc:
        """What really rang, as far as it has gone by now."""
        now = self._world.now()
        rang = [(event, call) for event, call in self._world.calls() if call.rang]
        return {"data": [_shown(event, call, now) for event, call in rang]}

    def _add_faults(self, body: Doc) -> Doc:
        self._faults += plan(body["faults"])
        return {"data": [{"on": fault.on, "do": fault.do} for fault in self._faults]}


def _shown(event: Scheduled, call: Call, now: datetime) -> Doc:
    return {
        "scheduled_event_id": event.id,
        "to": event.to,
        "from": event.agent_number,
        "dispatched_at": stamp(call.dispatched_at),
        "ended_at": stamp(call.ended_at),
        "call_status": call.status(now),
        "conversation_id": call.conversation_id or None,
        "ended_by": call.ended_by or None,
        "agent_lines": list(call.agent_lines),
        "callee_lines": list(call.callee_lines),
    }


ADVANCE = Shape({"advance_to": moment}, ("advance_to",))
FAULTS = Shape({"faults": items(FAULT)}, ("faults",))
