"""One history: a mission lived through by one process after another, until it is over."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx

from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.database_url import DatabaseUrl
from telnyx_toolkit.errors import (
    InvalidInput,
    LedgerConflict,
    PolicyDenied,
    ToolkitBug,
    ToolkitError,
)
from telnyx_toolkit.ledger.database import Closed
from telnyx_toolkit.model import Event
from telnyx_toolkit.notices import Notice, Route
from telnyx_toolkit.notify import Delivered
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.simulator import Sandbox
from telnyx_toolkit.simulator.faults import Fault, plan
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.ticking import tick
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS
from tests.simulation.world import Doc, World

URL = "http://127.0.0.1/v2"
KEY = "example"
#: A history that is not over after so many processes never will be.
MOST_LIVES = 40
MOST_TICKS = 5_000
#: The plan says no; a person would change the brief or give up.
HOPELESS = {"no_permitted_time", "spend_cap", "do_not_call"}
_SCORES = "/conversations-insights"


class Killed(BaseException):
    """The process is gone: nothing catches it, nothing cleans up."""


class RunnerClock:
    """The runner's clock, which may be behind the true one."""

    def __init__(self, truth: ManualClock) -> None:
        self._truth = truth
        self.behind = timedelta(0)

    def now(self) -> datetime:
        """The instant that the runner believes in."""
        return self._truth.now() - self.behind

    def sleep_until(self, instant: datetime) -> None:
        """Let true time pass until this clock shows `instant`."""
        self._truth.sleep_until(instant + self.behind)


class Told:
    """A way to tell people: who is told what."""

    name = "told"

    def __init__(self, looked_after: Callable[[], None]) -> None:
        self.notices: list[Notice] = []
        self._looked_after = looked_after

    def takes(self, notice: Notice, route: Route | None) -> bool:
        """Everything."""
        del notice, route
        return True

    def send(self, notice: Notice, route: Route | None) -> Delivered:
        """Write it down."""
        del route
        self.notices.append(notice)
        if notice.kind == "needs_input":
            self._looked_after()
        return Delivered(self.name)


@dataclass(frozen=True)
class Fact:
    """A fact of the ledger, and when it was recorded in truth."""

    event: Event
    at: datetime
    behind: timedelta
    state: MissionState


