"""Killed by SIGKILL within the toolkit's own steps, at a system call: it ends the same."""

import shutil
from typing import Any

import pytest

#: What changes a file or speaks to a server, as SQLite and httpx do it.
CALLS = ["pwrite64", "fdatasync", "unlink", "sendto"]
#: Where in the mission, as parts of all such calls that it makes.
PLACES = [0.15, 0.45, 0.8]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("strace"), reason="needs strace"),
]


@pytest.mark.parametrize("call", CALLS)
def test_a_mission_killed_at_a_system_call_ends_the_same(
    stage: Any, call: str, record_property: Any
) -> None:
    plain, calls = stage.undisturbed("catering"), stage.count("catering", call)
    assert calls > 20
    record_property("points tried", len(PLACES))

    for place in PLACES:
        ending = stage.play("catering", f"{call}:signal=KILL:when={int(place * calls)}")
        assert ending.deaths == [-9]
        assert ending.problems == []
        assert ending.rang == plain.rang
        assert ending.placed == plain.placed
        assert ending.payload == plain.payload
        assert ending.numbers == plain.numbers
        assert ending.made == []
        assert ending.steps == plain.steps
        assert ending.turns == plain.turns
