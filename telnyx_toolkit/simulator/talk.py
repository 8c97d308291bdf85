"""One conversation: a pure function of who is called and what the agent was given to say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from telnyx_toolkit.simulator.callees import VOICEMAIL, Callee, Turn
from telnyx_toolkit.simulator.improvise import Question, improvise
from telnyx_toolkit.simulator.wire import Doc

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
FIGURE = r"(\d[\d,]*(?:\.\d+)?)"
AMOUNT = re.compile(
    rf"(?:\$|\bUSD)\s?{FIGURE}|\b{FIGURE}\s(?:dollars|USD|per person|a head|each)\b"
)
NOTHING_ASKED = "Thank you, I have read it."


@dataclass(frozen=True)
class Line:
    """Words that one side said: agent or callee."""

    speaker: str
    text: str


@dataclass(frozen=True)
class Scene:
    """What the agent brings to a call.

    Attributes:
        greeting: Said first by the agent; "" lets the callee begin.
        variables: Dynamic variables, all resolved by Telnyx's precedence.
        phone: The number called.
        questions: What the structured insights of the call want to know.
        most_lines: The call is cut off after so many lines.
        call: Which dial of this number it is, counted from 1.
    """

    greeting: str
    variables: Mapping[str, str]
    phone: str
    questions: Sequence[Question] = ()
    most_lines: int = 10**6
    call: int = 1


@dataclass
class Talk:
    """What was said, and what it tells those who score it."""

    lines: list[Line] = field(default_factory=list[Line])
    facts: Doc = field(default_factory=dict[str, Any])
    summary: str = ""


def converse(callee: Callee, scene: Scene) -> Talk:
    """The talk of an answered call."""
    talk = Talk(facts=merged({"answered_by": "person"}, callee.facts), summary=callee.summary)
    told: list[float] = []
    for turn in callee.turns:
        if len(talk.lines) >= scene.most_lines:
            break
        if not _is_said(turn, scene, min(told, default=None)):
            continue
        if turn.speaker == "improvise":
            _answer_all(talk, scene)
            continue
        words = _words(turn.text, scene)
        if words:
            talk.lines.append(Line(turn.speaker, words))
            talk.facts = merged(talk.facts, turn.learns)
        if turn.speaker == "agent":
            told += amounts(words)
    talk.summary = talk.summary or f"{callee.name} answered and the talk ran its course."
    return talk


def voicemail(callee: Callee, scene: Scene) -> Talk:
    """The talk with a machine: Telnyx counts it as answered."""
    beep = callee.voicemail or VOICEMAIL.format(name=callee.name)
    greeting = fill_in(scene.greeting, scene.variables)
    said = [Line("agent", greeting)] if greeting else []
    facts = merged({"answered_by": "voicemail"}, callee.facts)
    return Talk([*said, Line("callee", beep)], facts, f"{callee.name}'s voicemail answered.")


def text_back(callee: Callee, scene: Scene) -> list[tuple[str, Doc]]:
    """The messages that come back after a text, each with the facts that it states."""
    known: Doc = {}
    sent: list[tuple[str, Doc]] = []
    for reply in callee.sms_replies:
        words, facts = fill_in(reply.text, scene.variables), dict(reply.learns)
        if not reply.text:
            made_up = list(_made_up(scene, known))
            words = " ".join(sentence for _, sentence, _ in made_up) or NOTHING_ASKED
            for _, _, learned in made_up:
                facts = merged(facts, learned)
        known = merged(known, facts)
        sent.append((words, facts))
    return sent


def fill_in(template: str, variables: Mapping[str, str]) -> str:
    """The template with its `{{variables}}`; unresolved ones stay, and so are read aloud."""
    return PLACEHOLDER.sub(lambda found: variables.get(found[1], found[0]), template)


def amounts(words: str) -> list[float]:
    """Every amount of money in a sentence, in USD."""
    return [float((a or b).replace(",", "")) for a, b in AMOUNT.findall(words)]


def merged(into: Mapping[str, Any], new: Mapping[str, Any]) -> Doc:
    """Both trees as one; where they differ `new` is right."""
    result: Doc = dict(into)
    for key, value in new.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            result[key] = merged(cast("Doc", old), cast("Doc", value))
        else:
            result[key] = value
    return result


def _is_said(turn: Turn, scene: Scene, told: float | None) -> bool:
    if not _is_asked(turn, scene):
        return False
    if turn.unless_told is not None and turn.unless_told.holds(told):
        return False
    if turn.on_call not in {0, scene.call}:
        return False
    if turn.if_keys and not _pressed(turn.if_keys, scene):
        return False
    if turn.unless_keys and _pressed(turn.unless_keys, scene):
        return False
    return turn.if_told.holds(told)


def _is_asked(turn: Turn, scene: Scene) -> bool:
    """Whether there is anything for the turn to be about."""
    if turn.needs and not scene.variables.get(turn.needs, "").strip():
        return False
    return not turn.asks or any(turn.asks == question.name for question in scene.questions)


def _pressed(keys: str, scene: Scene) -> bool:
    """Whether the agent presses these keys: it does what its variable `keys` says, menu by menu."""
    given = re.sub(r"[^0-9*#,]", "", scene.variables.get("keys", ""))
    return f"{given},".startswith(f"{keys},")


def _words(template: str, scene: Scene) -> str:
    greeting = fill_in(scene.greeting, scene.variables)
    return fill_in(template, {**scene.variables, "greeting": greeting}).strip()


def _answer_all(talk: Talk, scene: Scene) -> None:
    for question, words, learned in _made_up(scene, talk.facts):
        if scene.most_lines - len(talk.lines) < len(("question", "answer")):
            break
        talk.lines.append(Line("agent", f"What about {question.label}?"))
        talk.lines.append(Line("callee", words))
        talk.facts = merged(talk.facts, learned)


def _made_up(scene: Scene, facts: Mapping[str, Any]) -> Iterator[tuple[Question, str, Doc]]:
    """Every question that `facts` leave open, a sentence that answers it, and what that states."""
    for question in scene.questions:
        answer = improvise(scene.phone, question)
        if answer is None or _known(facts, question):
            continue
        value, words = answer
        learned: Doc = {}
        for path in question.paths:
            learned = merged(learned, _tree(path, {"value": value, "words": words}))
        yield question, words, learned


def _known(facts: Mapping[str, Any], question: Question) -> bool:
    return any(_at(facts, path) is not None for path in question.paths)


def _at(tree: Any, path: Sequence[str]) -> Any:
    for part in path:
        tree = cast("Doc", tree).get(part) if isinstance(tree, dict) else None
    return tree


def _tree(path: Sequence[str], leaf: Doc) -> Doc:
    for part in reversed(path):
        leaf = {part: leaf}
    return leaf
