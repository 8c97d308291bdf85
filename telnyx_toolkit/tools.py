"""The tools: one thin function for each thing an agent can do, and the table of them all."""

from collections.abc import Mapping

from telnyx_toolkit.durations import duration
from telnyx_toolkit.errors import InvalidInput, PolicyDenied
from telnyx_toolkit.looking import (
    LOOKING,
    get_transcript,
    list_missions,
    mission_status,
)
from telnyx_toolkit.mission_arguments import OfMission, OfTarget
from telnyx_toolkit.model import Attempt
from telnyx_toolkit.notices import NOWHERE
from telnyx_toolkit.routes import route_of
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.tool import Document, Effect, Tool
from telnyx_toolkit.tool_arguments import (
    NOTE_TYPES,
    ApprovePlan,
    CancelMission,
    CheckAccount,
    CreateMission,
    DoNotCall,
    LogEvent,
    PlanSteps,
    RehearseMission,
    RunMission,
    Summarize,
)
from telnyx_toolkit.toolkit import Toolkit, find_target, planned_target
from telnyx_toolkit.views import (
    QUOTED,
    attempt_view,
    plan_view,
    recording_view,
)

_PLAN_WHAT = "telnyx-toolkit plan-steps MISSION, or: telnyx-toolkit plan-steps --brief FILE"


def create_mission(toolkit: Toolkit, args: CreateMission) -> Document:
    """Create a mission and its run at Telnyx from a brief; nothing is dialled."""
    from telnyx_toolkit.brief_reader import parse_brief  # noqa: PLC0415 - pydantic is slow

    if args.repeat < 1:
        raise InvalidInput(f"repeat is {args.repeat}; it counts from 1.")
    brief = parse_brief(args.brief)
    engine = toolkit.live(args.replaces) if args.replaces else toolkit.engine
    state = engine.create_mission(brief, repeat=args.repeat, replaces=args.replaces)
    return toolkit.status(state)


def check_account(toolkit: Toolkit, args: CheckAccount) -> Document:
    """Check key, credit, numbers, voice profiles, model and voice; nothing is changed."""
    from telnyx_toolkit.brief_reader import parse_brief  # noqa: PLC0415 - pydantic is slow
    from telnyx_toolkit.levels import limits_of  # noqa: PLC0415

    brief = None if args.brief is None else parse_brief(args.brief)
    level = limits_of(args.level) if args.level else None
    found = toolkit.engine.check_account(brief)
    return {"at": toolkit.settings.base_url, **found, "level": level}


def rehearse_mission(toolkit: Toolkit, args: RehearseMission) -> Document:
    """Run a brief on a sandbox in this process, with scripted callees; nobody is called."""
    from telnyx_toolkit.rehearsals import rehearsed  # noqa: PLC0415 - the simulator is slow

    return rehearsed(toolkit, args)


def plan_steps(toolkit: Toolkit, args: PlanSteps) -> Document:
    """Plan phone calls to ask, compare, negotiate or book: whom, when, cost; nothing is dialled."""
    mission_id = args.mission_id
    if args.brief is not None:
        given = CreateMission(args.brief, args.repeat, replaces=mission_id)
        mission_id = str(create_mission(toolkit, given)["mission_id"])
    elif args.repeat != 1:
        raise InvalidInput("repeat is of a brief, and none was given.", fix=_PLAN_WHAT)
    if not mission_id:
        raise InvalidInput("There is neither a mission nor a brief to plan.", fix=_PLAN_WHAT)
    engine = toolkit.live(mission_id)
    route = route_of(args.notify, toolkit.settings.channel_context)
    state, problems = engine.plan_steps(
        mission_id,
        resend=args.resend,
        shortlist=args.shortlist,
        route=route or (NOWHERE if args.notify else None),
    )
    return {**plan_view(state), "account_problems": problems}


def approve_plan(toolkit: Toolkit, args: ApprovePlan) -> Document:
    """Record a person's yes to exactly the plan with this hash; never approve by yourself."""
    for name in ("plan_hash", "approved_by", "words"):
        if not getattr(args, name).strip():
            raise InvalidInput(
                f"{name} is empty: the record says who approved which plan, in their words."
            )
    state = toolkit.live(args.mission_id).approve_plan(
        args.mission_id, args.plan_hash, args.approved_by, args.words, args.code
    )
    approval = state.approval
    return {
        **toolkit.status(state),
        "plan_hash": args.plan_hash,
        "approved_by": approval.approved_by if approval else "",
        "approved_at": approval.at.isoformat() if approval else "",
    }


