"""The state behind the API: what the account holds, and what each thing looks like at an instant.

Plain resources are their own JSON documents, by id. Things that change as time passes (events,
calls, conversations) are records of what will happen, and are shown as of the clock.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import TypeVar
from uuid import UUID

from telnyx_toolkit.clock import Clock, aware
from telnyx_toolkit.simulator.account import Account
from telnyx_toolkit.simulator.callees import Callees
from telnyx_toolkit.simulator.wire import Doc, not_found

T = TypeVar("T")
PHONE, SMS = "phone_call", "sms_chat"
ROLES = {"agent": "assistant", "callee": "user"}


def stamp(instant: datetime) -> str:
    """UTC ISO-8601 with milliseconds and a Z, as Telnyx writes it."""
    return aware(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant(text: str) -> datetime:
    """The aware instant of an ISO-8601 text; without a zone it is taken as UTC."""
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else aware(found)


@dataclass
class Assistant:
    """An AI assistant: its settings with defaults filled in, and the app made for it.

    Attributes:
        app_id: Its TeXML application; "" before telephony is enabled.
        messaging_profile_id: Its messaging profile; "" before messaging is enabled.
        hidden_reads: So many more reads will not show `default_texml_app_id`.
    """

    id: str
    created_at: str
    settings: Doc
    version: int = 1
    version_name: str = "New assistant"
    version_created_at: str = ""
    app_id: str = ""
    messaging_profile_id: str = ""
    hidden_reads: int = 0


@dataclass(frozen=True)
class Message:
    """One row of a transcript; `text` is null for tool calls."""

    role: str
    text: str | None
    sent_at: datetime
    extra: Doc = field(default_factory=dict[str, object])


@dataclass
class Conversation:
    """A transcript that becomes visible as its time comes.

    Attributes:
        scored_at: When the insights are ready; None when none will be.
        results: `{insight_id, result}` of each insight of the group.
    """

    id: str
    created_at: datetime
    metadata: dict[str, str]
    name: str | None = None
    messages: list[Message] = field(default_factory=list[Message])
    scored_at: datetime | None = None
    results: list[Doc] = field(default_factory=list[Doc])

    def heard(self, now: datetime) -> list[Message]:
        """The messages so far, newest first: Telnyx promises no order, and code must sort."""
        return sorted(
            (message for message in self.messages if message.sent_at <= now),
            key=lambda message: message.sent_at,
            reverse=True,
        )


@dataclass(frozen=True)
class Call:
    """One attempt of a scheduled call, from the dial to its end.

    Attributes:
        outcome: The final `call_status`: completed, no-answer, busy, failed.
        rang: False when Telnyx refused to dial; `error` says why.
        answered_at: None when nobody answered.
        connection_id: The TeXML application that it went out through.
        recording: The assistant's `recording_settings` when it was dialled; None when nothing was
            recorded.
        insights: How many were scored.
    """

    attempt: int
    dispatched_at: datetime
    outcome: str
    answered_at: datetime | None
    ended_at: datetime
    rang: bool = True
    error: str = ""
    conversation_id: str = ""
    control_id: str = ""
    session_id: str = ""
    leg_id: str = ""
    connection_id: str = ""
    recording: Doc | None = None
    insights: int = 0
    ended_by: str = ""
    agent_lines: tuple[str, ...] = ()
    callee_lines: tuple[str, ...] = ()

    def status(self, now: datetime) -> str:
        """The `call_status` at that instant."""
        if now >= self.ended_at:
            return self.outcome
        answered = self.answered_at is not None and now >= self.answered_at
        return "in-progress" if answered else "ringing"

    def seconds(self) -> int:
        """Length of the talk in whole seconds, 0 when nobody answered."""
        return int((self.ended_at - self.answered_at).total_seconds()) if self.answered_at else 0


@dataclass
class Scheduled:
    """A scheduled event and every attempt that was made for it.

    Attributes:
        due: When it is dispatched next; None when it never will be again.
        body: The request that created it.
        done_at: When a text was sent, or failed; None for calls.
        said: The text as it was sent, its variables filled in; "" when it was not.
    """

    id: str
    assistant_id: str
    created_at: datetime
    due: datetime | None
    body: Doc
    calls: list[Call] = field(default_factory=list[Call])
    deleted: bool = False
    done_at: datetime | None = None
    conversation_id: str = ""
    said: str = ""
    error: str = ""

    @property
    def channel(self) -> str:
        """phone_call or sms_chat."""
        return self.body["telnyx_conversation_channel"]

    @property
    def to(self) -> str:
        """Who is called."""
        return self.body["telnyx_end_user_target"]

    @property
    def agent_number(self) -> str:
        """The number of ours that the call comes from."""
        return self.body["telnyx_agent_target"]

    @property
    def retries_left(self) -> int:
        """Attempts that may still follow those made."""
        return self.body.get("max_retries_client_errors", 0) + 1 - len(self.calls)


class World:
    """Everything the account holds; `deleted` things are gone from it."""

    def __init__(self, clock: Clock, account: Account, callees: Callees, seed: int) -> None:
        self.clock = clock
        self.account = account
        self.callees = callees
        self.problems: list[str] = []
        self._seed = seed
        self._chance = Random(seed)  # noqa: S311  ids must be the same in every run
        self.missions: dict[str, Doc] = {}
        self.runs: dict[str, Doc] = {}
        self.plans: dict[str, dict[str, Doc]] = {}
        self.log: list[Doc] = []
        self.logged: dict[tuple[str, str], Doc] = {}  # the same by run and key
        self.links: list[Doc] = []
        self.assistants: dict[str, Assistant] = {}
        self.insights: dict[str, Doc] = {}
        self.groups: dict[str, Doc] = {}
        self.apps: dict[str, Doc] = {}
        self.numbers: dict[str, Doc] = {doc["id"]: dict(doc) for doc in account.numbers}
        self.profiles: dict[str, Doc] = {doc["id"]: dict(doc) for doc in account.profiles}
        self.connections: set[str] = {
            doc["connection_id"] for doc in account.numbers if doc["connection_id"]
        }
        self.events: dict[str, Scheduled] = {}
        self.pending: dict[str, Scheduled] = {}  # all that may still be dispatched
        self.made: list[tuple[Scheduled, Call]] = []  # in the order of dialling
        self.lines: list[Call] = []  # all that may still be under way
        self.billed: tuple[str, datetime, list[Doc]] | None = None  # rows that were asked for last
        self.conversations: dict[str, Conversation] = {}
        self.dialled: Counter[str] = Counter()
        self.recordings_read: Counter[str] = Counter()
        summary = self.derived("default insight")
        self.insights[summary] = {
            "id": summary,
            "name": "Summary",
            "instructions": "Summarize the conversation.",
            "json_schema": None,
            "webhook": "",
            "insight_type": "default",
            "created_at": "2026-01-05T12:00:00.000Z",
        }

    def now(self) -> datetime:
        """The present instant of the sandbox."""
        return self.clock.now()

    def stamp(self) -> str:
        """The present instant as Telnyx writes it."""
        return stamp(self.now())

    def uuid(self) -> str:
        """The next id of this run."""
        return str(UUID(int=self._chance.getrandbits(128), version=4))

    def number_id(self) -> str:
        """The next numeric id of this run, 19 digits in a string."""
        return str(self._chance.randrange(10**18, 10**19))

    def derived(self, *parts: object) -> str:
        """An id that follows from `parts`, so that it does not matter when somebody looks."""
        chance = Random(":".join(map(str, (self._seed, *parts))))  # noqa: S311  as above
        return str(UUID(int=chance.getrandbits(128), version=4))

    def calls(self) -> list[tuple[Scheduled, Call]]:
        """Every attempt that was made, in the order of dialling."""
        return [*self.made]

    def answered(self, until: datetime) -> list[tuple[Scheduled, Call]]:
        """The calls that somebody answered and that had ended by then, the latest first."""
        ended = [pair for pair in self.made if pair[1].answered_at and pair[1].ended_at <= until]
        return ended[::-1]

    def assistant(self, assistant_id: str) -> Assistant:
        """The assistant of that id, or a refusal with 404."""
        return found(self.assistants, assistant_id, "Assistant")

    def conversation(self, conversation_id: str) -> Conversation:
        """The conversation of that id if it has begun, or a refusal with 404."""
        conversation = self.conversations.get(conversation_id)
        if conversation is None or conversation.created_at > self.now():
            raise not_found("Conversation")
        return conversation

    def number(self, phone_number: str) -> Doc | None:
        """The owned number, None when the account has no such number."""
        owned = (doc for doc in self.numbers.values() if doc["phone_number"] == phone_number)
        return next(owned, None)


def found(things: dict[str, T], key: str, what: str) -> T:
    """The thing of that id, or a refusal with 404."""
    if key not in things:
        raise not_found(what)
    return things[key]