@dataclass
class History:
    """What happened in a world, and what must not have.

    Attributes:
        lines: Each fact, request and trouble, in order.
        violations: What must not happen and did, each beginning with its rule.
        counts: Faults by kind, `crashes`, `lives`, `conflicts`.
        ending: How it ended: the mission's state, or `refused`.
        database: Where the ledger is, if not in the home.
        listed: When a number was put on the do-not-call list, in truth.
        spared: When somebody was told that no call to it is under way any more.
    """

    world: World
    home: Path
    at_each_fact: "Callable[[History], None]"
    database: DatabaseUrl | None = None
    lines: list[str] = field(default_factory=list[str])
    violations: list[str] = field(default_factory=list[str])
    counts: Counter[str] = field(default_factory=Counter[str])
    facts: list[Fact] = field(default_factory=list[Fact])
    errors: list[str] = field(default_factory=list[str])
    ending: str = ""
    mission: str = ""

    def __post_init__(self) -> None:
        self.truth = ManualClock(self.world.start)
        self.clock = RunnerClock(self.truth)
        self.ids = Random(self.world.seed)
        self.late = Random(self.world.seed)
        self.told = Told(self.looked_after)
        self.sandbox = _sandbox(self.world, self.home, self.truth)
        self.numbers_before = _numbers(self.sandbox)
        self.faults: list[Fault] = plan(self.world.faults)
        self.seen: Counter[str] = Counter()
        self.listed: dict[str, datetime] = {}
        self.spared: dict[str, datetime] = {}
        self.is_cancelled = False
        self.has_stale_words = False
        self._looks: Counter[str] = Counter()
        self._process: Process | None = None

    def live(self, check: Callable[["History"], None]) -> None:
        """Live through it to the end; `check` looks at it after every process."""
        for _ in range(MOST_LIVES):
            self.counts["lives"] += 1
            over = self._one_life()
            check(self)
            if over or self.violations:
                break
        else:
            told = f"not over after {MOST_LIVES} processes; last: {self.errors[-1:]}"
            self.violate("it ends", told)
        if self.world.costs and not self.violations:
            self.truth.advance(2 * 3_600)
            self.afterwards("summarize")

    def afterwards(self, tool: str) -> None:
        """Use a tool on the finished mission; what the network spoils is tried again."""
        for _ in range(MOST_LIVES):
            toolkit = self.toolkit(Process(self, is_first=False))
            try:
                TOOLS[tool](toolkit, {"mission_id": self.mission})
            except ToolkitError as problem:
                self.judge(problem, is_first=False)
            else:
                told = toolkit.ledger.progress(self.mission).mirrored_seq
                if tool != "summarize" or told == len(self.facts):
                    return
            finally:
                toolkit.close()
        self.violate("it ends", f"{tool} never succeeds")

    def say(self, text: str) -> None:
        """Put a line on record."""
        self.lines.append(f"{self.truth.now():%m-%d %H:%M:%S} {text}")

    def violate(self, rule: str, what: str) -> None:
        """Put on record what must not have happened."""
        self.violations.append(f"{rule}: {what}")
        self.say(f"VIOLATION {rule}: {what}")

    @property
    def settings(self) -> Settings:
        """What every process of it reads in its environment."""
        return Settings(URL, self.home, ApiKey(KEY), database=self.database)

    def toolkit(self, process: "Process") -> Toolkit:
        """A toolkit as a process of its own would have it."""
        return Toolkit(
            self.settings,
            clock=self.clock,
            transport=process,
            new_id=lambda: str(UUID(int=self.ids.getrandbits(128), version=4)),
            jitter=Random(self.world.seed),
            look_every=timedelta(minutes=5),
            observe=process.observe,
            rests=process.rests,
            ways=[self.told],
        )

    def answer(self, who: str, request: httpx.Request) -> httpx.Response:
        """The sandbox's answer to a request; a fault of the plan is put on record."""
        method, path = request.method, request.url.path
        hit = [fault.do for fault in self.faults if fault.hits(method, path.removeprefix("/v2"))]
        spoilt = f" [{hit[0]}]" if hit else ""
        self.counts.update(hit[:1])
        self.has_stale_words |= hit[:1] == ["stale"] and path.endswith("/messages")
        headers = {
            name: request.headers.get(name, "")
            for name in ("authorization", "content-type", "idempotency-key")
        }
        query = request.url.query.decode()
        told = f"{who}{method} {path.removeprefix('/v2')}"
        try:
            sent = self.sandbox.exchange(method, path, query, headers, request.read())
        except ConnectionResetError:
            self.say(f"{told} -> nothing{spoilt}")
            raise
        self.say(f"{told} -> {sent.status}{spoilt}")
        payload = self._scores(path, sent.payload) if path.endswith(_SCORES) else sent.payload
        own = {k: v for k, v in sent.headers.items() if k.lower() != "content-length"}
        return httpx.Response(sent.status, headers=own, content=payload)

    def due(self, where: str) -> list[Doc]:
        """The troubles that come now, at one more of `where`."""
        self.seen[where] += 1
        nth = self.seen[where]
        return [t for t in self.world.troubles if _WHERE[t["do"]] == where and t["nth"] == nth]

    def _scores(self, path: str, payload: bytes) -> bytes:
        """The insights as this world has them: late, failed, or as they came."""
        self._looks[path] += 1
        if self._looks[path] <= self.world.insights.get("late", 0):
            return b'{"data": []}'
        if self.world.insights.get("failed"):
            return payload.replace(b'"completed"', b'"failed"').replace(b'"result": "', b'"was": "')
        return payload

    def _one_life(self) -> bool:
        """Whether the mission is over after one more process."""
        process = self._process = Process(self)
        process.toolkit = toolkit = self.toolkit(process)
        try:
            self._work(toolkit)
        except (Killed, Closed):
            self.counts["crashes"] += 1
            return False
        except ToolkitError as problem:
            self.judge(problem, is_first=True)
            self.looked_after()
            self.truth.advance(90)
            return False
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is a find
            self.violate("no other errors", f"{type(problem).__name__}: {problem}")
            return False
        finally:
            toolkit.close()
        return True

    def looked_after(self) -> None:
        """Somebody who was told of a trouble looks after the machine."""
        self.clock.behind = timedelta(0)

    def _work(self, toolkit: Toolkit) -> None:
        """What somebody does who wants the mission done, and knows what was done before."""
        if not self.mission or not toolkit.state(self.mission).run_id:
            made = TOOLS["create_mission"](toolkit, {"brief": self.world.brief})
            self.mission = str(made["mission_id"])
        state = toolkit.state(self.mission)
        if not self.is_cancelled and state.approval is None and state.cancel_reason is None:
            self._approve(toolkit)
        if self.is_cancelled and not state.is_finished:
            TOOLS["cancel_mission"](toolkit, {"mission_id": self.mission, "reason": "not wanted"})
        if self.world.is_ticked:
            self._tick(toolkit)
        else:
            TOOLS["run_mission"](toolkit, {"mission_id": self.mission})
        self.ending = self.ending or toolkit.state(self.mission).phase

    def _tick(self, toolkit: Toolkit) -> None:
        """Tick, a little later than would be best, until nothing waits any more."""
        for _ in range(MOST_TICKS):
            problem = tick(toolkit).problem
            self._look_for_surprises(toolkit)
            if problem:
                raise problem
            wakes = toolkit.ledger.wakes(1)
            if not wakes:
                return
            self.clock.sleep_until(wakes[0][1])
            self.truth.advance(self.late.uniform(0, 120))
            if self._process:
                self._process.rests(self.truth.now(), toolkit.state(self.mission))
        self.violate("it ends", f"not over after {MOST_TICKS} ticks")

    def _look_for_surprises(self, toolkit: Toolkit) -> None:
        far = self.truth.now() + timedelta(days=365)
        for waiting in toolkit.ledger.notices.due(far, 50):
            if waiting.notice.data.get("code") in {"bug", "illegal_transition"}:
                self.violate("no other errors", waiting.notice.text)

    def _approve(self, toolkit: Toolkit) -> None:
        try:
            planned = TOOLS["plan_steps"](toolkit, {"mission_id": self.mission})
            yes = {"plan_hash": planned["plan_hash"], "approved_by": "Dana", "words": "Yes"}
            TOOLS["approve_plan"](toolkit, {"mission_id": self.mission, **yes})
        except PolicyDenied as denied:
            if denied.code not in HOPELESS:
                raise
            self.say(f"refused: {denied.code}")
            self.ending, self.is_cancelled = "refused", True

    def judge(self, problem: ToolkitError, *, is_first: bool) -> None:
        """Whether an error is one that its process may end with."""
        who = "" if is_first else "    second: "
        told = f"{type(problem).__name__} {problem.code}: {problem.message}"
        self.say(f"{who}error {told}")
        self.errors.append(told)
        if isinstance(problem, ToolkitBug | InvalidInput):
            self.violate("no other errors", told)
        elif is_first and isinstance(problem, LedgerConflict):
            self.counts["conflicts"] += 1
            self.violate("the first runner goes on", told)

    def interrupted_by(self, do: str, trouble: Doc) -> None:
        """Another process on the same ledger, right now."""
        self.say(f"    second process: {do}")
        self.counts["second"] += 1
        toolkit = self.toolkit(Process(self, is_first=False))
        arguments: Doc = {"mission_id": self.mission}
        try:
            if do == "cancel":
                TOOLS["cancel_mission"](toolkit, {**arguments, "reason": "not wanted"})
            elif do == "list":
                self._list(toolkit, trouble["phone"])
            else:
                TOOLS["run_mission"](toolkit, {**arguments, "wait": f"{trouble['wait']}s"})
        except ToolkitError as problem:
            self.judge(problem, is_first=False)
        finally:
            toolkit.close()
        self.say("    second process: gone")

    def _list(self, toolkit: Toolkit, phone: str) -> None:
        asked = {"action": "add", "phone": phone, "reason": "wrote a letter"}
        told = TOOLS["do_not_call"](toolkit, asked)
        self.listed[phone] = self.truth.now()
        if not told["pending"]:
            self.spared[phone] = self.truth.now()


