"""What a strategy can want."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Call:
    """Call the target of this step; the first of several that policy allows now is taken.

    Attributes:
        why: Why they, and why now; for the record, in a few words.
    """

    step_id: str
    why: str = field(default="", compare=False)


@dataclass(frozen=True)
class Wait:
    """Something is under way that has to end first, or it is too early.

    Attributes:
        until: When somebody whom policy put off is to be asked about again, UTC; None if nobody is.
    """

    until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Finish:
    """No further call can change the result: what has not rung is withdrawn.

    Attributes:
        why: Why whoever was not called need not be; "" where everybody is resolved.
    """

    why: str = field(default="", compare=False)


Action = Call | Wait | Finish
