"""A rehearsal: a brief, unchanged, on a sandbox in this process, whose clock waits for nobody."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import yaml

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_reader import parse_brief
from telnyx_toolkit.clock import Clock, ManualClock
from telnyx_toolkit.errors import InvalidInput, ToolkitBug
from telnyx_toolkit.model import Event
from telnyx_toolkit.places import region_of
from telnyx_toolkit.rate_file import OWN_FILE
from telnyx_toolkit.resources import shipped
from telnyx_toolkit.settings import ApiKey, Settings
from telnyx_toolkit.simulator import Sandbox
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.telnyx import in_process
from telnyx_toolkit.tool_arguments import RehearseMission
from telnyx_toolkit.toolkit import Toolkit
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
_NEXT = (
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
    clock = ManualClock(_start(args.start))
    with tempfile.TemporaryDirectory(prefix="telnyx-toolkit-rehearsal-") as folder:
        sandbox = _sandbox(brief, clock, args.callees, Path(folder))
        with closing(_stage(toolkit, sandbox, clock, Path(folder) / "home")) as stage:
            return _run(stage, brief, transcripts=args.transcripts)


def _run(stage: Toolkit, brief: Brief, *, transcripts: bool) -> Rehearsed:
    engine = stage.engine
    mission = engine.create_mission(brief).mission_id
    state, _ = engine.plan_steps(mission)
    plan, approvals = plan_view(state), 0
    while state.phase == "planned":
        if approvals == _MOST_APPROVALS:
            raise ToolkitBug(f"The mission wants a yes again after {approvals} of them.")
        engine.approve_plan(mission, _hash(state), APPROVER, _WORDS)
        state, approvals = engine.run(mission).state, approvals + 1
    state, payload, text = engine.summarize(mission)
    spoken = [transcript_view(state, target) for target in state.targets] if transcripts else []
    document = {
        "about": ABOUT,
        "state": state.phase,
        "approvals": approvals,
        "plan": {name: value for name, value in plan.items() if name not in _NOT_SHOWN},
        "result_summary": text,
        "result_payload": payload,
        "transcripts": [_anonymous(view) for view in spoken],
        "next": _NEXT,
    }
    return Rehearsed(document, tuple(stage.ledger.events(mission)))


def _hash(state: MissionState) -> str:
    return state.plan.plan_hash if state.plan else ""


def _anonymous(view: Document) -> Document:
    return {name: value for name, value in view.items() if name != "mission_id"}


def _stage(toolkit: Toolkit, sandbox: Sandbox, clock: Clock, home: Path) -> Toolkit:
    """A toolkit on the sandbox, with a home of its own and the person's prices."""
    own_prices = toolkit.settings.home / OWN_FILE
    if own_prices.is_file():
        home.mkdir(mode=0o700)
        shutil.copyfile(own_prices, home / OWN_FILE)
    return Toolkit(
        Settings(_URL, home, ApiKey(APPROVER), toolkit.settings.pace),
        clock=clock,
        transport=in_process(sandbox),
        new_id=_ids(),
        jitter=Random(0),  # noqa: S311 - repeatable on purpose
        prompts=toolkit.prompts,
        observe=toolkit.observe,
        rests=toolkit.rests,
    )


def _sandbox(brief: Brief, clock: Clock, callees: str, folder: Path) -> Sandbox:
    account = folder / "account.yaml"
    account.write_text(yaml.safe_dump(account_for(brief), allow_unicode=True), encoding="utf-8")
    who = Path(callees).expanduser() if callees else shipped("fixtures", "callees")
    return Sandbox(clock, account=account, callees=who)


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