def create_assistant(toolkit: Toolkit, args: OfMission) -> Document:
    """Create the voice assistant with its insights and link it to the run."""
    state = toolkit.live(args.mission_id).create_assistant(args.mission_id)
    return _setup(state)


def assign_number(toolkit: Toolkit, args: OfMission) -> Document:
    """Borrow a free number of the account for the assistant; it is returned at the end."""
    state = toolkit.live(args.mission_id).assign_number(args.mission_id)
    return _setup(state)


def schedule_call(toolkit: Toolkit, args: OfTarget) -> Document:
    """Schedule the next call to a target, if it is their turn and the rules allow it now."""
    return _schedule(toolkit, args, "call")


def schedule_message(toolkit: Toolkit, args: OfTarget) -> Document:
    """Send the planned text message to a target with channel sms, if the rules allow it now."""
    return _schedule(toolkit, args, "sms")


def _schedule(toolkit: Toolkit, args: OfTarget, channel: str) -> Document:
    engine = toolkit.live(args.mission_id)
    target = planned_target(toolkit.state(args.mission_id), args.target)
    if target.channel != channel:
        other = {"call": "schedule-call", "sms": "schedule-message"}[target.channel]
        raise InvalidInput(
            f"The brief reaches {target.name} by {target.channel}.",
            fix=f"telnyx-toolkit {other} {args.mission_id} --target '{target.name}'",
        )
    state, placed = engine.schedule_call(args.mission_id, target.step_id)
    if isinstance(placed, Attempt):
        attempt = attempt_view(state, placed)
        return {"mission_id": args.mission_id, "target": target.name, "attempt": attempt}
    when = f"{placed.until:%a %d %b %H:%M:%S} UTC"
    raise PolicyDenied(
        f"Not now: {placed.reason}. Nothing was sent.",
        code=placed.code,
        fix=f"Ask again from {when} on, or let run-mission wait for it.",
        until=placed.until,
    )


def poll_call(toolkit: Toolkit, args: OfTarget) -> Document:
    """Look once at the latest call or text to a target, and collect what was said at its end."""
    engine = toolkit.live(args.mission_id)
    target = find_target(toolkit.state(args.mission_id), args.target)
    state = engine.poll_call(args.mission_id, target.step_id)
    tries = state.attempts_at(target.step_id)
    return {
        "mission_id": args.mission_id,
        "target": target.name,
        "attempt": attempt_view(state, tries[-1]) if tries else None,
        "notes": tries[-1].notes if tries else "",
        "about": QUOTED,
    }


def run_mission(toolkit: Toolkit, args: RunMission) -> Document:
    """Make the approved phone calls: set up, call, follow, compare, finish, put everything back."""
    wait = duration(args.wait)
    engine = toolkit.live(args.mission_id)
    given = (args.plan_hash, args.approved_by, args.words, args.code)
    if any(given) and not _has_begun(toolkit.state(args.mission_id), args.plan_hash):
        approve_plan(toolkit, ApprovePlan(args.mission_id, *given))
    state = engine.run(args.mission_id, wait).state
    return {**toolkit.status(state), "result_payload": state.result_payload}


def get_recording(toolkit: Toolkit, args: OfTarget) -> Document:
    """Fetch links to the recordings of a target's calls; they expire, and are not kept."""
    engine = toolkit.live(args.mission_id)
    target = find_target(toolkit.state(args.mission_id), args.target)
    found = engine.recordings(args.mission_id, target.step_id)
    return {
        "mission_id": args.mission_id,
        "target": target.name,
        "recordings": [recording_view(each.raw) for each in found],
    }


def release_mission(toolkit: Toolkit, args: OfMission) -> Document:
    """Return the number of a finished mission, and remove what it kept at Telnyx."""
    return toolkit.status(toolkit.live(args.mission_id).release_mission(args.mission_id))


def cancel_mission(toolkit: Toolkit, args: CancelMission) -> Document:
    """Stop a mission: withdraw calls that have not rung, keep the record, put everything back."""
    engine = toolkit.live(args.mission_id)
    return toolkit.status(engine.cancel_mission(args.mission_id, args.reason).state)


