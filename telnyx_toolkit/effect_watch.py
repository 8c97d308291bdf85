"""What is done, told to whoever watches: each effect as it begins and as it ends; to nobody else.

An effect is a request, a fact that is written, or what the two make together: a change of the
account, a call, a round. Nothing that was said, and no number, is part of it.
"""

import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass

from telnyx_toolkit.errors import ErrorResponse, NoResponse, ToolkitError

EXECUTED, NOT_EXECUTED, UNKNOWN = "executed", "not executed", "unknown"


@dataclass(slots=True)
class Effect:
    """One effect.

    Attributes:
        name: Such as `schedule_call`, `append attempt.sent`, `GET /ai/assistants/*`.
        mission: Whose; "" where it is nobody's.
        attempt: The call or text that it belongs to; "" where it belongs to none.
        outcome: `executed`, `not executed` or `unknown`; "" until it has ended.
        code: Of the error that it ended with; "" where there was none.
        status: The last HTTP status that was heard; None where there was none.
        tries: How often it was tried.
        ms: How long it took, in milliseconds of real time.
    """

    name: str
    mission: str = ""
    attempt: str = ""
    outcome: str = ""
    code: str = ""
    status: int | None = None
    tries: int = 1
    ms: float = 0.0


#: Entered as an effect begins, left when it has ended and its fields say how.
Watcher = Callable[[Effect], AbstractContextManager[object]]
_watchers: list[Watcher] = []
_nobody = Effect("")
_about: ContextVar[Effect] = ContextVar("about", default=_nobody)


@contextmanager
def watching(watcher: Watcher) -> Generator[None]:
    """Have every effect of this process told to `watcher` meanwhile."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def watch(watcher: Watcher) -> None:
    """Have every effect of this process told to `watcher`, once, until the process ends."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def about(mission: str, attempt: str = "") -> AbstractContextManager[object]:
    """Whatever is done meanwhile belongs to this mission, and to this attempt."""
    return _set(Effect("", mission, attempt)) if _watchers else nullcontext()


def effect(name: str, mission: str = "", attempt: str = "") -> AbstractContextManager[Effect]:
    """An effect that lasts as long as the context; how it ended is seen by what leaves it.

    Args:
        name: What is done.
        mission: Whose it is, if not that of the effect around it.
        attempt: The same.
    """
    if not _watchers:
        return nullcontext(_nobody)
    around = _about.get()
    return _watched(Effect(name, mission or around.mission, attempt or around.attempt))


@contextmanager
def _set(around: Effect) -> Generator[None]:
    token = _about.set(around)
    try:
        yield
    finally:
        _about.reset(token)


@contextmanager
def _watched(now: Effect) -> Generator[Effect]:
    begun = time.monotonic()
    with ExitStack() as told, _set(now):
        for watcher in _watchers:
            told.enter_context(watcher(now))
        try:
            yield now
            now.outcome = now.outcome or EXECUTED
        except BaseException as problem:
            now.outcome, now.code = outcome_of(problem), _code(problem)
            if isinstance(problem, ErrorResponse):
                now.status = problem.status
            raise
        finally:
            now.ms = round((time.monotonic() - begun) * 1000, 1)


def outcome_of(problem: BaseException) -> str:
    """What is known of an effect that ended so; a surprise leaves it unknown."""
    if isinstance(problem, ErrorResponse):
        return UNKNOWN if problem.may_have_happened else NOT_EXECUTED
    known = isinstance(problem, ToolkitError) and not isinstance(problem, NoResponse)
    return NOT_EXECUTED if known else UNKNOWN


def _code(problem: BaseException) -> str:
    return problem.code if isinstance(problem, ToolkitError) else type(problem).__name__


def request_name(method: str, path: str) -> str:
    """`GET /ai/assistants/*/scheduled_events/*`: a request without the ids of its path."""
    parts = [part if _is_word(part) else "*" for part in path.split("/")]
    return f"{method} {'/'.join(parts)}"


def _is_word(part: str) -> bool:
    return all(letter in "abcdefghijklmnopqrstuvwxyz_-" for letter in part)
