"""Whatever is offered, what is cited and recommended is arithmetic over what was proven."""

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from telnyx_toolkit.negotiation import leverage
from telnyx_toolkit.offers import baseline, best, final_offers
from telnyx_toolkit.strategies import Action, Call, next_actions
from telnyx_toolkit.summary import build_summary
from tests.unit.build import OBJECTIVE, Story, Talk, called, make_brief, quote, running, targets

REPEATABLY = settings(max_examples=40, deadline=None, derandomize=True)


@dataclass(frozen=True)
class Quoted:
    """What one target says: a price, in scope or not, borne out by the transcript or not."""

    price: int
    dessert: bool
    proven: bool

    @property
    def counts(self) -> bool:
        return self.dessert and self.proven

    def talk(self) -> Talk:
        heard = "" if self.proven else "We can do $999 per person"
        return quote(self.price, dessert=self.dessert, heard=heard)


QUOTES = st.lists(
    st.builds(Quoted, st.integers(1, 99), st.booleans(), st.booleans()), min_size=1, max_size=6
)


def mission(quotes: list[Quoted], way: str) -> Story:
    other = {"minimize": "maximize", "maximize": "minimize"}[way]
    objective = {**OBJECTIVE, "minimize": None, way: "price_per_person", other: None}
    brief = make_brief(targets=targets(len(quotes) + 1), objective=objective)
    return called([q.talk() for q in quotes], brief)


@REPEATABLY
@given(quotes=QUOTES, way=st.sampled_from(["minimize", "maximize"]))
def test_what_is_cited_is_the_best_proven_offer_of_somebody_else(quotes: list[Quoted], way: str):
    story = mission(quotes, way)
    choose = min if way == "minimize" else max

    for n in range(1, len(quotes) + 2):
        others = [q.price for m, q in enumerate(quotes, 1) if m != n and q.counts]
        offer = leverage(story.brief, story.state, f"call-{n}", story.now)
        assert (offer.amount if offer else None) == (choose(others) if others else None)
        assert offer is None or offer.step_id != f"call-{n}"


@REPEATABLY
@given(quotes=QUOTES, way=st.sampled_from(["minimize", "maximize"]))
def test_what_is_recommended_is_the_best_and_the_baseline_the_first(quotes: list[Quoted], way: str):
    story = mission(quotes, way)
    counting = [q.price for q in quotes if q.counts]
    choose = min if way == "minimize" else max

    first = baseline(story.brief, story.state)
    chosen = best(story.brief, final_offers(story.brief, story.state), story.now)

    assert (first.amount if first else None) == (counting[0] if counting else None)
    assert (chosen.amount if chosen else None) == (choose(counting) if counting else None)


@REPEATABLY
@given(quotes=QUOTES, way=st.sampled_from(["minimize", "maximize"]))
def test_an_unproven_figure_is_never_recommended(quotes: list[Quoted], way: str):
    story = mission(quotes, way)
    counting = [q.price for q in quotes if q.counts]

    payload = build_summary(story.brief, story.state, "succeeded", story.now)

    recommended = payload["recommendation"]
    if not counting:
        assert recommended is None
        return
    assert recommended["confirmed"] is True
    assert recommended["comparable"] is True
    assert recommended["amount"] in counting
    assert recommended["saving"] == abs(counting[0] - recommended["amount"]) * 50
    assert recommended["total"] == recommended["amount"] * 50


@REPEATABLY
@given(quotes=QUOTES)
def test_the_counts_add_up(quotes: list[Quoted]):
    story = mission(quotes, "minimize")

    counts = build_summary(story.brief, story.state, "succeeded", story.now)["counts"]

    to_review = sum(not q.proven for q in quotes)
    assert counts["targets"] == len(quotes) + 1
    assert counts["called"] == counts["answered"] == len(quotes)
    assert counts["to_review"] == to_review
    assert counts["quoted"] == len(quotes) - to_review


@REPEATABLY
@given(quotes=QUOTES)
def test_a_negotiation_never_cites_more_than_the_best_so_far(quotes: list[Quoted]):
    story = running(
        make_brief(targets=targets(len(quotes)), objective={**OBJECTIVE, "target": None})
    )
    lowest: Decimal | None = None

    def wanted() -> Action:
        return next(iter(next_actions(story.brief, story.state, story.now)))

    while isinstance(action := wanted(), Call):
        offer = leverage(story.brief, story.state, action.step_id, story.now)
        assert (offer.amount if offer else None) == lowest
        said = quotes[len(story.state.attempts)]
        story.call(action.step_id, said.talk())
        if said.counts:
            lowest = min(filter(None, [lowest, Decimal(said.price)]))

    assert len(story.state.attempts) == len(quotes)
