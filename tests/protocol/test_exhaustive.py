"""No schedule of a few faults makes a phone ring twice; without any one rule, some do."""

import pytest

from tests.protocol.checker import explore, replay, smallest
from tests.protocol.mutants import MUTANTS, PAST_RINGS, SLOW_LISTS
from tests.protocol.world import Setting

CANCELLED = Setting(cancel=True)
STRICT = Setting(strict=True)
#: Its smallest schedule takes four faults, and so some seconds to find.
SLOW = {"the second look comes 20 s after the first"}


@pytest.mark.parametrize(
    ("setting", "faults"),
    [
        pytest.param(Setting(), 3, id="plain"),
        pytest.param(CANCELLED, 2, id="cancelled"),
        pytest.param(STRICT, 2, id="strict"),
        pytest.param(SLOW_LISTS, 3, id="slow lists"),
        pytest.param(PAST_RINGS, 3, id="the past rings"),
        pytest.param(Setting(), 5, id="plain, 5", marks=pytest.mark.slow),
        pytest.param(CANCELLED, 5, id="cancelled, 5", marks=pytest.mark.slow),
        pytest.param(STRICT, 5, id="strict, 5", marks=pytest.mark.slow),
        pytest.param(SLOW_LISTS, 5, id="slow lists, 5", marks=pytest.mark.slow),
        pytest.param(PAST_RINGS, 5, id="the past rings, 5", marks=pytest.mark.slow),
    ],
)
def test_one_intent_is_one_call_at_most_on_every_schedule(setting: Setting, faults: int) -> None:
    found = explore(faults, setting=setting)

    assert not found.problem, str(found)
    assert found.schedules > 1_000


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow if n in SLOW else ()) for n in MUTANTS]
)
def test_without_a_rule_a_schedule_goes_wrong(name: str) -> None:
    mutant = MUTANTS[name]

    found = smallest(5, mutant.rules, mutant.setting)

    assert found.problem, f"{name}: no schedule of 5 faults goes wrong"
    assert replay(found.schedule, mutant.rules, mutant.setting) == found.problem, str(found)


def test_a_schedule_is_played_again_step_by_step() -> None:
    mutant = MUTANTS["a 5xx means not executed"]

    assert replay(((5, "POST answered 500, done"),), mutant.rules) == (
        "the same person was called twice"
    )
    assert replay((), mutant.rules) == ""
