"""Briefs, talks and missions to test with. A mission is told fact by fact, and folded as told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.model import Attempt, Event, Json, Target
from telnyx_toolkit.plan import digest, steps_of
from telnyx_toolkit.rate_file import load_rates
from telnyx_toolkit.state import MissionState
from telnyx_toolkit.transitions import fold

Doc = dict[str, Any]
Said = tuple[Any, str]

#: Nine o'clock on a Tuesday in Chicago.
START = datetime(2026, 12, 1, 15, tzinfo=UTC)
SANDBOX = "http://127.0.0.1:8787/v2"
TELNYX = "https://api.telnyx.com/v2"
CHICAGO = "America/Chicago"

RATES = load_rates(Path("nowhere"))
LAKEFRONT, GRILL, PRAIRIE = "call-1", "call-2", "call-3"
OBJECTIVE: Doc = {
    "minimize": "price_per_person",
    "quantity": 50,
    "like_for_like": ["includes_dessert"],
    "target": 58,
    "walk_away": 75,
}


def target(name: str, phone: str, timezone: str | None = CHICAGO, source: str = "") -> Doc:
    return {"name": name, "phone": phone, "timezone": timezone, "source": source}


def targets(count: int) -> list[Doc]:
    return [target(f"Caterer {n}", f"+1312555{100 + n:04}") for n in range(1, count + 1)]


def document(**changes: Any) -> Doc:
    """The catering brief as YAML would give it, with other values for some fields."""
    return {
        "name": "Corporate catering quotes",
        "goal": "Best all-in price per person for a 50-person lunch in Chicago on 10 December.",
        "on_behalf_of": "Dana Reyes of Northwind Events",
        "strategy": "negotiate",
        "targets": [
            target("Lakefront Catering", "+13125550101", source="their website"),
            target("Chicago Grill Co", "+13125550102"),
            target("Prairie Table Events", "+13125550103"),
        ],
        "details": "50 guests, buffet, delivery by 11:30.",
        "collect": {
            "price_per_person": {"type": "number", "unit": "USD", "required": True},
            "includes_dessert": {"type": "boolean", "required": True},
            "service_fee_percent": {"type": "number"},
            "available": {"type": "boolean", "required": True},
        },
        "objective": dict(OBJECTIVE),
        **changes,
    }


def make_brief(**changes: Any) -> Brief:
    return Brief.model_validate(document(**changes))


def sweep_brief(**changes: Any) -> Brief:
    """Nothing is compared: everybody is asked whether they are free."""
    collect: Doc = {"available": {"type": "boolean", "required": True}}
    given: Doc = {"strategy": "sweep", "objective": None, "collect": collect}
    return make_brief(**{**given, **changes})


@dataclass(frozen=True)
class Talk:
    """What was said on the phone, and the insight that came of it."""

    turns: tuple[tuple[str, str], ...]
    insight: Json | None

    @property
    def transcript(self) -> tuple[Json, ...]:
        return tuple({"role": role, "text": text, "at": ""} for role, text in self.turns)


def talk(
    *heard: str,
    answers: Mapping[str, Said] | None = None,
    opening: Mapping[str, Said] | None = None,
    **special: Any,
) -> Talk:
    """A call in which the callee said `heard`; `answers` is field: (value, words)."""
    insight: Doc = {
        "answered_by": "person",
        "declined": False,
        "asked_not_to_be_called_again": False,
        "ended": "finished",
        "call_back": {"wanted": False, "who": "us", "when_words": ""},
        "answers": _cited(answers or {}),
        "opening": _cited(opening or {}),
        "notes": "",
        **special,
    }
    greeting = ("assistant", "Hello, I am an AI assistant. What is your price?")
    return Talk((greeting, *(("user", text) for text in heard)), insight)


def quote(
    price: float,
    *,
    dessert: bool = True,
    heard: str = "",
    opening: Mapping[str, Said] | None = None,
    first: str = "",
) -> Talk:
    """A call that ends in a quote; `heard` is what was really said where the insight is wrong."""
    figure = f"We can do ${price:,} per person"
    sweet = "with dessert" if dessert else "but no dessert"
    answers: dict[str, Said] = {
        "price_per_person": (price, figure),
        "includes_dessert": (dessert, sweet),
        "available": (True, "we are free that day"),
    }
    spoken = f"{heard or figure}, {sweet}, and we are free that day."
    return talk(first, spoken, answers=answers, opening=opening)


def _cited(answers: Mapping[str, Said]) -> Doc:
    return {name: {"value": value, "words": words} for name, (value, words) in answers.items()}


def collected(said: Talk, step_id: str = LAKEFRONT, call_status: str = "completed") -> Attempt:
    """An attempt whose words are in."""
    return Attempt(
        attempt_id="a1",
        step_id=step_id,
        body="{}",
        scheduled_at=START,
        leverage=None,
        reserved_usd="1.00",
        phase="collected",
        call_status=call_status,
        conversation_id="conv-1",
        transcript=said.transcript,
        insight=said.insight,
    )


def told_of(amount: str, name: str) -> Json:
    return {"text": f"${amount}", "amount": amount, "target": name}


class Story:
    """A mission told fact by fact; an illegal fact raises at once.

    Attributes:
        now: When the next fact is told.
    """

    def __init__(self, brief: Brief, base_url: str = SANDBOX, at: datetime = START) -> None:
        self.brief = brief
        self.now = at
        self.events: list[Event] = []
        self._state: MissionState | None = None
        drafted = brief.model_dump(mode="json")
        self.tell("mission.drafted", brief=drafted, brief_hash=digest(drafted), base_url=base_url)

    @property
    def state(self) -> MissionState:
        assert self._state is not None
        return self._state

    @property
    def targets(self) -> tuple[Target, ...]:
        return self.state.targets

    def tell(self, kind: str, **data: Any) -> "Story":
        event = Event("m_example", len(self.events) + 1, kind, self.now, data)
        self._state = fold([event], self._state)
        self.events.append(event)
        return self

    def plan(self) -> "Story":
        plan = {
            "steps": steps_of(self.brief, self.targets),
            "messages": {t.step_id: "Hello." for t in self.targets if t.channel == "sms"},
            "rates": RATES.of({"US", "CA"}),
        }
        return self.tell("plan.made", plan_hash=f"plan-{len(self.events)}", plan=plan)

    def approve(self) -> "Story":
        plan_hash = self.state.plan.plan_hash if self.state.plan else ""
        return self.tell("plan.approved", plan_hash=plan_hash, approved_by="Dana", words="Yes.")

    def start(self) -> "Story":
        return self.plan().approve().tell("run.started")

    def request(self, step_id: str, leverage: Json | None = None, reserved: str = "1.00") -> str:
        """Decide on a call; the answer is the attempt's id."""
        attempt_id = f"a{len(self.state.attempts) + 1}"
        self.tell(
            "attempt.requested",
            attempt_id=attempt_id,
            step_id=step_id,
            body="{}",
            scheduled_at=(self.now + timedelta(minutes=2)).isoformat(),
            leverage=leverage,
            reserved_usd=reserved,
        )
        return attempt_id

    def schedule(self, step_id: str, leverage: Json | None = None, reserved: str = "1.00") -> str:
        """Place a call; the answer is the attempt's id."""
        attempt_id = self.request(step_id, leverage, reserved)
        self.tell("attempt.sent", attempt_id=attempt_id)
        self.tell("attempt.scheduled", attempt_id=attempt_id, scheduled_event_id=f"ev-{attempt_id}")
        return attempt_id

    def end(self, attempt_id: str, call_status: str = "completed", seconds: int = 120) -> "Story":
        return self.tell(
            "attempt.ended",
            attempt_id=attempt_id,
            call_status=call_status,
            conversation_id=f"conv-{attempt_id}" if call_status == "completed" else "",
            duration_s=seconds,
            raw={},
        )

    def collect(self, attempt_id: str, said: Talk | None, problem: str = "") -> "Story":
        return self.tell(
            "attempt.collected",
            attempt_id=attempt_id,
            conversation_id=f"conv-{attempt_id}" if said else "",
            transcript=list(said.transcript) if said else [],
            insight=said.insight if said else None,
            insight_problem=problem,
            notes="A short talk." if said else "",
        )

    def call(self, step_id: str, said: Talk | str, told: Json | None = None) -> "Story":
        """A whole call: a talk, or Telnyx's word for why there was none."""
        attempt_id = self.schedule(step_id, told)
        self.now += timedelta(minutes=5)
        if isinstance(said, str):
            return self.end(attempt_id, said, seconds=0).collect(attempt_id, None)
        return self.end(attempt_id).collect(attempt_id, said)

    def finish(self, status: str, payload: Json, text: str = "Done.") -> "Story":
        return self.tell("run.finished", status=status, result_summary=text, result_payload=payload)


