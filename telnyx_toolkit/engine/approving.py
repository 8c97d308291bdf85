"""Planning and approval: nothing is dialled without a person's yes to exactly this plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from telnyx_toolkit.disclosure import undisclosed
from telnyx_toolkit.engine.codes import check_code
from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.names import ASSISTANT
from telnyx_toolkit.engine.opening import post_plan
from telnyx_toolkit.errors import InvalidInput, PolicyDenied
from telnyx_toolkit.ledger import Ledger
from telnyx_toolkit.loopback import is_loopback
from telnyx_toolkit.model import Approval, Json, Plan, Target
from telnyx_toolkit.pace import DAY
from telnyx_toolkit.plan import PLAN_LASTS, hash_of, make_plan
from telnyx_toolkit.policy import Deny, check_listed, check_number
from telnyx_toolkit.script import script_of
from telnyx_toolkit.spending import reserve

if TYPE_CHECKING:
    from telnyx_toolkit.brief import Brief
    from telnyx_toolkit.forecast import Forecast

_PLAN_FIX = "Make the plan, show it to the person, then approve it: plan-steps, approve-plan"
#: A yes that nothing was made of for so long may no longer be meant.
APPROVAL_LASTS = PLAN_LASTS
_NAMED = 5
_OPEN_PHASES = {"draft", "planned", "approved"}


def check_numbers(brief: Brief, base_url: str, ledger: Ledger) -> None:
    """Refuse numbers that must never be dialled, before anything is created.

    Raises:
        PolicyDenied: with every offending target.
    """
    in_sandbox = is_loopback(base_url)
    targets = [Target("", t.name, t.phone, t.timezone, "") for t in brief.everybody]
    checks = (check_number(brief.calling, t, fictional_ok=in_sandbox) for t in targets)
    _refuse([denial for denial in checks if denial])
    refuse_listed(targets, ledger)


def refuse_listed(targets: Iterable[Target], ledger: Ledger) -> None:
    """Refuse numbers that are on the do-not-call list.

    Raises:
        PolicyDenied: with every offending target.
    """
    entries = ((target, ledger.do_not_call.entry(target.phone)) for target in targets)
    _refuse([denied for target, entry in entries if (denied := check_listed(target, entry))])


def _refuse(denied: Sequence[Deny]) -> None:
    if denied:
        reasons = "\n".join(f"  {d.reason}" for d in denied)
        raise PolicyDenied(
            f"These may not be called:\n{reasons}", code=denied[0].code, fix=denied[0].fix
        )


def plan(desk: Desk) -> None:
    """Make the plan of the present brief and post its steps; an equal plan changes nothing.

    Raises:
        PolicyDenied: a target can never be called as the brief stands.
    """
    if desk.state.phase not in _OPEN_PHASES:
        return
    refuse_listed(desk.state.targets, desk.kit.ledger)
    plan_hash, document = _present(desk)
    _check_messages(document["messages"])
    _check_disclosure(desk.brief, document)
    _check_money(desk, document["messages"])
    _check_time(desk, document)
    present = desk.state.plan
    if present is None or present.plan_hash != plan_hash or _is_old(desk, present):
        desk.record("plan.made", plan_hash=plan_hash, plan=document)
    post_plan(desk, document["steps"])


def _check_time(desk: Desk, document: Json) -> None:
    late = [call["target"] for call in document["calls"] if call["ring_at"] is None]
    if not late:
        return
    calling, everybody = desk.brief.calling, len(document["calls"])
    names = ", ".join(late[:_NAMED]) + (" and others" if len(late) > _NAMED else "")
    until = f" by {calling.finish_by}" if calling.finish_by else ""
    raise PolicyDenied(
        f"It cannot be done{until}: no permitted time is left for {len(late)} of {everybody}"
        f" ({names}). What takes the time is {document['estimate']['limited_by']}.",
        code="no_permitted_time",
        fix="Allow more in the brief (calling.days, calling.hours, calling.finish_by) or call fewer"
        " people; a higher account level is stated in TELNYX_TOOLKIT_LEVEL.",
    )


def _is_old(desk: Desk, plan: Plan) -> bool:
    """Whether nobody said yes to the plan for so long that times and prices may have changed."""
    unused = desk.state.phase == "planned"
    return unused and desk.kit.clock.now() > plan.made_at + PLAN_LASTS


def _check_money(desk: Desk, messages: Mapping[str, str]) -> None:
    limits, targets, rates = desk.brief.limits, desk.state.targets, desk.kit.rates()
    dearest = max(
        reserve(desk.brief, rates, target, messages.get(target.step_id, "")) for target in targets
    )
    if dearest > limits.spend_usd:
        raise PolicyDenied(
            f"One call of {limits.minutes_per_call} minutes, or one message, may cost ${dearest},"
            f" which is over the cap of ${limits.spend_usd}: not everybody could be reached.",
            code="spend_cap",
            fix="Raise limits.spend_usd or lower limits.minutes_per_call in the brief.",
        )


def _check_messages(messages: Mapping[str, str]) -> None:
    from telnyx_toolkit.brief_parts import MESSAGE_LIMIT  # noqa: PLC0415 - slow to import

    longest = max((len(text) for text in messages.values()), default=0)
    if longest > MESSAGE_LIMIT:
        raise InvalidInput(
            f"The text message made from goal and collect has {longest} characters;"
            f" more than {MESSAGE_LIMIT} are split by carriers or lost.",
            fix="Write the text in the brief's message field, or shorten the goal.",
        )


def _check_disclosure(brief: Brief, document: Json) -> None:
    """Refuse words that hide who speaks: looked at as they are sent, whatever the templates say."""
    said = [*document["greetings"].values(), *document["messages"].values()]
    missing = [gap for text in said for gap in undisclosed(text, brief.on_behalf_of)]
    if missing:
        raise PolicyDenied(
            f"The first words do not say {missing[0]}.",
            code="not_disclosed",
            fix="Restore greeting.j2 and message.j2 below prompts/, or say it in the brief's"
            " greeting and message.",
        )


def approve(desk: Desk, plan_hash: str, approved_by: str, words: str, code: str = "") -> None:
    """Record a person's yes, bound to the hash of the plan they saw.

    Raises:
        PolicyDenied: there is no such plan any more, the mission is over, or the code that was
            sent with the plan is missing.
    """
    state = desk.state
    present = state.approval
    if present and present.plan_hash == plan_hash and not _has_expired(desk, present):
        return
    if state.is_finished:
        raise PolicyDenied(
            f"The mission is over ({state.phase}): there is nothing left to approve.",
            code="mission_over",
            fix="Run the brief again as a mission of its own: create-mission --repeat 2",
        )
    if state.plan is None:
        raise PolicyDenied("There is no plan to approve.", code="not_planned", fix=_PLAN_FIX)
    refuse_listed(state.targets, desk.kit.ledger)
    if plan_hash != state.plan.plan_hash or plan_hash != _present_hash(desk):
        raise PolicyDenied(
            f"The plan with hash {plan_hash!r} is not the present plan"
            f" ({state.plan.plan_hash}): the brief or the plan changed.",
            code="plan_changed",
            fix=_PLAN_FIX,
        )
    if _is_old(desk, state.plan):
        raise PolicyDenied(
            f"The plan of {state.plan.made_at:%d %B} is more than {PLAN_LASTS.days} days old, and"
            " its times and prices no longer hold.",
            code="plan_expired",
            fix=_PLAN_FIX,
        )
    check_code(desk, code)
    desk.record("plan.approved", plan_hash=plan_hash, approved_by=approved_by, words=words)


def require_approval(desk: Desk) -> None:
    """Refuse to go on without an approval of exactly what would be done.

    Raises:
        PolicyDenied: not planned, not approved, or changed since.
    """
    state = desk.state
    if state.plan is None:
        raise PolicyDenied(
            "The mission has no plan for its present brief, so nobody approved it.",
            code="not_planned",
            fix=_PLAN_FIX,
        )
    if state.approval is None:
        raise PolicyDenied(
            f"Nobody approved the plan {state.plan.plan_hash} yet; nothing was dialled.",
            code="not_approved",
            fix="Show the plan to the person; on their yes: telnyx-toolkit approve-plan"
            f" {state.mission_id} --plan-hash {state.plan.plan_hash} --approved-by WHO"
            " --words '…'",
        )
    if _has_expired(desk, state.approval):
        raise PolicyDenied(
            f"The approval of {state.approval.at:%d %B} is more than {APPROVAL_LASTS.days} days old"
            " and the mission never began; nothing was dialled.",
            code="approval_expired",
            fix="Show the plan to the person again: plan-steps, then approve-plan.",
        )
    if not state.did(ASSISTANT) and _present_hash(desk) != state.approval.plan_hash:
        raise PolicyDenied(
            "What would be done is not what was approved: the brief, the templates or the rules"
            " changed since; nothing was dialled.",
            code="plan_changed",
            fix=_PLAN_FIX,
        )


def _has_expired(desk: Desk, approval: Approval) -> bool:
    unused = desk.state.phase == "approved"
    return unused and desk.kit.clock.now() > approval.at + APPROVAL_LASTS


def _present_hash(desk: Desk) -> str:
    script = script_of(desk.brief, desk.kit.prompts)
    return hash_of(desk.brief, desk.state.targets, script, desk.kit.base_url)


def _present(desk: Desk) -> tuple[str, dict[str, Any]]:
    return make_plan(
        desk.brief,
        desk.state.targets,
        script_of(desk.brief, desk.kit.prompts),
        desk.kit.base_url,
        desk.kit.rates(),
        _forecast(desk),
    )


def _forecast(desk: Desk) -> Forecast:
    from telnyx_toolkit.forecast import foresee  # noqa: PLC0415 - only plans need it

    kit, now = desk.kit, desk.kit.clock.now()
    rings = kit.ledger.traffic(now - DAY).on(kit.base_url).rings()
    return foresee(desk.brief, desk.state.targets, now, kit.pace, rings)
