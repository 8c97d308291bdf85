"""People whom no file describes: drawn from rates and ranges, the same from the same seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from telnyx_toolkit.simulator.bargains import Bargain, bargained
from telnyx_toolkit.simulator.callees import Callee, Callees, TextReply, Turn
from telnyx_toolkit.simulator.sentences import Sought, agent, both, callee, drawn, told
from telnyx_toolkit.simulator.wire import Doc

#: So many dials of one number are drawn; after them it goes on like the last.
DIALS = 16


@dataclass(frozen=True)
class Habits:
    """What people who are called do, as shares from 0 to 1.

    Attributes:
        no_answer, busy, voicemail: Of dials; a person answers the others.
        declines: Of people: answers, and refuses to tell.
        opts_out: Of people: asks never to be called again.
        hangs_up: Of people: puts the phone down.
        calls_back: Of people: asks at first to be called in two hours, and then answers.
        texts_back: Of people who are sent a text.
        sought: What they are asked, in order.
        bargains: How prices move.
    """

    no_answer: float
    busy: float
    voicemail: float
    declines: float
    opts_out: float
    hangs_up: float
    calls_back: float
    texts_back: float
    sought: tuple[Sought, ...] = ()
    bargains: tuple[Bargain, ...] = ()


def cast_of(
    habits: Habits, people: Mapping[str, str], seed: str, scripted: Callees | None = None
) -> Callees:
    """Who answers in one run.

    Args:
        habits: What people do.
        people: Names by telephone number.
        seed: Of that run; whom a number draws depends on nothing but it and the number.
        scripted: Whoever has a file is as it says, but for who picks up, which is drawn.
    """
    files: Mapping[str, Callee] = scripted.by_phone if scripted else {}
    drawn_by = {phone: Random(f"{seed}:{phone}") for phone in people}  # noqa: S311 - repeatable
    return Callees(
        {
            phone: picked_up(habits, files[phone], chance)
            if phone in files
            else stranger(habits, people[phone], phone, chance)
            for phone, chance in drawn_by.items()
        }
    )


def stranger(habits: Habits, name: str, phone: str, chance: Random) -> Callee:
    """Somebody with a telephone, all of it drawn."""
    dials = _dials(habits, chance)
    manner = _manner(habits, chance)
    answers = _answers(habits, chance)
    writes = manner not in {"declines", "hangs_up"} and chance.random() < habits.texts_back
    return Callee(
        name,
        phone,
        attempts=dials,
        rings_s=chance.randint(4, 28),
        seconds_per_line=chance.randint(4, 8),
        turns=tuple(_talks(manner, dials, answers)),
        ends_by="callee" if manner in {"opts_out", "hangs_up"} else "agent",
        summary=_SUMMARIES[manner].format(name=name),
        sms_replies=_texts(manner, answers) if writes else (),
        reply_after_s=chance.randint(60, 7_200),
    )


def picked_up(habits: Habits, callee: Callee, chance: Random) -> Callee:
    """A callee with a file, who is reached when it is drawn, and then goes on as the file says."""
    dials = list(_dials(habits, chance))
    reached = [place for place, dial in enumerate(dials) if dial == "answer"]
    for before, place in enumerate(reached):
        dials[place] = callee.attempt(before)
    turns = (
        replace(turn, on_call=_nth(reached, turn.on_call)) if turn.on_call else turn
        for turn in callee.turns
    )
    return replace(callee, attempts=tuple(dials), turns=tuple(turns))


def _nth(reached: Sequence[int], number: int) -> int:
    """Which dial is the n-th that reaches them, counted from 1; one beyond all where none is."""
    return reached[number - 1] + 1 if number <= len(reached) else DIALS + 1


def _dials(habits: Habits, chance: Random) -> tuple[str, ...]:
    ends = ("no-answer", "busy", "voicemail", "answer")
    shares = [habits.no_answer, habits.busy, habits.voicemail]
    weights = [*shares, max(0.0, 1 - sum(shares))]
    return tuple(chance.choices(ends, weights, k=DIALS))


def _manner(habits: Habits, chance: Random) -> str:
    shares = [habits.opts_out, habits.declines, habits.hangs_up, habits.calls_back]
    ends = ("opts_out", "declines", "hangs_up", "calls_back", "answers")
    return chance.choices(ends, [*shares, max(0.0, 1 - sum(shares))])[0]


_SUMMARIES = {
    "opts_out": "{name} asked not to be called again.",
    "declines": "{name} did not want to tell.",
    "hangs_up": "{name} hung up.",
    "calls_back": "{name} asked at first to be called again, and then answered.",
    "answers": "{name} answered.",
}
_WISH = "Not now, please. Could you call me back in two hours?"
_OPT_OUT: Doc = {"declined": True, "asked_not_to_be_called_again": True}


def _talks(manner: str, dials: Sequence[str], answers: Sequence[Turn]) -> Iterator[Turn]:
    """Everything that may be said, at whichever dial."""
    yield agent("{{greeting}}")
    match manner:
        case "opts_out":
            yield callee("Please do not call this number again.", _OPT_OUT)
            yield agent("I am sorry to have disturbed you. I will make sure of that. Goodbye.")
        case "declines":
            yield callee("I am sorry, we do not tell that on the phone.", {"declined": True})
            yield agent("I understand. Thank you, goodbye.")
        case "hangs_up":
            yield callee("No, thanks.", {"ended": "hung_up"})
        case "calls_back":
            yield from _later(dials, answers)
        case _:
            yield from answers


def _later(dials: Sequence[str], answers: Sequence[Turn]) -> Iterator[Turn]:
    """No time at the first answer, and answers at each that follows."""
    reached = [place for place, dial in enumerate(dials, 1) if dial == "answer"]
    wish: Doc = {"wanted": True, "who": "us", "when_words": "in two hours"}
    for number, place in enumerate(reached):
        if number == 0:
            yield replace(callee(_WISH, {"ended": "finished", "call_back": wish}), on_call=place)
            yield replace(agent("Of course. Goodbye."), on_call=place)
        else:
            yield from (replace(turn, on_call=place) for turn in answers)


def _answers(habits: Habits, chance: Random) -> tuple[Turn, ...]:
    """A talk that has an answer for every question, or says that there is none."""
    turns = [callee("Hello. Yes, I have a minute.")]
    moving = {name for bargain in habits.bargains for name in bargain.fields}
    for bargain in habits.bargains:
        turns += bargained(bargain, chance)
    for sought in habits.sought:
        if sought.name in moving:
            continue
        turns.append(agent(f"What about {sought.label}?", asks=sought.name))
        value = None if chance.random() < sought.unknown else drawn(sought, chance)
        turns.append(told(sought, value, "both"))
    turns += [agent("Thank you for your time. Goodbye."), callee("You are welcome. Goodbye.")]
    return tuple(turns)


def _texts(manner: str, answers: Sequence[Turn]) -> tuple[TextReply, ...]:
    """One message: everything that they would say, or the word that ends all messages."""
    if manner == "opts_out":
        return (TextReply("STOP", _OPT_OUT),)
    said = [turn for turn in answers if turn.speaker == "callee" and turn.learns]
    learned: Mapping[str, Any] = {}
    for turn in said:
        learned = both(learned, turn.learns)
    words = " ".join(turn.text for turn in said)
    return (TextReply(words or "Thank you, I have read it.", learned),)