def running(brief: Brief | None = None, **options: Any) -> Story:
    """A mission that was approved and has begun."""
    return Story(brief or make_brief(), **options).start()


def called(talks: Sequence[Talk | str], brief: Brief | None = None) -> Story:
    """A mission that called its targets in order, once each."""
    story = running(brief)
    for n, said in enumerate(talks, 1):
        story.call(f"call-{n}", said)
    return story


def catering() -> Story:
    """The seed's three calls: $65; $58 without dessert, then $62; $70, then $65 told $62."""
    story = running()
    no_dessert: dict[str, Said] = {
        "price_per_person": (58, "We start at $58 per person"),
        "includes_dessert": (False, "dessert is not in that"),
    }
    with_dessert: dict[str, Said] = {
        "price_per_person": (70, "we are at $70 per person"),
        "includes_dessert": (True, "With dessert included we are at $70"),
    }
    story.call(LAKEFRONT, quote(65))
    low = "We start at $58 per person, dessert is not in that."
    grill = quote(62, opening=no_dessert, first=low)
    story.call(GRILL, grill, told_of("65", "Lakefront Catering"))
    high = "With dessert included we are at $70 per person."
    prairie = quote(65, opening=with_dessert, first=high)
    return story.call(PRAIRIE, prairie, told_of("62", "Chicago Grill Co"))
