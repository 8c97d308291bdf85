"""The result of a mission as far as it is known, finished where nothing is left to do."""

from contextlib import suppress

from telnyx_toolkit.engine.costs import collect_costs
from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.finishing import close_steps, conclude
from telnyx_toolkit.engine.outbox import flush
from telnyx_toolkit.engine.rounds import is_over
from telnyx_toolkit.engine.stages import end
from telnyx_toolkit.engine.telling import tell
from telnyx_toolkit.errors import TelnyxError
from telnyx_toolkit.model import Json


def settle(desk: Desk) -> None:
    """Finish what can be finished without another call."""
    close_steps(desk)
    if desk.state.phase == "running" and (over := is_over(desk)):
        end(desk, over.why)
    if not desk.state.is_finished:
        return
    conclude(desk)
    with suppress(TelnyxError):  # what it cost is told later, or not at all
        collect_costs(desk)
        flush(desk)


def result_of(desk: Desk) -> tuple[Json, str]:
    """The result as (payload, text): the final one, that of the last stage, or what is known."""
    state = desk.state
    if state.is_finished:
        return dict(state.result_payload or {}), state.result_summary
    if state.is_between_stages:
        return state.past[-1]["result_payload"], state.past[-1]["result_summary"]
    return tell(desk, state.phase, desk.kit.clock.now())
