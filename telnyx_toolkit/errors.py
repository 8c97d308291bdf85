"""Every error the toolkit raises, each with what happened, why, and what to do next.

ToolkitError              exit  code
├── InvalidInput             2  bad_input           the brief or an argument is not usable
├── ConfigError              3  configuration       no API key, a bad setting
│   ├── LedgerUnwritable     3  ledger_unwritable   full disk, read-only: nothing was written
│   │   └── LedgerUnreachable 3 ledger_unreachable  no connection to the database, or it was lost
│   └── LedgerDamaged        3  ledger_damaged      no ledger any more, or never one
├── UnknownMission           4  unknown_mission     not in this ledger
├── PolicyDenied             5  (rule by name)      not approved, or against the rules of calling
├── LedgerConflict           5  busy                somebody else is writing
├── TelnyxError              6  telnyx              Telnyx refused, failed, or did not answer
│   ├── NoResponse           6  no_response         the effect may or may not have happened
│   ├── NotReached           6  not_reached         never left: nothing happened
│   ├── ErrorResponse        6  telnyx_<status>     Telnyx answered with an error
│   └── AccountNotReady      6  (what is missing)   the account lacks something a mission needs
└── ToolkitBug              70  bug                 our mistake
    └── IllegalTransition   70  illegal_transition  a ledger event that the state does not allow
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

_MAYBE_EXECUTED = {408, 409}
_TOO_MANY = 429
_SERVER_ERROR = 500


class ToolkitError(Exception):
    """Something the caller can read and act on.

    Attributes:
        code: Stable slug for programs.
        message: What happened and why, in one or more plain sentences.
        fix: What to do next.
        exit_code: The process exit status that stands for this error.
    """

    exit_code: ClassVar[int] = 70
    default_code: ClassVar[str] = "error"
    default_fix: ClassVar[str] = ""

    def __init__(self, message: str, *, fix: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix or self.default_fix
        self.code = code or self.default_code

    def as_dict(self) -> dict[str, dict[str, str]]:
        """The error as `{"error": {"code", "message", "fix"}}`, for `--json` and agents."""
        return {"error": {"code": self.code, "message": self.message, "fix": self.fix}}


class InvalidInput(ToolkitError):
    """The brief or an argument cannot be used as given."""

    exit_code = 2
    default_code = "bad_input"
    default_fix = "Correct it and run the command again; nothing was changed."


class ConfigError(ToolkitError):
    """A setting is missing or unusable."""

    exit_code = 3
    default_code = "configuration"


class LedgerUnwritable(ConfigError):
    """A fact could not be made durable; the ledger is as it was before."""

    default_code = "ledger_unwritable"


class LedgerUnreachable(LedgerUnwritable):
    """The database that holds the ledger cannot be reached, or the connection to it was lost.

    If it was lost while something was written, nothing is known of that: whoever goes on reads
    anew what is there.
    """

    default_code = "ledger_unreachable"
    default_fix = (
        "Look whether the database runs and can be reached from here, then run the same command"
        " again: it goes on from what is there."
    )


class LedgerDamaged(ConfigError):
    """The ledger's file is broken or is something else; it is left exactly as it was found."""

    default_code = "ledger_damaged"
    default_fix = (
        "Keep the file. See what is wrong: telnyx-toolkit ledger check. To go back to an export,"
        " move the file away, then: telnyx-toolkit ledger import FILE"
    )


class UnknownMission(ToolkitError):
    """No mission of that id is in this ledger."""

    exit_code = 4
    default_code = "unknown_mission"
    default_fix = "List the missions of this ledger: telnyx-toolkit list-missions"


class PolicyDenied(ToolkitError):
    """A rule of calling forbids it; `code` names the rule. Never retried, never overridden.

    Attributes:
        until: From when on the rule allows it, UTC; None where no time changes it.
    """

    exit_code = 5
    default_code = "denied"

    def __init__(
        self, message: str, *, fix: str = "", code: str = "", until: datetime | None = None
    ) -> None:
        super().__init__(message, fix=fix, code=code)
        self.until = until

    def as_dict(self) -> dict[str, dict[str, str]]:
        """The error, with `until` where it is a matter of time."""
        document = super().as_dict()
        if self.until:
            document["error"]["until"] = self.until.isoformat()
        return document


class TelnyxError(ToolkitError):
    """Telnyx refused, failed, or did not answer."""

    exit_code = 6
    default_code = "telnyx"
    #: Whether the same request may succeed later without anybody changing anything.
    transient: bool = False


class NoResponse(TelnyxError):
    """The request may have been executed: nobody heard the answer, or it made no sense."""

    default_code = "no_response"
    default_fix = "Run the same command again: it looks at Telnyx before it repeats anything."
    transient = True


class NotReached(TelnyxError):
    """The connection was never made, so nothing happened at Telnyx."""

    default_code = "not_reached"
    default_fix = "Check the network and TELNYX_BASE_URL, then run the same command again."
    transient = True


class ErrorResponse(TelnyxError):
    """Telnyx answered with an error status.

    Attributes:
        status: HTTP status.
        telnyx_code: Telnyx's own error code, or "" where it gave none.
        retry_after_s: Seconds Telnyx asked us to wait, if it said so.
        may_have_happened: The request may have been executed all the same.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        telnyx_code: str = "",
        retry_after_s: float | None = None,
        fix: str = "",
    ) -> None:
        super().__init__(message, fix=fix, code=f"telnyx_{status}")
        self.status = status
        self.telnyx_code = telnyx_code
        self.retry_after_s = retry_after_s
        self.may_have_happened = status in _MAYBE_EXECUTED or status >= _SERVER_ERROR
        self.transient = self.may_have_happened or status == _TOO_MANY


class AccountNotReady(TelnyxError):
    """The Telnyx account lacks something that a mission needs; `code` says what."""

    default_code = "account_not_ready"


class ToolkitBug(ToolkitError):
    """A mistake of ours, never the user's."""

    default_code = "bug"
    default_fix = "This is a bug in telnyx-toolkit: please report it with the message above."


class IllegalTransition(ToolkitBug):
    """A ledger event arrived in a state that does not allow it."""

    default_code = "illegal_transition"


class LedgerConflict(ToolkitError):
    """Somebody else wrote to this mission first; nothing of ours was written."""

    exit_code = 5
    default_code = "busy"
    default_fix = "Another process is running this mission. Wait for it, then run this again."


class WroteFirst(LedgerConflict):
    """Another process wrote into the mission meanwhile: what was decided is to be decided anew."""


class LeaseHeld(LedgerConflict):
    """Another process works on this mission.

    Attributes:
        holder: Which: host and process.
    """

    default_fix = (
        "Wait for it, or watch it: telnyx-toolkit run-mission MISSION. If that process hangs, end"
        " it: nothing is lost, and the same command goes on where it stopped."
    )

    def __init__(self, message: str, *, holder: str) -> None:
        super().__init__(message)
        self.holder = holder


class LeaseLost(LedgerConflict):
    """Another process took over while this one was stopped; nothing more was done here."""

    default_code = "lease_lost"
    default_fix = "The other process goes on. Watch it: telnyx-toolkit run-mission MISSION"


def describe(problem: BaseException) -> Mapping[str, Any]:
    """Any exception as the error document of section `errors` of the interface."""
    if isinstance(problem, ToolkitError):
        return problem.as_dict()
    return ToolkitBug(f"{type(problem).__name__}: {problem}").as_dict()
