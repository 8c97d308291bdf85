"""Wires everything, owns nothing: settings in, ledger and engine out."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from telnyx_toolkit.clock import Clock, SystemClock
from telnyx_toolkit.errors import ConfigError, InvalidInput, PolicyDenied, ToolkitError
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.model import Event, Target
from telnyx_toolkit.nearest import did_you_mean
from telnyx_toolkit.present import present
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.views import status_view

if TYPE_CHECKING:
    from telnyx_toolkit.engine import Engine
    from telnyx_toolkit.notify import Way
    from telnyx_toolkit.prompts import Prompts
    from telnyx_toolkit.rates import RateCard
    from telnyx_toolkit.runner import Runner
    from telnyx_toolkit.telnyx import Transport
    from telnyx_toolkit.telnyx.patience import Jitter

Observer = Callable[[Event, MissionState], None]
Rests = Callable[[datetime, MissionState], None]


def ignore(_what: object, _state: MissionState) -> None:
    """Watches nothing."""


def fresh_id() -> str:
    """A UUID as text."""
    from uuid import uuid4  # noqa: PLC0415 - what only looks at the ledger needs none

    return str(uuid4())


class _Closing(Protocol):
    def close(self) -> None: ...


class Toolkit:
    """One ledger and one Telnyx account; heavy parts are made when first used.

    Args:
        settings: Where Telnyx and the ledger are, and the key.
        clock: Takes the place of the clock that the server goes by.
        wall: Takes the place of the caller's clock, whose waits it may then cut short.
        ledger: Takes the place of the one under the home directory.
        transport: Takes the place of the network.
        new_id: Gives fresh UUIDs as text.
        jitter: Spreads the pauses between tries of a request; system randomness if None.
        channel: Takes the place of the operator's program that sends approval codes.
        prompts: Takes the place of the shipped templates.
        ways: Take the place of the ways to tell people that the environment sets up.
        look_every: How soon a runner that rests notices what another process asks for.
        observe: Told of every new fact.
        rests: Told until when a running mission has nothing to do.
        busy: Told which other process runs a mission that is to be run.
        progress: Told how many of how many runs of a rehearsal are over.
        processes: How many processes a rehearsal may work in; more than one only where the
            program's main module can be imported without running the program.
    """

    def __init__(  # noqa: PLR0913 - the seams of everything
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        wall: Clock | None = None,
        ledger: Ledger | None = None,
        transport: "Transport | None" = None,
        new_id: Callable[[], str] = fresh_id,
        jitter: "Jitter | None" = None,
        channel: Callable[[str], None] | None = None,
        prompts: "Prompts | None" = None,
        ways: "Sequence[Way] | None" = None,
        look_every: timedelta = timedelta(seconds=30),
        observe: Observer = ignore,
        rests: Rests = ignore,
        busy: Callable[[str, MissionState], None] = ignore,
        progress: Callable[[int, int], None] = lambda _done, _of: None,
        processes: int = 1,
    ) -> None:
        self.settings = settings
        self.observe, self.rests, self._busy = observe, rests, busy
        self.progress, self.processes = progress, processes
        self._given_clock, self._given_wall = clock, wall
        self._ledger, self._transport = ledger, transport
        self._new_id, self._jitter = new_id, jitter
        self._channel, self._look_every = channel, look_every
        self.prompts = prompts
        self._ways = ways
        if channel is None and settings.approval_command:
            from telnyx_toolkit.channel import channel_by  # noqa: PLC0415 - few set one up

            self._channel = channel_by(settings.approval_command)
        self._open: list[_Closing] = []

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger that the settings name, or the one that was given."""
        ledger = self._ledger or Ledger(self.settings.ledger)
        self._open.append(ledger)
        return ledger

    @cached_property
    def runner(self) -> "Runner":
        """This process, as other runners of missions know it."""
        from telnyx_toolkit.runner import (  # noqa: PLC0415 - only what runs missions is one
            LockedFiles,
            Runner,
        )

        runner = Runner(self.ledger.signs or LockedFiles(self.settings.home))
        self._open.append(runner)
        return runner

    @cached_property
    def clock(self) -> Clock:
        """The clock that missions go by: a sandbox's own where it keeps one."""
        if self._given_clock:
            return self._given_clock
        if not self.settings.is_local:
            return self.wall
        # httpx is slow to import, and the system's own clock needs none of it
        from telnyx_toolkit.telnyx import SandboxClock, clock_for  # noqa: PLC0415

        found = clock_for(self.settings.base_url, self._transport)
        if not isinstance(found, SandboxClock):
            return self.wall
        self._open.append(found)
        return found

    @cached_property
    def engine(self) -> "Engine":
        """The engine, with a client for the account.

        Raises:
            ConfigError: there is no API key.
        """
        from random import Random  # noqa: PLC0415 - what only looks at the ledger needs none
        from secrets import randbelow  # noqa: PLC0415

        from telnyx_toolkit.engine import Engine, Kit  # noqa: PLC0415 - slow to import
        from telnyx_toolkit.prompts import Prompts  # noqa: PLC0415
        from telnyx_toolkit.spans import trace_if_wanted  # noqa: PLC0415
        from telnyx_toolkit.telnyx import TelnyxClient  # noqa: PLC0415
        from telnyx_toolkit.zones import use_newest  # noqa: PLC0415

        trace_if_wanted()
        key = self.settings.require_key()
        jitter = self._jitter or Random()  # noqa: S311 - it spreads pauses and guards nothing
        client = TelnyxClient(
            self.settings.base_url, key, self._transport, pause=self._pause, jitter=jitter
        )
        self._open.append(client)
        kit = Kit(
            ledger=self.ledger,
            client=client,
            clock=self.clock,
            wall=self.wall,
            prompts=self.prompts or Prompts(),
            base_url=self.settings.base_url,
            rates=self._rates,
            pace=self.settings.pace,
            tzdata=use_newest(),
            look_every=self._look_every,
            runner=self.runner,
            new_id=self._new_id,
            new_code=lambda: randbelow(10**12),
            channel=self._channel,
            observe=self.observe,
            rests=self.rests,
            busy=self._busy,
        )
        return Engine(kit)

    def _rates(self) -> "RateCard":
        from telnyx_toolkit.rate_file import load_rates  # noqa: PLC0415 - only plans need prices

        return load_rates(self.settings.home)

    @cached_property
    def ways(self) -> "Sequence[Way]":
        """The ways to tell people of what changed."""
        from telnyx_toolkit.notify import ways  # noqa: PLC0415 - only what tells needs them

        return ways(self.settings) if self._ways is None else self._ways

    def _pause(self, seconds: float) -> None:
        """Wait by the mission's clock: a sandbox's virtual time passes, not the caller's."""
        self.clock.sleep_until(self.clock.now() + timedelta(seconds=seconds))

    @cached_property
    def wall(self) -> Clock:
        """The caller's clock; unlike the mission's, no network is needed to read it."""
        return self._given_wall or self._given_clock or SystemClock()

    def close(self) -> None:
        """Release the ledger's file and every connection."""
        for part in reversed(self._open):  # a runner is gone before its ledger is closed
            part.close()
        self._open.clear()

    def state(self, mission_id: str) -> MissionState:
        """A mission as the ledger has it.

        Raises:
            UnknownMission: the ledger does not have it.
        """
        return present(self.ledger, mission_id)

    def status(self, state: MissionState) -> dict[str, object]:
        """Where a mission stands, as a document."""
        lease = self.ledger.leases.of(state.mission_id)
        now = self.wall.now()
        held = lease if lease and lease.expires_at > now else None
        return status_view(state, self.ledger.progress(state.mission_id), held)

    def answered(self, document: Mapping[str, object]) -> None:
        """Note that whoever gave a command has its answer: no tick needs to announce the same.

        What goes to a conversation, a hook or a webhook is told there all the same.
        """
        mission_id = document.get("mission_id")
        if isinstance(mission_id, str) and mission_id:
            with suppress(ToolkitError):  # else it is told twice
                self.ledger.notices.answer(mission_id)

    def live(self, mission_id: str) -> "Engine":
        """The engine, for a mission of the account it was made for.

        Raises:
            ConfigError: the mission lives at another server than the one configured: a plan
                approved for a sandbox must never be carried out on real phones.
        """
        state = self.state(mission_id)
        if state.base_url != self.settings.base_url:
            raise ConfigError(
                f"Mission {mission_id} lives at {state.base_url}, and TELNYX_BASE_URL is"
                f" {self.settings.base_url}.",
                fix=f"Set TELNYX_BASE_URL={state.base_url}, or create the mission anew here.",
            )
        return self.engine


def planned_target(state: MissionState, name: str) -> Target:
    """The target of that name, step id or number, for a call.

    Raises:
        PolicyDenied: it is a number that is not in the plan.
        InvalidInput: the mission has no target of that name.
    """
    if not name.strip().startswith("+"):
        return find_target(state, name)
    for target in state.targets:
        if target.phone == name.strip():
            return target
    raise PolicyDenied(
        f"{name} is not in the plan, so nobody approved a call to it.",
        code="not_in_plan",
        fix="Put it into a brief, plan and let the person approve: create-mission, plan-steps.",
    )


def find_target(state: MissionState, name: str) -> Target:
    """The target of that name or step id.

    Raises:
        InvalidInput: the mission has none; names the nearest.
    """
    for target in state.targets:
        if name in {target.name, target.step_id}:
            return target
    names = [target.name for target in state.targets]
    raise InvalidInput(
        f"The mission has no target {name!r}{did_you_mean(name, names)}.",
        fix=f"Its targets: {', '.join(names)}",
    )
