"""What a tick comes to, as a value that costs nothing to make."""

from dataclasses import dataclass, field

from telnyx_toolkit.errors import ToolkitError


@dataclass
class Tick:
    """What a tick came to.

    Attributes:
        lines: What there is to tell, a line each; none where nothing changed.
        missions: Those that it worked on.
        problem: What keeps every mission from going on and only a person can mend.
    """

    lines: list[str] = field(default_factory=list[str])
    missions: list[str] = field(default_factory=list[str])
    problem: ToolkitError | None = None
