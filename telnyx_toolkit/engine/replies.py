"""The answers to a text message: read until they are complete, or their time is over."""

import json
from datetime import datetime, timedelta

from telnyx_toolkit.engine.desk import Desk
from telnyx_toolkit.engine.heard import Heard, are_final, scorings
from telnyx_toolkit.model import Attempt
from telnyx_toolkit.script import QUIET_MINUTES
from telnyx_toolkit.telnyx import Conversation, Message

#: Once a conversation has been quiet long enough to be over, its insights are due.
_INSIGHTS_DUE = timedelta(minutes=QUIET_MINUTES + 20)


def replies_to(desk: Desk, attempt: Attempt) -> Heard | None:
    """What was answered to a delivered text; None while more may come.

    An answer after a long silence begins a conversation of its own at Telnyx, so every one
    between the two numbers since the text counts.
    """
    found = _conversations(desk, attempt)
    spoken = [m for c in found for m in desk.client.conversations.messages(c.id)]
    late = _is_late(desk, attempt)
    replied = [message for message in spoken if message.role == "user"]
    if not replied and not late:
        return None
    runs = scorings(desk, found[-1].id) if replied else ()
    if not are_final(runs) and not late and not _is_quiet(desk, spoken):
        return None
    return Heard(found[-1].id if found else "", tuple(spoken), runs)


def deadline(desk: Desk, attempt: Attempt) -> datetime:
    """Until when an answer is waited for, UTC."""
    since = attempt.ended_at or attempt.scheduled_at
    return since + timedelta(hours=desk.brief.limits.reply_hours)


def _is_late(desk: Desk, attempt: Attempt) -> bool:
    cancelled = desk.state.cancel_reason is not None
    return cancelled or desk.kit.clock.now() >= deadline(desk, attempt)


def _is_quiet(desk: Desk, spoken: list[Message]) -> bool:
    said_at = [message.at for message in spoken if message.at]
    return not said_at or desk.kit.clock.now() > max(said_at) + _INSIGHTS_DUE


def _conversations(desk: Desk, attempt: Attempt) -> list[Conversation]:
    """Oldest first."""
    sent = json.loads(attempt.body)
    keys = ("telnyx_end_user_target", "telnyx_agent_target", "telnyx_conversation_channel")
    found = desk.client.conversations.find({key: sent[key] for key in keys})
    since = [c for c in found if c.created_at and c.created_at >= attempt.scheduled_at]
    return sorted(since, key=lambda conversation: conversation.created_at or attempt.scheduled_at)
