"""The wire to Telnyx: one typed method for each endpoint that a mission needs."""

from telnyx_toolkit.telnyx.account_schemas import (
    Balance,
    DetailRecord,
    OutboundVoiceProfile,
    PhoneNumber,
    Recording,
    TexmlApplication,
)
from telnyx_toolkit.telnyx.client import TelnyxClient
from telnyx_toolkit.telnyx.http import Http, Transport, in_process
from telnyx_toolkit.telnyx.sandbox_clock import SandboxClock, clock_for
from telnyx_toolkit.telnyx.schemas import (
    Assistant,
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
    PlanStep,
    Run,
    ScheduledEvent,
)
from telnyx_toolkit.telnyx.straight import straight_to

__all__ = [
    "Assistant",
    "Balance",
    "CallAttempt",
    "Conversation",
    "DetailRecord",
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
    "Recording",
    "Run",
    "SandboxClock",
    "ScheduledEvent",
    "TelnyxClient",
    "TexmlApplication",
    "Transport",
    "clock_for",
    "in_process",
    "straight_to",
]
