"""One mission open for work: its state, and the one way to add a fact to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from telnyx_toolkit.clock import Clock
from telnyx_toolkit.effect_watch import effect
from telnyx_toolkit.errors import IllegalTransition, WroteFirst
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.model import Event, Listing
from telnyx_toolkit.notice_words import notices_of
from telnyx_toolkit.pace import Pace
from telnyx_toolkit.present import copy_if_due, found
from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.rates import RateCard
from telnyx_toolkit.runner import Runner
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.telnyx import TelnyxClient
from telnyx_toolkit.transitions import fold

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief

Observer = Callable[[Event, MissionState], None]
_Seen = TypeVar("_Seen")


@dataclass(frozen=True)
class Kit:
    """Everything the engine works with, wired by `toolkit`.

    Attributes:
        clock: The mission's time: every rule goes by it.
        wall: The caller's time: only patience goes by it. The same as `clock`, but with a
            sandbox that keeps a virtual clock.
        rates: Gives the prices, which only plans need.
        pace: What the account may do at once, within an hour and a day.
        tzdata: The release of the time zone rules in use; kept with every intent.
        look_every: How soon a runner that rests notices what another process asks for, to stop
            for instance; less than a lease lasts.
        runner: Who we are among those that run missions.
        new_id: Gives a fresh UUID as text; a seam, so that tests repeat to the byte.
        new_code: Gives a fresh unguessable number.
        channel: Takes a plan and its code to the person; None where the agent passes the plan on.
        observe: Told of every fact right after it is in the ledger.
        rests: Told until when there is nothing to do, before that is waited for.
        busy: Told who works on the mission, before that one is waited for.
    """

    ledger: Ledger
    client: TelnyxClient
    clock: Clock
    wall: Clock
    prompts: Prompts
    base_url: str
    rates: Callable[[], RateCard]
    pace: Pace
    tzdata: str
    look_every: timedelta
    runner: Runner
    new_id: Callable[[], str]
    new_code: Callable[[], int]
    channel: Callable[[str], None] | None
    observe: Observer
    rests: Callable[[datetime, MissionState], None]
    busy: Callable[[str, MissionState], None]


#: Facts that decide what is done next: they are only true of the state they were decided in.
_DECISIONS = frozenset(
    {
        "brief.revised",
        "effect.requested",
        "plan.made",
        "plan.approved",
        "approval.asked",
        "run.started",
        "attempt.requested",
        "attempt.sent",
        "run.finished",
        "stage.finished",
        "stage.opened",
        "shortlist.edited",
    }
)
_TRIES = 5
_NOTE = "agent.noted"


class Keeping(Protocol):
    """What says that this process may still work on the mission."""

    def keep(self, *, surely: bool = False) -> None:
        """Prolong it; raises where it is lost."""
        ...


class Desk:
    """A mission's state, kept in step with its ledger.

    Attributes:
        lease: Looked at before every decision; None where no other process can interfere yet.
        is_disturbed: Another process asked for something since `refresh`: nothing more may be
            decided on what was known then.
    """

    lease: Keeping | None = None

    def __init__(self, kit: Kit, mission_id: str) -> None:
        """Read the mission.

        Raises:
            UnknownMission: the ledger does not have it.
        """
        self.kit = kit
        self.mission_id = mission_id
        self.state, self._copied = found(kit.ledger, mission_id)
        self.is_disturbed = False
        self._brief: tuple[object, object, Brief] | None = None
        self._seen: dict[str, Any] = {}

    def refresh(self, *, announce: bool = False) -> None:
        """Take in what others wrote since, to decide anew.

        Args:
            announce: Tell the observer of it: for who only watches.
        """
        self.is_disturbed = False
        self.look_again()
        for event in self.kit.ledger.events(self.mission_id, after=self.state.seq):
            self.state = fold([event], self.state)
            if announce:
                self.kit.observe(event, self.state)

    def seen(self, what: str, look: Callable[[], _Seen]) -> _Seen:
        """What a look at the account shows; it is good until the next `refresh` or `look_again`."""
        if what not in self._seen:
            self._seen[what] = look()
        return self._seen[what]

    def look_again(self) -> None:
        """Forget what was seen of the account."""
        self._seen.clear()

    def keep_lease(self) -> None:
        """Prolong the lease, if there is one and it is due."""
        if self.lease:
            self.lease.keep()

    def keep_copy(self) -> None:
        """Leave a copy of the state to whoever comes next, if that spares them much."""
        self._copied = copy_if_due(self.kit.ledger, self.state, self._copied)

    @property
    def client(self) -> TelnyxClient:
        """Telnyx."""
        return self.kit.client

    @property
    def brief(self) -> Brief:
        """The mission's present brief, as it is for the present stage."""
        document, targets = self.state.brief, self.state.targets
        known = self._brief
        if known is None or known[0] is not document or known[1] is not targets:
            from telnyx_toolkit.brief import Brief  # noqa: PLC0415 - slow to import

            known = self._brief = (document, targets, Brief.model_validate(self.state.current))
        return known[2]

    @property
    def run(self) -> tuple[str, str]:
        """Telnyx's ids of the mission and its present run."""
        return self.state.telnyx_mission_id, self.state.run_id

    def record(
        self,
        kind: str,
        only_if: Callable[[], bool] | None = None,
        listing: Listing | None = None,
        **data: Any,
    ) -> None:
        """Add a fact: checked against the state, written, then announced.

        A request to stop, or a note, may be written by another process at any moment. A decision
        is then to be taken anew; what has happened has happened, and is written behind it.

        Args:
            kind: Such as `attempt.requested`.
            only_if: Must hold at the moment of writing, when nobody else can write.
            listing: An entry of the do-not-call list that is written with it, or neither is.
            data: What is known about it.

        Raises:
            IllegalTransition: the state does not allow it; nothing was written.
            LedgerConflict: another process wrote first, or took over; nothing was written.
        """
        decides = kind in _DECISIONS
        if self.lease:
            self.lease.keep(surely=decides)
        if decides and self.is_disturbed:
            raise WroteFirst(f"Somebody wrote into mission {self.mission_id} meanwhile.")
        for tries in range(1, _TRIES + 1):
            event = Event(self.mission_id, self.state.seq + 1, kind, self.kit.clock.now(), data)
            try:
                state = fold([event], self.state)
            except IllegalTransition as problem:
                if tries == 1:
                    raise
                raise WroteFirst(f"Mission {self.mission_id} went on meanwhile.") from problem
            try:
                self._append(event, state, only_if, listing)
            except WroteFirst:
                if decides or tries == _TRIES:
                    raise
                self._take_in_news()
                continue
            self.state = state
            self.kit.observe(event, state)
            return

    def _append(
        self,
        event: Event,
        state: MissionState,
        only_if: Callable[[], bool] | None,
        listing: Listing | None,
    ) -> None:
        notices = notices_of(event, state)
        attempt = str(event.data.get("attempt_id", ""))
        with effect(f"append {event.kind}", self.mission_id, attempt):
            self.kit.ledger.append(event, only_if=only_if, listing=listing, notices=notices)

    def _take_in_news(self) -> None:
        """Take in what others wrote, and remember whether it changes what may be decided."""
        news = self.kit.ledger.events(self.mission_id, after=self.state.seq)
        self.is_disturbed |= any(event.kind != _NOTE for event in news)
        self.state = fold(news, self.state) if news else self.state

    def move_step(self, step_id: str, to: str, **data: str) -> None:
        """Record that a step `started`, `completed`, `failed` or was `skipped`, once."""
        step = self.state.step(step_id)
        if step is None or step.status in {"completed", "failed", "skipped"}:
            return
        if to == "started" and step.status != "pending":
            return
        if to == "completed" and step.status == "pending":
            self.record("step.started", step_id=step_id)
        self.record(f"step.{to}", None, None, step_id=step_id, **data)
