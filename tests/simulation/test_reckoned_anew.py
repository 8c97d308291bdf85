"""What is reckoned from what changed, or read from a copy, is what all the facts come to."""

from decimal import Decimal

import pytest

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.model import Event
from telnyx_toolkit.spending import spent
from telnyx_toolkit.standing import standing
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.state_text import read, written
from telnyx_toolkit.transitions import fold
from telnyx_toolkit.unresolved import unresolved
from tests.sampling import some
from tests.simulation.seeds import history_of
from tests.simulation.world import a_world

SEEDS = range(3, 43, 5)


def events_of(seed: int) -> list[Event]:
    """The facts of one history, each as the ledger has it."""
    return [fact.event for fact in history_of(a_world(seed)).facts]


@pytest.mark.parametrize("seed", some(SEEDS, 4))
def test_a_copy_and_what_came_since_are_the_fold_of_everything(seed: int) -> None:
    events = events_of(seed)
    whole = fold(events)
    state: MissionState | None = None
    for event in events:
        state = fold([event], state)
        copied = read(written(state))
        assert copied == state
        assert [*vars(copied)] == [*vars(state)]
        if rest := events[state.seq :]:
            assert fold(rest, copied) == whole


@pytest.mark.parametrize("seed", some(SEEDS, 4))
def test_what_goes_along_with_a_mission_agrees_with_a_scan_of_all_of_it(seed: int) -> None:
    state: MissionState | None = None
    brief: Brief | None = None
    for event in events_of(seed):
        state = fold([event], state)
        brief = brief or Brief.model_validate(state.current)
        attempts = tuple(state.attempts)
        assert state.open_attempts == tuple(a for a in attempts if a.is_open)
        for target in state.targets:
            there = tuple(a for a in attempts if a.step_id == target.step_id and a.may_have_rung)
            assert state.attempts_at(target.step_id) == there
        assert spent(state) == _spent(state)
        assert str(spent(state)) == str(_spent(state))
        places = {t.step_id: standing(brief, state, t.step_id) for t in state.targets}
        people = unresolved(brief, state)
        assert people.left == {s for s, place in places.items() if not place.is_resolved}
        ended = {s.step_id for s in state.steps if s.status in {"completed", "failed", "skipped"}}
        planned = {s.step_id for s in state.steps}
        assert people.to_close() == [
            place
            for step_id, place in places.items()
            if place.is_resolved and step_id in planned - ended
        ]


def _spent(state: MissionState) -> Decimal:
    """The same of a state that nothing was reckoned of before."""
    return spent(read(written(state)))
