"""The nouns of a mission, as plain frozen data that lives in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Json = Mapping[str, Any]

#: shortlisted: a stage has its result, and the next one is being prepared.
MissionPhase = Literal[
    "draft",
    "planned",
    "approved",
    "running",
    "paused",
    "shortlisted",
    "succeeded",
    "failed",
    "cancelled",
]
FINISHED: frozenset[str] = frozenset({"succeeded", "failed", "cancelled"})

#: Telnyx's words for a step: GET /ai/missions/{id}/runs/{id}/plan.
StepStatus = Literal["pending", "in_progress", "completed", "skipped", "failed"]
#: Steps at whose end somebody was reached, or tried for the last time.
CLOSED: frozenset[str] = frozenset({"completed", "failed"})

#: requested: decided and written down. sent: the request may have left. unknown: nobody heard
#: the answer. scheduled: Telnyx has it. ended: the call is over. collected: we have the words.
#: abandoned: it provably never became a call. unresolved: a person has to find out.
AttemptPhase = Literal[
    "requested", "sent", "unknown", "scheduled", "ended", "collected", "abandoned", "unresolved"
]


@dataclass(frozen=True)
class Event:
    """One fact in the ledger, in the past tense.

    Attributes:
        mission_id: Whose fact it is.
        seq: Position among the mission's facts, from 1 without gaps.
        kind: What happened, such as `attempt.scheduled`.
        at: When it was recorded, UTC.
        data: What is known about it; JSON.
    """

    mission_id: str
    seq: int
    kind: str
    at: datetime
    data: Json


@dataclass(frozen=True)
class Target:
    """Someone to reach, and the step of the plan that reaches them.

    Attributes:
        is_fallback: Called only when none of the others could do what is wanted.
        keys: What to press in their phone tree, one group a menu: `1,0`; "" if nobody knows.
    """

    step_id: str
    name: str
    phone: str
    timezone: str | None
    source: str
    channel: str = "call"
    is_fallback: bool = False
    keys: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the run's plan, as far as we know.

    Attributes:
        reason: Why it was skipped or failed.
        tries: How many attempts at its target counted when it came to where it is.
    """

    step_id: str
    description: str
    status: StepStatus = "pending"
    reason: str = ""
    tries: int = 0


@dataclass(frozen=True)
class Plan:
    """What was shown to the person for approval."""

    plan_hash: str
    document: Json
    made_at: datetime


@dataclass(frozen=True)
class Approval:
    """The person's yes, bound to one plan."""

    plan_hash: str
    approved_by: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Code:
    """A code that was sent to the person with one plan.

    Attributes:
        plan_hash: The plan.
        sent_at: When, UTC; a plan that is made anew later needs another.
        salt: With `digest`, what the code is checked by; the code itself is kept nowhere.
        failures: How often another code was given.
    """

    plan_hash: str
    salt: str
    digest: str
    sent_at: datetime
    failures: int = 0


@dataclass(frozen=True)
class Effect:
    """One change asked of Telnyx: what was sent with which key, and the answer once known."""

    name: str
    key: str
    body: Json
    result: Json | None = None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Attempt:
    """One try at one target: at most one scheduled event at Telnyx.

    Attributes:
        channel: `call`, or `sms` for a text message.
        attempt_id: UUID; also the Idempotency-Key and `conversation_metadata.attempt_id`.
        body: The exact JSON text that is sent; once all is collected, only whom it was about.
        scheduled_at: When the call is to ring, UTC.
        leverage: The offer cited in this call, or None.
        reserved_usd: Money set aside for it, as text.
        is_frozen: Its key was misused, which is our mistake: never tried anew without a person.
        surplus: Telnyx's ids of further events for it, which were deleted.
        looks: How often it was looked for in vain after its time, when its answer was lost.
        call_status: How it ended, Telnyx's word; a text message is `delivered` or `failed`.
        dispatched_at: When Telnyx really dialled, as it says; "" where it does not.
        session_id: Telnyx's id of the call, by which its records and recordings are found.
        why: Why they were called, and why then, in a few words of ours; "" in older ledgers.
        cost_usd: What it cost by Telnyx's records, as text; None while they do not tell.
        transcript: What was said, oldest first: `{"role", "text", "at"}`.
        insight: The structured insight, or None.
        insight_problem: Why there is no usable insight, or "".
    """

    attempt_id: str
    step_id: str
    body: str
    scheduled_at: datetime
    leverage: Json | None
    reserved_usd: str
    channel: str = "call"
    phase: AttemptPhase = "requested"
    requested_at: datetime | None = None
    is_frozen: bool = False
    surplus: tuple[str, ...] = ()
    looks: int = 0
    sought_at: datetime | None = None
    scheduled_event_id: str = ""
    call_status: str = ""
    conversation_id: str = ""
    dispatched_at: str = ""
    session_id: str = ""
    duration_s: int = 0
    ended_at: datetime | None = None
    transcript: Sequence[Json] = ()
    insight: Json | None = None
    insight_problem: str = ""
    notes: str = ""
    cost_usd: str | None = None
    reason: str = ""
    why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something is still to happen or to be found out."""
        return self.phase not in {"collected", "abandoned", "unresolved"}

    @property
    def bars_another(self) -> bool:
        """Whether its target must not be tried again while it is as it is."""
        return self.is_open or self.phase == "unresolved"

    @property
    def awaits_reply(self) -> bool:
        """Whether it is a text message that was delivered and may yet be answered."""
        return self.channel == "sms" and self.phase == "ended"

    @property
    def may_have_rung(self) -> bool:
        """Whether it counts against the caps: everything that is not provably no call."""
        return self.phase != "abandoned"


@dataclass(frozen=True)
class Listing:
    """One entry of the do-not-call list's history; a number's last entry says whether it is on it.

    Attributes:
        phone: E.164.
        action: `add` or `remove`.
        reason: Why, in the words of who asked: the called person's own, if `mission_id` is given.
        source: Where it comes from: a person, a file, or a mission and its attempt.
        at: When it was written, UTC.
        mission_id: The mission whose call or text it was heard in, or "".
    """

    phone: str
    action: Literal["add", "remove"]
    reason: str
    source: str
    at: datetime
    mission_id: str = ""

    @property
    def why(self) -> str:
        """Why, in our own words where the reason is a stranger's."""
        asked = f"they asked for it themselves in mission {self.mission_id}"
        return asked if self.mission_id else self.reason


def targets_of(brief: Json) -> tuple[Target, ...]:
    """Everybody whom a brief's document wants to reach, each with a step: the fallback last."""
    first: list[Json] = list(brief["targets"])
    everybody = [*first, *brief.get("fallback", ())]
    return tuple(
        Target(
            step_id=step_id_of(n),
            name=t["name"],
            phone=t["phone"],
            timezone=t["timezone"],
            source=t["source"],
            channel=t.get("channel", "call"),
            keys=t.get("keys") or "",
            is_fallback=n > len(first),
        )
        for n, t in enumerate(everybody, 1)
    )


def step_id_of(position: int) -> str:
    """The step that reaches the target at that place in the brief, counted from 1."""
    return f"call-{position}"
