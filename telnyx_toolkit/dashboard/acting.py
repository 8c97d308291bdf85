"""What a person does in the dashboard: by the very tools of the command line, on one plan."""

import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

from telnyx_toolkit.errors import PolicyDenied, ToolkitBug, ToolkitError
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS

#: How long a page waits for what was asked for; it goes on after that.
ANSWER_WITHIN_S = 10.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Action:
    """One thing that a person can ask for.

    Attributes:
        tool: What does it.
        fields: What the person types: the names of the tool's arguments.
        takes_hash: The tool itself wants the hash of the plan.
    """

    tool: str
    fields: tuple[str, ...] = ()
    takes_hash: bool = False


ACTIONS: Mapping[str, Action] = {
    "approve": Action("approve_plan", ("approved_by", "words", "code"), takes_hash=True),
    "cancel": Action("cancel_mission", ("reason",)),
    "pause": Action("pause_mission", ("reason",)),
    "resume": Action("resume_mission"),
}


class Acting:
    """Carries out what people ask for; each time a toolkit of its own is opened, as by a command.

    Args:
        open_toolkit: Opens it.
        answer_within_s: How long is waited for an answer.
    """

    def __init__(
        self, open_toolkit: Callable[[], Toolkit], answer_within_s: float = ANSWER_WITHIN_S
    ) -> None:
        self._open_toolkit = open_toolkit
        self._answer_within_s = answer_within_s
        self._late: dict[str, ToolkitError] = {}

    def went_wrong(self, mission_id: str) -> ToolkitError | None:
        """What kept the latest thing from happening that was asked for and took too long."""
        return self._late.get(mission_id)

    def do(self, name: str, mission_id: str, form: Mapping[str, str]) -> bool:
        """Do it; False if it is not done yet, and goes on.

        Args:
            name: One of `ACTIONS`.
            mission_id: With which mission.
            form: `plan_hash` of the plan that the page showed, "" for none; and the fields.

        Raises:
            PolicyDenied: the plan is another one by now, or a rule forbids it.
            ToolkitError: whatever else the tool says.
        """
        self._late.pop(mission_id, None)
        problems: list[ToolkitError] = []
        gave_up = Event()

        def work() -> None:
            try:
                self._do(ACTIONS[name], mission_id, form)
            except Exception as problem:  # noqa: BLE001 - raised again by who waits, or told later
                problems.append(as_problem(problem))
                if gave_up.is_set():
                    self._late[mission_id] = problems[0]

        thread = Thread(target=work, name=f"{name} {mission_id}", daemon=True)
        thread.start()
        thread.join(self._answer_within_s)
        is_done = not thread.is_alive()
        gave_up.set()
        if problems:
            raise problems[0]
        return is_done

    def _do(self, action: Action, mission_id: str, form: Mapping[str, str]) -> None:
        given = form.get("plan_hash", "")
        with closing(self._open_toolkit()) as toolkit:
            _require_same_plan(toolkit, mission_id, given)
            arguments: dict[str, Any] = {"mission_id": mission_id}
            arguments |= {field: form.get(field, "").strip() for field in action.fields}
            if action.takes_hash:
                arguments["plan_hash"] = given
            toolkit.answered(TOOLS[action.tool](toolkit, arguments))


def _require_same_plan(toolkit: Toolkit, mission_id: str, given: str) -> None:
    plan = toolkit.state(mission_id).plan
    present = plan.plan_hash if plan else ""
    if given != present:
        raise PolicyDenied(
            "The plan changed since you opened that page, so nothing was done: you had seen"
            f" {given or 'none'}, and now it is {present or 'none'}.",
            code="plan_changed",
            fix="Read the present plan, then decide again.",
        )


def as_problem(problem: BaseException) -> ToolkitError:
    """Any exception as an error that says what to do."""
    if isinstance(problem, ToolkitError):
        return problem
    _LOG.error("The dashboard met a surprise", exc_info=problem)
    return ToolkitBug(f"{type(problem).__name__}: {problem}")
