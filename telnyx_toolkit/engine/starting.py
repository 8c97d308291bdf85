"""Starting a run: approved, the account able to call, and what the agent found out on record."""

from telnyx_toolkit.engine.account import voice_profile
from telnyx_toolkit.engine.approving import require_approval
from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.numbers import free_numbers


def start(desk: Desk) -> None:
    """Begin the run, once, if a person approved exactly what would be done.

    Raises:
        PolicyDenied: nobody did.
        AccountNotReady: the account cannot place calls; nothing was begun.
    """
    require_approval(desk)
    if desk.state.phase == "approved":
        require_account(desk)
        desk.record("run.started")
    _record_research(desk)


def require_account(desk: Desk) -> None:
    """Look whether the account can place the mission's calls; nothing is changed.

    Raises:
        AccountNotReady: it lacks a free number, or a voice profile for the countries called.
    """
    free_numbers(desk)
    if desk.brief.makes_calls:
        voice_profile(desk)


def _record_research(desk: Desk) -> None:
    """The research was done before the brief was written: put its sources on record."""
    step = desk.state.step("research")
    if step is None or step.status == "completed":
        return
    desk.move_step("research", "started")
    noted = {event.data["payload"].get("target") for event in desk.state.notes}
    for target in desk.state.targets:
        if target.source and target.name not in noted:
            payload = {"target": target.name, "source": target.source}
            summary = f"Found {target.name}: {target.source}"
            desk.record(
                "agent.noted", type="message", summary=summary, step_id="research", payload=payload
            )
    desk.move_step("research", "completed", summary=f"{len(desk.state.targets)} to call")
