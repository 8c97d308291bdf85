"""A rehearsal: a brief, unchanged, on a sandbox in this process, whose clock waits for nobody."""

import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import yaml

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.clock import ManualClock
from telnyx_toolkit.errors import InvalidInput, ToolkitBug
from telnyx_toolkit.habits import asked_in, habits_of
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.mix import read_mix
from telnyx_toolkit.model import Event, Json
from telnyx_toolkit.pace import Pace
from telnyx_toolkit.places import region_of
from telnyx_toolkit.prompts import Prompts
from telnyx_toolkit.rate_file import OWN_FILE
from telnyx_toolkit.rehearsal_warnings import warnings_of
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.run_record import record_of
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.simulator import Account, Callees, Sandbox, load_account, load_callees
from telnyx_toolkit.simulator.strangers import Habits, cast_of
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.telnyx import straight_to
from telnyx_toolkit.tool_arguments import RehearseMission
from telnyx_toolkit.toolkit import Observer, Rests, Toolkit, ignore
from telnyx_toolkit.views import plan_view, transcript_view

Document = dict[str, Any]

#: A Monday morning before business hours in Chicago: the same every time.
START = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
ABOUT = "A rehearsal on a sandbox with a virtual clock: nobody was called, and nothing was kept."
APPROVER = "rehearsal"
_WORDS = "Approved by the rehearsal itself: nobody is called."
_URL = "http://127.0.0.1/v2"  # loopback, and so the policy's fictional numbers may be called
_MOST_APPROVALS = 100
_ELSEWHERE = "+442079460190"  # of fiction: only the country that the account says counts
#: Of the plan: what leads on from it is about a mission that is not there any more.
_NOT_SHOWN = {"mission_id", "ok", "status", "requiresApproval", "state", "next"}
NEXT = (
    "telnyx-toolkit check-account --brief FILE, to see whether the account is ready for it; then"
    " telnyx-toolkit create-mission --brief FILE"
)


@dataclass(frozen=True)
class Rehearsed:
    """A rehearsal that is over.

    Attributes:
        document: What `rehearse_mission` answers with.
        events: Every fact of the mission, which no ledger has any more.
    """

    document: Document
    events: tuple[Event, ...]


def rehearse(toolkit: Toolkit, args: RehearseMission) -> Rehearsed:
    """Plan, approve and run the brief on a sandbox; nothing of it is kept.

    The same brief gives the same document and facts.

    Args:
        toolkit: Whose observers are told of every fact, and whose prices and pace apply; its
            ledger is not touched.
        args: The brief, who answers, and when it begins.

    Raises:
        InvalidInput: the brief, the callees or the start cannot be used.
        PolicyDenied: the plan is refused.
    """
    brief = parse_brief(args.brief)
    with staged(toolkit, brief, args) as scenery:
        shown = scenery.of_run(args.replay) if args.replay else scenery
        played = play(shown, observe=toolkit.observe, rests=toolkit.rests)
    record = record_of(args.replay or 1, brief, played.state, played.payload, played.events)
    document = _document(played, transcripts=args.transcripts)
    document["warnings"] = warnings_of(brief, [record])
    return Rehearsed(document, played.events)


@dataclass(frozen=True)
class Scenery:
    """What every run of a rehearsal has in common.

    Attributes:
        account: What the brief wants of an account, and more.
        callees: Who answers.
        home: A folder of its own, with the person's prices.
        habits: What people whom no file describes do.
        seed: What they are drawn by.
        files: Of a folder that the person named: what those say who pick up in a drawn run.
    """

    brief: Brief
    start: datetime
    account: Account
    callees: Callees
    home: Path
    pace: Pace
    prompts: Prompts | None
    habits: Habits
    seed: int
    files: Callees | None

    def of_run(self, number: int) -> "Scenery":
        """The same with the people of one of many runs, counted from 1."""
        people = {target.phone: target.name for target in self.brief.everybody}
        drawn = cast_of(self.habits, people, f"{self.seed}:{number}", self.files)
        return replace(self, callees=drawn)


@dataclass(frozen=True)
class Played:
    """One run that is over.

    Attributes:
        plan: The first plan, as it was shown.
        approvals: How often a plan was approved.
        state: How the mission ended.
        payload: Its result.
        text: The same in words.
        events: Every fact, which no ledger has any more.
    """

    plan: Document
    approvals: int
    state: MissionState
    payload: Json
    text: str
    events: tuple[Event, ...]


@contextmanager
def staged(toolkit: Toolkit, brief: Brief, args: RehearseMission) -> Generator[Scenery]:
    """What is needed to play the brief, in a folder that is gone afterwards.

    Raises:
        InvalidInput: the callees or the start cannot be used.
    """
    who = Path(args.callees).expanduser() if args.callees else shipped("fixtures", "callees")
    start, callees = _start(args.start), load_callees(who)
    mix = read_mix(args.mix, {name: one.type for name, one in asked_in(brief).items()})
    with tempfile.TemporaryDirectory(prefix="telnyx-toolkit-rehearsal-") as folder:
        yield Scenery(
            brief=brief,
            start=start,
            account=_account(brief, Path(folder)),
            callees=callees,
            home=_home(toolkit, Path(folder)),
            pace=toolkit.settings.pace,
            prompts=toolkit.prompts,
            habits=habits_of(mix, brief, start),
            seed=args.seed,
            files=callees if args.callees else None,
        )


