"""Following a mission that others run, with a clock that does not wait."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest

from telnyx_toolkit.cli.watching import follow
from telnyx_toolkit.clock import ManualClock
from tests.conftest import START

Doc = dict[str, Any]


class Wall(ManualClock):
    """At the look of that number, something is done by somebody else."""

    def __init__(self, at_look: int, act: Callable[[], object]) -> None:
        super().__init__(START)
        self.looks, self._at_look, self._act = 0, at_look, act

    def sleep_until(self, instant: datetime) -> None:
        super().sleep_until(instant)
        self.looks += 1
        if self.looks == self._at_look:
            self._act()


def followed(rig: Any, mission: str, wall: Wall) -> None:
    with closing(rig.another(wall=wall)) as toolkit:
        follow(toolkit, mission, as_lines=True)


def test_nothing_being_done_is_said_once_after_half_a_minute(
    rig: Any, catering: Doc, capsys: pytest.CaptureFixture[str]
) -> None:
    mission = rig.approved(catering)
    wall = Wall(100, lambda: rig.call("run_mission", mission_id=mission))

    followed(rig, mission, wall)

    told = capsys.readouterr().err
    assert told.count("Nobody runs it at the moment") == 1
    assert told.index("Nobody runs it") < told.index("Mission started")
    assert wall.looks == 100


def test_what_is_soon_done_is_not_called_idle(
    rig: Any, catering: Doc, capsys: pytest.CaptureFixture[str]
) -> None:
    mission = rig.approved(catering)

    followed(rig, mission, Wall(25, lambda: rig.call("run_mission", mission_id=mission)))

    assert "Nobody runs it" not in capsys.readouterr().err


def test_following_ends_when_the_mission_is_paused(
    rig: Any, catering: Doc, capsys: pytest.CaptureFixture[str]
) -> None:
    mission = rig.approved(catering)
    pause = {"mission_id": mission, "reason": "Dana is away"}

    def act() -> None:
        rig.call("create_assistant", mission_id=mission)
        rig.call("pause_mission", **pause)

    wall = Wall(3, act)
    followed(rig, mission, wall)

    assert "Mission paused: Dana is away" in capsys.readouterr().err
    assert wall.looks == 3
