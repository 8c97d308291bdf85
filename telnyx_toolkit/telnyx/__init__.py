"""The wire to Telnyx: one typed method for each endpoint that a mission needs."""

from telnyx_toolkit.telnyx.client import TelnyxClient
from telnyx_toolkit.telnyx.http import Http, Transport, in_process
from telnyx_toolkit.telnyx.sandbox_clock import SandboxClock, clock_for
from telnyx_toolkit.telnyx.schemas import (
    Assistant,
    Balance,
    CallAttempt,
    Conversation,
    InsightGroup,
    InsightResult,
    InsightRun,
    InsightTemplate,
    LinkedAgent,
    Message,
    Mission,
    MissionEvent,
    OutboundVoiceProfile,
    PhoneNumber,
    PlanStep,
    Run,
    ScheduledEvent,
    TexmlApplication,
)

__all__ = [
    "Assistant",
    "Balance",
    "CallAttempt",
    "Conversation",
    "Http",
    "InsightGroup",
    "InsightResult",
    "InsightRun",
    "InsightTemplate",
    "LinkedAgent",
    "Message",
    "Mission",
    "MissionEvent",
    "OutboundVoiceProfile",
    "PhoneNumber",
    "PlanStep",
    "Run",
    "SandboxClock",
    "ScheduledEvent",
    "TelnyxClient",
    "TexmlApplication",
    "Transport",
    "clock_for",
    "in_process",
]
