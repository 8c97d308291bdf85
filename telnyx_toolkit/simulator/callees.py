"""Who may be called: one strict YAML file per person, and a default for everybody else."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from telnyx_toolkit.errors import InvalidInput
from telnyx_toolkit.simulator.account import E164, read_yaml
from telnyx_toolkit.simulator.shapes import (
    Flaw,
    Loc,
    Shape,
    choice,
    document,
    either,
    flag,
    items,
    number,
    text,
)
from telnyx_toolkit.simulator.wire import Doc

ANSWERED = ("answer", "voicemail")
ATTEMPTS = (*ANSWERED, "no-answer", "busy", "failed")
TEXTS = ("delivered", "failed")
KEYS = r"^[0-9*#]+(,[0-9*#]+)*$"
VOICEMAIL = "You have reached {name}. Please leave a message after the tone."


@dataclass(frozen=True)
class Condition:
    """A test of the smallest dollar amount that the agent has said so far, in USD.

    Attributes:
        at_most: It is this or less.
        above: It is more than this.
        nothing: No amount was said (true), or one was (false).
    """

    at_most: float | None = None
    above: float | None = None
    nothing: bool | None = None

    def holds(self, told: float | None) -> bool:
        """Whether every given test is passed; no amount passes neither `at_most` nor `above`."""
        if self.nothing is not None and self.nothing != (told is None):
            return False
        if self.at_most is not None and (told is None or told > self.at_most):
            return False
        return self.above is None or (told is not None and told > self.above)


@dataclass(frozen=True)
class Turn:
    """One line of the script, or the place where the callee improvises.

    Attributes:
        speaker: agent, callee or improvise.
        text: May hold `{{dynamic_variables}}`, and `{{greeting}}`.
        learns: Facts that this line states, for the insights.
        needs: The turn is left out when this variable is missing or empty.
        if_told: The turn is left out unless this holds.
        unless_told: The turn is left out when this holds.
        if_keys: The turn is left out unless the agent was given keys that begin so.
        unless_keys: The turn is left out when it was.
        on_call: The turn is of that dial alone, counted from 1; 0 for every one.
        asks: The turn is left out unless the insights want an answer of this name.
    """

    speaker: str
    text: str
    learns: Mapping[str, Any]
    needs: str
    if_told: Condition
    unless_told: Condition | None
    if_keys: str = ""
    unless_keys: str = ""
    on_call: int = 0
    asks: str = ""


@dataclass(frozen=True)
class TextReply:
    """One message that the callee sends back.

    Attributes:
        text: May hold `{{dynamic_variables}}`; "" for an improvised one, which answers everything.
        learns: Facts that this message states, for the insights.
    """

    text: str
    learns: Mapping[str, Any]


@dataclass(frozen=True)
class Callee:
    """Somebody with a telephone.

    Attributes:
        phone: E.164; "" for the default callee.
        attempts: How each dial ends, in order; the last one repeats.
        rings_s: Seconds from dialling to the answer, or to giving up.
        seconds_per_line: Length of each line spoken.
        ends_by: Who hangs up: agent or callee.
        facts: Known of the call before a word is said, for the insights.
        voicemail: What the voicemail says.
        sms_replies: What comes back after a text, in order.
        reply_after_s: Seconds from the text to the first of them, and between any two.
        texts: What becomes of a text to this number: delivered or failed.
    """

    name: str
    phone: str = ""
    attempts: tuple[str, ...] = ("no-answer",)
    rings_s: int = 30
    seconds_per_line: int = 7
    turns: tuple[Turn, ...] = ()
    ends_by: str = "agent"
    summary: str = ""
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    voicemail: str = ""
    sms_replies: tuple[TextReply, ...] = ()
    reply_after_s: int = 60
    texts: str = "delivered"

    def attempt(self, before: int) -> str:
        """How the dial after `before` earlier ones ends."""
        return self.attempts[min(before, len(self.attempts) - 1)]


NOBODY = Callee("Nobody")

CONDITION = Shape({"at_most": number(0), "above": number(0), "nothing": flag})
TURN = Shape(
    {
        "agent": text(1),
        "callee": text(1),
        "improvise": flag,
        "learns": document,
        "needs": text(1),
        "if_told": CONDITION,
        "unless_told": CONDITION,
        "if_keys": text(pattern=KEYS),
        "unless_keys": text(pattern=KEYS),
        "on_call": number(1, whole=True),
    }
)
TEXT_REPLY = Shape({"text": text(1), "learns": document, "improvise": flag})
CALLEE = Shape(
    {
        "name": text(1),
        "phone": text(pattern=E164),
        "about": text(1),
        "attempts": items(choice(*ATTEMPTS), 1),
        "rings_s": number(1, 120, whole=True),
        "seconds_per_line": number(1, 60, whole=True),
        "turns": items(TURN),
        "ends_by": choice("agent", "callee"),
        "summary": text(),
        "facts": document,
        "voicemail": text(1),
        "sms_replies": items(either(TEXT_REPLY, text(1))),
        "reply_after_s": number(1, whole=True),
        "texts": choice(*TEXTS),
    },
    ("name", "about"),
)


@dataclass(frozen=True)
class Callees:
    """Everybody who can be called."""

    by_phone: Mapping[str, Callee]
    default: Callee = NOBODY

    def at(self, phone: str) -> Callee:
        """Who answers that number."""
        return self.by_phone.get(phone, self.default)


def load_callees(folder: Path) -> Callees:
    """All callees of a folder; without a `default.yaml` nobody answers at other numbers.

    Raises:
        InvalidInput: a file is not a valid callee, or two have the same number.
    """
    if not folder.is_dir():
        raise InvalidInput(f"{folder} is not a folder of callees")
    by_phone: dict[str, Callee] = {}
    default = NOBODY
    for path in sorted(folder.glob("*.yaml")):
        callee = load_callee(path)
        if path.stem == "default":
            default = callee
        elif callee.phone in by_phone:
            raise InvalidInput(f"{path.name}: {callee.phone} is {by_phone[callee.phone].name}")
        else:
            by_phone[callee.phone] = callee
    return Callees(by_phone, default)


def load_callee(path: Path) -> Callee:
    """The callee of one YAML file.

    Raises:
        InvalidInput: the file is not a valid callee; the message says where and why.
    """
    given = read_yaml(path, _checked)
    if ("phone" in given) == (path.stem == "default"):
        raise InvalidInput(f"{path.name}: default.yaml has no phone, every other callee has one")
    read: Doc = {
        **given,
        "attempts": tuple(given.get("attempts", ["answer"])),
        "turns": tuple(map(_turn, given.get("turns", []))),
        "sms_replies": tuple(map(_text_reply, given.get("sms_replies", []))),
    }
    # `about` tells people what the file is for.
    return Callee(**{name: value for name, value in read.items() if name != "about"})


def _checked(content: Any, loc: Loc) -> Iterator[Flaw]:
    flaws = list(CALLEE(content, loc))
    yield from flaws or (*_script_flaws(content, loc), *_text_flaws(content, loc))


def _script_flaws(content: Doc, loc: Loc) -> Iterator[Flaw]:
    """What the shape cannot say: one speaker a turn, and words that the callee really says."""
    turns: list[Doc] = content.get("turns", [])
    spoken = "\n".join(turn.get("callee", "") for turn in turns)
    for position, turn in enumerate(turns):
        place = (*loc, "turns", position)
        if len(turn.keys() & {"agent", "callee", "improvise"}) != 1:
            yield Flaw(place, "one of agent, callee and improvise", "value_error")
        yield from _lesson_flaws(turn, "callee", spoken, place)


def _text_flaws(content: Doc, loc: Loc) -> Iterator[Flaw]:
    """The same of the texts: words that are learned from them stand in one of them."""
    replies = [_mapped(reply) for reply in content.get("sms_replies", [])]
    written = "\n".join(reply.get("text", "") for reply in replies)
    for position, reply in enumerate(replies):
        place = (*loc, "sms_replies", position)
        if len(reply.keys() & {"text", "improvise"}) != 1:
            yield Flaw(place, "one of text and improvise", "value_error")
        yield from _lesson_flaws(reply, "text", written, place)


def _lesson_flaws(said: Doc, by: str, spoken: str, place: Loc) -> Iterator[Flaw]:
    if "learns" in said and by not in said:
        yield Flaw((*place, "learns"), "only the callee's words teach facts", "value_error")
    for words in _quoted(said.get("learns", {})):
        if words not in spoken:
            yield Flaw((*place, "learns"), f"nobody says: {words}", "value_error")


def _mapped(reply: str | Doc) -> Doc:
    return {"text": reply} if isinstance(reply, str) else reply


def _quoted(facts: Any) -> Iterator[str]:
    if not isinstance(facts, dict):
        return
    tree = cast("Doc", facts)
    if isinstance(tree.get("words"), str):
        yield tree["words"]
    for branch in tree.values():
        yield from _quoted(branch)


def _turn(given: Doc) -> Turn:
    speaker = next(key for key in ("agent", "callee", "improvise") if key in given)
    unless = given.get("unless_told")
    return Turn(
        speaker=speaker,
        text=_one_line(given[speaker]),
        learns=given.get("learns", {}),
        needs=given.get("needs", ""),
        if_told=Condition(**given.get("if_told", {})),
        unless_told=None if unless is None else Condition(**unless),
        if_keys=given.get("if_keys", ""),
        unless_keys=given.get("unless_keys", ""),
        on_call=given.get("on_call", 0),
    )


def _text_reply(given: str | Doc) -> TextReply:
    reply = _mapped(given)
    return TextReply(_one_line(reply.get("text", "")), reply.get("learns", {}))


def _one_line(words: object) -> str:
    return re.sub(r"\s+", " ", str(words)).strip()
