"""One mission open for work: its state, and the one way to add a fact to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.clock import Clock
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.model import Event
from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.rates import RateCard
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.telnyx import TelnyxClient
from telnyx_toolkit.transitions import fold

Observer = Callable[[Event, MissionState], None]


@dataclass(frozen=True)
class Kit:
    """Everything the engine works with, wired by `toolkit`.

    Attributes:
        clock: The mission's time: every rule goes by it.
        wall: The caller's time: only patience goes by it. The same as `clock`, but with a
            sandbox that keeps a virtual clock.
        rates: Prices, for plans.
        new_id: Gives a fresh UUID as text; a seam, so that tests repeat to the byte.
        observe: Told of every fact right after it is in the ledger.
        rests: Told until when there is nothing to do, before that is waited for.
    """

    ledger: Ledger
    client: TelnyxClient
    clock: Clock
    wall: Clock
    prompts: Prompts
    base_url: str
    rates: RateCard
    new_id: Callable[[], str]
    observe: Observer
    rests: Callable[[datetime, MissionState], None]


class Desk:
    """A mission's state, kept in step with its ledger."""

    def __init__(self, kit: Kit, mission_id: str) -> None:
        """Read the mission.

        Raises:
            UnknownMission: the ledger does not have it.
        """
        self.kit = kit
        self.mission_id = mission_id
        self.state = fold(kit.ledger.events(mission_id))
        self._brief: tuple[str, Brief] | None = None

    def refresh(self) -> None:
        """Take in what others wrote since."""
        news = self.kit.ledger.events(self.mission_id, after=self.state.seq)
        if news:
            self.state = fold(news, self.state)

    @property
    def client(self) -> TelnyxClient:
        """Telnyx."""
        return self.kit.client

    @property
    def brief(self) -> Brief:
        """The mission's present brief."""
        if self._brief is None or self._brief[0] != self.state.brief_hash:
            self._brief = (self.state.brief_hash, Brief.model_validate(self.state.brief))
        return self._brief[1]

    @property
    def run(self) -> tuple[str, str]:
        """Telnyx's ids of the mission and its present run."""
        return self.state.telnyx_mission_id, self.state.run_id

    def record(self, kind: str, **data: Any) -> None:
        """Add a fact: checked against the state, written, then announced.

        Raises:
            IllegalTransition: the state does not allow it; nothing was written.
            LedgerConflict: another process wrote first; nothing was written.
        """
        now = self.kit.clock.now()
        event = Event(self.mission_id, self.state.seq + 1, kind, now, data)
        state = fold([event], self.state)
        self.kit.ledger.append(event)
        self.state = state
        self.kit.observe(event, state)

    def move_step(self, step_id: str, to: str, **data: str) -> None:
        """Record that a step `started`, `completed`, `failed` or was `skipped`, once."""
        step = self.state.step(step_id)
        if step is None or step.status in {"completed", "failed", "skipped"}:
            return
        if to == "started" and step.status != "pending":
            return
        if to == "completed" and step.status == "pending":
            self.record("step.started", step_id=step_id)
        self.record(f"step.{to}", step_id=step_id, **data)
