"""One call in a thread of its own: watched, limited in its waits, and stopped when told to."""

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

from telnyx_toolkit.clock import Clock, SystemClock
from telnyx_toolkit.durations import duration
from telnyx_toolkit.errors import InvalidInput, ToolkitError
from telnyx_toolkit.model import Event
from telnyx_toolkit.settings import Settings
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.tool import Tool
from telnyx_toolkit.toolkit import Toolkit
from telnyx_toolkit.tools import TOOLS

if TYPE_CHECKING:
    from telnyx_toolkit.progress_words import Teller

Document = dict[str, Any]
#: The longest that a run waits for what comes next; clients give up on a call after a minute.
LONGEST_WAIT = timedelta(seconds=40)


class Stopped(BaseException):
    """The client wants no answer any more: the work ends here, as if the process had ended."""


class Watch:
    """What a toolkit tells of its work is passed on, until the call is stopped.

    Args:
        say: Takes each line; None where nobody listens.
    """

    def __init__(self, say: Callable[[str], object] | None) -> None:
        self.stop = Flag()
        self._say = say

    def __call__(self, event: Event, state: MissionState) -> None:
        """Told of a fact."""
        self.go_on()
        if self._say:
            self._teller(event, state)

    def rests(self, until: datetime, state: MissionState) -> None:
        """Told of a rest."""
        self.go_on()
        if self._say:
            self._teller.rests(until, state)

    def busy(self, holder: str, state: MissionState) -> None:
        """Told of another runner."""
        self.go_on()
        if self._say:
            self._teller.busy(holder, state)

    def go_on(self) -> None:
        """Nothing, or the end of the work.

        Raises:
            Stopped: the call was stopped.
        """
        if self.stop.is_set():
            raise Stopped

    @cached_property
    def _teller(self) -> "Teller":
        from telnyx_toolkit.progress_words import Teller  # noqa: PLC0415 - slow to import

        return Teller(self._say or str)


class StoppableClock:
    """The machine's clock, whose waits end when the call is stopped."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._clock = SystemClock()

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return self._clock.now()

    def sleep_until(self, instant: datetime) -> None:
        """Wait until then.

        Raises:
            Stopped: the call was stopped meanwhile.
        """
        while (left := (instant - self.now()).total_seconds()) > 0:
            self._watch.stop.wait(left)
            self._watch.go_on()


Opener = Callable[[Watch, Clock], Toolkit]


def from_environment(watch: Watch, wall: Clock) -> Toolkit:
    """A toolkit as the environment says, opened anew: whatever another process did is seen."""
    settings = Settings.from_environment()
    return Toolkit(
        settings,
        wall=wall,
        observe=watch,
        rests=watch.rests,
        busy=watch.busy,
        processes=os.cpu_count() or 1,
    )


@dataclass(eq=False)
class Call:
    """One call.

    Attributes:
        work: What is done.
        watch: Hears of it, and stops it.
        open_toolkit: Opens what it works with.
        over: Set once nothing of it runs any more.
    """

    work: Callable[[Toolkit], Document]
    watch: Watch
    open_toolkit: Opener
    over: Flag = field(default_factory=Flag)

    def run(self) -> Document | Exception:
        """Do it; what goes wrong is given, not raised.

        Raises:
            Stopped: the call was stopped.
        """
        try:
            with closing(self.open_toolkit(self.watch, StoppableClock(self.watch))) as toolkit:
                return self.work(toolkit)
        except Exception as problem:  # noqa: BLE001 - a surprise becomes a message
            return problem
        finally:
            self.over.set()


def of_tool(tool: Tool, arguments: Mapping[str, Any]) -> Callable[[Toolkit], Document]:
    """The work of a call to that tool."""
    return lambda toolkit: tool(toolkit, prepared(tool, arguments))


def has_its_answer(document: Document) -> Callable[[Toolkit], Document]:
    """Notes that the client was told: no tick needs to announce the same."""

    def work(toolkit: Toolkit) -> Document:
        toolkit.answered(document)
        return {}

    return work


def so_far(tool: Tool, arguments: Mapping[str, Any]) -> Callable[[Toolkit], Document]:
    """What is answered in place of a call that did not end in time: where its mission stands.

    The work raises ToolkitError where it is not about a mission's course.
    """

    def work(toolkit: Toolkit) -> Document:
        if tool.watched:  # it goes on by itself, and its mission tells how far it is
            return TOOLS["mission_status"](toolkit, {"mission_id": arguments.get("mission_id")})
        raise still_working(tool)

    return work


def still_working(tool: Tool) -> ToolkitError:
    """What is said of a call that did not end in time."""
    if tool.effect.only_looks:
        return ToolkitError(
            f"{tool.name} took too long, and was given up; it changes nothing.",
            code="took_too_long",
            fix=f"Try again, or run it by command, which waits: telnyx-toolkit {tool.command}",
        )
    return ToolkitError(
        f"{tool.name} is still at work: Telnyx is slow to answer.",
        code="still_working",
        fix="Call it again with the same arguments in a minute. What has happened is in the"
        " ledger, and is not done twice.",
    )


def prepared(tool: Tool, arguments: Mapping[str, Any]) -> Document:
    """The arguments as the tool takes them: documents as objects, waits that end in time."""
    ready = dict(arguments)
    for parameter in tool.parameters:
        given = ready.get(parameter.name)
        if parameter.kind == "file" and given is not None:
            ready[parameter.name] = _object(parameter.name, given)
        if parameter.kind == "wait" and isinstance(given, str | None):
            ready[parameter.name] = _wait(given or "")
    return ready


def _object(name: str, given: Any) -> Mapping[str, Any]:
    """An object; some clients write it as JSON or YAML text.

    Raises:
        InvalidInput: it is neither.
    """
    if isinstance(given, str):
        from telnyx_toolkit.brief_reader import load_document  # noqa: PLC0415 - slow to import

        given = load_document(given.encode())
    if not isinstance(given, Mapping):
        raise InvalidInput(f"{name} is no object with keys.", fix="Give it as a JSON object.")
    return given  # pyright: ignore[reportUnknownVariableType]


def _wait(text: str) -> str:
    wanted = duration(text)
    longest = wanted is None or wanted > LONGEST_WAIT
    return f"{LONGEST_WAIT.total_seconds():.0f}s" if longest else text
