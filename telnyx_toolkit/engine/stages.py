"""From one stage of a mission to the next, and from the last to the result."""

from datetime import datetime

from telnyx_toolkit.engine.approving import plan
from telnyx_toolkit.engine.codes import send_code
from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.finishing import conclude, finish, skip_pending
from telnyx_toolkit.engine.opening import close_run, open_mission
from telnyx_toolkit.engine.outbox import flush
from telnyx_toolkit.engine.setting_up import put_back
from telnyx_toolkit.engine.telling import tell
from telnyx_toolkit.errors import InvalidInput, PolicyDenied
from telnyx_toolkit.nearest import did_you_mean
from telnyx_toolkit.plan_words import plan_words
from telnyx_toolkit.stages import stages_of


def end(desk: Desk, why: str = "") -> datetime | None:
    """Record the result of the stage, and open the next one; after the last, finish the run.

    Args:
        desk: The mission; nothing of it is under way any more.
        why: Why nobody else needs to be called; "" where nobody is left.
    """
    names = _go_on_with(desk)
    if not names:
        finish(desk, why)
        return conclude(desk)
    skip_pending(desk, why or "not called")
    stage = stages_of(desk.state.brief)[desk.state.stage - 1]
    payload, text = tell(desk, "succeeded", desk.kit.clock.now())
    desk.move_step("compare", "completed", summary=payload["headline"])
    desk.record(
        "stage.finished",
        stage=desk.state.stage,
        name=stage["name"],
        shortlist=names,
        result_summary=text,
        result_payload=payload,
    )
    return open_next(desk)


def open_next(desk: Desk) -> datetime | None:
    """Put everything back, and make the next stage's plan: it waits for a person's yes.

    Raises:
        TelnyxError: not all of it could be done; the next round goes on with the rest.
    """
    flush(desk)  # the run that has ended is told so before there is another
    put_back(desk)
    desk.record("stage.opened", shortlist=desk.state.past[-1]["shortlist"])
    prepare(desk)
    return None


def prepare(desk: Desk, *, again: bool = False) -> None:
    """Make sure that the present stage has its run and its plan, and a code was sent with it."""
    if desk.state.phase == "shortlisted":  # somebody was stopped before the next stage began
        open_next(desk)
        return
    open_mission(desk)
    plan(desk)
    send_code(desk, "\n".join(plan_words(desk.state)), again=again)


def edit_shortlist(desk: Desk, text: str) -> None:
    """Give the stage that is to be approved other targets, or another order.

    Args:
        desk: The mission.
        text: Names of the brief's targets, separated by semicolons.

    Raises:
        PolicyDenied: the mission is not between two stages.
        InvalidInput: the brief has no target of that name, or they do not want to be called.
    """
    if desk.state.stage == 1 or desk.state.phase not in {"draft", "planned", "approved"}:
        raise PolicyDenied(
            f"The mission is {desk.state.phase}, in stage {desk.state.stage}: there is no shortlist"
            " to edit.",
            code="no_shortlist",
            fix="A shortlist can be edited after a stage, before its next one is run.",
        )
    names = [name.strip() for name in text.split(";") if name.strip()]
    if not names:
        raise InvalidInput("The shortlist names nobody.", fix='--shortlist "One Name; Another"')
    for name in names:
        _check(desk, name)
    names = list(dict.fromkeys(names))
    if names == [target.name for target in desk.state.targets]:
        return
    if replaced := desk.state.run_id:
        close_run(desk, replaced)
    desk.record("shortlist.edited", shortlist=names)


def _check(desk: Desk, name: str) -> None:
    everybody = [target["name"] for target in desk.state.brief["targets"]]
    if name not in everybody:
        raise InvalidInput(
            f"The brief has no target {name!r}{did_you_mean(name, everybody)}.",
            fix=f"Its targets: {'; '.join(everybody)}",
        )


def _go_on_with(desk: Desk) -> list[str]:
    """The shortlist for the next stage; nobody where this was the last one."""
    if desk.state.stage >= len(stages_of(desk.state.brief)):
        return []
    from telnyx_toolkit.shortlist import shortlist  # noqa: PLC0415 - only an end needs it

    return shortlist(desk.brief, desk.state, desk.kit.clock.now())
