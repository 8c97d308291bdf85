"""A thousand generated negotiations: what is cited and recommended, against a second reckoning.

The reckoning shares no code with the toolkit. It knows what each callee really said, in whole
cents, and works out with plain integers what may be cited and who is best.
"""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from telnyx_toolkit.brief import Brief
from telnyx_toolkit.negotiation import leverage
from telnyx_toolkit.strategies import Call, Finish, next_actions
from telnyx_toolkit.summary import build_summary
from tests.sampling import some
from tests.unit.build import Doc, Said, Story, Talk, make_brief, running, talk, targets

QUANTITIES = (1, 8, 50, 300)


@dataclass(frozen=True)
class Quote:
    """What one callee says in one call, in cents and hundredths of a percent.

    Attributes:
        proven: The transcript has the words for the price.
        dessert: Whether it is in; None where nobody says.
        percent: The service fee; None where nobody says.
        delivery: What is charged once; None where nobody says.
        days: For so many days it holds; None where nobody says.
    """

    cents: int
    proven: bool
    dessert: bool | None
    percent: int | None
    delivery: int | None
    days: int | None

    def total(self, quantity: int, sign: int) -> int | None:
        """In ten thousandths of a cent; None where something is unknown."""
        if self.percent is None or self.delivery is None:
            return None
        base = self.cents * quantity * 10_000
        return base + sign * (base * self.percent // 10_000 + self.delivery * 10_000)

    @property
    def counts(self) -> bool:
        known = self.percent is not None and self.delivery is not None
        return self.proven and self.dessert is True and known


@dataclass(frozen=True)
class Made:
    """A quote with the call it was made in, and the instant from which it holds no more."""

    step_id: str
    order: int
    total: int
    ends: Any


def _quote(chance: Random) -> Quote:
    return Quote(
        cents=chance.choice((chance.randrange(100, 20_000), chance.randrange(55, 75) * 100)),
        proven=chance.random() < 0.8,
        dessert=chance.choice((True, True, True, False, None)),
        percent=chance.choice((0, 0, 1_000, 1_850, None)),
        delivery=chance.choice((0, 0, 15_000, 4_950, None)),
        days=chance.choice((None, None, 0, 1, 3)),
    )


def _figure(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}" if cents % 100 else str(cents // 100)


def _talk(quote: Quote, story: Story) -> Talk:
    answers: dict[str, Said] = {}
    price = _figure(quote.cents)
    answers["price"] = (float(price), f"we can do ${price} per person")
    spoken = [answers["price"][1] if quote.proven else "we will see about the price"]
    if quote.dessert is not None:
        answers["dessert"] = (quote.dessert, "with dessert" if quote.dessert else "no dessert")
    if quote.percent is not None:
        rate = _figure(quote.percent)
        answers["service_fee"] = (float(rate), f"the service fee is {rate} percent")
    if quote.delivery is not None:
        answers["delivery"] = (
            float(_figure(quote.delivery)),
            f"delivery is ${_figure(quote.delivery)}",
        )
    if quote.days is not None:
        day = (story.now - timedelta(hours=6)).date() + timedelta(days=quote.days)  # in Chicago
        answers["holds_until"] = (day.isoformat(), f"that holds until {day:%B} {day.day}")
    spoken += [words for name, (_, words) in answers.items() if name != "price"]
    return talk(". ".join(spoken) + ".", answers=answers)


def _brief(chance: Random, count: int, way: str) -> Brief:
    collect: Doc = {
        "price": {"type": "number", "unit": "USD", "required": True},
        "dessert": {"type": "boolean", "required": True},
        "service_fee": {"type": "number"},
        "delivery": {"type": "number", "unit": "USD"},
        "holds_until": {"type": "date"},
    }
    objective: Doc = {
        way: "price",
        "quantity": chance.choice(QUANTITIES),
        "like_for_like": ["dessert"],
        "fees": {"service_fee": "percent", "delivery": "once"},
        "valid_until": "holds_until",
        "target": chance.choice((None, None, 60)),
    }
    people = targets(count)
    for person in people:
        if chance.random() < 0.3:
            person["expects"] = chance.randrange(50, 80)
    return make_brief(
        targets=people,
        collect=collect,
        objective=objective,
        leverage={"return_to_earlier": chance.random() < 0.5},
        limits={"attempts_per_target": chance.choice((1, 2, 3)), "spend_usd": 1_000},
    )


def _best(made: list[Made], now: Any, sign: int, but: str = "") -> Made | None:
    holding = [m for m in made if m.step_id != but and (m.ends is None or now < m.ends)]
    return min(holding, key=lambda m: (sign * m.total, m.order)) if holding else None


def _latest(standing: dict[str, tuple[Quote, Made | None]]) -> list[Made]:
    return [made for _, made in standing.values() if made]


@pytest.mark.parametrize("batch", some(range(20), 5))
def test_leverage_is_the_minimum_and_the_recommendation_the_optimum(batch: int) -> None:
    for seed in range(batch * 50, batch * 50 + 50):
        _negotiate(Random(seed))


def _negotiate(chance: Random) -> None:
    way = chance.choice(("minimize", "minimize", "maximize"))
    sign = 1 if way == "minimize" else -1
    brief = _brief(chance, chance.randrange(2, 7), way)
    quantity = int(brief.objective.quantity) if brief.objective else 1
    story = running(brief)
    standing: dict[str, tuple[Quote, Made | None]] = {}
    for order in range(40):
        [action, *_] = next_actions(story.brief, story.state, story.now)
        if not isinstance(action, Call):
            break
        _is_the_minimum(story, action.step_id, standing, sign)
        cited = leverage(story.brief, story.state, action.step_id, story.now)
        told = {"text": "x", "total": str(cited.total), "target": "y"} if cited else None
        if chance.random() < 0.2:
            story.call(action.step_id, chance.choice(("no-answer", "busy")), told)
        else:
            quote = _quote(chance)
            story.call(action.step_id, _talk(quote, story), told)
            _stand(standing, action.step_id, quote, order, story, quantity, sign)
        story.now += timedelta(hours=chance.choice((0, 1, 5, 30)))
    assert isinstance(next(iter(next_actions(story.brief, story.state, story.now))), Finish)
    _is_the_optimum(story, standing, sign)


def _is_the_minimum(
    story: Story, step_id: str, standing: dict[str, tuple[Quote, Made | None]], sign: int
) -> None:
    expected = _best(_latest(standing), story.now, sign, but=step_id)
    cited = leverage(story.brief, story.state, step_id, story.now)
    assert (cited.step_id if cited else None) == (expected.step_id if expected else None)
    if cited and expected and cited.total is not None:
        assert cited.total * 1_000_000 == expected.total


def _stand(
    standing: dict[str, tuple[Quote, Made | None]],
    step_id: str,
    quote: Quote,
    order: int,
    story: Story,
    quantity: int,
    sign: int,
) -> None:
    """What holds of a target after one more call: what they said last, if it left nothing open."""
    total = quote.total(quantity, sign)
    made = None
    if quote.counts and total is not None:
        made = Made(step_id, order, total, _ends(quote, story))
    before = standing.pop(step_id, None)
    left_open = made is None and quote.proven and quote.dessert is not False
    better = before is not None and sign * quote.cents <= sign * before[0].cents
    differs = made is None and quote.proven and quote.dessert is False
    if before and before[1] and (left_open or differs) and better:
        standing[step_id] = before
    else:
        standing[step_id] = (quote, made)


def _ends(quote: Quote, story: Story) -> Any:
    if quote.days is None:
        return None
    begun = story.now - timedelta(minutes=5)  # when the talk was held, as the quote's day was told
    day = (begun - timedelta(hours=6)).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=quote.days + 1, hours=6)


def _is_the_optimum(
    story: Story, standing: dict[str, tuple[Quote, Made | None]], sign: int
) -> None:
    payload = build_summary(story.brief, story.state, "succeeded", story.now)
    expected = _best(_latest(standing), story.now, sign)
    chosen = payload["recommendation"]
    assert (chosen["step_id"] if chosen else None) == (expected.step_id if expected else None)
    if chosen:
        assert chosen["confirmed"]
        assert chosen["comparable"]
        assert standing[chosen["step_id"]][0].counts
