"""What the strangers of a rehearsal say: the mix, made fit for one brief."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.brief_offers import Objective
from telnyx_toolkit.brief_parts import Question
from telnyx_toolkit.brief_stages import Stage
from telnyx_toolkit.brief_strategies import Bound, Measure
from telnyx_toolkit.figures import is_currency
from telnyx_toolkit.mix import Answer, Mix
from telnyx_toolkit.simulator.bargains import Bargain
from telnyx_toolkit.simulator.sentences import Sought, Value
from telnyx_toolkit.simulator.strangers import Habits

#: What an amount is where nothing in the brief tells: as the sandbox's default callee has it.
_MONEY, _PERCENT, _PLAIN = (40.0, 90.0), (5.0, 20.0), (1.0, 30.0)
#: What comes on top, as a share of the price, or of the whole for what is charged once.
_EACH, _ONCE, _MINIMUM = (0.02, 0.1), (0.02, 0.05), (0.3, 0.8)
_MONEY_WORDS = ("price", "cost", "fee", "quote", "amount", "total", "rate")
_TEXTS = ("on request", "as you prefer", "to be confirmed")
_DAYS = (14, 21, 30, 45)


def asked_in(brief: Brief) -> dict[str, Question]:
    """Everything that is asked in any stage, by name."""
    stages = [stage.collect for stage in brief.stages]
    return dict(chain.from_iterable(part.items() for part in (brief.collect, *stages)))


def habits_of(mix: Mix, brief: Brief, start: datetime) -> Habits:
    """The habits of whoever is called for this brief.

    Args:
        mix: Shares and ranges, as far as it gives any.
        brief: The rest follows from it.
        start: When the rehearsal begins: days that people name are later.
    """
    maker = _Maker(mix, brief, start)
    return Habits(
        no_answer=mix.no_answer,
        busy=mix.busy,
        voicemail=mix.voicemail,
        declines=mix.declines,
        opts_out=mix.opts_out,
        hangs_up=mix.hangs_up,
        calls_back=mix.calls_back,
        texts_back=mix.texts_back,
        sought=tuple(maker.sought(name) for name in maker.asked),
        bargains=tuple(maker.bargains()),
    )


@dataclass(frozen=True)
class _Maker:
    mix: Mix
    brief: Brief
    start: datetime

    @property
    def asked(self) -> Mapping[str, Question]:
        return asked_in(self.brief)

    @property
    def _parts(self) -> tuple[Brief | Stage, ...]:
        return (self.brief, *self.brief.stages)

    @property
    def _objectives(self) -> list[Objective]:
        return [part.objective for part in self._parts if part.objective]

    def bargains(self) -> Iterator[Bargain]:
        """One for each figure that is compared; a field is spoken of once."""
        price, done = self.mix.price, set[str]()
        for objective in self._objectives:
            wanted = {n: v for n, v in objective.like_for_like.items() if n not in done}
            if objective.field in done:
                continue
            done |= {objective.field, *wanted}
            yield Bargain(
                self.sought(objective.field),
                better=-objective.sign,
                moves=price.moves,
                least=price.by[0],
                most=price.by[1],
                wanted=tuple((self.sought(name), _plain(value)) for name, value in wanted.items()),
                left_out=price.left_out,
                never=price.never,
            )

    def sought(self, name: str) -> Sought:
        """One question, and what is said to it."""
        question, own = self.asked[name], self.mix.answers.get(name, Answer())
        is_percent = any(o.fees.get(name) == "percent" for o in self._objectives)
        unit = "%" if is_percent else question.unit
        low, high = self._range(name, question, own)
        return Sought(
            name,
            question.type,
            unit=unit,
            is_money=is_currency(unit) or (not unit and self._is_price(name)),
            low=low,
            high=high,
            never=1 - self.mix.price.extras if self._comes_on_top(name) else 0,
            yes=self._yes(name) if own.says_yes is None else own.says_yes,
            words=own.one_of or self._words(name, question),
            unknown=self.mix.unknown if own.unknown is None else own.unknown,
        )

    def _is_price(self, name: str) -> bool:
        return any(name == objective.field for objective in self._objectives)

    def _comes_on_top(self, name: str) -> bool:
        return any(name in objective.fees for objective in self._objectives)

    def _yes(self, name: str) -> float:
        booked = any(part.book and part.book.confirmed_by == name for part in self._parts)
        return self.mix.confirms if booked else self.mix.says_yes

    def _range(self, name: str, question: Question, own: Answer) -> tuple[float, float]:
        if own.low is not None and own.high is not None:
            return own.low, own.high
        for objective in self._objectives:
            if name == objective.field:
                return self._prices(objective)
            if found := self._on_top(name, objective):
                return found
        return self._judged(name) or _usual(name, question)

    def _prices(self, objective: Objective) -> tuple[float, float]:
        """From a little better than the target to a little worse than the walk-away."""
        price = self.mix.price
        if price.low is not None and price.high is not None:
            return price.low, price.high
        target = float(objective.target or 0)
        away = float(objective.walk_away or 0)
        if not (target or away):
            expected = [float(t.expects) for t in self.brief.everybody if t.expects]
            return (min(expected) * 0.85, max(expected) * 1.15) if expected else _MONEY
        if objective.sign > 0:
            return (target or away * 0.65) * 0.95, (away or target * 1.3) * 1.05
        return (away or target * 0.65) * 0.95, (target or away * 1.3) * 1.05

    def _on_top(self, name: str, objective: Objective) -> tuple[float, float] | None:
        low, high = self._prices(objective)
        middle, quantity = (low + high) / 2, float(objective.quantity)
        if name == objective.minimum:
            return _times(_MINIMUM, middle * quantity)
        match objective.fees.get(name):
            case "percent":
                return _PERCENT
            case "each":
                return _times(_EACH, middle)
            case "once":
                return _times(_ONCE, middle * quantity)
            case _:
                return None

    def _judged(self, name: str) -> tuple[float, float] | None:
        """From what a rubric or a `must` says of a number."""
        for part in self._parts:
            measure = part.rubric.score.get(name) if part.rubric else None
            if measure and measure.best is not None and measure.worst is not None:
                ends = sorted((float(measure.best), float(measure.worst)))
                return ends[0], ends[1]
        for bound in self._bounds(name):
            if bound.at_least is not None and bound.at_most is not None:
                return float(bound.at_least) * 0.8, float(bound.at_most) * 1.2
            if bound.at_most is not None:
                return float(bound.at_most) * 0.7, float(bound.at_most) * 1.2
            if bound.at_least is not None:
                return float(bound.at_least) * 0.8, float(bound.at_least) * 1.5
        return None

    def _bounds(self, name: str) -> Iterator[Bound]:
        for part in self._parts:
            for judge in (part.rubric, part.book):
                if judge and name in judge.must:
                    yield judge.must[name]

    def _words(self, name: str, question: Question) -> tuple[str, ...]:
        if question.type == "date":
            return tuple((self.start + timedelta(days=n)).date().isoformat() for n in _DAYS)
        judged = [*self._points(name)]
        judged += [b.equals for b in self._bounds(name) if isinstance(b.equals, str)]
        return tuple(dict.fromkeys(judged)) or _TEXTS

    def _points(self, name: str) -> Iterator[str]:
        for part in self._parts:
            measure: Measure | None = part.rubric.score.get(name) if part.rubric else None
            yield from (measure.points or ()) if measure else ()


def _plain(value: object) -> Value:
    """A wanted value as it is said."""
    return value if isinstance(value, bool | str) else float(str(value))


def _times(ends: tuple[float, float], by: float) -> tuple[float, float]:
    return ends[0] * by, ends[1] * by


def _usual(name: str, question: Question) -> tuple[float, float]:
    """What is said where neither the mix nor the brief tells."""
    if is_currency(question.unit):
        return _MONEY
    if question.unit in {"%", "percent"} or "percent" in name:
        return _PERCENT
    return _MONEY if any(word in name for word in _MONEY_WORDS) else _PLAIN