def pause_mission(toolkit: Toolkit, args: CancelMission) -> Document:
    """Stop calling for now: withdraw calls that have not rung, return the number, keep the rest."""
    engine = toolkit.live(args.mission_id)
    return toolkit.status(engine.pause_mission(args.mission_id, args.reason).state)


def resume_mission(toolkit: Toolkit, args: OfMission) -> Document:
    """Let a paused mission go on, on the person's word; then run it."""
    return toolkit.status(toolkit.live(args.mission_id).resume_mission(args.mission_id))


def log_event(toolkit: Toolkit, args: LogEvent) -> Document:
    """Put on record what you did yourself: a search, a source, a decision."""
    if args.type not in NOTE_TYPES:
        raise InvalidInput(f"type {args.type!r} is not one of: {', '.join(NOTE_TYPES)}")
    known = [step.step_id for step in toolkit.state(args.mission_id).steps]
    if args.step and args.step not in known:
        raise InvalidInput(f"The plan has no step {args.step!r}; its steps: {', '.join(known)}")
    engine = toolkit.live(args.mission_id)
    payload = dict(args.payload or {})
    state = engine.log_event(args.mission_id, args.summary, args.type, args.step, payload)
    return {"mission_id": args.mission_id, "noted": len(state.notes), "summary": args.summary}


def summarize(toolkit: Toolkit, args: Summarize) -> Document:
    """Give the comparison and recommendation; finish the run if nothing is left to call."""
    engine = toolkit.live(args.mission_id)
    state, payload, text = engine.summarize(args.mission_id, args.narrative)
    return {
        "mission_id": args.mission_id,
        "state": toolkit.status(state)["state"],
        "final": state.is_finished,
        "result_summary": text,
        "result_payload": payload,
        "about": f"Words, answers, remarks and notes in it: {QUOTED}",
    }


def do_not_call(toolkit: Toolkit, args: DoNotCall) -> Document:
    """Keep the list of whom no mission may call or write to: add, remove, list, import."""
    from telnyx_toolkit.do_not_call import ACTIONS  # noqa: PLC0415 - no other tool needs it

    return {"action": args.action, **ACTIONS[args.action](toolkit, args)}


TOOLS: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(check_account, CheckAccount, Effect.READS),
        Tool(rehearse_mission, RehearseMission, Effect.NONE, local=True),
        Tool(create_mission, CreateMission, Effect.WRITES),
        Tool(plan_steps, PlanSteps, Effect.WRITES, idempotent=False),  # resend sends each time
        Tool(approve_plan, ApprovePlan, Effect.WRITES),
        Tool(run_mission, RunMission, Effect.CALLS, needs_approval=True, watched=True),
        Tool(summarize, Summarize, Effect.WRITES),
        LOOKING[mission_status.__name__],
        LOOKING[get_transcript.__name__],
        Tool(get_recording, OfTarget, Effect.READS),
        LOOKING[list_missions.__name__],
        Tool(cancel_mission, CancelMission, Effect.WRITES, destroys=True, watched=True),
        Tool(pause_mission, CancelMission, Effect.WRITES, watched=True),
        Tool(resume_mission, OfMission, Effect.WRITES),
        Tool(release_mission, OfMission, Effect.WRITES, destroys=True),
        Tool(create_assistant, OfMission, Effect.WRITES, needs_approval=True),
        Tool(assign_number, OfMission, Effect.WRITES, needs_approval=True),
        Tool(schedule_call, OfTarget, Effect.CALLS, needs_approval=True, idempotent=False),
        Tool(schedule_message, OfTarget, Effect.SPENDS, needs_approval=True, idempotent=False),
        Tool(poll_call, OfTarget, Effect.WRITES),
        Tool(log_event, LogEvent, Effect.WRITES),
        Tool(do_not_call, DoNotCall, Effect.WRITES, destroys=True),
    )
}


def _has_begun(state: MissionState, plan_hash: str) -> bool:
    """Whether that plan is carried out already, maybe by another process: its yes is on record."""
    approved = state.approval.plan_hash if state.approval else ""
    return approved == plan_hash and state.phase not in {"draft", "planned", "approved"}


def _setup(state: MissionState) -> Document:
    number = state.result_of("number")
    return {
        "mission_id": state.mission_id,
        "assistant_id": state.result_of("assistant").get("id", ""),
        "insight_group_id": state.result_of("insight-group").get("id", ""),
        "linked": state.did("agent-link"),
        "phone_number": number.get("phone_number", ""),
        "number_id": number.get("number_id", ""),
    }
