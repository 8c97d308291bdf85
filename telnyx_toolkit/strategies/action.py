"""What a strategy can want."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """Call the target of this step; the first of several that policy allows now is taken."""

    step_id: str


@dataclass(frozen=True)
class Wait:
    """Something is under way that has to end first."""


@dataclass(frozen=True)
class Finish:
    """No further call can change the result."""
