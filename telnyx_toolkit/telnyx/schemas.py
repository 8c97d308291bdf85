"""What Telnyx sends back, by name; words it may add to (`status`, `type`, `role`) stay strings."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from telnyx_toolkit.telnyx.replies import Reply


def _in_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def _as_text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else json.dumps(value)


Id = Annotated[str, Field(min_length=1)]
EMPTY: dict[str, Any] = {}  # pydantic copies it into each object
Instant = Annotated[datetime, AfterValidator(_in_utc)]


class Mission(Reply):
    """A standing task. It has no status: runs have. Source: `/ai/missions`."""

    id_field = "mission_id"
    mission_id: Id
    name: str = ""
    description: str = ""
    instructions: str = ""
    model: str = ""
    execution_mode: str = ""
    metadata: dict[str, Any] = EMPTY
    created_at: Instant | None = None
    updated_at: Instant | None = None


class Run(Reply):
    """One execution of a mission. Source: `/ai/missions/{id}/runs`.

    `status` is pending, running, paused, succeeded, failed or cancelled (two l's).
    """

    id_field = "run_id"
    run_id: Id
    mission_id: str = ""
    status: str = ""
    input: dict[str, Any] = EMPTY
    metadata: dict[str, Any] = EMPTY
    result_summary: str = ""
    result_payload: dict[str, Any] = EMPTY
    error: str = ""
    started_at: Instant | None = None
    updated_at: Instant | None = None
    finished_at: Instant | None = None


class PlanStep(Reply):
    """One step of a run's plan. Source: `…/runs/{id}/plan`.

    `status` is pending, in_progress, completed, skipped or failed.
    """

    id_field = "step_id"
    step_id: Id
    run_id: str = ""
    description: str = ""
    sequence: int = 0
    status: str = ""
    parent_step_id: str = ""
    metadata: dict[str, Any] = EMPTY
    started_at: Instant | None = None
    completed_at: Instant | None = None


class MissionEvent(Reply):
    """One line of a run's log. Source: `…/runs/{id}/events`."""

    id_field = "event_id"
    event_id: Id
    run_id: str = ""
    type: str = ""
    summary: str = ""
    timestamp: Instant | None = None
    step_id: str = ""
    agent_id: str = ""
    payload: dict[str, Any] = EMPTY
    idempotency_key: str = ""


class LinkedAgent(Reply):
    """An assistant that takes part in a run. Source: `…/runs/{id}/telnyx-agents`."""

    id_field = "telnyx_agent_id"
    telnyx_agent_id: Id
    run_id: str = ""
    created_at: Instant | None = None


class Assistant(Reply):
    """Who speaks on the phone. Source: `/ai/assistants`."""

    id: Id
    name: str = ""
    model: str = ""
    instructions: str = ""
    greeting: str = ""
    enabled_features: tuple[str, ...] = ()
    telephony_settings: dict[str, Any] = EMPTY
    messaging_settings: dict[str, Any] = EMPTY
    insight_settings: dict[str, Any] = EMPTY
    created_at: Instant | None = None

    @property
    def texml_app_id(self) -> str | None:
        """The `connection_id` that its numbers need; may be None right after creation."""
        return name_in(self.telephony_settings, "default_texml_app_id")

    @property
    def messaging_profile_id(self) -> str | None:
        """What its text messages go by; made for it, and may be None right after creation."""
        return name_in(self.messaging_settings, "default_messaging_profile_id")

    @property
    def insight_group_id(self) -> str | None:
        """The insights that run after each conversation."""
        return name_in(self.insight_settings, "insight_group_id")


class CallAttempt(Reply):
    """One ring of a scheduled event; `call_duration` in seconds."""

    id_field = ""
    attempt_number: int = 0
    attempted_at: Instant | None = None
    call_status: str = ""
    call_duration: float | None = None
    telnyx_call_control_id: str = ""


class ScheduledEvent(Reply):
    """A call to be placed. Source: `/ai/assistants/{id}/scheduled_events`.

    `status` (the event: pending, in_progress, completed, failed) is not `call_status` (the phone:
    ringing, in-progress, completed, busy, no-answer, canceled, failed). `call_duration` in seconds.
    """

    id_field = "scheduled_event_id"
    scheduled_event_id: Id
    assistant_id: str = ""
    status: str = "pending"  # the default of Telnyx's own schema
    call_status: str = ""
    telnyx_conversation_channel: str = ""
    telnyx_agent_target: str = ""
    telnyx_end_user_target: str = ""
    conversation_id: str = ""
    conversation_metadata: dict[str, Any] = EMPTY
    dynamic_variables: dict[str, Any] = EMPTY
    scheduled_at_fixed_datetime: Instant | None = None
    created_at: Instant | None = None
    dispatched_at: Instant | None = None
    call_duration: float | None = None
    call_attempts: tuple[CallAttempt, ...] = ()
    retry_count: int = 0
    errors: tuple[str, ...] = ()


class Conversation(Reply):
    """One talk; values of `metadata` come back as strings. Source: `/ai/conversations`."""

    id: Id
    name: str = ""
    metadata: dict[str, Any] = EMPTY
    created_at: Instant | None = None
    last_message_at: Instant | None = None


class Message(Reply):
    """One turn of a talk; tool calls have no text. Source: `…/conversations/{id}/messages`."""

    id_field = ""
    role: str = ""
    text: str = ""
    sent_at: Instant | None = None
    created_at: Instant | None = None
    tool_calls: tuple[dict[str, Any], ...] = ()

    @property
    def at(self) -> datetime | None:
        """When it was said, in UTC."""
        return self.sent_at or self.created_at


class InsightResult(Reply):
    """What one insight found; with a schema, `result` is JSON inside a string."""

    id_field = ""
    insight_id: str = ""
    result: Annotated[str, BeforeValidator(_as_text)] = ""


class InsightRun(Reply):
    """One scoring of a talk. Source: `…/conversations/{id}/conversations-insights`.

    `status` is pending, in_progress, completed or failed.
    """

    id_field = ""
    id: str = ""
    status: str = ""
    created_at: Instant | None = None
    conversation_insights: tuple[InsightResult, ...] = ()


class InsightTemplate(Reply):
    """A question asked of every talk. Source: `/ai/conversations/insights`."""

    id: Id
    name: str = ""
    instructions: str = ""
    insight_type: str = ""
    json_schema: dict[str, Any] | str | None = None
    created_at: Instant | None = None


class InsightGroup(Reply):
    """Insights that run together. Source: `/ai/conversations/insight-groups`."""

    id: Id
    name: str = ""
    description: str = ""
    insights: tuple[InsightTemplate, ...] = ()
    created_at: Instant | None = None


def name_in(settings: dict[str, Any], key: str) -> str | None:
    """The id or name at a key; None where there is none."""
    value = settings.get(key)
    return str(value) if value else None
