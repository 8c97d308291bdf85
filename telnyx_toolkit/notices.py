"""What a person is told of a mission, and where: plain values that every way of telling shares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

NoticeKind = Literal[
    "approval_needed", "needs_input", "milestone", "completed", "failed", "budget_stop"
]
KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)


@dataclass(frozen=True)
class Notice:
    """One thing to tell, once.

    Attributes:
        notice_id: The same for ever, such as `m_0123456789ab-17`: receivers know a repeat by it.
        mission_id: Whose it is.
        kind: What for.
        at: When it came up, UTC.
        text: One line for people: clean, phone numbers masked, what others said in quotation marks.
        data: For programs: with `approval_needed` the `plan_hash`, with the end the `status`.
    """

    notice_id: str
    mission_id: str
    kind: NoticeKind
    at: datetime
    text: str
    data: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Route:
    """The conversation in which somebody asked for the mission, as OpenClaw names it.

    Attributes:
        channel: Such as `telegram`.
        target: The chat.
        account: Which of several accounts of the channel; "" for its default.
        thread: The thread within the chat; "" where there is none.
    """

    channel: str
    target: str
    account: str = ""
    thread: str = ""


#: Said where people are no longer to be told in any conversation.
NOWHERE = Route("", "")
