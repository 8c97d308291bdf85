"""One thing that keeps a mission from calling, and what to do about it."""

from dataclasses import dataclass

from telnyx_toolkit.errors import AccountNotReady


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a mission from calling; `fix` says what to do about it."""

    code: str
    message: str
    fix: str

    def as_error(self) -> AccountNotReady:
        """The problem as the error that stops a run."""
        return AccountNotReady(self.message, code=self.code, fix=self.fix)


def not_yet(code: str, message: str, fix: str) -> AccountNotReady:
    """An error that passes by itself: the same command may succeed a moment later."""
    problem = AccountNotReady(message, code=code, fix=fix)
    problem.transient = True
    return problem
