"""The answers: one small function for each page, and one for whatever goes wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from telnyx_toolkit.clock import Clock
from telnyx_toolkit.dashboard.acting import ACTIONS, Acting, as_problem
from telnyx_toolkit.dashboard.guard import Guard
from telnyx_toolkit.dashboard.mission import mission_page, plan_page, story_of, targets_of
from telnyx_toolkit.dashboard.pages import SCRIPT, page, script
from telnyx_toolkit.dashboard.rows import facts_of, groups
from telnyx_toolkit.dashboard.shelf import Known, Shelf
from telnyx_toolkit.errors import (
    ConfigError,
    InvalidInput,
    LedgerConflict,
    PolicyDenied,
    TelnyxError,
    ToolkitError,
    UnknownMission,
)
from telnyx_toolkit.report import report_body, report_document
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.untrusted import clean, masked

_MOST_BYTES = 32 * 1024
_SEE_OTHER, _BUG = 303, 500
_STATUS: Mapping[type[ToolkitError], int] = {
    InvalidInput: 400,
    UnknownMission: 404,
    PolicyDenied: 409,
    LedgerConflict: 503,
    ConfigError: 503,
    TelnyxError: 502,
}
_TITLES = {
    404: "There is no such page",
    405: "That is only done by a form",
    413: "That is too long",
}


@dataclass(frozen=True)
class Dashboard:
    """What the pages are made with.

    Attributes:
        shelf: Reads the ledger.
        acting: Does what people ask for.
        clock: This machine's.
        codes: Plans are sent to the person with a code.
    """

    shelf: Shelf
    acting: Acting
    clock: Clock
    codes: bool

    def missions(self) -> str:
        """All missions."""

        def facts(state: MissionState) -> dict[str, Any]:
            return self.shelf.once("row", state, lambda: facts_of(state))

        return page("missions", groups=groups(self.shelf.all(), facts), live="/")

    def mission(self, mission_id: str) -> str:
        """One mission: live, or its report once it is over."""
        known = self.shelf.one(mission_id)
        body, asked = self._body(known), request.args.get("asked", "")
        late = self.acting.went_wrong(mission_id)
        return page(
            "mission",
            mission=self._doc(known),
            report=body,
            asked=asked if asked in {*ACTIONS, "later"} else "",
            late=_words(late) if late else None,
            live=request.path,
        )

    def report(self, mission_id: str) -> str:
        """The report, of what is known so far."""
        known = self.shelf.one(mission_id)
        return page("report", mission=self._doc(known), report=self._report(known.state))

    def plan(self, mission_id: str) -> str:
        """The plan."""
        known = self.shelf.one(mission_id)
        plan = plan_page(known.state, codes=self.codes)
        return page("plan", mission=self._doc(known), plan=plan)

    def confirm(self, mission_id: str, action: str) -> str | tuple[str, int]:
        """The form that an action is confirmed by."""
        return self._form(self.shelf.one(mission_id), action)

    def act(self, mission_id: str, action: str) -> Answer | tuple[str, int]:
        """Do it, then show the mission."""
        form = request.form.to_dict()
        try:
            done = self.acting.do(action, mission_id, form)
        except PolicyDenied as problem:
            if problem.code == "plan_changed":
                raise
            return self._refused_form(mission_id, action, problem)
        except (InvalidInput, ConfigError, TelnyxError) as problem:
            return self._refused_form(mission_id, action, problem)
        told = action if done else "later"
        return redirect(f"/missions/{mission_id}?asked={told}", _SEE_OTHER)

    def _refused_form(self, mission_id: str, action: str, problem: ToolkitError) -> tuple[str, int]:
        """The form again, with what is wrong; what was typed stays, but not a code."""
        return self._form(self.shelf.one(mission_id), action, problem)

    def _form(
        self, known: Known, action: str, problem: ToolkitError | None = None
    ) -> tuple[str, int]:
        doc = self._doc(known)
        typed = {name: request.form.get(name, "") for name in ("approved_by", "words", "reason")}
        plan = plan_page(known.state, codes=self.codes)
        text = page(
            "confirm",
            mission=doc,
            plan=plan,
            action=action,
            typed=typed,
            problem=_words(problem) if problem else None,
            form_secret=g.form_secret,
        )
        return text, status_of(problem) if problem else 200

    def _doc(self, known: Known) -> dict[str, Any]:
        state, shelf = known.state, self.shelf
        targets = shelf.once("targets", state, lambda: targets_of(state))
        story = shelf.once(
            "story", state, lambda: story_of(shelf.events(state.mission_id)[: state.seq])
        )
        return mission_page(known, targets, story, self.clock.now())

    def _body(self, known: Known) -> Any:
        """The report of a mission that is over; None before."""
        return self._report(known.state) if known.state.is_finished else None

    def _report(self, state: MissionState) -> Any:
        def make() -> Any:
            events = self.shelf.events(state.mission_id)[: state.seq]
            return report_body(report_document(events, max(self.clock.now(), events[-1].at)))

        return self.shelf.once("report", state, make)


def create_app(dashboard: Dashboard, guard: Guard) -> Flask:
    """The WSGI application."""
    app = Flask("telnyx_toolkit.dashboard", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = _MOST_BYTES
    guard.on(app)
    routes: tuple[tuple[str, Callable[..., Any]], ...] = (
        ("/", dashboard.missions),
        (SCRIPT, lambda: Response(script(), mimetype="text/javascript")),
        ("/missions/<mission_id>", dashboard.mission),
        ("/missions/<mission_id>/plan", dashboard.plan),
        ("/missions/<mission_id>/report", dashboard.report),
    )
    for rule, view in routes:
        app.add_url_rule(rule, rule, view)
    for action in ACTIONS:
        app.add_url_rule(
            f"/missions/<mission_id>/{action}",
            action,
            dashboard.act,
            methods=["POST"],
            defaults={"action": action},
            provide_automatic_options=False,
        )
        app.add_url_rule(
            f"/missions/<mission_id>/confirm/{action}",
            f"confirm-{action}",
            dashboard.confirm,
            defaults={"action": action},
        )
    app.register_error_handler(Exception, _problem)
    return app


def status_of(problem: ToolkitError) -> int:
    """The HTTP status that stands for an error."""
    return next((s for kind, s in _STATUS.items() if isinstance(problem, kind)), _BUG)


def _problem(problem: Exception) -> Answer | tuple[str, int]:
    """A page for whatever went wrong; the server goes on."""
    if isinstance(problem, HTTPException):
        code = problem.code or _BUG
        title = _TITLES.get(code, problem.name)
        text = page("problem", title=title, message="", fix="", code="", back=_back())
        return text, code
    told = as_problem(problem)
    title = _TITLE_OF.get(told.code, "That did not work")
    is_missing = isinstance(told, UnknownMission)
    back = "/" if is_missing else f"{_back()}/plan" if told.code == "plan_changed" else _back()
    text = page("problem", title=title, back=back, **_words(told))
    return text, status_of(told)


_TITLE_OF = {
    "ledger_missing": "There is no ledger yet",
    "ledger_damaged": "The ledger is damaged",
    "busy": "The ledger is busy",
    "unknown_mission": "There is no such mission",
    "plan_changed": "The plan has changed",
}


def _words(problem: ToolkitError) -> dict[str, str]:
    return {
        "code": problem.code,
        "message": masked(clean(problem.message)),
        "fix": masked(clean(problem.fix)),
    }


def _back() -> str:
    """Where a page about a problem leads to: the mission, if it is about one."""
    mission_id = (request.view_args or {}).get("mission_id", "")
    return f"/missions/{mission_id}" if mission_id else "/"