class Process(httpx.BaseTransport):
    """What a process sees: its requests, its facts, its rests; and where it may be killed."""

    def __init__(self, history: History, *, is_first: bool = True) -> None:
        self._history = history
        self._is_first = is_first
        self._who = "" if is_first else "    second: "
        self.toolkit: Toolkit | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request to the sandbox."""
        self._meet("request_before")
        try:
            return self._history.answer(self._who, request)
        finally:
            self._meet("request_after")

    def observe(self, event: Event, state: MissionState) -> None:
        """Take note of a fact."""
        history = self._history
        history.mission = history.mission or event.mission_id
        history.facts.append(Fact(event, history.truth.now(), history.clock.behind, state))
        history.say(f"{self._who}fact {event.seq} {event.kind} {_short(event)}")
        history.at_each_fact(history)
        self._meet("fact")
        if event.kind == "attempt.scheduled":
            self._meet("dial")

    def rests(self, until: datetime, _state: MissionState) -> None:
        """Take note of a rest."""
        self._history.say(f"{self._who}rests until {until:%m-%d %H:%M:%S}")
        self._meet("rest")

    def _meet(self, where: str) -> None:
        if not self._is_first:
            return
        for trouble in self._history.due(where):
            self._suffer(trouble)

    def _suffer(self, trouble: Doc) -> None:
        history, do = self._history, trouble["do"]
        match do:
            case "ahead":
                history.say(f"everything sleeps {trouble['minutes']} min")
                history.truth.advance(60 * trouble["minutes"])
            case "back":
                history.say(f"the runner's clock goes back {trouble['minutes']} min")
                history.clock.behind = timedelta(minutes=trouble["minutes"])
            case "second" | "cancel" | "list":
                history.interrupted_by(do, trouble)
            case _:
                history.is_cancelled |= do in {"stop", "stop_late"}
                history.say(f"killed ({do}), started again after {trouble['away_min']:g} min")
                history.truth.advance(60 * trouble["away_min"])
                if self.toolkit:
                    self.toolkit.close()
                raise Killed


_WHERE = {
    "kill": "fact",
    "stop": "fact",
    "stop_late": "dial",
    "second": "fact",
    "cancel": "fact",
    "list": "fact",
    "back": "fact",
    "kill_before": "request_before",
    "kill_after": "request_after",
    "ahead": "rest",
}


def _sandbox(world: World, home: Path, clock: ManualClock) -> Sandbox:
    """The sandbox of a world; its files are JSON, which is YAML and quick to read."""
    callees = home / "callees"
    callees.mkdir(parents=True)
    for number, person in enumerate(world.people):
        (callees / f"{number}.yaml").write_text(json.dumps(person), encoding="utf-8")
    account = home / "account.yaml"
    account.write_text(json.dumps(world.account), encoding="utf-8")
    return Sandbox(clock, callees=callees, account=account, faults=world.faults, seed=world.seed)


def _numbers(sandbox: Sandbox) -> dict[str, tuple[Any, ...]]:
    """What uses each number."""
    uses = ("connection_id", "messaging_profile_id", "hd_voice_enabled")
    numbers = sandbox.world.numbers.values()
    return {doc["phone_number"]: tuple(doc[use] for use in uses) for doc in numbers}


def numbers_now(history: History) -> dict[str, tuple[Any, ...]]:
    """What uses each number of the account now."""
    return _numbers(history.sandbox)


def _short(event: Event) -> str:
    """What tells a fact from others of its kind."""
    names = ("effect", "step_id", "attempt_id", "call_status", "status", "reason", "scheduled_at")
    told = [str(event.data[name])[:60] for name in names if name in event.data]
    return " ".join(told)