def play(
    scenery: Scenery,
    *,
    observe: Observer = ignore,
    rests: Rests = ignore,
    is_settled: bool = True,
) -> Played:
    """One run, from the brief to the result: the same each time.

    Args:
        scenery: What is played, and with whom.
        observe: Told of every fact.
        rests: Told until when the mission has nothing to do.
        is_settled: Whether the result waits for Telnyx's records of what the calls cost; without
            them it is as it was when the mission ended.
    """
    clock = ManualClock(scenery.start)
    sandbox = Sandbox(clock, account=scenery.account, callees=scenery.callees)
    stage = Toolkit(
        Settings(_URL, scenery.home, ApiKey(APPROVER), scenery.pace),
        clock=clock,
        wall=ManualClock(scenery.start),  # nobody waits: the mission's days take no time
        ledger=Ledger(scenery.home, is_kept=False),
        transport=straight_to(sandbox),
        new_id=_ids(),
        jitter=Random(0),  # noqa: S311 - repeatable on purpose
        prompts=scenery.prompts,
        observe=observe,
        rests=rests,
    )
    with closing(stage):
        return _run(stage, scenery.brief, is_settled=is_settled)


def _run(stage: Toolkit, brief: Brief, *, is_settled: bool) -> Played:
    engine = stage.engine
    mission = engine.create_mission(brief).mission_id
    state, _ = engine.plan_steps(mission)
    plan, approvals = plan_view(state), 0
    while state.phase == "planned":
        if approvals == _MOST_APPROVALS:
            raise ToolkitBug(f"The mission wants a yes again after {approvals} of them.")
        engine.approve_plan(mission, _hash(state), APPROVER, _WORDS)
        state, approvals = engine.run(mission).state, approvals + 1
    payload, text = dict(state.result_payload or {}), state.result_summary
    if is_settled or state.result_payload is None:
        state, payload, text = engine.summarize(mission)
    return Played(plan, approvals, state, payload, text, tuple(stage.ledger.events(mission)))


def _document(played: Played, *, transcripts: bool) -> Document:
    return {
        "about": ABOUT,
        "state": played.state.phase,
        "approvals": played.approvals,
        "plan": {name: value for name, value in played.plan.items() if name not in _NOT_SHOWN},
        "result_summary": played.text,
        "result_payload": played.payload,
        "transcripts": spoken(played) if transcripts else [],
        "next": NEXT,
    }


def spoken(played: Played) -> list[Document]:
    """What was said with each target, as `get_transcript` shows it."""
    views = (transcript_view(played.state, target) for target in played.state.targets)
    return [{key: value for key, value in view.items() if key != "mission_id"} for view in views]


def _hash(state: MissionState) -> str:
    return state.plan.plan_hash if state.plan else ""


def _home(toolkit: Toolkit, folder: Path) -> Path:
    home, own_prices = folder / "home", toolkit.settings.home / OWN_FILE
    if own_prices.is_file():
        home.mkdir(mode=0o700)
        shutil.copyfile(own_prices, home / OWN_FILE)
    return home


def _account(brief: Brief, folder: Path) -> Account:
    path = folder / "account.yaml"
    path.write_text(yaml.safe_dump(account_for(brief), allow_unicode=True), encoding="utf-8")
    return load_account(path)


def account_for(brief: Brief) -> Document:
    """An account that is ready for the brief, whatever it wants: the shipped one, and more.

    Whether the person's own account is ready is for `check_account` to find out.
    """
    shown = shipped("fixtures", "accounts", "default.yaml").read_text(encoding="utf-8")
    account: Document = yaml.safe_load(shown)
    regions = sorted({region_of(target.phone) for target in brief.everybody} - {""})
    for profile in account["outbound_voice_profiles"]:
        profile["whitelisted_destinations"] = regions
    if wanted := brief.call_from:
        others = [n for n in account["numbers"] if n["phone_number"] != wanted]
        account["numbers"] = [*others, _free(wanted, region_of(wanted))]
    elif not {"US", "CA"} & set(regions):
        account["numbers"] += [_free(_ELSEWHERE, region) for region in regions[:1]]
    voice, model = brief.voice.voice, brief.voice.model
    if model:
        account["models"].append({"id": model})
    if voice:
        provider = voice.partition(".")[0].lower()
        account["voices"].append({"voice_id": voice, "provider": provider})
    return account


def _free(phone: str, region: str) -> Document:
    free: Document = {"id": "1293384261075731599", "phone_number": phone, "status": "active"}
    return {**free, "country_iso_alpha2": region or "US"}


def _start(text: str) -> datetime:
    if not text:
        return START
    try:
        given = datetime.fromisoformat(text)
    except ValueError as problem:
        raise InvalidInput(f"start {text!r} is not a time, such as 2026-12-01T14:30Z") from problem
    if given.tzinfo is None:
        raise InvalidInput(f"start {text!r} has no zone: add Z or an offset")
    return given.astimezone(UTC)


def _ids() -> Callable[[], str]:
    """Ids that are the same in every run."""
    numbers = Random(0)  # noqa: S311 - repeatable on purpose; nothing depends on their secrecy
    return lambda: str(UUID(int=numbers.getrandbits(128), version=4))
