"""Whatever goes wrong, the rules hold: every seed is one history of a mission, the same each time."""

import pytest

from tests.simulation.seeds import history_of, run
from tests.simulation.world import a_world

EVERY_TIME, SLOWLY, SHARE = range(24), range(24, 224), 4


def _shares(seeds: range) -> list[range]:
    return [seeds[n : n + SHARE] for n in range(0, len(seeds), SHARE)]


@pytest.mark.parametrize("seeds", _shares(EVERY_TIME), ids=str)
def test_no_history_breaks_a_rule(seeds: range) -> None:
    assert run(seeds).failures == {}


@pytest.mark.slow
@pytest.mark.parametrize("seeds", _shares(SLOWLY), ids=str)
def test_no_history_of_many_breaks_a_rule(seeds: range) -> None:
    assert run(seeds).failures == {}


def test_a_seed_is_one_history() -> None:
    once, again = (history_of(a_world(7)) for _ in range(2))
    assert once.lines == again.lines
