"""What a seed stands for: whom to call and how, the account, and all that goes wrong."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar

Doc = dict[str, Any]
T = TypeVar("T")

#: Area codes, and the zones that a number of theirs may be in.
AREAS: Mapping[str, tuple[str, ...]] = {
    "312": ("America/Chicago",),
    "212": ("America/New_York",),
    "303": ("America/Denver",),
    "415": ("America/Los_Angeles",),
    "602": ("America/Phoenix",),
    "808": ("Pacific/Honolulu",),
    "448": ("America/New_York", "America/Chicago"),
}
#: Days on which the clocks of the United States change, and the nights around them.
CLOCK_CHANGES = ("2026-03-07", "2026-03-08", "2026-10-31", "2026-11-01")
DAYS = ("mon-fri", "mon-fri", "mon-sun", "mon-sun", "sat,sun", "mon,wed,sat")
HOURS = (
    "09:00-17:00",
    "09:00-17:00",
    "08:00-21:00",
    "00:00-24:00",
    "06:00-09:00",
    "13:00-14:00",
    "10:00-10:40",
    "18:30-23:00",
)
FIRST_NUMBER = 1293384261075731490
MONEY = {"type": "number", "unit": "USD", "required": True}

CALL_BACK = "No time. Call me in an hour."

DIAL = "POST /ai/assistants/*/scheduled_events"
WITHDRAW = "DELETE /ai/assistants/*/scheduled_events/*"
#: Requests that faults hit, each with how many of its kind a short mission makes.
PLACES: Sequence[tuple[str, int]] = (
    (DIAL, 4),
    (DIAL, 4),
    ("GET /ai/assistants/*/scheduled_events/*", 8),
    ("GET /ai/assistants/*/scheduled_events", 2),
    (WITHDRAW, 1),
    ("GET /**", 60),
    ("GET /**", 60),
    ("POST /**", 50),
    ("POST /**", 50),
    ("PATCH /**", 20),
    ("DELETE /**", 5),
    ("POST /ai/missions/*/runs/*/events", 25),
    ("PATCH /ai/missions/*/runs/*/plan/steps/*", 10),
    ("PATCH /ai/missions/*/runs/*", 2),
    ("POST /ai/missions/*/runs/*/cancel", 1),
    ("POST /ai/missions", 1),
    ("POST /ai/missions/*/runs", 1),
    ("POST /ai/missions/*/runs/*/plan", 1),
    ("POST /ai/assistants", 1),
    ("POST /ai/conversations/insights", 2),
    ("POST /ai/conversations/insight-groups", 1),
    ("POST /ai/conversations/insight-groups/*/insights/*/assign", 2),
    ("PATCH /phone_numbers/*", 2),
    ("PATCH /phone_numbers/**", 4),
    ("GET /phone_numbers/*", 6),
    ("GET /ai/conversations", 2),
    ("GET /ai/conversations/*/conversations-insights", 3),
    ("GET /ai/conversations/*/messages", 3),
)
WAYS = (
    *("drop_before", "drop_after", "drop_after", "500_before", "500_after", "502_html", "429"),
    *("truncated", "html_200", "503_retry", "slow", "duplicate", "duplicate"),
)
#: What makes a thing, and the list in which it is looked for when the answer was lost.
LOST_AND_HIDDEN = (
    ("POST /ai/missions", "GET /ai/missions"),
    ("POST /ai/missions/*/runs", "GET /ai/missions/*/runs"),
    ("POST /ai/assistants", "GET /ai/assistants"),
    ("POST /ai/conversations/insights", "GET /ai/conversations/insights"),
    ("POST /ai/conversations/insight-groups", "GET /ai/conversations/insight-groups"),
    (DIAL, "GET /ai/assistants/*/scheduled_events"),
)


@dataclass(frozen=True)
class World:
    """One seed, spelled out; everything in it can be left out to see whether it matters.

    Attributes:
        start: When it begins, UTC.
        people: Who is called: one callee's document a target, in the order of the brief.
        insights: `late`, so many looks at a conversation show no scores; `failed`, they fail.
        faults: What the sandbox does to requests.
        troubles: What happens to the runner and its clock: `do`, and `nth`, counted over the whole
            history. At a fact: `kill`, `stop` (the same, and the mission is cancelled next),
            `second`, `cancel` (by another process), `back` (the runner's clock). At a request:
            `kill_before`, `kill_after`. At a rest: `ahead` (everybody's clock). At a call that
            Telnyx has taken: `stop_late`, cancelled about when it rings.
        costs: Whether the real costs are asked for in the end.
    """

    seed: int
    start: datetime
    brief: Doc
    people: tuple[Doc, ...]
    account: Doc
    insights: Doc
    faults: tuple[Doc, ...]
    troubles: tuple[Doc, ...]
    costs: bool

    @property
    def is_ticked(self) -> bool:
        """Whether nobody waits for the mission: a scheduler's ticks do what is due."""
        return self.seed % 4 == 3

    def smaller(self) -> list["World"]:
        """The same world with one thing less, the largest things first."""
        fewer: list[World] = []
        for gone in range(len(self.people)) if len(self.people) > 1 else ():
            targets = _without(tuple(self.brief["targets"]), gone)
            brief = {**self.brief, "targets": list(targets)}
            fewer.append(replace(self, brief=brief, people=_without(self.people, gone)))
        fewer += [
            replace(self, troubles=_without(self.troubles, n)) for n in range(len(self.troubles))
        ]
        fewer += [replace(self, faults=_without(self.faults, n)) for n in range(len(self.faults))]
        if self.insights:
            fewer.append(replace(self, insights={}))
        if self.costs:
            fewer.append(replace(self, costs=False))
        return fewer

    def told(self) -> str:
        """All of it, for people."""
        lines = [f"seed {self.seed}, from {self.start.isoformat()}", f"brief: {_json(self.brief)}"]
        lines += [f"callee: {_json(person)}" for person in self.people]
        lines += [f"quirks: {_json(self.account['quirks'])}, level {self.account['level']}"]
        lines += [f"insights: {_json(self.insights)}"] if self.insights else []
        lines += [f"fault: {_json(fault)}" for fault in self.faults]
        return "\n".join([*lines, *(f"trouble: {_json(trouble)}" for trouble in self.troubles)])


def a_world(seed: int) -> World:
    """The world of a seed: always the same."""
    chance = Random(seed)
    start = _start(chance)
    strategy = chance.choice(("sweep", "negotiate"))
    brief, people = _brief(chance, strategy, start)
    world = World(
        seed=seed,
        start=start,
        brief=brief,
        people=people,
        account=_account(chance),
        insights=chance.choice(({}, {}, {}, {"late": chance.randint(1, 8)}, {"failed": True})),
        faults=_faults(chance),
        troubles=(*_troubles(chance), *_listings(seed, brief)),
        costs=chance.random() < 0.2,
    )
    if chance.random() < 0.1:
        return _stopped_late(world, chance)
    return world


def _stopped_late(world: World, chance: Random) -> World:
    """The same, cancelled when a call is about to ring, by somebody whom the network fails."""
    minutes = chance.uniform(1.4, 2.3)
    stop = {"do": "stop_late", "nth": chance.randint(1, 2), "away_min": minutes}
    do = chance.choice(("429", "503_retry", "slow", "drop_after", "500_before", "duplicate"))
    fault: Doc = {"on": WITHDRAW, "do": do}
    if do in {"429", "503_retry"}:
        fault["retry_after"] = chance.randint(5, 29)
    return replace(world, troubles=(*world.troubles, stop), faults=(*world.faults, fault))


def _start(chance: Random) -> datetime:
    if chance.random() < 0.4:
        day = datetime.fromisoformat(chance.choice(CLOCK_CHANGES))
    else:
        day = datetime(2026, 1, 5) + timedelta(days=chance.randrange(350))  # noqa: DTZ001
    return day.replace(tzinfo=UTC) + timedelta(minutes=chance.randrange(24 * 60))


def _brief(chance: Random, strategy: str, start: datetime) -> tuple[Doc, tuple[Doc, ...]]:
    many = chance.choice((1, 1, 2, 2, 3, 4))
    minutes = chance.choice((1, 2, 5, 10))
    targets, people = zip(*(_somebody(chance, n, strategy) for n in range(many)), strict=True)
    collect: Doc = {"price": {**MONEY, "ask": "the price"}}
    objective: Doc | None = {"minimize": "price"} if strategy == "negotiate" else None
    if objective and chance.random() < 0.4:
        collect["with_dessert"] = {"type": "boolean", "required": True}
        objective["like_for_like"] = ["with_dessert"]
    brief: Doc = {
        "name": "Lunch",
        "goal": "The price of lunch.",
        "on_behalf_of": "Dana Reyes",
        "strategy": strategy,
        "targets": list(targets),
        "collect": collect,
        "contact": chance.choice(("ivr", "business", "business", "professional")),
        "calling": _calling(chance, start),
        "limits": {
            "attempts_per_target": chance.choice((1, 2, 2, 3, 3, 4)),
            "minutes_per_call": minutes,
            "spend_usd": _cap(chance, minutes, many),
            "reply_hours": 1,
        },
        "keep": chance.random() < 0.1,
    }
    return brief | ({"objective": objective} if objective else {}), people


def _calling(chance: Random, start: datetime) -> Doc:
    until: str | None = None
    match chance.choice(("never", "never", "never", "day", "instant")):
        case "day":
            until = (start + timedelta(days=chance.randint(0, 6))).date().isoformat()
        case "instant":
            later = start + timedelta(minutes=chance.randint(60, 6 * 24 * 60))
            until = later.isoformat()
        case _:
            pass
    calling = {"days": chance.choice(DAYS), "hours": chance.choice(HOURS), "finish_by": until}
    return calling | _wishes(Random(start.isoformat()), start, until)


def _wishes(chance: Random, start: datetime, until: str | None) -> Doc:
    """What else may be asked; by a chance of its own, which leaves the rest of a world as it is."""
    wishes: Doc = {"on_holidays": chance.random() < 0.3}
    if until is None and chance.random() < 0.2:
        later = start + timedelta(minutes=chance.randint(0, 3 * 24 * 60))
        wishes["not_before"] = chance.choice((later.isoformat(), later.date().isoformat()))
    return wishes


def _cap(chance: Random, minutes: int, many: int) -> str:
    """A cap that is often just about what so many full calls would cost, at ten cents a minute."""
    if chance.random() < 0.5:
        return "20.00"
    cents = 10 * minutes * chance.randint(1, many + 1) + chance.choice((0, 0, 5, -1))
    return f"{max(cents, 10 * minutes) / 100:.2f}"


def _somebody(chance: Random, number: int, strategy: str) -> tuple[Doc, Doc]:
    """A target of the brief, and who answers there."""
    area = chance.choice(tuple(AREAS))
    phone = f"+1{area}55501{20 + number}"
    zone = chance.choice(AREAS[area]) if chance.random() < 0.7 else None
    texted = strategy == "sweep" and chance.random() < 0.25
    target: Doc = {"name": f"Place {number + 1}", "phone": phone, "timezone": zone}
    if texted:
        target["channel"] = "sms"
    behave = chance.choice(_TEXTERS if texted else _SPEAKERS)
    person = {
        "name": target["name"],
        "phone": phone,
        "about": "made up",
        "rings_s": chance.randint(1, 8),
        "seconds_per_line": chance.randint(1, 4),
        **behave(chance),
    }
    return target, person


def _account(chance: Random) -> Doc:
    numbers: list[Doc] = [
        {
            "id": str(FIRST_NUMBER),
            "phone_number": "+13125550190",
            "status": "active",
            "connection_id": "1293384261075731401",
            "connection_name": "Front desk",
        }
    ]
    numbers += [
        {"id": str(FIRST_NUMBER + n), "phone_number": f"+131255501{90 + n}", "status": "active"}
        for n in range(1, 1 + chance.randint(1, 3))
    ]
    return {
        "level": chance.choice(("verified", "verified", "paid", "trial")),
        "balance": {"balance": "25.00", "available_credit": "25.00"},
        "numbers": numbers,
        "outbound_voice_profiles": [{"id": "1293384261075731300", "name": "Default"}],
        "quirks": {
            "app_has_voice_profile": chance.random() < 0.3,
            "assistant_app_id_delayed": chance.choice((0, 0, 0, 1, 2)),
            "no_hd_voice": chance.random() < 0.3,
            "conversation_names": chance.choice(("taken", "ignored", "refused")),
        },
    }


def _faults(chance: Random) -> tuple[Doc, ...]:
    faults = [_fault(chance) for _ in range(chance.choice((0, 0, 1, 1, 2, 2, 3, 4, 6)))]
    if chance.random() < 0.25:
        make, look = chance.choice(LOST_AND_HIDDEN)
        lost = chance.choice(("drop_after", "slow", "truncated", "500_after"))
        faults.append({"on": make, "do": lost})
        faults.append({"on": look, "do": "stale", "times": chance.randint(1, 3)})
    return tuple(faults)


def _fault(chance: Random) -> Doc:
    on, many = chance.choice(PLACES)
    do = "403" if chance.random() < 0.03 else chance.choice(WAYS)
    if on.startswith("GET ") and chance.random() < 0.25:
        do = "stale"
    times = chance.choice((1, 1, 1, 1, 2, 3, 5))
    fault: Doc = {"on": on, "do": do, "nth": chance.randint(1, many), "times": times}
    if do in {"429", "503_retry"} and chance.random() < 0.7:
        fault["retry_after"] = chance.choice((0, 1, 7, 25, 90, 4_000))
    return fault


def _troubles(chance: Random) -> tuple[Doc, ...]:
    troubles: list[Doc] = []
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        where = chance.choice(("kill", "kill_before", "kill_after"))
        nth = chance.randint(1, 75 if where == "kill" else 120)
        troubles.append({"do": where, "nth": nth, "away_min": _away(chance)})
    if chance.random() < 0.25:
        minutes = chance.randint(1, 26 * 60)
        troubles.append({"do": "ahead", "nth": chance.randint(1, 15), "minutes": minutes})
    if chance.random() < 0.15:
        minutes = chance.randint(1, 120)
        troubles.append({"do": "back", "nth": chance.randint(5, 60), "minutes": minutes})
    if chance.random() < 0.25:
        wait = chance.choice((0, 5, 30, 90))
        troubles.append({"do": "second", "nth": chance.randint(8, 70), "wait": wait})
    if chance.random() < 0.2:
        do = chance.choice(("stop", "cancel"))
        troubles.append({"do": do, "nth": chance.randint(3, 70), "away_min": _away(chance)})
    return tuple(troubles)


def _listings(seed: int, brief: Doc) -> tuple[Doc, ...]:
    """Somebody is put on the do-not-call list in the middle; by a chance of its own."""
    chance = Random(f"{seed}, do not call")
    if chance.random() > 0.2:
        return ()
    who = chance.choice(brief["targets"])["phone"]
    return ({"do": "list", "nth": chance.randint(12, 60), "phone": who},)


def _away(chance: Random) -> int:
    """Minutes until somebody starts it again."""
    return chance.choice((0, 0, 1, 3, 10, 60, chance.randint(1, 26 * 60)))


Behaviour = Callable[[Random], Doc]


def _answers(chance: Random) -> Doc:
    return {"attempts": ["answer"], "turns": _talk(chance, chance.randint(40, 90))}


def _haggles(chance: Random) -> Doc:
    first = chance.randint(60, 90)
    better = first - chance.randint(2, 20)
    words = f"All right, ${better} then."
    turns = [
        *_talk(chance, first),
        {"agent": "We have an offer of {{best_offer}}.", "needs": "best_offer"},
        {
            "callee": words,
            "if_told": {"at_most": first},
            "learns": {"answers": {"price": {"value": better, "words": words}}},
        },
    ]
    return {"attempts": ["answer"], "turns": turns}


def _talk(chance: Random, price: int) -> list[Doc]:
    words = f"It is ${price}."
    said: Doc = {"price": {"value": price, "words": words}}
    if dessert := chance.choice((True, None)):
        words += " Dessert is in it."
        said["with_dessert"] = {"value": dessert, "words": words}
    return [
        {"agent": "{{greeting}}"},
        {"callee": words, "learns": {"opening": said, "answers": said}},
    ]


def _hard_to_reach(chance: Random) -> Doc:
    misses = [
        chance.choice(("busy", "no-answer", "failed", "voicemail"))
        for _ in range(chance.randint(1, 3))
    ]
    return {**_answers(chance), "attempts": [*misses, "answer"]}


def _never(chance: Random) -> Doc:
    return {"attempts": [chance.choice(("busy", "no-answer", "failed", "voicemail"))]}


def _opts_out(chance: Random) -> Doc:
    words = "Do not call this number again."
    learns = {"declined": True, "asked_not_to_be_called_again": True}
    turns = [{"agent": "{{greeting}}"}, {"callee": words, "learns": learns}]
    misses = ["busy"] * chance.randint(0, 1)
    return {"attempts": [*misses, "answer"], "turns": turns, "ends_by": "callee"}


def _hangs_up(chance: Random) -> Doc:
    """Half of them ask to be called again; by a chance of its own."""
    no_time: Doc = {"callee": "No time."}
    if Random(str(chance.getstate()[1][0])).random() < 0.5:
        when = {"wanted": True, "who": "us", "when_words": "in an hour"}
        no_time = {"callee": CALL_BACK, "learns": {"call_back": when, "ended": "hung_up"}}
    return {"turns": [{"agent": "{{greeting}}"}, no_time], "ends_by": "callee"}


def _says_nothing(_chance: Random) -> Doc:
    return {"turns": [], "ends_by": "callee", "facts": {"answered_by": "nobody"}}


def _replies(chance: Random) -> Doc:
    words = f"It is ${chance.randint(40, 90)}."
    said = {"price": {"value": int(words[7:-1]), "words": words}}
    reply = {"text": words, "learns": {"answers": said}}
    return {"sms_replies": [reply], "reply_after_s": chance.choice((20, 200, 1_000))}


def _stops(_chance: Random) -> Doc:
    learns = {"declined": True, "asked_not_to_be_called_again": True}
    return {"sms_replies": [{"text": "STOP", "learns": learns}]}


def _ignores(_chance: Random) -> Doc:
    return {"sms_replies": []}


def _takes_no_texts(_chance: Random) -> Doc:
    return {"texts": "failed"}


_SPEAKERS: tuple[Behaviour, ...] = (
    *(_answers, _haggles, _hard_to_reach, _hard_to_reach, _hard_to_reach, _never, _never),
    *(_opts_out, _opts_out, _hangs_up, _says_nothing),
)
_TEXTERS: tuple[Behaviour, ...] = (_replies, _replies, _stops, _ignores, _takes_no_texts)


def _without(all_of_them: tuple[T, ...], gone: int) -> tuple[T, ...]:
    return (*all_of_them[:gone], *all_of_them[gone + 1 :])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
